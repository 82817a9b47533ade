/// The orders of three estimators of a minimum's slope where stochastic gradient descent has stopped: Ablin, Peyré and
/// Moreau 2020, proposition on SGD, on a logistic regression of 20 samples in 5 unknowns with a parameter a sample. By
/// the project's own solver and estimators; sizes and steps are such that the distance from the minimum is the noise's.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>

#include "core/sensitivity/value_gradient.h"
#include "tests/core/sensitivity/slope.h"
#include "tests/core/sensitivity/stated.h"

namespace argscope::sensitivity {
namespace {

using testing::slope;
using testing::Stated;

constexpr std::array all{ValueEstimator::Analytic, ValueEstimator::Automatic, ValueEstimator::Implicit};
constexpr const char* regression = R"toml(
[data.stream]
random = "normal"
shape = [120]
seed = 42
[data.D]
value = "reshape(stream[:100], (20, 5))"
[parameters.theta]
value = "stream[100:]"
range = [-10, 10]
[variables.x]
shape = [5]
[definitions]
L = "mean(log(1 + exp(-theta*(D @ x)))) + 0.25*sum(x**2)"
[problem]
minimize = "L"
[solve]
tolerance = 1e-14
)toml";

class T5 : public ::testing::Test {
 protected:
  /// The mean over several runs of ‖x − x*‖ and of the three errors.
  std::array<double, 4> errors(double step, double decay, int steps, int runs) {
    std::array<double, 4> sum{};
    solve::Options o;
    o.solver = "sgd";
    o.tolerance = 1e-300;  // so that only the number of steps ends it
    o.step = step;
    o.decay = decay;
    o.iterations = steps;
    for (int run = 0; run < runs; ++run) {
      o.seed = unsigned(run);
      const auto& m = s_.model;
      const auto at = solve::solve({m, s_.scene.statement, s_.theta, m->start(s_.theta)}, o, memory_, {}, {});
      sum[0] += (at.x - s_.solution.x).norm() / runs;
      for (std::size_t k = 0; k < all.size(); ++k) sum[k + 1] += (gradient(all[k], at, o) - exact_).norm() / runs;
    }
    return sum;
  }

  Vec gradient(ValueEstimator by, const solve::Solution& at, const solve::Options& o) const {
    return value_gradient(by, *at.model->function("L"), at, s_.theta, o);
  }

  Stated s_{regression};
  solve::Memory memory_;
  Vec exact_ = gradient(ValueEstimator::Analytic, s_.solution, {});
};

TEST_F(T5, OfConstantStepsErrorsFallAsTheRootOfTheStepAndAsTheStep) {
  std::vector<double> steps;
  std::array<std::vector<double>, 4> found;
  for (double step : {0.01, 0.02, 0.04, 0.08}) {
    steps.push_back(step);
    const auto e = errors(step, 0, int(20 / step), 24);
    for (std::size_t k = 0; k < e.size(); ++k) found[k].push_back(e[k]);
  }
  EXPECT_NEAR(slope(steps, found[0]), 0.5, 0.2);
  EXPECT_NEAR(slope(steps, found[1]), 0.5, 0.2);
  EXPECT_NEAR(slope(steps, found[2]), 1, 0.2);
  EXPECT_NEAR(slope(steps, found[3]), 1, 0.2);
}

TEST_F(T5, OfShrinkingStepsErrorsFallWithThem) {
  std::vector<double> times;
  std::array<std::vector<double>, 4> found;
  for (int t : {1000, 2000, 4000, 8000}) {
    times.push_back(t);
    const auto e = errors(1, 0.8, t, 12);
    for (std::size_t k = 0; k < e.size(); ++k) found[k].push_back(e[k]);
  }
  EXPECT_NEAR(slope(times, found[1]), -0.4, 0.2);
  EXPECT_NEAR(slope(times, found[2]), -0.8, 0.2);
  EXPECT_NEAR(slope(times, found[3]), -0.8, 0.2);
}

TEST_F(T5, OfFewStepsTheAutomaticEstimatorIsTheSlopeAlongTheSolversOwnWay) {
  solve::Options o;
  o.solver = "sgd";
  o.step = 0.3;
  o.decay = 0.5;
  o.iterations = 17;
  const auto loss = [&](const Vec& theta) {
    const auto& m = s_.model;
    return solve::solve({m, s_.scene.statement, theta, m->start(theta)}, o, memory_, {}, {}).objective;
  };
  const auto& m = s_.model;
  const auto at = solve::solve({m, s_.scene.statement, s_.theta, m->start(s_.theta)}, o, memory_, {}, {});
  const Vec g = gradient(ValueEstimator::Automatic, at, o);
  const double h = 1e-6;
  for (Index k = 0; k < s_.theta.size(); k += 3) {
    const Vec d = h * Vec::Unit(s_.theta.size(), k);
    const double difference = (loss(s_.theta + d) - loss(s_.theta - d)) / (2 * h);
    EXPECT_NEAR(g[k], difference, 1e-9) << k;  // rounding of a loss of the order of one, over 2h
  }
}

}  // namespace
}  // namespace argscope::sensitivity
