#include "core/sensitivity/sensitivity.h"

#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>

#include "core/parallel.h"
#include "tests/core/solve/given.h"
#include "tests/core/solve/packing.h"

namespace argscope::sensitivity {
namespace {

using testing::Given;
using testing::vec;

struct Differentiated {
  Given given;
  solve::Solution solution;
  Sensitivity sensitivity;
  explicit Differentiated(std::shared_ptr<const optimality::Model> model, const Options& options = {})
      : given(std::move(model)),
        solution(given.run({})),
        sensitivity(solution, given.request.theta, options, given.memory.factorizer) {}
  const Trust& trust() const { return sensitivity.trust(); }
};

/// ‖A J − B‖ / ‖B‖ with matrices linearized afresh.
double residual(const Given& given, const Vec& x, const Mat& J) {
  const auto at = given.model->optimality().linearize(x, given.request.theta);
  return (at.dx->dense() * J + at.dtheta->dense()).norm() / at.dtheta->dense().norm();
}

TEST(Sensitivity, IsTheClosedFormForRidge) {
  for (unsigned seed = 0; seed < 10; ++seed) {
    const testing::Ridge ridge(30, 6, seed);
    Differentiated d(ridge.model());
    const Mat exact = ridge.jacobian(d.given.request.theta);
    EXPECT_TRUE(d.trust().defined) << d.trust().reason;
    EXPECT_EQ(d.trust().rank, 6);
    EXPECT_EQ(d.trust().null_modes, 0);
    // Rounding times a condition number below 1e3.
    EXPECT_LT((d.sensitivity.jacobian({}) - exact).norm(), 1e-12 * exact.norm());
  }
}

TEST(Sensitivity, PushPullAndColumnsArePartsOfOneJacobian) {
  for (Index size : {3, 16, 17, 150}) {  // few columns are kept, many are solved for in chunks
    const testing::Ridge ridge(200, size, 7);
    Differentiated d(ridge.model());
    const Mat J = d.sensitivity.jacobian({});
    const Mat U = testing::random_matrix(size, 3, 1), W = testing::random_matrix(size, 2, 2);
    const double rounding = 1e-12 * J.norm();
    EXPECT_LT((d.sensitivity.push(U) - J * U).norm(), rounding * U.norm());
    EXPECT_LT((d.sensitivity.pull(W) - J.transpose() * W).norm(), rounding * W.norm());
    EXPECT_LT((d.sensitivity.columns(1, 2, {}) - J.middleCols(1, 2)).norm(), rounding);
    // The adjoint identity: ⟨W, J U⟩ = ⟨Jᵀ W, U⟩.
    EXPECT_LT((W.transpose() * d.sensitivity.push(U) - d.sensitivity.pull(W).transpose() * U).norm(),
              rounding * U.norm() * W.norm());
    EXPECT_LT(residual(d.given, d.solution.x, J), 1e-12);
    EXPECT_LT(d.trust().linear_residual, 1e-12);
  }
}

TEST(Sensitivity, OfARootIsTheQuotient) {
  Differentiated d(testing::cosine_root());
  const double x = d.solution.x[0];
  EXPECT_NEAR(d.sensitivity.jacobian({})(0, 0), -x / (1 + std::sin(x)), 1e-14);
}

TEST(Sensitivity, TotalDerivativeIsTheSameForwardAndAdjoint) {
  const testing::Ridge ridge(60, 20, 4);
  Differentiated d(ridge.model());
  const Mat P = testing::random_matrix(30, 20, 5), Q = testing::random_matrix(30, 20, 6);
  const Mat J = d.sensitivity.jacobian({});
  for (Index rows : {1, 5, 30}) {
    const testing::HandFunction h(
        expr::Shape{rows}, [&](const Vec& x, const Vec& t) -> Vec { return P.topRows(rows) * x + Q.topRows(rows) * t; },
        [&](const Vec&, const Vec&) -> Mat { return P.topRows(rows); },
        [&](const Vec&, const Vec&) -> Mat { return Q.topRows(rows); });
    const Mat expected = P.topRows(rows) * J + Q.topRows(rows);
    EXPECT_LT((d.sensitivity.total(h, {}) - expected).norm(), 1e-12 * expected.norm());
  }
}

TEST(Sensitivity, EstimatesTheConditionWithinAFactorOfTwo) {
  const testing::Ridge ridge(40, 10, 2);
  Differentiated d(ridge.model());
  EXPECT_FALSE(d.trust().condition_number);
  d.sensitivity.estimate_condition();
  const Vec spectrum = ridge.hessian(d.given.request.theta).eigenvalues().real();
  const double exact = spectrum.maxCoeff() / spectrum.minCoeff();
  ASSERT_TRUE(d.trust().condition_number);
  EXPECT_GT(*d.trust().condition_number, exact / 2);
  EXPECT_LT(*d.trust().condition_number, exact * 2);
}

TEST(Sensitivity, HasTheSameBitsForAnyNumberOfThreads) {
  const testing::Ridge ridge(150, 120, 8);
  const auto jacobian = [&](int threads) {
    return with_threads(threads, [&] { return Differentiated(ridge.model()).sensitivity.jacobian({}); });
  };
  const Mat one = jacobian(1);
  EXPECT_EQ((one - jacobian(2)).norm(), 0);
  EXPECT_EQ((one - jacobian(4)).norm(), 0);
}

TEST(Sensitivity, IsEmptyWhenStopped) {
  Differentiated d(testing::Ridge(60, 40, 1).model());
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(d.sensitivity.jacobian(stop.get_token()).size(), 0);
}

TEST(Sensitivity, OfAPackingIsMinimumNormAndAgreesWithDifferences) {
  for (unsigned seed = 0; seed < 3; ++seed) {
    const auto packing = std::make_shared<const testing::Packing>(32, 0.6, seed == 0 ? 0.86 : 0.98, seed);
    Differentiated d(packing);
    ASSERT_EQ(d.solution.status, solve::Status::Converged);
    ASSERT_TRUE(d.trust().defined) << d.trust().reason;
    EXPECT_GE(d.trust().null_modes, 2);
    EXPECT_EQ(d.trust().rank, packing->size() - d.trust().null_modes);
    EXPECT_LT(d.trust().inconsistency, 1e-10);
    const Mat J = d.sensitivity.jacobian({});
    EXPECT_LT((packing->symmetries().transpose() * J).norm(), 1e-9 * J.norm());
    const auto H = packing->optimality().linearize(d.solution.x, d.given.request.theta).dx;
    const auto factor = linear::Factorizer().factorize(H, {}, packing->symmetries());
    const Mat free = linear::null_basis(factor->quality());  // a rattler may drift on either side
    const Mat D = central_differences({packing, d.given.request.statement, d.given.request.theta, d.solution.x}, {}, 0,
                                      1, free, {});
    EXPECT_LT((D - J).norm(), 1e-6 * J.norm()) << "seed " << seed;  // mathematics, T14
  }
}

TEST(Sensitivity, NamesTheTranslationsOfAPacking) {
  Differentiated d(std::make_shared<const testing::Packing>(32, 0.6, 0.98, 1));
  ASSERT_EQ(d.trust().warnings.empty(), false);
  EXPECT_NE(d.trust().warnings.front().find("translation along x"), std::string::npos) << d.trust().warnings.front();
  EXPECT_NE(d.trust().warnings.front().find("along y"), std::string::npos) << d.trust().warnings.front();
}

}  // namespace
}  // namespace argscope::sensitivity
