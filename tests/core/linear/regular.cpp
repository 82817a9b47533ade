// Systems with one solution: every method, every shape of B, both directions.
#include <gtest/gtest.h>

#include <limits>
#include <thread>

#include "core/parallel.h"
#include "tests/core/linear/matrices.h"

namespace argscope::linear {
namespace {

using namespace testing;

enum class Kind { Definite, Indefinite, Nonsymmetric };

struct Case {
  Method method;
  Kind kind;
};

bool suited(Method method, Kind kind) {
  switch (method) {
    case Method::Cholesky:
    case Method::Cg: return kind == Kind::Definite;
    case Method::Ldlt:
    case Method::Minres: return kind != Kind::Nonsymmetric;
    case Method::Sparse:
    case Method::Bicgstab: return kind != Kind::Indefinite;
    default: return true;
  }
}

std::vector<Case> every_suited_case() {
  std::vector<Case> cases;
  for (const std::string_view text : method_names()) {
    for (const Kind kind : {Kind::Definite, Kind::Indefinite, Kind::Nonsymmetric}) {
      if (suited(*method_named(text), kind)) cases.push_back({*method_named(text), kind});
    }
  }
  return cases;
}

std::string case_name(const ::testing::TestParamInfo<Case>& info) {
  constexpr const char* on[] = {"OnDefinite", "OnIndefinite", "OnNonsymmetric"};
  std::string text(name(info.param.method));
  std::erase(text, '-');
  return text + on[static_cast<int>(info.param.kind)];
}

/// Turns each pair of neighbouring unknowns by half a radian: positive in every direction.
Mat gentle_rotation(Index n) {
  Mat R = Mat::Identity(n, n);
  const double c = std::cos(0.5), s = std::sin(0.5);
  for (Index i = 0; i + 1 < n; i += 2) R.block<2, 2>(i, i) << c, s, -s, c;
  return R;
}

class EveryMethod : public ::testing::TestWithParam<Case> {
 protected:
  bool symmetric() const { return GetParam().kind != Kind::Nonsymmetric; }
  /// Condition 100: errors stay below 100 × rounding × a modest factor of the size. What is not symmetric has singular
  /// vectors at random, but for BiCGSTAB, which wants eigenvalues on one side.
  Mat matrix(Index n, Generator& generator) const {
    Vec values = Vec::LinSpaced(n, 1, n > 1 ? 100 : 1);
    if (GetParam().method == Method::Bicgstab && !symmetric()) {
      return with_eigenvalues(values, generator) * gentle_rotation(n);
    }
    if (GetParam().kind != Kind::Definite) {
      for (Index i = 0; i < n; i += 2) values(i) *= -1;
    }
    return symmetric() ? with_eigenvalues(values, generator) : with_singular_values(values, generator);
  }
  OperatorPtr wrap(const Mat& A) const {
    return GetParam().method == Method::Sparse ? sparse_operator(patterned(A, symmetric()), symmetric())
                                               : dense_operator(A, symmetric());
  }
  static constexpr double tolerance =
      1e-9;  // Krylov methods stop at residuals of 1e-12; times the condition, times ten
};

TEST_P(EveryMethod, SolvesWithAnyNumberOfColumns) {
  Generator generator(10);
  for (const Index n : {1, 2, 7, 60, 131}) {
    const Mat A = matrix(n, generator);
    const auto factorization = factorized(wrap(A), GetParam().method);
    ASSERT_TRUE(factorization->quality().usable) << factorization->quality().why;
    EXPECT_EQ(factorization->quality().rank, n);
    EXPECT_EQ(factorization->quality().null_modes, 0);
    for (const Index columns : {0, 1, 5, 70}) {
      const Mat X = random_matrix(n, columns, generator), B = A * X;
      Mat Y(n, columns);
      const SolveReport report = factorization->solve(B, Y);
      EXPECT_LE((Y - X).norm(), tolerance * X.norm());
      EXPECT_LE(report.residual, 2e-12);
      EXPECT_TRUE(report.converged);
      EXPECT_TRUE(report.consistent);
      EXPECT_EQ(report.inconsistency, 0);
    }
  }
}

TEST_P(EveryMethod, SolvesTransposedAsTheAdjoint) {
  Generator generator(11);
  const Index n = 57;
  const auto factorization = factorized(wrap(matrix(n, generator)), GetParam().method);
  const Mat B = random_matrix(n, 3, generator), V = random_matrix(n, 3, generator);
  Mat W(n, 3);
  factorization->solve_transposed(V, W);
  const Mat forward = V.transpose() * solved(*factorization, B), backward = W.transpose() * B;
  EXPECT_LE((forward - backward).norm(), tolerance * forward.norm());
}

TEST_P(EveryMethod, GivesTheSameBitsOnOneThreadAndOnTwo) {
  Generator generator(12);
  const Index n = 210;
  const Mat A = matrix(n, generator), B = random_matrix(n, iterative(GetParam().method) ? 20 : 150, generator);
  const auto run = [&](int threads) {
    return with_threads(threads, [&] { return solved(*factorized(wrap(A), GetParam().method), B); });
  };
  EXPECT_EQ(run(1), run(2));
}

TEST_P(EveryMethod, SolvesOnSeveralThreadsAtOnce) {
  Generator generator(13);
  const Index n = 90;
  const Mat A = matrix(n, generator), B = random_matrix(n, 20, generator);
  const auto factorization = factorized(wrap(A), GetParam().method);
  const Mat X = solved(*factorization, B);
  std::vector<Mat> answers(4);
  std::vector<std::thread> threads;
  for (Mat& answer : answers) threads.emplace_back([&] { answer = solved(*factorization, B); });
  for (std::thread& thread : threads) thread.join();
  for (const Mat& answer : answers) EXPECT_EQ(answer, X);
}

TEST_P(EveryMethod, SolvesInPlace) {
  Generator generator(14);
  const Mat A = matrix(20, generator), B = random_matrix(20, 2, generator);
  const auto factorization = factorized(wrap(A), GetParam().method);
  Mat X = B;
  factorization->solve(X, X);
  EXPECT_EQ(X, solved(*factorization, B));
}

TEST_P(EveryMethod, TellsTheCondition) {
  Generator generator(15);
  const auto factorization = factorized(wrap(matrix(80, generator)), GetParam().method);
  EXPECT_GE(factorization->condition_number(), 50);  // the contract: within a factor of two of 100
  EXPECT_LE(factorization->condition_number(), 200);
}

TEST_P(EveryMethod, ReportsNotFiniteRightHandSidesAsNotConverged) {
  Generator generator(16);
  const auto factorization = factorized(wrap(matrix(10, generator)), GetParam().method);
  Mat B = random_matrix(10, 2, generator), X(10, 2);
  B(3, 1) = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(factorization->solve(B, X).converged);
}

INSTANTIATE_TEST_SUITE_P(Methods, EveryMethod, ::testing::ValuesIn(every_suited_case()), case_name);

TEST(Auto, ChoosesByStructure) {
  Generator generator(20);
  const Mat S = positive_definite(50, 10, generator), G = random_matrix(50, 50, generator);
  EXPECT_EQ(factorized(dense_operator(S, true), Method::Auto)->quality().method, Method::Cholesky);
  EXPECT_EQ(factorized(dense_operator(-S, true), Method::Auto)->quality().method, Method::Cholesky);
  EXPECT_EQ(factorized(dense_operator(G + G.transpose(), true), Method::Auto)->quality().method, Method::Ldlt);
  EXPECT_EQ(factorized(dense_operator(G, false), Method::Auto)->quality().method, Method::Lu);
  EXPECT_EQ(factorized(sparse_operator(patterned(S, true), true), Method::Auto)->quality().method, Method::Sparse);
  EXPECT_EQ(factorized(dense_operator(Mat::Ones(5, 5), true), Method::Auto)->quality().method, Method::MinNorm);
}

TEST(Inertia, CountsNegativeEigenvalues) {
  Generator generator(21);
  for (const Index negative : {0, 1, 9, 60}) {
    Vec values = Vec::LinSpaced(60, 1, 5);
    values.head(negative) *= -1;
    const Mat A = with_eigenvalues(values, generator);
    EXPECT_EQ(factorized(dense_operator(A, true), Method::Auto)->quality().negative, negative);
    EXPECT_EQ(factorized(dense_operator(A, true), Method::Ldlt)->quality().negative, negative);
    EXPECT_EQ(factorized(dense_operator(A, true), Method::MinNorm)->quality().negative, negative);
    EXPECT_EQ(factorized(sparse_operator(patterned(A, true), true), Method::Auto)->quality().negative, negative);
  }
  const Mat G = random_matrix(60, 60, generator);
  EXPECT_EQ(factorized(dense_operator(G, false), Method::Auto)->quality().negative, -1);
}

TEST(Scaling, DoesNotTurnARegularMatrixIntoASingularOne) {
  Generator generator(22);
  const Index n = 40;
  const Vec scale = Vec::LinSpaced(n, -8, 8).unaryExpr([](double t) { return std::pow(10.0, t); });
  const Mat S = positive_definite(n, 10, generator), G = with_singular_values(Vec::LinSpaced(n, 1, 10), generator);
  const Mat K = with_eigenvalues(Vec::LinSpaced(n, -5, 6.5), generator);
  const Mat X = random_matrix(n, 3, generator);
  const auto check = [&](const Mat& A, bool symmetric) {
    const Mat scaled = scale.asDiagonal() * A * scale.asDiagonal();
    const Mat Y = scale.cwiseInverse().asDiagonal() * X;
    const auto factorization = factorized(dense_operator(scaled, symmetric), Method::Auto);
    EXPECT_EQ(factorization->quality().rank, n);
    const Mat back = scale.asDiagonal() * solved(*factorization, scaled * Y);
    EXPECT_LE((back - X).norm(), 1e-10 * X.norm());  // condition 10 once scaled, times sums of 40 terms
  };
  check(S, true);
  check(K, true);
  check(G, false);
}

TEST(Cholesky, UsesLeadingZerosOfADiagonalRightHandSide) {
  Generator generator(23);
  const Index n = 300;
  const Mat A = positive_definite(n, 100, generator);
  const auto factorization = factorized(dense_operator(A, true), Method::Cholesky);
  const Vec d = random_matrix(n, 1, generator);
  EXPECT_LE((A * solved(*factorization, d.asDiagonal()) - Mat(d.asDiagonal())).norm(), 1e-12 * d.norm());
}

TEST(Refinement, MendsWhatAFactorizationWithoutPivotingLoses) {
  Generator generator(28);
  const Mat G = random_matrix(60, 60, generator), B = random_matrix(60, 3, generator);
  Mat A = G + G.transpose(), X(60, 3);
  for (const double pivot : {1e-3, 1e-5, 1e-6}) {
    A.diagonal().setConstant(pivot);
    const auto residual = [&](int refinements) {
      const Options options{.method = Method::Sparse, .refinements = refinements};
      const auto factorization = Factorizer().factorize(sparse_operator(patterned(A, true), true), options, Mat(60, 0));
      const double reported = factorization->solve(B, X).residual;
      const double measured = ((A * X - B).colwise().norm().cwiseQuotient(B.colwise().norm())).maxCoeff();
      EXPECT_NEAR(reported, measured, 0.1 * measured + 1e-14);  // both are known up to rounding
      return reported;
    };
    const double plain = residual(0), refined = residual(2);
    EXPECT_LT(100 * refined, plain);
    EXPECT_LE(refined, 1e-13);  // rounding in sums of 60 terms
  }
}

TEST(Factorization, RefusesWhatItCannotDoInWords) {
  Generator generator(24);
  const Mat S = positive_definite(6, 10, generator), G = random_matrix(6, 6, generator);
  Mat indefinite = S, infinite = S;
  indefinite(0, 0) = -1;
  infinite(2, 2) = std::numeric_limits<double>::infinity();
  const auto refused = [](OperatorPtr A, Method method, const std::string& words) {
    const auto factorization = factorized(A, method);
    EXPECT_FALSE(factorization->quality().usable);
    EXPECT_NE(factorization->quality().why.find(words), std::string::npos) << factorization->quality().why;
    Mat X = Mat::Zero(A->cols(), 1);
    const SolveReport report = factorization->solve(Mat::Ones(A->rows(), 1), X);
    EXPECT_FALSE(report.converged);
    EXPECT_TRUE(X.array().isNaN().all());  // never zeros
  };
  refused(dense_operator(indefinite, true), Method::Cholesky, "definite");
  refused(dense_operator(G, false), Method::Cholesky, "symmetric");
  refused(dense_operator(G, false), Method::Ldlt, "symmetric");
  refused(dense_operator(G, false), Method::Cg, "symmetric");
  refused(dense_operator(G, false), Method::Minres, "symmetric");
  refused(dense_operator(S, true), Method::Sparse, "sparse");
  refused(dense_operator(random_matrix(3, 4, generator), false), Method::Auto, "3 × 4");
  for (const Method method : {Method::Auto, Method::Cg}) {
    refused(dense_operator(infinite, true), method, "not finite");
    refused(dense_operator(Mat::Zero(4, 4), true), method, "nothing is determined");
  }
  refused(dense_operator(Mat::Zero(4, 4), false), Method::Auto, "nothing is determined");
  refused(sparse_operator(patterned(infinite, true), true), Method::Sparse, "not finite");
  refused(sparse_operator(patterned(Mat::Zero(60, 60), true), true), Method::Auto, "nothing is determined");
  refused(dense_operator(Mat::Ones(4, 4), true), Method::Ldlt, "singular");
  refused(dense_operator(Mat::Ones(4, 4), true), Method::Cholesky, "singular");
  refused(dense_operator(Mat::Ones(4, 4), false), Method::Lu, "singular");
}

TEST(Factorization, OfNoUnknownsHasAnEmptySolution) {
  const auto factorization = factorized(dense_operator(Mat(0, 0), true), Method::Auto);
  EXPECT_TRUE(factorization->quality().usable);
  EXPECT_EQ(solved(*factorization, Mat(0, 3)).cols(), 3);
}

}  // namespace
}  // namespace argscope::linear
