#include <gtest/gtest.h>

#include "core/solve/solver.h"
#include "tests/core/solve/given.h"

namespace argscope::solve {
namespace {

using testing::Given;
using testing::options_for;
using testing::vec;

TEST(Newton, SolvesRidgeAsTheNormalEquationsDo) {
  for (unsigned seed = 0; seed < 10; ++seed) {
    const testing::Ridge ridge(30, 8, seed);
    Given given(ridge.model());
    const Solution s = given.run({});
    ASSERT_EQ(s.status, Status::Converged) << s.message;
    // Both are solved to rounding; the normal matrix's condition is below 1e3.
    EXPECT_LT((s.x - ridge.solution(given.request.theta)).norm(), 1e-12 * s.x.norm());
    EXPECT_EQ(s.negative_curvature, 0);
    EXPECT_TRUE(s.message.empty());
  }
}

TEST(Newton, KeepsTheFactorizationOfItsLastPlace) {
  Given given(testing::rosenbrock());
  const Solution s = given.run({});
  ASSERT_EQ(s.status, Status::Converged);
  ASSERT_TRUE(s.factorization && s.matrix && s.dtheta);
  const Mat at_x = given.model->optimality().linearize(s.x, given.request.theta).dx->dense();
  EXPECT_EQ((s.matrix->dense() - at_x).norm(), 0);
}

TEST(Newton, CrossesTheBananaValley) {
  Given given(testing::rosenbrock());
  const Solution s = given.run(options_for("newton"));
  ASSERT_EQ(s.status, Status::Converged) << s.message;
  EXPECT_LT((s.x - vec({1, 1})).norm(), 1e-12);  // residual at rounding, condition 2.5e3
  EXPECT_LT(s.iterations, 60);
}

TEST(Newton, LeavesASaddleForAMinimum) {
  Given given(testing::double_well(vec({0, 0})));
  const Solution s = given.run({});
  ASSERT_EQ(s.status, Status::Converged) << s.message;
  EXPECT_NEAR(std::abs(s.x[1]), 1, 1e-12);
  EXPECT_EQ(s.negative_curvature, 0);
}

TEST(Newton, EndsAtAMinimumFromPlacesOfNegativeCurvature) {
  std::mt19937 draw(5);
  std::normal_distribution<double> normal;
  for (int k = 0; k < 50; ++k) {
    Given given(testing::double_well(vec({normal(draw), 0.3 * normal(draw)})));
    const Solution s = given.run({});
    ASSERT_EQ(s.status, Status::Converged) << s.message;
    EXPECT_NEAR(std::abs(s.x[1]), 1, 1e-12);
  }
}

TEST(Newton, FindsTheRootOfACosine) {
  Given given(testing::cosine_root());
  const Solution s = given.run({});
  ASSERT_EQ(s.status, Status::Converged);
  EXPECT_NEAR(s.x[0], 0.73908513321516064, 1e-15);  // the Dottie number
}

TEST(Newton, FindsRootsFromFarByDamping) {
  Given given(testing::cosine_root());
  for (double start : {-40.0, -3.0, 0.0, 8.0, 1000.0}) {
    given.request.start = vec({start});
    const Solution s = given.run({});
    EXPECT_EQ(s.status, Status::Converged) << start << ": " << s.message;
  }
}

TEST(Newton, SaysThatARootIsNotThere) {
  auto model = std::make_shared<testing::HandModel>(
      testing::Formulae{vec({0.5}),
                        vec({1}),
                        {},
                        [](const Vec& x, const Vec& t) { return vec({x[0] * x[0] + t[0]}); },
                        [](const Vec& x, const Vec&) { return testing::scalar(2 * x[0]); },
                        [](const Vec&, const Vec&) { return testing::scalar(1); }});
  Given given(model);
  const Solution s = given.run({});
  EXPECT_NE(s.status, Status::Converged);
  EXPECT_FALSE(s.message.empty());
}

TEST(Newton, TakesAFixedNumberOfIterationsLiterally) {
  Given given(testing::rosenbrock());
  for (int k : {0, 1, 3}) {
    Options options = options_for("newton");
    options.iterations = k;
    const Solution s = given.run(options);
    EXPECT_EQ(s.status, Status::IterationLimit);
    EXPECT_EQ(s.iterations, k);
  }
}

TEST(Newton, StopsWhenAskedTo) {
  Given given(testing::rosenbrock());
  std::stop_source stop;
  stop.request_stop();
  const Solution s = solve(given.request, {}, given.memory, stop.get_token(), {});
  EXPECT_EQ(s.status, Status::Cancelled);
}

TEST(Newton, ReportsEveryIterate) {
  Given given(testing::rosenbrock());
  int last = 0;
  const auto listen = [&](const Iterate& i) {
    EXPECT_EQ(i.iteration, last + 1);
    EXPECT_EQ(i.x.size(), 2);
    last = i.iteration;
  };
  const Solution s = solve(given.request, {}, given.memory, {}, listen);
  EXPECT_EQ(s.iterations, last);
}

TEST(Newton, NeedsFewIterationsFromAWarmStart) {
  const testing::Ridge ridge(30, 8, 3);
  Given given(ridge.model());
  given.request.start = given.run({}).x;
  given.request.theta *= 1.01;
  const Solution s = given.run({});
  EXPECT_EQ(s.status, Status::Converged);
  EXPECT_LE(s.iterations, 8);
  EXPECT_LT((s.x - ridge.solution(given.request.theta)).norm(), 1e-12 * s.x.norm());
}

TEST(Newton, NamesTheVariableThatIsNotFinite) {
  Given given(testing::rosenbrock());
  given.request.start[1] = std::numeric_limits<double>::quiet_NaN();
  const Solution s = given.run({});
  EXPECT_EQ(s.status, Status::NotFinite);
  EXPECT_NE(s.message.find("x[1]"), std::string::npos) << s.message;
}

TEST(Newton, NamesAnObjectiveThatIsNotFinite) {
  auto model = std::make_shared<testing::HandModel>(
      testing::Formulae{vec({-1}), vec({1}), [](const Vec& x, const Vec& t) { return t[0] * x[0] - std::log(x[0]); },
                        [](const Vec& x, const Vec& t) { return vec({t[0] - 1 / x[0]}); },
                        [](const Vec& x, const Vec&) { return testing::scalar(1 / (x[0] * x[0])); },
                        [](const Vec&, const Vec&) { return testing::scalar(1); }});
  Given given(model);
  const Solution s = given.run({});
  EXPECT_EQ(s.status, Status::NotFinite);
  EXPECT_NE(s.message.find("objective"), std::string::npos) << s.message;
  given.request.start = vec({0.1});
  EXPECT_NEAR(given.run({}).x[0], 1, 1e-12);
}

TEST(Newton, SaysThatAnObjectiveHasNoMinimum) {
  auto model = std::make_shared<testing::HandModel>(testing::Formulae{
      vec({0, 0}), vec({1}), [](const Vec& x, const Vec& t) { return -t[0] * x[0] + 0.5 * x[1] * x[1]; },
      [](const Vec& x, const Vec& t) {
        return vec({-t[0], x[1]});
      },
      [](const Vec&, const Vec&) -> Mat {
        return vec({0, 1}).asDiagonal();
      },
      [](const Vec&, const Vec&) -> Mat {
        return vec({-1, 0});
      }});
  Given given(model);
  const Solution s = given.run({});
  EXPECT_EQ(s.status, Status::Unbounded) << s.message;
  EXPECT_NE(s.message.find("x[0]"), std::string::npos) << s.message;
}

TEST(Newton, TakesMinimumNormStepsWhereTheHessianIsSingular) {
  auto model = std::make_shared<testing::HandModel>(testing::Formulae{
      vec({0, 0, 5}), vec({3}), [](const Vec& x, const Vec& t) { return 0.5 * std::pow(x[0] + x[1] - t[0], 2); },
      [](const Vec& x, const Vec& t) -> Vec {
        return (x[0] + x[1] - t[0]) * vec({1, 1, 0});
      },
      [](const Vec&, const Vec&) -> Mat { return (Mat(3, 3) << 1, 1, 0, 1, 1, 0, 0, 0, 0).finished(); },
      [](const Vec&, const Vec&) -> Mat {
        return vec({-1, -1, 0});
      }});
  Given given(model);
  const Solution s = given.run({});
  ASSERT_EQ(s.status, Status::Converged) << s.message;
  EXPECT_LT((s.x - vec({1.5, 1.5, 5})).norm(), 1e-12);  // nothing moves along the null directions
}

}  // namespace
}  // namespace argscope::solve
