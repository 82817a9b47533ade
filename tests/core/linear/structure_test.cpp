/// Matrices known by their products, and what is known of their structure: the answers are those of the dense matrix.

#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>
#include <Eigen/LU>
#include <atomic>
#include <numeric>

#include "core/linear/blocks.h"
#include "core/linear/eigenbasis.h"
#include "core/linear/low_rank.h"
#include "core/linear/reduced.h"
#include "tests/core/linear/matrices.h"

namespace argscope::linear::testing {
namespace {

/// A dense matrix that shows its products and nothing else, but for what it is told to say; counts directions.
class ByProducts final : public LinearOperator {
 public:
  ByProducts(Mat M, bool symmetric) : M_(std::move(M)), symmetric_(symmetric) {}
  Index rows() const override { return M_.rows(); }
  Index cols() const override { return M_.cols(); }
  void apply(ConstMat X, MutMat Y) const override {
    asked += X.cols();
    exactly(M_, X, Y);
  }
  void apply_transposed(ConstMat X, MutMat Y) const override {
    asked += X.cols();
    exactly(M_.transpose(), X, Y);
  }
  Structure structure() const override { return {.symmetric = symmetric_}; }
  std::span<const int> groups() const override { return groups_; }
  std::optional<DiagonalAndProduct> diagonal_and_product() const override { return product_; }

  const Mat& matrix() const { return M_; }
  std::vector<int> groups_;
  std::optional<DiagonalAndProduct> product_;
  mutable std::atomic<Index> asked = 0;

 private:
  /// A unit row gives its number to the last bit, as a program does that copies it.
  static void exactly(const Mat& M, ConstMat X, MutMat Y) {
    Y.setZero();
    for (Index j = 0; j < M.cols(); ++j)
      for (Index i = 0; i < M.rows(); ++i)
        if (M(i, j) != 0) Y.row(i) += M(i, j) * X.row(j);
  }

