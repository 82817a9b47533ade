// Systems with many solutions or none: the one of minimum norm, or words.
#include <gtest/gtest.h>

#include "tests/core/linear/matrices.h"

namespace argscope::linear {
namespace {

using namespace testing;

constexpr double rounding = 1e-10;  // conditions up to 1e3 away from the null space, times sums of some hundred terms

std::shared_ptr<const Factorization> with_candidates(OperatorPtr A, const Mat& Z, Method method) {
  Options options;
  options.method = method;
  return Factorizer().factorize(std::move(A), options, Z);
}

TEST(Singular, GivesTheMinimumNormSolutionOfAConsistentSystem) {
  Generator generator(30);
  for (const bool symmetric : {true, false}) {
    for (const Index modes : {1, 3, 20}) {
      const Index n = 70;
      const Vec values = values_with_zeros(n, modes);
      const Mat A = symmetric ? with_eigenvalues(values, generator) : with_singular_values(values, generator);
      const Mat B = A * random_matrix(n, 4, generator);
      const auto factorization = factorized(dense_operator(A, symmetric), Method::Auto);
      EXPECT_EQ(factorization->quality().null_modes, modes);
      EXPECT_EQ(factorization->quality().rank, n - modes);
      EXPECT_LE((A * factorization->quality().null_space).norm(), rounding);
      const Outcome out = solve(*factorization, B);
      EXPECT_TRUE(out.report.consistent);
      EXPECT_TRUE(out.report.converged);
      EXPECT_LE((out.X - pseudo_inverse(A, 1e-10) * B).norm(), rounding * out.X.norm());
    }
  }
}

TEST(Singular, SaysByHowMuchAnInconsistentSystemMisses) {
  Generator generator(31);
  for (const bool symmetric : {true, false}) {
    const Index n = 40;
    const Vec values = values_with_zeros(n, 2);
    const Mat A = symmetric ? with_eigenvalues(values, generator) : with_singular_values(values, generator);
    const Mat B = random_matrix(n, 3, generator), P = pseudo_inverse(A, 1e-10);
    const Outcome out = solve(*factorized(dense_operator(A, symmetric), Method::Auto), B);
    const Mat lost = B - A * (P * B);
    const double expected = (lost.colwise().norm().array() / B.colwise().norm().array()).maxCoeff();
    EXPECT_FALSE(out.report.consistent);
    EXPECT_NEAR(out.report.inconsistency, expected, rounding);
    EXPECT_LE(out.report.residual, rounding);  // of the part that can be solved
    EXPECT_LE((out.X - P * B).norm(), rounding * out.X.norm());
  }
}

TEST(Singular, TransposedSolvesAreAdjoint) {
  Generator generator(32);
  const Index n = 50;
  const Mat A = with_singular_values(values_with_zeros(n, 3), generator);
  const auto factorization = factorized(dense_operator(A, false), Method::Auto);
  const Mat V = random_matrix(n, 2, generator);
  Mat W(n, 2);
  factorization->solve_transposed(V, W);
  EXPECT_LE((W - pseudo_inverse(A, 1e-10).transpose() * V).norm(), rounding * W.norm());
}

TEST(Singular, FindsRowsOfZerosByItself) {
  Generator generator(33);
  const Index n = 60;
  Mat A = positive_definite(n, 100, generator);
  for (const Index i : {0, 17, 59}) {
    A.row(i).setZero();
    A.col(i).setZero();
  }
  const std::vector<int> expected{0, 17, 59};
  for (const bool sparse : {false, true}) {
    const auto factorization =
        factorized(sparse ? sparse_operator(patterned(A, true), true) : dense_operator(A, true), Method::Auto);
    EXPECT_EQ(factorization->quality().method, sparse ? Method::Sparse : Method::Cholesky);
    EXPECT_EQ(factorization->quality().null_coordinates, expected);
    EXPECT_EQ(factorization->quality().null_modes, 3);
    EXPECT_EQ(factorization->quality().negative, 0);
    const Mat B = A * random_matrix(n, 11, generator);
    const Outcome out = solve(*factorization, B);
    EXPECT_LE((out.X - pseudo_inverse(A, 1e-10) * B).norm(), rounding * out.X.norm());
    EXPECT_EQ(out.X(17, 0), 0);
    const Outcome off = solve(*factorization, Mat::Identity(n, n).col(17));
    EXPECT_EQ(off.report.inconsistency, 1);
    EXPECT_FALSE(off.report.consistent);
  }
}

TEST(Singular, FindsZeroLinesOfANonsymmetricMatrix) {
  Generator generator(34);
  Mat A = random_matrix(30, 30, generator);
  A.row(4).setZero();
  A.col(9).setZero();
  const auto factorization = factorized(dense_operator(A, false), Method::Auto);
  EXPECT_EQ(factorization->quality().method, Method::Lu);
  EXPECT_EQ(factorization->quality().null_coordinates, std::vector<int>{9});
  const Mat B = A * random_matrix(30, 2, generator), P = pseudo_inverse(A, 1e-10);
  EXPECT_LE((solved(*factorization, B) - P * B).norm(), 1e3 * rounding * (P * B).norm());  // the rest is only random
  A.row(5).setZero();                                                                      // now more rows than columns
  const auto other = factorized(dense_operator(A, false), Method::Auto);
  EXPECT_EQ(other->quality().null_modes, 2);
  EXPECT_EQ(other->quality().method, Method::MinNorm);
}

TEST(NullCandidates, KeepTheFastMethodsOnASingularMatrix) {
  Generator generator(35);
  const Index n = 80;
  const Mat Q = random_orthogonal(n, generator);
  const Vec values = values_with_zeros(n, 3);
  const Mat A = Q * values.asDiagonal() * Q.transpose(), Z = Q.leftCols(3) * random_matrix(3, 3, generator);
  const Mat B = A * random_matrix(n, 5, generator);
  const Mat X = pseudo_inverse(A, 1e-10) * B;
  const auto expect = [&](OperatorPtr op, Method asked, Method used) {
    const auto factorization = with_candidates(std::move(op), Z, asked);
    EXPECT_EQ(factorization->quality().method, used);
    EXPECT_EQ(factorization->quality().null_modes, 3);
    EXPECT_EQ(factorization->quality().negative, used == Method::Minres || used == Method::Cg ? -1 : 0);
    const Outcome out = solve(*factorization, B);
    EXPECT_TRUE(out.report.consistent);
    EXPECT_LE((out.X - X).norm(), rounding * X.norm());
    EXPECT_LE((factorization->quality().null_space.transpose() * out.X).norm(), 1e-13 * X.norm());
    EXPECT_NEAR(factorization->condition_number(), 10 / values(3), 5 / values(3));
  };
  expect(dense_operator(A, true), Method::Auto, Method::Cholesky);
  expect(dense_operator(A, true), Method::Ldlt, Method::Ldlt);
  expect(dense_operator(A, true), Method::Cg, Method::Cg);
  expect(dense_operator(A, true), Method::Minres, Method::Minres);
  expect(sparse_operator(patterned(A, true), true), Method::Auto, Method::Sparse);
}

TEST(NullCandidates, OfANegativeSemidefiniteMatrixLeaveItsInertiaRight) {
  Generator generator(36);
  const Mat A = -with_eigenvalues(values_with_zeros(50, 1), generator);
  const Eigen::JacobiSVD<Mat> svd(A, Eigen::ComputeFullV);
  const Mat Z = svd.matrixV().rightCols(1);
  EXPECT_EQ(with_candidates(dense_operator(A, true), Z, Method::Auto)->quality().negative, 49);
  EXPECT_EQ(with_candidates(sparse_operator(patterned(A, true), true), Z, Method::Sparse)->quality().negative, 49);
}

TEST(NullCandidates, FindTheLeftNullVectorsOfANonsymmetricMatrix) {
  Generator generator(37);
  const Index n = 40;
  const Vec values = values_with_zeros(n, 2);
  const Mat U = random_orthogonal(n, generator), V = random_orthogonal(n, generator);
  const Mat A = U * values.asDiagonal() * V.transpose(), P = pseudo_inverse(A, 1e-10);
  const auto factorization = with_candidates(dense_operator(A, false), V.leftCols(2), Method::Auto);
  EXPECT_EQ(factorization->quality().method, Method::Lu);
  const Mat B = random_matrix(n, 3, generator);
  Mat W(n, 3);
  factorization->solve_transposed(B, W);
  EXPECT_LE((solved(*factorization, B) - P * B).norm(), rounding * (P * B).norm());
  EXPECT_LE((W - P.transpose() * B).norm(), rounding * W.norm());
}

TEST(NullCandidates, ThatAreNoNullVectorsAreLeftOut) {
  Generator generator(38);
  const Index n = 60;
  const Mat Q = random_orthogonal(n, generator);
  const Mat A = Q * values_with_zeros(n, 1).asDiagonal() * Q.transpose();
  Mat Z(n, 3);
  Z << Q.col(0) + Q.col(1), Q.col(1), random_matrix(n, 1, generator);
  for (const bool sparse : {false, true}) {
    const auto factorization =
        with_candidates(sparse ? sparse_operator(patterned(A, true), true) : dense_operator(A, true), Z, Method::Auto);
    ASSERT_EQ(factorization->quality().null_modes, 1);
    EXPECT_NEAR(std::abs(factorization->quality().null_space.col(0).dot(Q.col(0))), 1, rounding);
  }
  const Mat regular = positive_definite(n, 10, generator);
  EXPECT_EQ(with_candidates(dense_operator(regular, true), Z, Method::Auto)->quality().null_modes, 0);
}

TEST(Qr, TellsTheRankAndGivesTheMinimumNormSolution) {
  Generator generator(46);
  for (const bool symmetric : {true, false}) {
    for (const Index modes : {0, 1, 5, 39}) {
      const Vec values = values_with_zeros(40, modes);
      const Mat A = symmetric ? with_eigenvalues(values, generator) : with_singular_values(values, generator);
      const Mat B = random_matrix(40, 3, generator), P = pseudo_inverse(A, 1e-10);
      const auto factorization = factorized(dense_operator(A, symmetric), Method::Qr);
      EXPECT_EQ(factorization->quality().rank, 40 - modes);
      EXPECT_LE((A * factorization->quality().null_space).norm(), rounding);
      const Outcome out = solve(*factorization, B);
      EXPECT_EQ(out.report.consistent, modes == 0);
      EXPECT_LE((out.X - P * B).norm(), rounding * out.X.norm());
      Mat W(40, 3);
      factorization->solve_transposed(B, W);
      EXPECT_LE((W - P.transpose() * B).norm(), rounding * W.norm());
    }
  }
}

}  // namespace
}  // namespace argscope::linear
