// Methods by products only: where they end, and what they say then.
#include <gtest/gtest.h>

#include <set>

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

/// Twice the identity plus a cyclic shift, by products only.
class Shifted final : public LinearOperator {
 public:
  explicit Shifted(Index n) : n_(n) {}
  Index rows() const override { return n_; }
  Index cols() const override { return n_; }
  void apply(ConstMat X, MutMat Y) const override { shift(X, Y, 1); }
  void apply_transposed(ConstMat X, MutMat Y) const override { shift(X, Y, n_ - 1); }

 private:
  void shift(ConstMat X, MutMat Y, Index by) const {
    Y = 2 * X;
    Y.bottomRows(n_ - by) += X.topRows(n_ - by);
    Y.topRows(by) += X.bottomRows(by);
  }
  Index n_;
};

class KrylovMethod : public ::testing::TestWithParam<Method> {
 protected:
  bool normal() const {
    return GetParam() == Method::NormalCg || GetParam() == Method::Lsqr || GetParam() == Method::Lsmr;
  }
  bool symmetric_only() const { return GetParam() == Method::Cg || GetParam() == Method::Minres; }
};

constexpr double rounding = 1e-10;  // residuals of 1e-12 times conditions of 10

std::shared_ptr<const Factorization> with_options(OperatorPtr A, const Options& options) {
  const Index n = A->rows();
  return Factorizer().factorize(std::move(A), options, Mat(n, 0));
}

