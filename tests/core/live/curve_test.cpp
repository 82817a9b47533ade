/// Curves that are looked at while they grow, and the slopes of both sides where a curve has a kink.

#include <gtest/gtest.h>

#include <cmath>

#include "core/live/pictures.h"
#include "tests/core/live/scenes.h"

namespace argscope::live {
namespace {

using testing::vec;

/// Soft thresholding of 3, −2, ½ by θ, and a curve of some function of it.
std::shared_ptr<io::Scene> thresholding(const std::string& show) {
  return std::make_shared<io::Scene>(io::parse_scene(R"toml(
[parameters.theta]
value = 1.0
range = [0.1, 4.0]
[data.c]
value = [3.0, -2.0, 0.5]
[variables.x]
shape = [3]
[problem]
minimize = "0.5*sum((x - c)**2)"
penalty = "theta*norm1(x)"
[[views]]
kind = "curve"
parameter = "theta"
points = 9
show = ")toml" + show + "\"\n",
                                                     {}, io::Paths::standard()));
}

// Solutions end at 1e-10, differences of sides are taken 2e-5 away.
constexpr double beside = 1e-4;

TEST(Curve, HasTheSlopesOfBothSidesAtAKink) {
  const auto s = solve_now(thresholding("x"), vec({2}), {});
  ASSERT_TRUE(s->trust.at_kink) << s->trust.reason;
  ASSERT_EQ(s->sweeps.size(), 1u);
  const Mat expected = (Mat(3, 2) << -1, -1, 1, 0, 0, 0).finished();
  ASSERT_EQ(s->sweeps[0].sides.rows(), 3);
  EXPECT_LT((s->sweeps[0].sides - expected).norm(), beside);
}

TEST(Curve, HasTheSlopesOfAFunctionOfTheSolutionAndTheParameter) {
  const auto s = solve_now(thresholding("theta**2 + 3*sum(abs(x))"), vec({2}), {});
  ASSERT_EQ(s->sweeps.size(), 1u);
  ASSERT_EQ(s->sweeps[0].sides.rows(), 1);
  EXPECT_NEAR(s->sweeps[0].sides(0, 0), 4 - 6, 10 * beside);  // both numbers shrink
  EXPECT_NEAR(s->sweeps[0].sides(0, 1), 4 - 3, 10 * beside);  // one of them
}

TEST(Curve, HasNoSidesWhereTheDerivativeIsDefined) {
  const auto s = solve_now(thresholding("x"), vec({1}), {});
  ASSERT_EQ(s->sweeps.size(), 1u);
  EXPECT_EQ(s->sweeps[0].sides.size(), 0);
}

TEST(Curve, OfASideWithoutADerivativeIsNotANumberThere) {
  auto scene = thresholding("x");
  std::string text = scene->text;
  const std::string term = "sum((x - c)**2)";
  text.replace(text.find(term), term.size(), term + " + 1e-13*sum(x)*sqrt(2.00001 - theta)");
  const auto s = solve_now(std::make_shared<io::Scene>(io::parse_scene(text, {}, io::Paths::standard())), vec({2}), {});
  ASSERT_TRUE(s->trust.at_kink) << s->trust.reason;
  EXPECT_TRUE(s->sweeps.at(0).sides.col(0).allFinite());
  EXPECT_TRUE(s->sweeps.at(0).sides.col(1).array().isNaN().all());  // F is not a number two steps of 1e-5 beyond
}

/// Draws the curve and counts how many of its points were known at each call.
std::vector<int> growth(SweepCache& cache, const Snapshot& s) {
  std::vector<int> known;
  const auto solve = [&](const Vec& theta, const Vec& start) {
    solve::Memory memory;
    return solve::solve({s.model, s.scene->statement, theta, start}, {}, memory, {}, {});
  };
  const auto on_point = [&](const std::vector<Sweep>& sweeps) {
    known.push_back(int(std::ranges::count(sweeps.at(0).converged, true)));
  };
  EXPECT_TRUE(cache.draw(*s.scene, *s.model, s.solution.x, s.theta, solve, on_point, {}));
  return known;
}

TEST(Curve, IsToldPointByPointAtFirstAndNotAgain) {
  const auto s = solve_now(thresholding("x"), vec({1}), {});
  SweepCache cache;
  EXPECT_EQ(growth(cache, *s), (std::vector<int>{1, 2, 3, 4, 5, 6, 7, 8, 9}));
  EXPECT_TRUE(growth(cache, *s).empty());
}

}  // namespace
}  // namespace argscope::live