  Mat M_;
  bool symmetric_;
};

using Given = std::shared_ptr<ByProducts>;

void expect_solves(const ByProducts& A, const Factorization& factor, const std::string& what) {
  const Mat B = Mat::Random(A.rows(), 5);
  Mat X(A.rows(), 5);
  EXPECT_TRUE(factor.solve(B, X).converged) << what;
  const Mat forward = A.matrix().partialPivLu().solve(B);
  EXPECT_LT((X - forward).norm(), 1e-12 * forward.norm()) << what << ": condition numbers are below 1e3";
  EXPECT_TRUE(factor.solve_transposed(B, X).converged) << what;
  const Mat transposed = A.matrix().transpose().partialPivLu().solve(B);
  EXPECT_LT((X - transposed).norm(), 1e-12 * transposed.norm()) << what;
}

std::shared_ptr<const Factorization> factorized(const Given& A) {
  return Factorizer().factorize(A, {}, Mat(A->rows(), 0));
}

/// The unknowns of one group are scattered: unknown i is in group i mod `count`.
Given falling_apart(Index n, int count, bool symmetric, Generator& generator) {
  Mat M = random_matrix(n, n, generator) / std::sqrt(static_cast<double>(n));
  if (symmetric) M = Mat(M * M.transpose());
  M.diagonal().array() += 2;
  std::vector<int> groups(static_cast<std::size_t>(n));
  for (Index i = 0; i < n; ++i) groups[static_cast<std::size_t>(i)] = static_cast<int>(i % count);
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j < n; ++j)
      if (i % count != j % count) M(i, j) = 0;
  const auto A = std::make_shared<ByProducts>(M, symmetric);
  A->groups_ = groups;
  return A;
}

TEST(Groups, AreSolvedOneByOneWithAsManyProductsAsTheLargestHasUnknowns) {
  Generator generator(1);
  for (const bool symmetric : {false, true})
    for (const int count : {2, 7, 30}) {
      const Index n = 90;
      const Given A = falling_apart(n, count, symmetric, generator);
      const auto factor = factorized(A);
      ASSERT_TRUE(factor->quality().usable) << factor->quality().why;
      EXPECT_LE(A->asked, (n + count - 1) / count + 3) << "and one each to find unit rows and to know it again";
      expect_solves(*A, *factor, std::to_string(count) + (symmetric ? " symmetric groups" : " groups"));
      EXPECT_EQ(factor->quality().negative, symmetric ? 0 : -1);
    }
}

TEST(Groups, CountTheirNegativeEigenvaluesTogether) {
  Generator generator(2);
  const Given positive = falling_apart(80, 8, true, generator);
  Mat M = positive->matrix();
  for (const Index k : {3, 11, 5})  // two of group 3, one of group 5: rows and columns of opposite sign
    M.row(k) *= 0, M.col(k) *= 0, M(k, k) = -2;
  const auto A = std::make_shared<ByProducts>(M, true);
  A->groups_ = positive->groups_;
  EXPECT_EQ(factorized(A)->quality().negative, 3);
}

TEST(Groups, ReduceToTheSupportOfEach) {
  Generator generator(3);
  const Given whole = falling_apart(120, 12, false, generator);
  Mat M = whole->matrix();
  for (Index i = 0; i < 120; ++i)
    if (i / 12 % 3 != 0) M.row(i) = -Vec::Unit(120, i).transpose();
  const auto A = std::make_shared<ByProducts>(M, false);
  A->groups_ = whole->groups_;
  const auto factor = factorized(A);
  EXPECT_LE(A->asked, 4 + 3) << "four unknowns of ten are left in each group";
  expect_solves(*A, *factor, "groups on their support");
}

TEST(Groups, OfWhichOneIsSingularAreLeftToTheMinimumNorm) {
  Generator generator(4);
  const Given whole = falling_apart(96, 8, false, generator);
  Mat M = whole->matrix();
  M.row(0) = M.row(8);
  const auto A = std::make_shared<ByProducts>(M, false);
  A->groups_ = whole->groups_;
  EXPECT_EQ(factorized(A)->quality().null_modes, 1);
}

TEST(UnitColumns, AreEliminatedWithTheirRowsLeftForTheEnd) {
  Generator generator(5);
  for (const double unit : {1.0, -1.0})
    for (const Index left : {20, 60}) {
      constexpr Index n = 100;
      Mat M = random_matrix(n, n, generator) / 10 + 2 * Mat::Identity(n, n);
      for (Index k = 0; k < n - left; ++k) M.col((3 * k) % n) = unit * Vec::Unit(n, (3 * k) % n);
      const auto A = std::make_shared<ByProducts>(M, false);
      const auto factor = factorized(A);
      EXPECT_LE(A->asked, left + 3) << "rows, columns, and the image that knows it again";
      expect_solves(*A, *factor, std::to_string(left) + " columns are left");
    }
}

TEST(Reduced, RefusesWhatHasNoStructure) {
  Generator generator(6);
  const auto A = std::make_shared<ByProducts>(random_matrix(70, 70, generator), false);
  EXPECT_EQ(reduced(A, {}).kernel, nullptr);
  EXPECT_FALSE(reduced(A, {}).why.empty());
}

/// D + R M Rᵀ with a positive D.
Given diagonal_and_product(Index n, Index m, const Mat& M, Generator& generator) {
  const Mat R = random_matrix(n, m, generator) / std::sqrt(static_cast<double>(n));
  const Vec d = Vec::LinSpaced(n, 0.5, 2);
  const auto A = std::make_shared<ByProducts>(Mat(d.asDiagonal()) + R * M * R.transpose(), true);
  A->product_ = DiagonalAndProduct{d, dense_operator(R * M, false), dense_operator(R.transpose(), false)};
  return A;
}

TEST(LowRank, SolvesAsTheWholeMatrixDoesAndKnowsThatItIsPositive) {
  Generator generator(7);
  for (const Index m : {1, 9, 40}) {
    const Given A = diagonal_and_product(200, m, positive_definite(m, 50, generator), generator);
    const Attempt attempt = low_rank(A, {});
    ASSERT_TRUE(attempt.kernel) << attempt.why;
    EXPECT_EQ(attempt.negative, 0);
    Mat X = Mat::Random(200, 4);
    const Mat expected = A->matrix().llt().solve(X);
    attempt.kernel->solve(X, Direction::Forward);
    EXPECT_LT((X - expected).norm(), 1e-12 * expected.norm()) << m << ": condition numbers are below 1e3";
    EXPECT_GE(attempt.kernel->norm(), 0.3 * A->matrix().norm() / std::sqrt(200.0));
  }
}

TEST(LowRank, ClaimsNothingOfAnIndefiniteMatrix) {
  Generator generator(8);
  const Given A = diagonal_and_product(100, 6, -30 * positive_definite(6, 5, generator), generator);
  const Attempt attempt = low_rank(A, {});
  ASSERT_TRUE(attempt.kernel) << attempt.why;
  EXPECT_EQ(attempt.negative, -1);
}

TEST(LowRank, RefusesASingularDiagonalAndASingularWhole) {
  Generator generator(9);
  const Given A = diagonal_and_product(60, 1, Mat::Ones(1, 1), generator);
  A->product_->diagonal[7] = 0;
  EXPECT_EQ(low_rank(A, {}).kernel, nullptr);
  const Mat e = Vec::Unit(60, 0);
  A->product_ = DiagonalAndProduct{Vec::Ones(60), dense_operator(-e, false), dense_operator(e.transpose(), false)};
  EXPECT_EQ(low_rank(A, {}).kernel, nullptr) << "I − e eᵀ";
  A->product_.reset();
  EXPECT_FALSE(low_rank(A, {}).why.empty());
}

TEST(LowRank, IsUsedBeyondWhatADenseMatrixMayHave) {
  Generator generator(10);
  constexpr Index n = 3200, m = 3;
  const Mat R = random_matrix(n, m, generator) / std::sqrt(static_cast<double>(n));
  class Wide final : public LinearOperator {
   public:
    explicit Wide(Mat R) : R_(std::move(R)) {}
    Index rows() const override { return R_.rows(); }
    Index cols() const override { return R_.rows(); }
    void apply(ConstMat X, MutMat Y) const override { Y = 2 * X + R_ * (R_.transpose() * X); }
    void apply_transposed(ConstMat X, MutMat Y) const override { apply(X, Y); }
    Structure structure() const override { return {.symmetric = true}; }
    std::optional<DiagonalAndProduct> diagonal_and_product() const override {
      return DiagonalAndProduct{Vec::Constant(R_.rows(), 2), dense_operator(R_, false),
                                dense_operator(R_.transpose(), false)};
    }

   private:
    Mat R_;
  };
  const auto factor = Factorizer().factorize(std::make_shared<Wide>(R), {}, Mat(n, 0));
  EXPECT_FALSE(iterative(factor->quality().method));
  const Mat B = Mat::Random(n, 2);
  Mat X(n, 2);
  EXPECT_LT(factor->solve(B, X).residual, 1e-13);
}

TEST(Factorizer, KnowsAMatrixAgainByItsProducts) {
  Generator generator(11);
  const Mat M = random_matrix(70, 70, generator);
  Factorizer factorizer;
  const auto first = factorizer.factorize(std::make_shared<ByProducts>(M, false), {}, Mat(70, 0));
  const auto again = std::make_shared<ByProducts>(M, false);
  const auto second = factorizer.factorize(again, {}, Mat(70, 0));
  EXPECT_EQ(again->asked, 1);
  EXPECT_EQ(factorizer.factorize(again, {}, Mat(70, 0)), second);
  Mat B = Mat::Random(70, 20), X(70, 20), Y(70, 20);
  for (int twice = 0; twice < 2; ++twice, B(3, 4) += 1) {
    first->solve(B, X);
    for (int times = 0; times < 2; ++times) {
      EXPECT_TRUE(second->solve(B, Y).converged);
      EXPECT_EQ(X, Y);
    }
  }
  EXPECT_EQ(second->quality().rank, 70);
  EXPECT_EQ(second->condition_number(), first->condition_number());
  EXPECT_TRUE(second->solve_transposed(B, Y).converged);
  Mat other = M;
  other(69, 3) += 1e-9;
  EXPECT_NE(factorizer.factorize(std::make_shared<ByProducts>(other, false), {}, Mat(70, 0)), first);
  EXPECT_NE(factorizer.factorize(std::make_shared<ByProducts>(M, false), {.method = Method::Qr}, Mat(70, 0)), first)
      << "another method was asked for";
}

/// K + μ I as a matrix that says so.
class Raised final : public LinearOperator {
 public:
  Raised(std::shared_ptr<const Mat> K, double mu) : K_(std::move(K)), mu_(mu) {}
  Index rows() const override { return K_->rows(); }
  Index cols() const override { return K_->cols(); }
  void apply(ConstMat X, MutMat Y) const override { Y = *K_ * X + mu_ * X; }
  void apply_transposed(ConstMat X, MutMat Y) const override { apply(X, Y); }
  Structure structure() const override { return {.symmetric = true, .sparse = false, .dense = true}; }
  Mat dense() const override { return *K_ + mu_ * Mat::Identity(rows(), rows()); }
  std::optional<ShiftedMatrix> fixed_and_shift() const override { return ShiftedMatrix{K_, mu_}; }

