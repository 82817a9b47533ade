#include <gtest/gtest.h>

#include <Eigen/LU>
#include <algorithm>
#include <atomic>
#include <random>

#include "core/linear/factorize.h"

namespace argscope::linear {
namespace {

/// P(I − ηH) − I with a mask P, as a proximal step has, known by products alone; counts the columns it was asked for.
class ProximalStep final : public LinearOperator {
 public:
  ProximalStep(Index n, Index support) : M_(n, n) {
    std::mt19937 draw(1);
    std::normal_distribution<double> normal;
    Mat X(2 * n, n);
    for (double& e : X.reshaped()) e = normal(draw);
    const Mat step = Mat::Identity(n, n) - X.transpose() * X / (8.0 * static_cast<double>(n));
    M_ = -Mat::Identity(n, n);
    for (Index i = 0; i < support; ++i) M_.row(3 * i) += step.row(3 * i);
  }
  Index rows() const override { return M_.rows(); }
  Index cols() const override { return M_.cols(); }
  void apply(ConstMat X, MutMat Y) const override {
    asked += X.cols();
    for (Index i = 0; i < rows(); ++i) {
      const bool unit = M_.row(i).cwiseAbs().sum() == 1;
      if (unit)
        Y.row(i) = -X.row(i);
      else
        Y.row(i) = M_.row(i) * X;
    }
  }
  void apply_transposed(ConstMat X, MutMat Y) const override { Y = M_.transpose() * X; }
  Mat matrix() const { return M_; }
  mutable std::atomic<Index> asked = 0;

 private:
  Mat M_;
};

TEST(Reduced, SolvesOnTheSupportAndReadsTheRest) {
  constexpr Index n = 300, support = 40;
  const auto A = std::make_shared<ProximalStep>(n, support);
  const auto factor = Factorizer().factorize(A, {}, Mat(n, 0));
  ASSERT_TRUE(factor->quality().usable) << factor->quality().why;
  EXPECT_LE(A->asked, support + 2)
      << "one product knows the matrix again, one finds the rows, the others form the matrix of the support";
  const Mat B = Mat::Random(n, 5);
  Mat X(n, 5), expected = A->matrix().partialPivLu().solve(B);
  const SolveReport report = factor->solve(B, X);
  EXPECT_TRUE(report.converged);
  EXPECT_LT((X - expected).norm(), 1e-12 * expected.norm()) << "a well conditioned matrix";
  expected = A->matrix().transpose().partialPivLu().solve(B);
  EXPECT_TRUE(factor->solve_transposed(B, X).converged);
  EXPECT_LT((X - expected).norm(), 1e-12 * expected.norm());
  EXPECT_EQ(factor->quality().rank, n);
}

TEST(Reduced, LeavesASingularSupportToTheMinimumNorm) {
  constexpr Index n = 90;
  class Twice final : public LinearOperator {  // rows 0 and 1 are the same
   public:
    Index rows() const override { return n; }
    Index cols() const override { return n; }
    void apply(ConstMat X, MutMat Y) const override {
      Y = -X;
      Y.row(0) = Y.row(1) = X.row(0) + X.row(1);
    }
    void apply_transposed(ConstMat X, MutMat Y) const override {
      Y = -X;
      Y.row(0) = Y.row(1) = X.row(0) + X.row(1);
    }
  };
  const auto factor = Factorizer().factorize(std::make_shared<Twice>(), {}, Mat(n, 0));
  EXPECT_EQ(factor->quality().null_modes, 1);
}

}  // namespace
}  // namespace argscope::linear
