// Methods by products only: where they end, and what they say then.
#include <gtest/gtest.h>

#include "core/parallel.h"
#include "tests/core/linear/matrices.h"

namespace argscope::linear {
namespace {

using namespace testing;

std::vector<Method> iterative_methods() {
  std::vector<Method> all;
  for (const std::string_view text : method_names()) {
    if (iterative(*method_named(text))) all.push_back(*method_named(text));
  }
  return all;
}

std::string method_name(const ::testing::TestParamInfo<Method>& info) {
  std::string text(name(info.param));
  std::erase(text, '-');
  return text;
}

class KrylovMethod : public ::testing::TestWithParam<Method> {
 protected:
  bool normal() const {
    return GetParam() == Method::NormalCg || GetParam() == Method::Lsqr || GetParam() == Method::Lsmr;
  }
  bool symmetric_only() const { return GetParam() == Method::Cg || GetParam() == Method::Minres; }
};

std::shared_ptr<const Factorization> with_options(OperatorPtr A, const Options& options) {
  const Index n = A->rows();
  return Factorizer().factorize(std::move(A), options, Mat(n, 0));
}

struct Outcome {
  Mat X;
  SolveReport report;
};

Outcome outcome(const Factorization& factorization, const Mat& B) {
  Outcome out{Mat(B.rows(), B.cols()), {}};
  out.report = factorization.solve(B, out.X);
  return out;
}

TEST_P(KrylovMethod, ReachingTheIterationLimitIsNotConvergence) {
  Generator generator(25);
  const Mat A = positive_definite(100, 1e4, generator);
  const Vec b = Vec::Ones(100);
  const Options options{.method = GetParam(), .iterations = 3};
  const Outcome out = outcome(*with_options(dense_operator(A, true), options), b);
  EXPECT_FALSE(out.report.converged);
  EXPECT_EQ(out.report.ending, Ending::Limit);
  EXPECT_EQ(out.report.iterations, 3);
  EXPECT_GT(out.report.residual, options.tolerance);
  EXPECT_NEAR(out.report.residual, (A * out.X - b).norm() / b.norm(), 1e-12);  // a sum of 100 terms of size one
  EXPECT_GT(out.X.norm(), 0);
}

TEST_P(KrylovMethod, ZeroRightHandSidesAreSolvedAtOnce) {
  Generator generator(27);
  const Mat A = positive_definite(30, 10, generator);
  Mat X = Mat::Ones(30, 3);
  const SolveReport report = factorized(dense_operator(A, true), GetParam())->solve(Mat::Zero(30, 3), X);
  EXPECT_TRUE(report.converged);
  EXPECT_EQ(report.iterations, 0);
  EXPECT_EQ(X, Mat::Zero(30, 3));
}

INSTANTIATE_TEST_SUITE_P(Methods, KrylovMethod, ::testing::ValuesIn(iterative_methods()), method_name);

TEST(Krylov, ConjugateGradientsDoNotClaimAnIndefiniteMatrix) {
  Generator generator(26);
  const Mat A = with_eigenvalues(Vec::LinSpaced(40, -1, 1.5), generator);
  const auto factorization = factorized(dense_operator(A, true), Method::Cg);
  const Outcome out = outcome(*factorization, random_matrix(40, 1, generator));
  EXPECT_FALSE(out.report.converged);
  EXPECT_EQ(out.report.ending, Ending::BrokeDown);
}

}  // namespace
}  // namespace argscope::linear
