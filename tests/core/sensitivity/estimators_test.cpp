/// Every row of the catalogue of estimators, against the implicit derivative and each other.

#include "core/sensitivity/estimator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/io/names.h"
#include "core/parallel.h"
#include "tests/core/sensitivity/contracting.h"
#include "tests/core/solve/given.h"

namespace argscope::sensitivity {
namespace {

using testing::by;
using testing::contracting;
using ::testing::HasSubstr;
using testing::relative;
using testing::Stated;

TEST(Estimators, AreTheNamesThatScenesMayUse) {
  const io::Words words = io::estimators();
  const auto names = estimator_names();
  EXPECT_EQ(words.available, std::vector<std::string>(names.begin(), names.end()));
  for (const std::string& name : words.elsewhere) EXPECT_EQ(estimator_named(name), nullptr) << name;
}

TEST(Estimators, AreFoundWithHyphensAndUnderscores) {
  ASSERT_NE(estimator_named("unrolled_forward"), nullptr);
  EXPECT_EQ(estimator_named("unrolled_forward"), estimator_named("unrolled-forward"));
  for (const EstimatorEntry& e : estimators()) EXPECT_FALSE(e.summary.empty());
}

bool samples(const EstimatorEntry& e) { return e.name.starts_with("stochastic"); }

/// Iterations end at 1e-13, times a condition number below 1e4; forward differences are good to their step of 1e-6, a
/// cloud of one per cent to the square of that, times curvature.
double allowed_of(std::string_view estimator) {
  if (estimator == "forward-differences") return 1e-4;
  return estimator == "smoothed" ? 1e-3 : 1e-8;
}

TEST(Estimators, AreTheImplicitDerivativeWhereTheyAreGivenTheStepsTheyNeed) {
  for (const auto& [name, text] : contracting()) {
    Stated s(text + "[solve]\ntolerance = 1e-13\n");
    ASSERT_EQ(s.solution.status, solve::Status::Converged) << name;
    const Mat J = by(s, "implicit").jacobian({});
    for (const EstimatorEntry& e : estimators()) {
      if (e.name == "one-step" || e.name == "truncated" || samples(e)) continue;
      const auto d = by(s, std::string(e.name));
      EXPECT_TRUE(d.trust().defined) << name << ", " << e.name << ": " << d.trust().reason;
      EXPECT_LT(relative(d.jacobian({}), J), allowed_of(e.name)) << name << ", " << e.name;
      EXPECT_LT(d.trust().linear_residual, 1e-8) << name << ", " << e.name;
    }
  }
}

TEST(Estimators, ArePushPullColumnsAndTotalsOfOneJacobian) {
  for (const auto& [name, text] : contracting()) {
    Stated s(text);
    for (const EstimatorEntry& e : estimators()) {
      if (e.name == "aid-cg") continue;  // a few of its steps depend on what they solve for
      if (samples(e) && name != "mean") continue;
      const auto d = by(s, std::string(e.name), 7);
      const Mat J = d.jacobian({});
      const Index n = J.rows(), p = J.cols();
      const Mat U = testing::random_matrix(p, 3, 1), W = testing::random_matrix(n, 2, 2);
      const double rounding = 1e-12 * J.norm();  // tens of roundings in products of such sizes
      EXPECT_LT((d.push(U) - J * U).norm(), rounding * U.norm()) << name << ", " << e.name;
      EXPECT_LT((d.pull(W) - J.transpose() * W).norm(), rounding * W.norm()) << name << ", " << e.name;
      EXPECT_LT((d.columns(p - 1, 1, {}) - J.rightCols(1)).norm(), rounding) << name << ", " << e.name;
    }
  }
}

TEST(Estimators, HaveTheSameBitsForAnyNumberOfThreads) {
  for (const auto& [name, text] : contracting())
    for (const EstimatorEntry& e : estimators()) {
      if (samples(e) && name != "mean") continue;
      const auto jacobian = [&](int threads) {
        return with_threads(threads, [&] {
          Stated s(text);
          return by(s, std::string(e.name), 9).jacobian({});
        });
      };
      EXPECT_EQ((jacobian(1) - jacobian(4)).norm(), 0) << name << ", " << e.name;
    }
}

TEST(Estimators, OfAnIterationNeedOne) {
  Stated s(R"toml(
[parameters.theta]
value = 1.0
range = [0, 2]
[variables.x]
shape = [2]
start = "zeros(2)"
[problem]
minimize = "0.5*sum((x - 1)**2)"
subject_to = ["sum(x) <= theta"]
)toml");
  for (const EstimatorEntry& e : estimators()) {
    const auto d = by(s, std::string(e.name));
    EXPECT_EQ(d.trust().defined, !e.iterates) << e.name;
    if (!e.iterates) continue;
    EXPECT_THAT(d.trust().reason, HasSubstr("the condition 'kkt' is none"));
    EXPECT_TRUE(d.jacobian({}).array().isNaN().all());
  }
}

TEST(Estimators, ThatNobodyKnowsAreRefused) {
  Stated s(contracting("ridge"));
  const auto d = by(s, "guess");
  EXPECT_FALSE(d.trust().defined);
  EXPECT_THAT(d.trust().reason, HasSubstr("no estimator is called 'guess'; there are implicit, "));
}

TEST(Differences, AreOfFirstAndOfSecondOrder) {
  Stated s(contracting("logistic") + "[solve]\ntolerance = 1e-14\n");
  const solve::Request at{s.solution.model, s.scene.statement, s.theta, s.solution.x};
  const Vec J = s.J();
  const auto order = [&](auto quotient) {
    const double coarse = (quotient(at, s.options, 0, 1e-1, std::stop_token()) - J).norm();
    const double fine = (quotient(at, s.options, 0, 1e-2, std::stop_token()) - J).norm();
    return std::log10(coarse / fine);
  };
  EXPECT_NEAR(order(forward_quotient), 1, 0.05);  // the next order is a tenth of it at a step of 0.1
  EXPECT_NEAR(order(central_quotient), 2, 0.05);
}

TEST(Estimators, SayHowFarTheyAreFromTheLinearSystem) {
  Stated s(contracting("ridge"));
  const auto d = by(s, "one-step");
  EXPECT_TRUE(d.trust().defined);
  EXPECT_GT(d.trust().linear_residual, 1e-2);
  EXPECT_THAT(d.trust().warnings.back(),
              HasSubstr("estimated by one-step in 1 step and 80 bytes: it differs from A J = B by"));
  const Mat J = d.jacobian({});
  const auto at = s.solution.model->optimality().linearize(s.solution.x, s.theta);
  const double residual = (at.dx->dense() * J + at.dtheta->dense()).norm() / at.dtheta->dense().norm();
  EXPECT_NEAR(d.trust().linear_residual, residual, 1e-12);  // with one parameter all combinations are the same
}

}  // namespace
}  // namespace argscope::sensitivity
