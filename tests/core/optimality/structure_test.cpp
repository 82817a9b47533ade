/// What a problem's graph tells of its matrices, against the matrices themselves.

#include <gtest/gtest.h>

#include <random>

#include "tests/core/optimality/statements.h"

namespace argscope::optimality {
namespace {

expr::Array random_array(const expr::Shape& shape, unsigned seed) {
  std::mt19937 draw(seed);
  std::normal_distribution<double> normal;
  return filled(shape, [&](Index) { return normal(draw); });
}

struct Frozen {
  ModelPtr model;
  Vec x, theta;
  linear::OperatorPtr A;
  explicit Frozen(const Written& w) : model(build_model(stated(w))) {
    theta = model->initial_parameters();
    x = model->start(theta);
    A = model->optimality().linearize(x, theta).dx;
  }
};

Written codes(const std::string& minimize) {
  return {.variables = {{"C", random_array({6, 4}, 1)}},
          .parameters = {parameter("D", random_array({4, 5}, 2))},
          .data = {{"X", random_array({6, 5}, 3)}},
          .minimize = minimize};
}

TEST(Groups, AreTheRowsOfSamplesThatDoNotMeet) {
  const Frozen at(codes("0.5*sum((X - C @ D)**2) + sum(exp(C))"));
  const auto groups = at.A->groups();
  ASSERT_EQ(groups.size(), 24u);
  const Mat H = at.A->LinearOperator::dense();
  for (Index i = 0; i < 24; ++i) {
    EXPECT_EQ(groups[static_cast<std::size_t>(i)], i / 4);
    for (Index j = 0; j < 24; ++j) EXPECT_TRUE(i / 4 == j / 4 || H(i, j) == 0) << i << ", " << j;
  }
}

TEST(Groups, AreNotClaimedWhereRowsMeet) {
  for (const char* minimize : {"0.5*sum((X - C @ D)**2) + sum(sum(C, axis=0)**4)", "sum((C.T @ C)**2)",
                               "0.5*sum((X - C @ D)**2) + sum((C[1:] - C[:-1])**4)"})
    EXPECT_TRUE(Frozen(codes(minimize)).A->groups().empty()) << minimize;
}

/// Few samples θ and a wide W, regularized element by element.
Written wide(const std::string& minimize) {
  return {.variables = {{"W", random_array({3, 40}, 4)}},
          .parameters = {parameter("theta", random_array({5, 40}, 5))},
          .data = {{"e", random_array({3, 40}, 6)}},
          .minimize = minimize};
}

TEST(Bottleneck, IsTheWholeHessianInParts) {
  for (const char* minimize : {"sum(softplus(theta @ W.T)) + 0.1*sum(W**2)", "sum((theta @ W.T)**4) + sum(exp(e*W))",
                               "sum(log(sum(exp(theta @ W.T), axis=1))) + 0.1*sum(W**2)"}) {
    const Frozen at(wide(minimize));
    ASSERT_FALSE(at.A->structure().sparse || at.A->structure().dense) << "its coefficients are a parameter's";
    const auto parts = at.A->diagonal_and_product();
    ASSERT_TRUE(parts) << minimize;
    EXPECT_EQ(parts->S->rows(), 15) << minimize;
    const Mat H = at.A->LinearOperator::dense();
    const Mat sum = Mat(parts->diagonal.asDiagonal()) + parts->R->dense() * parts->S->dense();
    EXPECT_LT((H - sum).norm(), 1e-13 * H.norm()) << minimize << ": the same sums in another order";
    Mat back(120, 15);
    parts->S->apply_transposed(Mat::Identity(15, 15), back);
    EXPECT_LT((back - parts->S->dense().transpose()).norm(), 1e-13 * back.norm()) << minimize;
  }
}

TEST(Bottleneck, IsNotClaimedWhereSomethingElsePassesBeside) {
  for (const char* minimize : {"sum(softplus(theta @ W.T)) + 0.1*sum((W[:, 1:] - W[:, :-1])**4)",
                               "sum(softplus(W @ theta.T @ theta))", "sum(exp(W))"})
    EXPECT_FALSE(Frozen(wide(minimize)).A->diagonal_and_product()) << minimize;
}

}  // namespace
}  // namespace argscope::optimality