 private:
  std::shared_ptr<const Mat> K_;
  double mu_;
};

struct Eigenvectors : ::testing::Test {
  static constexpr Index n = 150;
  std::shared_ptr<const Mat> K = std::make_shared<Mat>([] {
    const Mat M = Mat::Random(n, n - 20);  // K has 20 null vectors
    return Mat(M * M.transpose());
  }());
  Factorizer factorizer;

  std::shared_ptr<const Factorization> factor(double mu, const Options& options = {}) {
    return factorizer.factorize(std::make_shared<Raised>(K, mu), options, Mat(n, 0));
  }
  /// As one parameter is dragged.
  void drag() {
    for (int k = 0; k < 20; ++k) EXPECT_EQ(factor(1 + 0.01 * k)->quality().method, Method::Cholesky) << k;
  }
};

TEST_F(Eigenvectors, ServeEveryMultipleOfTheIdentityOnceTheyAreWorthIt) {
  drag();
  for (const double mu : {1e-3, 0.5, 2.0, 1e4}) {
    const auto it = factor(mu);
    EXPECT_EQ(it->quality().method, Method::MinNorm) << mu;
    EXPECT_EQ(it->quality().negative, 0) << mu;
    EXPECT_EQ(it->quality().null_modes, 0) << mu;
    const Mat A = Raised(K, mu).dense(), B = Mat::Random(n, 70);
    Mat X(n, 70);
    const SolveReport report = it->solve(B, X);
    EXPECT_TRUE(report.converged);
    EXPECT_LT((A * X - B).norm(), 1e-13 * A.norm() * X.norm()) << mu << ": rounding, whatever the condition";
    const Vec values = A.selfadjointView<Eigen::Lower>().eigenvalues();
    EXPECT_NEAR(it->condition_number() / (values(n - 1) / values(0)), 1, 1e-8) << mu;
  }
}

TEST_F(Eigenvectors, LeaveASingularOrIllConditionedMatrixToOthers) {
  drag();
  EXPECT_EQ(factor(0)->quality().null_modes, 20);
  EXPECT_EQ(factor(1e-6)->quality().method, Method::Cholesky) << "as before the drag";
  const auto indefinite = factor(-1);
  EXPECT_EQ(indefinite->quality().method, Method::MinNorm);
  EXPECT_EQ(indefinite->quality().negative, (K->selfadjointView<Eigen::Lower>().eigenvalues().array() < 1).count());
}

TEST_F(Eigenvectors, AreNotUsedForAnotherMatrixNorWhereAMethodIsNamed) {
  drag();
  Options cholesky;
  cholesky.method = Method::Cholesky;
  EXPECT_EQ(factor(2, cholesky)->quality().method, Method::Cholesky);
  K = std::make_shared<Mat>(2 * *K);
  EXPECT_EQ(factor(2)->quality().method, Method::Cholesky) << "an equal matrix would do; a new one starts anew";
}

}  // namespace
}  // namespace argscope::linear::testing