TEST_P(KrylovMethod, ReachingTheIterationLimitIsNotConvergence) {
  Generator generator(25);
  const Mat A = positive_definite(100, 1e4, generator);
  const Vec b = Vec::Ones(100);
  const Options options{.method = GetParam(), .iterations = 3};
  const Outcome out = solve(*with_options(dense_operator(A, true), options), b);
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

TEST_P(KrylovMethod, GivesTheMinimumNormSolutionOfAConsistentSymmetricSystem) {
  Generator generator(39);
  const Mat A = with_eigenvalues(values_with_zeros(60, 4), generator), B = A * random_matrix(60, 9, generator);
  const Outcome out = solve(*factorized(dense_operator(A, true), GetParam()), B);
  EXPECT_TRUE(out.report.converged);
  EXPECT_LE((out.X - pseudo_inverse(A, 1e-10) * B).norm(), rounding * out.X.norm());
}

TEST_P(KrylovMethod, OnASingularNonsymmetricMatrixSolvesOrSaysThatItDidNot) {
  if (symmetric_only()) return;
  Generator generator(40);
  const Mat A = with_singular_values(values_with_zeros(50, 3), generator), P = pseudo_inverse(A, 1e-10);
  const auto factorization = factorized(dense_operator(A, false), GetParam());
  const Mat B = A * random_matrix(50, 5, generator), C = A.transpose() * random_matrix(50, 5, generator);
  const Outcome out = solve(*factorization, B);
  Mat Y(50, 5);
  const SolveReport transposed = factorization->solve_transposed(C, Y);
  EXPECT_EQ(out.report.converged, (A * out.X - B).colwise().norm().maxCoeff() <= 2e-12 * B.colwise().norm().minCoeff());
  if (!normal()) return;
  EXPECT_TRUE(out.report.converged && transposed.converged);
  EXPECT_LE((out.X - P * B).norm(), rounding * out.X.norm());
  EXPECT_LE((Y - P.transpose() * C).norm(), rounding * Y.norm());
}

TEST_P(KrylovMethod, DoesNotClaimAnInconsistentSystem) {
  Generator generator(41);
  for (const bool symmetric : {true, false}) {
    if (symmetric_only() && !symmetric) continue;
    const Vec values = values_with_zeros(40, 2);
    const Mat A = symmetric ? with_eigenvalues(values, generator) : with_singular_values(values, generator);
    const Mat B = random_matrix(40, 3, generator), P = pseudo_inverse(A, 1e-10), lost = B - A * (P * B);
    const Outcome out = solve(*factorized(dense_operator(A, symmetric), GetParam()), B);
    EXPECT_FALSE(out.report.converged);
    EXPECT_NE(out.report.ending, Ending::Solved);
    EXPECT_GT(out.report.residual, 0.01);
    if (!normal()) continue;
    const double expected = (lost.colwise().norm().array() / B.colwise().norm().array()).maxCoeff();
    EXPECT_EQ(out.report.ending, Ending::Inconsistent);
    EXPECT_FALSE(out.report.consistent);
    EXPECT_NEAR(out.report.inconsistency, expected, rounding);
    EXPECT_LE((out.X - P * B).norm(), 1e-8 * out.X.norm());  // ends at a cosine of 1e-11, times the condition squared
  }
}

TEST_P(KrylovMethod, TakesFewerIterationsWithJacobiOnABadlyScaledMatrix) {
  Generator generator(42);
  const Index n = 120;
  const Vec scale = Vec::LinSpaced(n, -2, 2).unaryExpr([](double t) { return std::pow(10.0, t); });
  const Mat G = 0.02 * random_matrix(n, n, generator), S = G + G.transpose();
  const Mat B = random_matrix(n, 3, generator);
  for (const bool sparse : {false, true}) {
    const Mat given = Mat::Identity(n, n) + (symmetric_only() ? S : G);
    const Mat A =
        symmetric_only() ? Mat(scale.asDiagonal() * given * scale.asDiagonal()) : Mat(given * scale.asDiagonal());
    const OperatorPtr op = sparse ? sparse_operator(patterned(A, symmetric_only()), symmetric_only())
                                  : dense_operator(A, symmetric_only());
    Options options{.method = GetParam()};
    const Outcome plain = solve(*with_options(op, options), B);
    options.preconditioner = Preconditioner::Jacobi;
    const auto factorization = with_options(op, options);
    const Outcome preconditioned = solve(*factorization, B);
    EXPECT_TRUE(preconditioned.report.converged) << preconditioned.report.residual;
    EXPECT_LT(2 * preconditioned.report.iterations, plain.report.iterations);
    EXPECT_LE((A * preconditioned.X - B).norm(), 1e-11 * B.norm());  // the tolerance, over three columns
    if (normal()) continue;  // the transposed matrix has badly scaled rows, which nothing from the right mends
    Mat Y(n, 3);
    EXPECT_TRUE(factorization->solve_transposed(B, Y).converged);
    EXPECT_LE((A.transpose() * Y - B).norm(), 1e-11 * B.norm());
  }
}

TEST_P(KrylovMethod, TakesANegativeOrMissingDiagonalForItsSize) {
  Generator generator(43);
  Mat A = with_eigenvalues(Vec::LinSpaced(30, -9, -3), generator);
  if (!symmetric_only()) A.row(0).swap(A.row(1));
  A(2, 2) = GetParam() == Method::Cg ? A(2, 2) : 0;
  const Options options{.method = GetParam(), .preconditioner = Preconditioner::Jacobi};
  const Outcome out =
      solve(*with_options(dense_operator(A, symmetric_only()), options), random_matrix(30, 2, generator));
  EXPECT_TRUE(out.report.converged || GetParam() == Method::Bicgstab) << words(out.report.ending);
}

TEST_P(KrylovMethod, RefusesToPreconditionWhatHasNoDiagonal) {
  const Options options{.method = GetParam(), .preconditioner = Preconditioner::Jacobi};
  const auto factorization = with_options(std::make_shared<ProductsOnly>(Mat::Identity(5, 5), true), options);
  EXPECT_FALSE(factorization->quality().usable);
  EXPECT_NE(factorization->quality().why.find("diagonal"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Methods, KrylovMethod, ::testing::ValuesIn(iterative_methods()), method_name);

TEST(Krylov, ConjugateGradientsDoNotClaimAnIndefiniteMatrix) {
  Generator generator(26);
  const Mat A = with_eigenvalues(Vec::LinSpaced(40, -1, 1.5), generator);
  const auto factorization = factorized(dense_operator(A, true), Method::Cg);
  const Outcome out = solve(*factorization, random_matrix(40, 1, generator));
  EXPECT_FALSE(out.report.converged);
  EXPECT_EQ(out.report.ending, Ending::BrokeDown);
}

TEST(Gmres, SaysThatARestartGainsNothing) {
  const Index n = 1000;  // it remembers 400 vectors, and a cyclic shift shows its solution in the last of n
  Mat shift = Mat::Zero(n, n);
  for (Index i = 0; i < n; ++i) shift((i + 1) % n, i) = 1;
  const Outcome out = solve(*factorized(dense_operator(shift, false), Method::Gmres), Mat::Identity(n, 1));
  EXPECT_FALSE(out.report.converged);
  EXPECT_EQ(out.report.ending, Ending::Stagnated);
  EXPECT_EQ(out.report.residual, 1);
}

TEST(Gmres, ConvergesOverManyRestarts) {
  constexpr int n = 36000;  // it remembers 30 vectors
  auto pattern = std::make_shared<SparsePattern>(SparsePattern{.rows = n, .cols = n, .column_start = {0}, .row = {}});
  PatternedMatrix A;
  for (int j = 0; j < n; ++j) {
    for (int i = std::max(0, j - 1); i <= std::min(n - 1, j + 1); ++i) {
      pattern->row.push_back(i);
      A.values.push_back(i == j ? 2.1 : i < j ? -1.2 : -0.8);
    }
    pattern->column_start.push_back(static_cast<int>(pattern->row.size()));
  }
  A.pattern = pattern;
  const OperatorPtr op = sparse_operator(std::move(A), false);
  Mat b(n, 1);
  op->apply(Mat::Ones(n, 1), b);
  const Outcome out = solve(*factorized(op, Method::Gmres), b);
  EXPECT_TRUE(out.report.converged) << out.report.residual;
  EXPECT_GT(out.report.iterations, 60);
  EXPECT_LE((out.X - Mat::Ones(n, 1)).norm(), 1e-9 * std::sqrt(1.0 * n));  // residual 1e-12, condition below 100
}

TEST(Bicgstab, BreaksDownInWordsOnASkewMatrix) {
  Generator generator(44);
  const Mat G = random_matrix(20, 20, generator);
  const Outcome out = solve(*factorized(dense_operator(G - G.transpose(), false), Method::Bicgstab), Mat::Ones(20, 1));
  EXPECT_FALSE(out.report.converged);
  EXPECT_EQ(out.report.ending, Ending::BrokeDown);
}

TEST(Auto, ChoosesGmresForALargeNonsymmetricMatrixKnownByProducts) {
  const Index n = 3001;
  const auto A = std::make_shared<Shifted>(n);
  const auto factorization = factorized(A, Method::Auto);
  EXPECT_EQ(factorization->quality().method, Method::Gmres);
  const Mat X = Mat::Ones(n, 2);
  Mat B(n, 2);
  A->apply(X, B);
  const Outcome out = solve(*factorization, B);
  EXPECT_TRUE(out.report.converged);
  EXPECT_LE((out.X - X).norm(), 1e-10 * X.norm());  // residual 1e-12, condition 3
}

TEST(Endings, HaveDifferentWords) {
  std::set<std::string_view> all;
  const auto endings = {Ending::Solved, Ending::Stagnated, Ending::Limit, Ending::Inconsistent, Ending::BrokeDown};
  for (const Ending ending : endings) all.insert(words(ending));
  EXPECT_EQ(all.size(), endings.size());
}

/// Matrices that each are wrong for some methods, and right-hand sides in the range and out of it.
TEST(EverySolve, IsGoodOrSaysThatItIsNot) {
  Generator generator(45);
  Vec wide = Vec::LinSpaced(30, 0, 14).unaryExpr([](double t) { return std::pow(10.0, -t); });
  const Mat G = random_matrix(30, 30, generator);
  const std::pair<Mat, bool> matrices[] = {{with_eigenvalues(values_with_zeros(30, 2), generator), true},
                                           {with_eigenvalues(Vec::LinSpaced(30, -1, 1.5), generator), true},
                                           {with_eigenvalues(wide, generator), true},
                                           {with_singular_values(wide, generator), false},
                                           {with_singular_values(values_with_zeros(30, 1), generator), false},
                                           {G - G.transpose(), false},
                                           {G.triangularView<Eigen::Upper>(), false},
                                           {Mat(1e-100 * G), false},
                                           {Mat(1e100 * (G + G.transpose())), true}};
  for (const auto& [A, symmetric] : matrices) {
    const Mat B = random_matrix(30, 2, generator);
    for (const Mat& right : {B, Mat(A * B)}) {
      for (const std::string_view text : method_names()) {
        const bool sparse = text == "sparse";
        const auto factorization =
            factorized(sparse ? sparse_operator(patterned(A, symmetric), symmetric) : dense_operator(A, symmetric),
                       *method_named(text));
        const Outcome out = solve(*factorization, right);
        if (!factorization->quality().usable || !out.report.converged || !out.report.consistent) continue;
        const Vec residuals = (A * out.X - right).colwise().norm().cwiseQuotient(right.colwise().norm());
        const double promised = iterative(*method_named(text)) ? 3e-12 : 1e-6;  // of a direct method, seldom so much
        EXPECT_LE(residuals.maxCoeff(), promised) << text;
      }
    }
  }
}

}  // namespace
}  // namespace argscope::linear
