// Conjugate gradients by the factors of an earlier matrix: as good as fresh factors, or refused.
#include "core/linear/lagged.h"

#include <gtest/gtest.h>

#include "core/parallel.h"
#include "tests/core/linear/matrices.h"

namespace argscope::linear {
namespace {

using namespace testing;
using FactorizationPtr = std::shared_ptr<const Factorization>;

constexpr int few = 10;

Options exact() {
  Options options;
  options.tolerance = 1e-13;
  return options;
}

FactorizationPtr fresh(const OperatorPtr& A, const Mat& Z) { return Factorizer().factorize(A, exact(), Z); }
FactorizationPtr fresh(const Mat& A) { return fresh(dense_operator(A, true), Mat(A.rows(), 0)); }
FactorizationPtr lagged(const Mat& A, const FactorizationPtr& earlier) {
  return linear::lagged(dense_operator(A, true), earlier, exact(), few);
}
OperatorPtr in_numbers(const PatternedMatrix& A) { return sparse_operator(A, true); }

class Lagged : public ::testing::TestWithParam<int> {
 protected:
  Generator generator{static_cast<Generator::result_type>(90 + GetParam())};
  Network network{6 + 3 * GetParam(), 1.0, generator};
  Mat Z = network.translations();
  FactorizationPtr earlier_of(double stress, const std::vector<int>& loose) {
    return fresh(in_numbers(network.hessian(stress, loose)), Z);
  }
};

TEST_P(Lagged, SolvesAsFreshFactorsDo) {
  const FactorizationPtr earlier = earlier_of(0.1, {});
  for (const double stress : {0.1, 0.1001, 0.11, 0.08}) {
    const OperatorPtr A = in_numbers(network.hessian(stress, {}));
    const FactorizationPtr late = linear::lagged(A, earlier, exact(), few), direct = fresh(A, Z);
    ASSERT_TRUE(late->quality().usable) << late->quality().why;
    EXPECT_EQ(late->quality().method, Method::Cg);
    for (const Index columns : {1, 2, 11}) {
      Mat B(A->rows(), columns), X(A->rows(), columns);
      A->apply(random_matrix(B.rows(), columns, generator), B);
      const SolveReport report = late->solve(B, X);
      const Mat expected = solved(*direct, B);
      EXPECT_TRUE(report.converged);
      EXPECT_LE(report.residual, 1e-12);
      EXPECT_LE((X - expected).norm(), 1e-11 * expected.norm());  // conditions up to 1e3, residuals of 1e-13
      Mat Xt(X.rows(), X.cols());
      EXPECT_TRUE(late->solve_transposed(B, Xt).converged);
      EXPECT_LE((X - Xt).norm(), 1e-11 * X.norm()) << "it is symmetric";
    }
  }
}

TEST_P(Lagged, KnowsTheNullSpaceAndTheInertia) {
  const std::vector<int> loose = {3, 20};
  const FactorizationPtr earlier = earlier_of(0.1, loose);
  const OperatorPtr A = in_numbers(network.hessian(0.101, loose));
  const Quality late = linear::lagged(A, earlier, exact(), few)->quality(), direct = fresh(A, Z)->quality();
  ASSERT_TRUE(late.usable) << late.why;
  EXPECT_EQ(late.null_modes, 6);
  EXPECT_EQ(late.null_modes, direct.null_modes);
  EXPECT_EQ(late.rank, direct.rank);
  EXPECT_EQ(late.null_coordinates, direct.null_coordinates);
  EXPECT_LE((late.null_space - direct.null_space).norm(), 1e-13);
  EXPECT_EQ(late.negative, 0);
}

TEST_P(Lagged, RefusesWhereADiscLosesOrGainsItsSprings) {
  const FactorizationPtr tied = earlier_of(0.1, {}), cut = earlier_of(0.1, {3});
  EXPECT_FALSE(linear::lagged(in_numbers(network.hessian(0.1, {3})), tied, exact(), few)->quality().usable);
  EXPECT_FALSE(linear::lagged(in_numbers(network.hessian(0.1, {})), cut, exact(), few)->quality().usable);
}

TEST_P(Lagged, RefusesWhereATranslationCostsEnergyNow) {
  PatternedMatrix held = network.hessian(0.1, {});
  held.values[0] += 1e-3;
  const Quality quality = linear::lagged(in_numbers(held), earlier_of(0.1, {}), exact(), few)->quality();
  EXPECT_FALSE(quality.usable);
  EXPECT_NE(quality.why.find("null vector"), std::string::npos) << quality.why;
}

TEST_P(Lagged, FindsTheConditionOfTheMatrixItSolvesWith) {
  const OperatorPtr A = in_numbers(network.hessian(0.11, {}));
  const double late = linear::lagged(A, earlier_of(0.1, {}), exact(), few)->condition_number();
  const double direct = fresh(A, Z)->condition_number();
  EXPECT_LE(std::abs(late - direct), 0.01 * direct);  // both end where a step of Lanczos changes them by 1e-3
}

INSTANTIATE_TEST_SUITE_P(Networks, Lagged, ::testing::Range(0, 4));

TEST(LaggedFactors, ShowANegativeDirectionWhereverItIs) {
  Generator generator(95);
  const Index n = 24;
  const Mat P = positive_definite(n, 1e4, generator);
  const Eigen::SelfAdjointEigenSolver<Mat> eigen(P);
  const FactorizationPtr earlier = fresh(P);
  for (Index k = 0; k < n; ++k) {
    const Vec u = eigen.eigenvectors().col(k);
    for (const double beyond : {1e-6, 1e-2, 1.0, 30.0}) {
      const Mat A = P - (1 + beyond) * eigen.eigenvalues()(k) * u * u.transpose();
      EXPECT_FALSE(lagged(A, earlier)->quality().usable) << k << " " << beyond;
    }
  }
}

TEST(LaggedFactors, RefuseADirectionThatBecomesNull) {
  Generator generator(96);
  const Index n = 24;
  const Mat P = positive_definite(n, 1e3, generator);
  const Eigen::SelfAdjointEigenSolver<Mat> eigen(P);
  const FactorizationPtr earlier = fresh(P);
  for (Index k = 0; k < n; ++k) {
    const Vec u = eigen.eigenvectors().col(k);
    EXPECT_FALSE(lagged(P - eigen.eigenvalues()(k) * u * u.transpose(), earlier)->quality().usable) << k;
  }
}

TEST(LaggedFactors, ServeWhereAFewDirectionsHaveChangedMuch) {
  Generator generator(97);
  const Index n = 40;
  const Mat P = positive_definite(n, 1e2, generator), few_directions = random_matrix(n, 3, generator);
  const Mat A = P + few_directions * few_directions.transpose(), B = random_matrix(n, 3, generator);
  const FactorizationPtr late = lagged(A, fresh(P));
  ASSERT_TRUE(late->quality().usable) << late->quality().why;
  EXPECT_LE((solved(*late, B) - solved(*fresh(A), B)).norm(), 1e-11 * B.norm());
}

TEST(LaggedFactors, RefuseAMatrixThatIsFarAway) {
  Generator generator(98);
  const Quality quality =
      lagged(positive_definite(60, 1e3, generator), fresh(positive_definite(60, 1e3, generator)))->quality();
  EXPECT_FALSE(quality.usable);
  EXPECT_NE(quality.why.find("limit of iterations"), std::string::npos) << quality.why;
}

TEST(LaggedFactors, AreNotLaggedAgain) {
  Generator generator(99);
  const Mat P = positive_definite(20, 10, generator);
  const FactorizationPtr late = lagged(P * 1.01, fresh(P));
  ASSERT_TRUE(late->quality().usable);
  EXPECT_FALSE(lagged(P, late)->quality().usable);
}

TEST(LaggedFactors, RefuseWhatTheyCannotJudge) {
  Generator generator(100);
  const Mat P = positive_definite(20, 10, generator);
  Mat saddle = P;
  saddle(0, 0) = -5;
  EXPECT_FALSE(lagged(P, fresh(saddle))->quality().usable);
  EXPECT_FALSE(lagged(positive_definite(21, 10, generator), fresh(P))->quality().usable);
  EXPECT_FALSE(linear::lagged(dense_operator(P, false), fresh(P), exact(), few)->quality().usable);
  Mat poisoned = P;
  poisoned(3, 3) = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(lagged(poisoned, fresh(P))->quality().usable);
  Mat X(20, 1);
  EXPECT_FALSE(lagged(poisoned, fresh(P))->solve(Mat::Ones(20, 1), X).converged);
  EXPECT_TRUE(X.array().isNaN().all());
}

/// A matrix and a right-hand side that change a little from step to step.
struct Dragged {
  Generator generator{102};
  Network network{14, 1.0, generator};
  Mat b = random_matrix(network.translations().rows(), 2, generator);
  FactorizationPtr earlier = fresh(in_numbers(network.hessian(0.1, {})), network.translations());

