/// Derivatives of problems seen through a normal cloud of parameters.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/core/sensitivity/stated.h"

namespace argscope::sensitivity {
namespace {

using ::testing::HasSubstr;
using testing::relative;
using testing::Stated;

Sensitivity smoothed(Stated& s) {
  Options options;
  options.method = "smoothed";
  return {s.solution, s.theta, options, s.memory.factorizer};
}

/// Lasso with an orthonormal design, c = (3, −2, 0.5): x_j = sign(c_j)(|c_j| − θ)₊.
Stated shrinkage(double theta) {
  return Stated(fmt::format(R"toml(
[parameters.theta]
value = {}
range = [0, 5]
[variables.x]
shape = [3]
[problem]
minimize = "0.5*sum((x - [3, -2, 0.5])**2)"
penalty = "theta*norm1(x)"
)toml",
                            theta));
}

TEST(Smoothed, IsTheDerivativeWhereThatIsSmooth) {
  Stated s = shrinkage(1);
  const auto d = smoothed(s);
  EXPECT_TRUE(d.trust().defined) << d.trust().reason;
  EXPECT_LT(relative(d.jacobian({}), s.J()), 1e-9);  // linear in θ: the solves' tolerance over a step of 1e-2
}

TEST(Smoothed, AtAKinkIsTheMeanOfBothSides) {
  Stated s = shrinkage(2);
  EXPECT_FALSE(s.sensitivity().trust().defined);
  const auto d = smoothed(s);
  ASSERT_TRUE(d.trust().defined) << d.trust().reason;
  EXPECT_THAT(d.trust().warnings.back(), HasSubstr("close to a kink"));
  const Mat J = d.jacobian({});
  EXPECT_NEAR(J(0, 0), -1, 1e-8);
  EXPECT_NEAR(J(1, 0), 0.5, 1e-8);  // 1 below θ = 2 and 0 above
  EXPECT_NEAR(J(2, 0), 0, 1e-8);
}

TEST(Smoothed, SeesBothSidesOfAKinkNearby) {
  Stated s = shrinkage(2.005);  // a quarter of the cloud's width away
  const double slope = smoothed(s).jacobian({})(1, 0);
  EXPECT_GT(slope, 0.1);
  EXPECT_LT(slope, 0.5);
}

TEST(Smoothed, OfALinearProgramSeesTheJumpThatTheImplicitDerivativeDoesNot) {
  // The best vertex of the simplex changes from the first to the second at θ = 1.
  Stated s(R"toml(
[parameters.theta]
value = 1.005
range = [0, 2]
[variables.x]
shape = [2]
[problem]
minimize = "theta*x[0] + x[1]"
subject_to = ["sum(x) == 1", "x >= 0"]
)toml");
  ASSERT_EQ(s.solution.status, solve::Status::Converged) << s.solution.message;
  EXPECT_LT(s.J().norm(), 1e-9);
  const Mat J = smoothed(s).jacobian({}).topRows(2);
  // A jump of −1 at half a σ, σ = 0.01: −φ(1/2)/σ = −35; sixteen pairs know that to a half.
  EXPECT_NEAR(J(0, 0), -35, 18);
  EXPECT_NEAR(J(0, 0) + J(1, 0), 0, 1e-6);
}

TEST(Smoothed, HasTheSameNumbersEachTime) {
  Stated a = shrinkage(2.005), b = shrinkage(2.005);
  EXPECT_EQ((smoothed(a).jacobian({}) - smoothed(b).jacobian({})).norm(), 0);
}

}  // namespace
}  // namespace argscope::sensitivity
