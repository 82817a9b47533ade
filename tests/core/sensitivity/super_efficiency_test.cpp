/// The pictures of the scenes on super-efficiency have the slopes that the paper has: mathematics 2.3, A2 and A3.

#include <gtest/gtest.h>

#include <cmath>

#include "core/sensitivity/value_gradient.h"
#include "tests/core/sensitivity/flagships.h"
#include "tests/core/sensitivity/slope.h"

namespace argscope {
namespace {

using sensitivity::ValueEstimator;
using testing::Flagship;
using testing::slope;

/// 10^v of the last `count`.
std::vector<double> powers(const Vec& v, Index count) {
  std::vector<double> all;
  for (const double e : v.tail(count)) all.push_back(std::pow(10, e));
  return all;
}

TEST(T2, DrawsErrorsOfTheFirstAndTheSecondOrder) {
  Flagship s("super-efficiency-logistic");
  const auto analytic = powers(s.value("error_analytic"), 30), automatic = powers(s.value("error_automatic"), 30);
  EXPECT_NEAR(slope(analytic, automatic), 2, 0.1);
}

TEST(T2, DrawsTheErrorsOfTheEstimators) {
  Flagship s("super-efficiency-logistic");
  const auto gradient = [&](ValueEstimator by, const solve::Solution& at, const solve::Options& o) -> Vec {
    return sensitivity::value_gradient(by, *at.model->minimum(), at, s.theta, o).tail(50);
  };
  const Vec exact = gradient(ValueEstimator::Analytic, s.solution, {});
  solve::Options o;
  o.solver = "gradient_descent";
  o.tolerance = 1e-300;
  o.step = s.value("rho")[0];
  for (int t : {25, 50, 200}) {
    o.iterations = t;
    const auto at = solve::solve({s.model, s.scene.statement, s.theta, s.model->start(s.theta)}, o, s.memory, {}, {});
    const auto drawn = [&](const char* curve) { return std::pow(10, s.value(curve)[t / 25 - 1]); };
    for (const auto& [by, curve] : {std::pair{ValueEstimator::Analytic, "error_analytic"},
                                    std::pair{ValueEstimator::Automatic, "error_automatic"}}) {
      const double error = (gradient(by, at, o) - exact).norm();
      EXPECT_NEAR(drawn(curve), error, 1e-6 * error + 1e-12) << curve << " after " << t;  // the solution's 1e-10
    }
  }
}

TEST(T3, DrawsErrorsThatFallAsPowersOfTheSteps) {
  Flagship s("super-efficiency-p-norm");
  const auto times = powers(s.value("time"), 8);
  const auto analytic = powers(s.value("error_analytic"), 8), automatic = powers(s.value("error_automatic"), 8);
  EXPECT_NEAR(slope(times, analytic), -1.5, 0.1);
  EXPECT_NEAR(slope(times, automatic), -3, 0.15);  // 2,000 to 10,000 steps: not the limit yet
  EXPECT_NEAR(slope(analytic, automatic), 2, 0.1);
}

TEST(T3, FindsTheSameErrorsByDifferentiatingTheLoop) {
  Flagship s("super-efficiency-p-norm");
  const auto drawn = [&](const char* curve) { return std::pow(10, s.value(curve)[30]); };  // after 1000 steps
  const auto found = [&](const char* output) { return s.hypergradient(output).tail(5).norm(); };
  EXPECT_NEAR(found("loss_analytic") / drawn("error_analytic"), 1, 1e-10);  // a thousand roundings
  EXPECT_NEAR(found("loss_automatic") / drawn("error_automatic"), 1, 1e-10);
}

TEST(T3, FollowsItsPower) {
  for (const Index p : {3, 5, 6}) {
    Flagship s("super-efficiency-p-norm", {{"p", p}});
    const auto times = powers(s.value("time"), 8), analytic = powers(s.value("error_analytic"), 8);
    const double limit = -double(p - 1) / double(p - 2);
    EXPECT_NEAR(slope(times, analytic), limit, 0.15 * -limit) << p;  // higher powers are slower to get there
  }
}

}  // namespace
}  // namespace argscope