  OperatorPtr A(int step) const { return in_numbers(network.hessian(0.1 + 1e-4 * step, {})); }
  Mat B(int step) const {
    Mat out(b.rows(), 1);
    A(step)->apply(b.col(0) + 1e-3 * step * b.col(1), out);
    return out;
  }
};

TEST(Recollection, SavesStepsAndNoDigits) {
  const Dragged dragged;
  const auto kept = std::make_shared<Recollection>();
  for (int step = 1; step < 6; ++step) {
    const OperatorPtr A = dragged.A(step);
    const Mat B = dragged.B(step);
    Mat X(B.rows(), 1), Y(B.rows(), 1);
    const auto with = linear::lagged(A, dragged.earlier, exact(), few, kept);
    const auto without = linear::lagged(A, dragged.earlier, exact(), few);
    const SolveReport near = with->solve(B, X), far = without->solve(B, Y);
    EXPECT_TRUE(near.converged);
    EXPECT_LE(near.residual, 1e-12);
    EXPECT_LE((X - Y).norm(), 1e-11 * Y.norm());  // conditions up to 1e3, residuals of 1e-13
    EXPECT_LE(near.iterations, step < 3 ? far.iterations : far.iterations / 2) << step;
    EXPECT_EQ(with->solve(B, X).iterations, 0) << "the same again";
  }
}

TEST(Recollection, HidesNoNegativeDirection) {
  Generator generator(103);
  const Index n = 24;
  const Mat P = positive_definite(n, 1e4, generator);
  const Eigen::SelfAdjointEigenSolver<Mat> eigen(P);
  const FactorizationPtr earlier = fresh(P);
  for (Index k = 0; k < n; ++k) {
    const Vec u = eigen.eigenvectors().col(k);
    const auto kept = std::make_shared<Recollection>();
    const auto at = [&](double bend) {
      const Mat A = P - bend * eigen.eigenvalues()(k) * u * u.transpose();
      return linear::lagged(dense_operator(A, true), earlier, exact(), few, kept);
    };
    Mat X(n, 1);
    for (const double bend : {0.0, 0.1, 0.2}) EXPECT_TRUE(at(bend)->solve(u, X).converged) << k;
    for (const double bend : {1.0, 1 + 1e-6, 1.01, 2.0, 31.0})
      EXPECT_FALSE(at(bend)->quality().usable) << k << " " << bend;
  }
}

TEST(Recollection, IsOfNoHindranceWhereNothingIsAsBefore) {
  Generator generator(104);
  const auto kept = std::make_shared<Recollection>();
  for (const Index n : {20, 20, 33, 20}) {
    const Mat P = positive_definite(n, 10, generator), A = 1.01 * P, b = random_matrix(n, 1, generator);
    Mat X(n, 1);
    const auto late = linear::lagged(dense_operator(A, true), fresh(P), exact(), few, kept);
    ASSERT_TRUE(late->quality().usable) << late->quality().why;
    EXPECT_TRUE(late->solve(b, X).converged);
    EXPECT_LE((A * X - b).norm(), 1e-12 * b.norm());
    EXPECT_TRUE(late->solve(Vec::Zero(n), X).converged);
    EXPECT_EQ(X, Mat::Zero(n, 1));
  }
}

TEST(LaggedFactors, GiveTheSameBitsOnOneThreadAndOnTwo) {
  Generator generator(101);
  const Network network(20, 1.0, generator);
  const OperatorPtr A = in_numbers(network.hessian(0.101, {}));
  Mat B(A->rows(), 19);
  A->apply(random_matrix(B.rows(), B.cols(), generator), B);
  const auto run = [&](int threads) {
    return with_threads(threads, [&] {
      const FactorizationPtr earlier = fresh(in_numbers(network.hessian(0.1, {})), network.translations());
      return solved(*linear::lagged(A, earlier, exact(), few), B);
    });
  };
  EXPECT_EQ(run(1), run(2));
}

}  // namespace
}  // namespace argscope::linear
