/// Derivatives by a few samples at a time.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/sensitivity/estimator.h"
#include "tests/core/sensitivity/contracting.h"

namespace argscope::sensitivity {
namespace {

using testing::by;
using ::testing::HasSubstr;
using testing::relative;
using testing::Stated;

/// Ridge regression with a penalty for each of five weights; `total`: sum or mean over 203 samples, which sixteen
/// batches cannot share evenly.
Stated regression(const std::string& total) {
  return Stated(fmt::format(R"toml(
[data.X]
random = "normal"
shape = [203, 5]
seed = 3
[data.y]
random = "normal"
shape = [203]
seed = 4
[parameters.theta]
value = "full(5, 0.3)"
range = [0.01, 10]
[variables.w]
shape = [5]
[definitions]
loss = "{}((X @ w - X @ [1, -1, 2, 0.5, 0] - y)**2)"
[problem]
minimize = "loss + sum(theta*w**2)"
)toml",
                            total));
}

TEST(Stochastic, ErrsByTheInverseRootOfItsSteps) {
  Stated s = regression("mean");
  const Mat J = s.J();
  const std::vector<int> steps{100, 400, 1600, 6400, 25600};
  std::vector<double> squares;
  for (int K : steps) squares.push_back(std::pow(relative(by(s, "stochastic", K).jacobian({}), J), 2));
  const double decades = std::log10(steps.back() / double(steps.front()));
  const double slope = std::log10(squares.back() / squares.front()) / decades;
  EXPECT_LT(slope, -0.8);  // −1, and what a single run of it is off
  EXPECT_LT(squares.back(), 1e-4);
}

TEST(Stochastic, SaysHowFarItIsFromTheLinearSystem) {
  Stated s = regression("mean");
  const auto d = by(s, "stochastic");
  EXPECT_TRUE(d.trust().defined) << d.trust().reason;
  EXPECT_EQ(d.trust().steps, 5000);
  EXPECT_GT(d.trust().linear_residual, 0);
  EXPECT_LT(d.trust().linear_residual, 0.05);
}

TEST(Stochastic, IsPushAndPullOfOneJacobian) {
  Stated s = regression("mean");
  const auto d = by(s, "stochastic", 300);
  const Mat E = Mat::Identity(5, 5);
  EXPECT_LT((d.push(E) - d.pull(E).transpose()).norm(), 1e-12 * d.push(E).norm());  // hundreds of roundings
}

TEST(Stochastic, TakesSumsOverSamplesToo) {
  Stated sum = regression("sum");
  const Mat J = sum.J();
  const auto d = by(sum, "stochastic", 20000);
  EXPECT_TRUE(d.trust().defined) << d.trust().reason;
  EXPECT_LT(relative(d.jacobian({}), J), 0.02);  // 1/√K times a variance of the order of one
}

TEST(Stochastic, NeedsAMeanOrASumOverSamples) {
  Stated s = regression("norm");
  const auto d = by(s, "stochastic");
  EXPECT_FALSE(d.trust().defined);
  EXPECT_THAT(d.trust().reason, HasSubstr("a mean or a sum over the rows of data"));
  EXPECT_TRUE(d.jacobian({}).array().isNaN().all());
  EXPECT_TRUE(d.pull(Vec::Ones(5)).array().isNaN().all());
}

TEST(Stochastic, OfAllStatedIterationsButMapsComesToTheImplicitDerivative) {
  for (const auto& [name, text] : testing::contracting()) {
    Stated s(text);
    const auto d = by(s, "stochastic", 20000);
    const bool maps = name == "mirror" || name == "map";
    EXPECT_EQ(d.trust().defined, !maps) << name << ": " << d.trust().reason;
    if (maps) continue;
    EXPECT_LT(relative(d.jacobian({}), s.J()), 0.05) << name;  // 12 samples, each a batch
  }
}

TEST(Stochastic, BiasedAndNotAreOneWhereNoMapFollowsTheStep) {
  Stated s = regression("mean");
  const Mat J = by(s, "stochastic", 50).jacobian({}), biased = by(s, "stochastic-biased", 50).jacobian({});
  EXPECT_LT(relative(biased, J), 0.2);  // batches of 12 and of 13 samples weigh alike there
}

TEST(Stochastic, IsEmptyWhenStopped) {
  Stated s = regression("mean");
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(by(s, "stochastic").jacobian(stop.get_token()).size(), 0);
}

}  // namespace
}  // namespace argscope::sensitivity
