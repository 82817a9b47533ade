// Random singular matrices of any rank: null modes are counted, solutions are of minimum norm, conditions are known,
// candidates are believed as far as they are true, and factors of earlier matrices serve or are refused.
#include <gtest/gtest.h>

#include <limits>

#include "core/linear/lagged.h"
#include "core/linear/remembering.h"
#include "tests/core/linear/matrices.h"

namespace argscope::linear {
namespace {

using namespace testing;

constexpr double rounding = 1e-10;  // conditions up to 1e2 away from the null space, times sums of some ten terms

/// Nonzero values between 1 and 50, `modes` zeros, `negative` of them below zero.
Vec some_values(Index n, Index modes, Index negative) {
  Vec values = Vec::LinSpaced(n, 1, 50);
  values.head(modes).setZero();
  values.tail(negative) *= -1;
  return values;
}

struct Rank {
  Index n, modes;
};
const Rank ranks[] = {{2, 1}, {3, 2}, {5, 1}, {5, 4}, {12, 0}, {12, 1}, {12, 6}, {12, 11}, {33, 3}, {33, 32}};

void expect_pseudo_inverse(const Factorization& factorization, const Mat& A, Generator& generator) {
  const Mat P = pseudo_inverse(A, 1e-9);
  for (const Index columns : {1, 2, 9, 33}) {
    const Mat B = random_matrix(A.rows(), columns, generator), inside = A * B;
    Mat back(B.rows(), columns);
    const SolveReport report = factorization.solve_transposed(B, back);
    const Outcome out = solve(factorization, B), good = solve(factorization, inside);
    EXPECT_LE((out.X - P * B).norm(), rounding * B.norm());
    EXPECT_LE((back - P.transpose() * B).norm(), rounding * B.norm());
    EXPECT_LE((good.X - P * inside).norm(), rounding * inside.norm());
    EXPECT_TRUE(good.report.consistent && good.report.converged);
    const Mat lost = B - A * (P * B);
    const double missed = (lost.colwise().norm().array() / B.colwise().norm().array()).maxCoeff();
    EXPECT_NEAR(out.report.inconsistency, missed, rounding);
    EXPECT_EQ(out.report.consistent, missed <= 1e-8);
    EXPECT_EQ(report.consistent, factorization.quality().null_modes == 0);
  }
}

class AnyRank : public ::testing::TestWithParam<Method> {};

TEST_P(AnyRank, IsFoundWithItsNullSpaceAndItsCondition) {
  Generator generator(300);
  for (const bool symmetric : {true, false})
    for (const Rank& r : ranks) {
      const Vec values = some_values(r.n, r.modes, symmetric ? (r.n - r.modes) / 2 : 0);
      const Mat A = symmetric ? with_eigenvalues(values, generator) : with_singular_values(values, generator);
      const auto factorization = factorized(dense_operator(A, symmetric), GetParam());
      const Quality& q = factorization->quality();
      ASSERT_TRUE(q.usable) << q.why;
      EXPECT_EQ(q.null_modes, r.modes) << r.n;
      EXPECT_EQ(q.rank, r.n - r.modes);
      const Mat Z = null_basis(q);
      ASSERT_EQ(Z.cols(), r.modes);
      EXPECT_LE((Z.transpose() * Z - Mat::Identity(r.modes, r.modes)).norm(), rounding);
      EXPECT_LE((A * Z).norm(), rounding * A.norm());
      const double condition = 50 / (r.modes == 0 ? 1 : values.cwiseAbs().tail(r.n - r.modes).minCoeff());
      EXPECT_GE(factorization->condition_number(), condition / 2) << r.n << " less " << r.modes;
      EXPECT_LE(factorization->condition_number(), condition * 2) << r.n << " less " << r.modes;
      if (q.negative >= 0) {
        EXPECT_EQ(q.negative, (r.n - r.modes) / 2);
      }
      expect_pseudo_inverse(*factorization, A, generator);
    }
}

INSTANTIATE_TEST_SUITE_P(RankRevealing, AnyRank, ::testing::Values(Method::Auto, Method::Qr, Method::MinNorm),
                         [](const auto& given) {
                           std::string text(name(given.param));
                           std::erase(text, '-');
                           return text;
                         });

TEST(TheZeroMatrix, IsRefusedByEveryMethodInWords) {
  for (const std::string_view text : method_names())
    for (const Index n : {1, 2, 9}) {
      const Method method = *method_named(text);
      const Mat A = Mat::Zero(n, n);
      const auto factorization = factorized(
          method == Method::Sparse ? sparse_operator(patterned(A, true), true) : dense_operator(A, true), method);
      Mat X = Mat::Zero(n, 2);
      const SolveReport report = factorization->solve(Mat::Ones(n, 2), X);
      EXPECT_FALSE(factorization->quality().usable) << text;
      EXPECT_NE(factorization->quality().why, "") << text;
      EXPECT_FALSE(report.converged || report.consistent) << text;
      EXPECT_TRUE(X.array().isNaN().all()) << text;
    }
}

TEST(NoUnknowns, HaveAnEmptySolutionByEveryMethod) {
  for (const std::string_view text : method_names()) {
    const Method method = *method_named(text);
    const Mat A(0, 0);
    const auto factorization = factorized(
        method == Method::Sparse ? sparse_operator(patterned(A, true), true) : dense_operator(A, true), method);
    EXPECT_TRUE(factorization->quality().usable) << text << ": " << factorization->quality().why;
    EXPECT_EQ(factorization->quality().rank, 0) << text;
    EXPECT_EQ(factorization->quality().negative, 0) << text;
    EXPECT_EQ(null_basis(factorization->quality()).cols(), 0) << text;
    EXPECT_EQ(factorization->condition_number(), 1) << text;
    Mat X(0, 3);
    EXPECT_TRUE(factorization->solve(Mat(0, 3), X).converged) << text;
    EXPECT_TRUE(factorization->solve_transposed(Mat(0, 3), X).converged) << text;
  }
}

TEST(Candidates, AreBelievedAsFarAsTheyAreTrue) {
  Generator generator(310);
  for (const bool sparse : {false, true})
    for (const Index modes : {0, 1, 3}) {
      const Index n = 20;
      const Mat Q = random_orthogonal(n, generator);
      const Mat A = Q * some_values(n, modes, 0).asDiagonal() * Q.transpose();
      Mat Z(n, 2 * modes + 3);  // each true one twice, one that is nearly true, one of zeros, one that is none
      Z << Q.leftCols(modes), 1e-8 * Q.leftCols(modes) * random_matrix(modes, modes, generator),
          Q.col(0) + 1e-3 * Q.col(n - 1), Mat::Zero(n, 1), Q.col(n - 1);
      const OperatorPtr op = sparse ? sparse_operator(patterned(A, true), true) : dense_operator(A, true);
      const auto factorization = Factorizer().factorize(op, {}, Z);
      ASSERT_TRUE(factorization->quality().usable) << factorization->quality().why;
      EXPECT_EQ(factorization->quality().null_modes, modes) << (sparse ? "sparse" : "dense");
      EXPECT_LE((A * factorization->quality().null_space).norm(), 1e-9);
      expect_pseudo_inverse(*factorization, A, generator);
    }
}

TEST(Candidates, ThatAreNotFiniteAreLeftOut) {
  Generator generator(311);
  const Mat A = positive_definite(15, 10, generator), B = random_matrix(15, 2, generator);
  Mat Z = random_matrix(15, 2, generator);
  Z(3, 0) = std::numeric_limits<double>::quiet_NaN();
  const auto factorization = Factorizer().factorize(dense_operator(A, true), {}, Z);
  EXPECT_EQ(factorization->quality().null_modes, 0);
  EXPECT_LE((A * solved(*factorization, B) - B).norm(), rounding * B.norm());
}

TEST(Factorizers, KeepChangingPatternsApart) {
  Generator generator(320);
  Factorizer factorizer;
  for (int round = 0; round < 40; ++round) {
    const Index n = 3 + static_cast<Index>(generator() % 40);
    Mat A = 4.0 * Mat::Identity(n, n);
    for (Index k = 0; k < 2 * n; ++k) {
      const Index i = static_cast<Index>(generator() % static_cast<unsigned>(n)),
                  j = static_cast<Index>(generator() % static_cast<unsigned>(n));
      if (i != j) A(i, j) = A(j, i) = 0.1;
    }
    const bool symmetric = round % 3 != 0;
    if (!symmetric) A(0, n - 1) += 0.5;
    const PatternedMatrix stored = patterned(A, symmetric);
    for (const double factor : {1.0, 3.0}) {  // twice with one pattern, so that its analysis is used again
      PatternedMatrix scaled = stored;
      for (double& value : scaled.values) value *= factor;
      const auto factorization =
          factorizer.factorize(sparse_operator(scaled, symmetric), {.method = Method::Sparse}, Mat(n, 0));
      const Mat B = random_matrix(n, 3, generator);
      ASSERT_TRUE(factorization->quality().usable) << factorization->quality().why;
      EXPECT_LE((factor * A * solved(*factorization, B) - B).norm(), 1e-13 * B.norm()) << "diagonally dominant";
    }
  }
}

TEST(LaggedDense, ServesWithRattlersAndNullVectorsOrRefuses) {
  Generator generator(330);
  for (const Index n : {2, 9, 33})
    for (const Index modes : {0, 1})
      for (const bool rattler : {false, true}) {
        const Mat Q = random_orthogonal(n, generator);
        Mat A = Q * some_values(n, modes, 0).asDiagonal() * Q.transpose(), Z = Q.leftCols(modes);
        if (rattler && modes == 0) A.row(n / 2).setZero(), A.col(n / 2).setZero();
        A = (0.5 * (A + A.transpose())).eval();
        const auto earlier = Factorizer().factorize(dense_operator(A, true), {}, Z);
        ASSERT_TRUE(earlier->quality().usable) << earlier->quality().why;
        const auto late = lagged(dense_operator(1.02 * A, true), earlier, {.tolerance = 1e-13}, 10);
        ASSERT_TRUE(late->quality().usable) << n << ": " << late->quality().why;
        EXPECT_EQ(late->quality().null_modes, earlier->quality().null_modes);
        EXPECT_EQ(late->quality().null_coordinates, earlier->quality().null_coordinates);
        expect_pseudo_inverse(*late, 1.02 * A, generator);
        EXPECT_FALSE(lagged(dense_operator(-A, true), earlier, {}, 10)->quality().usable);
        EXPECT_FALSE(lagged(dense_operator(Mat::Zero(n, n), true), earlier, {}, 10)->quality().usable);
      }
}

TEST(Remembering, AnswersAsTheFactorizationDoesWhateverItWasAskedBefore) {
  Generator generator(340);
  const Mat A = with_singular_values(Vec::LinSpaced(25, 1, 20), generator);
  const auto plain = factorized(dense_operator(A, false), Method::Lu);
  const Remembering kept(plain);
  std::vector<Mat> asked;
  for (const Index columns : {1, 9, 16, 33, 33, 25}) asked.push_back(random_matrix(25, columns, generator));
  asked.push_back(Mat::Zero(25, 20));
  asked.push_back(Mat(25, 0));
  asked.push_back(Mat::Constant(25, 20, std::numeric_limits<double>::quiet_NaN()));
  for (int round = 0; round < 60; ++round) {
    const Mat& B = asked[generator() % asked.size()];
    const bool transposed = generator() % 4 == 0;
    Mat X(25, B.cols()), Y(25, B.cols());
    const SolveReport expected = transposed ? plain->solve_transposed(B, X) : plain->solve(B, X);
    const SolveReport report = transposed ? kept.solve_transposed(B, Y) : kept.solve(B, Y);
    EXPECT_TRUE(X == Y || !expected.converged);
    EXPECT_EQ(report.converged, expected.converged);
    EXPECT_EQ(report.residual, expected.residual);
  }
}

}  // namespace
}  // namespace argscope::linear
