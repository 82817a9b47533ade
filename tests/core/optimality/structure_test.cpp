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

/// A sum of losses of linear forms in x, some of which have rows of zeros, of one entry and of many.
Written sum_of_losses(unsigned seed) {
  std::mt19937 draw(seed);
  const auto one_of = [&](Index low, Index high) { return std::uniform_int_distribution<Index>(low, high)(draw); };
  const Index n = one_of(0, 1) ? one_of(1, 7) : one_of(32, 60);  // the second may be sparse
  Written w{.variables = {{"x", random_array({n}, seed)}},
            .parameters = {parameter("s", random_array({}, seed + 1)), parameter("v", random_array({n}, seed + 2))}};
  const Index terms = one_of(1, 3);
  for (Index k = 0; k < terms; ++k) {
    const Index rows = one_of(1, n + 2);
    const double density = one_of(0, 1) ? 1.0 / static_cast<double>(n) : 0.7;
    std::normal_distribution<double> normal;
    std::bernoulli_distribution there(density);
    const std::string M = "M" + std::to_string(k);
    w.data.push_back({M, filled({rows, n}, [&](Index) { return there(draw) ? normal(draw) : 0.0; })});
    const std::string forms[] = {M + " @ x", "x", M + " @ x + s", "x - v", "(" + M + " @ x)[1:]"};
    const std::string losses[] = {"**2", "**4", "**3"}, weights[] = {"1", "s", "exp(s)", "s**2"};
    const std::string form = forms[one_of(0, rows > 1 ? 4 : 3)];
    w.minimize += (k ? " + " : "") + weights[one_of(0, 3)] + "*sum((" + form + ")" + losses[one_of(0, 2)] + ")";
    if (one_of(0, 3) == 0) w.minimize += " + sum(v*x**2)";
  }
  return w;
}

TEST(Hessian, IsInNumbersWhatItIsInProducts) {
  int in_numbers = 0, of_shifts = 0;
  for (unsigned seed = 0; seed < 300; ++seed) {
    const Written w = sum_of_losses(seed);
    const Frozen at(w);
    const Mat H = at.A->LinearOperator::dense();
    const double size = std::max(1.0, H.norm());
    ASSERT_LE((at.A->dense() - H).norm(), 1e-12 * size)
        << w.minimize << ", seed " << seed << ": the same sums, ordered";
    in_numbers += at.A->structure().sparse || at.A->structure().dense;
    const auto parts = at.A->fixed_and_shift();
    if (!parts) continue;
    ++of_shifts;
    ASSERT_LE((*parts->fixed + parts->shift * Mat::Identity(H.rows(), H.rows()) - H).norm(), 1e-12 * size)
        << w.minimize << ", seed " << seed;
  }
  EXPECT_GE(in_numbers, 150);
  EXPECT_GE(of_shifts, 5);
}

TEST(Hessian, ShiftsByOneNumberOnly) {
  const auto ridge = [](const std::string& penalty) {
    return Written{
        .variables = {{"w", random_array({5}, 1)}},
        .parameters = {parameter("s", random_array({}, 2)), parameter("v", filled({5}, [](Index) { return 2; }))},
        .data = {{"X", random_array({9, 5}, 3)}},
        .minimize = "0.5*sum((X @ w - 1)**2) + " + penalty};
  };
  const Frozen at(ridge("0.5*exp(s)*sum((2*w)**2) + s*sum(w**2)"));
  const auto parts = at.A->fixed_and_shift();
  ASSERT_TRUE(parts);
  EXPECT_NEAR(parts->shift, 4 * std::exp(at.theta[0]) + 2 * at.theta[0], 1e-14);
  for (const char* penalty : {"sum(v*w**2)", "s*sum(w[1:]**2)", "s*sum(w**4)", "s*sum((X @ w)**2)", "sum(w)**2*s"})
    EXPECT_FALSE(Frozen(ridge(penalty)).A->fixed_and_shift()) << penalty;
}

}  // namespace
}  // namespace argscope::optimality
