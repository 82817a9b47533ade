#include <gtest/gtest.h>

#include "core/solve/solver.h"
#include "tests/core/solve/given.h"
#include "tests/core/solve/packing.h"

namespace argscope::solve {
namespace {

using testing::Given;
using testing::options_for;
using testing::vec;

TEST(Lbfgs, AgreesWithTheNormalEquations) {
  for (unsigned seed = 0; seed < 10; ++seed) {
    const testing::Ridge ridge(40, 12, seed);
    Given given(ridge.model());
    const Solution s = given.run(options_for("lbfgs"));
    ASSERT_EQ(s.status, Status::Converged) << s.message;
    EXPECT_EQ(s.solver, "lbfgs");
    // Relative residual 1e-10 times a condition number below 1e3.
    EXPECT_LT((s.x - ridge.solution(given.request.theta)).norm(), 1e-7 * s.x.norm());
  }
}

TEST(Lbfgs, CrossesTheBananaValley) {
  Given given(testing::rosenbrock());
  const Solution s = given.run(options_for("lbfgs"));
  ASSERT_EQ(s.status, Status::Converged) << s.message;
  EXPECT_LT((s.x - vec({1, 1})).norm(), 1e-5);  // 1e-10 · scale 800 · ‖H⁻¹‖ 2.5
  EXPECT_LT(s.iterations, 200);
}

TEST(Lbfgs, SaysThatAnObjectiveHasNoMinimum) {
  auto model = std::make_shared<testing::HandModel>(testing::Formulae{
      vec({0}), vec({1}), [](const Vec& x, const Vec& t) { return -t[0] * x[0]; },
      [](const Vec&, const Vec& t) { return vec({-t[0]}); }, [](const Vec&, const Vec&) { return testing::scalar(0); },
      [](const Vec&, const Vec&) { return testing::scalar(-1); }});
  Given given(model);
  const Solution s = given.run(options_for("lbfgs"));
  EXPECT_EQ(s.status, Status::Unbounded) << name(s.status) << s.message;
}

TEST(Lbfgs, ReportsASaddleThatItStartsOn) {
  Given given(testing::double_well(vec({0, 0})));
  const Solution s = given.run(options_for("lbfgs"));
  EXPECT_EQ(s.status, Status::Saddle);
  EXPECT_EQ(s.negative_curvature, 1);
  EXPECT_FALSE(s.message.empty());
}

TEST(GradientDescent, FollowsItsRecursionWithAFixedStep) {
  // f = ½(ax − b)² + ½θx²: x_k = x*(1 − ρᵏ), ρ = 1 − η(a² + θ).
  auto model = std::make_shared<testing::HandModel>(testing::Formulae{
      vec({0}), vec({1}),
      [](const Vec& x, const Vec& t) { return 0.5 * std::pow(x[0] - 2, 2) + 0.5 * t[0] * x[0] * x[0]; },
      [](const Vec& x, const Vec& t) { return vec({x[0] - 2 + t[0] * x[0]}); },
      [](const Vec&, const Vec& t) { return testing::scalar(1 + t[0]); },
      [](const Vec& x, const Vec&) { return testing::scalar(x[0]); }});
  for (double eta : {0.1, 0.5, 0.95}) {
    Given given(model);
    Options options = options_for("gradient_descent");
    options.step = eta;
    options.iterations = 7;
    const Solution s = given.run(options);
    EXPECT_EQ(s.iterations, s.status == Status::Converged ? s.iterations : 7);
    EXPECT_NEAR(s.x[0], 1 - std::pow(1 - 2 * eta, s.iterations), 1e-14);
  }
}

TEST(GradientDescent, FindsItsOwnStep) {
  const testing::Ridge ridge(30, 5, 1);
  Given given(ridge.model());
  const Solution s = given.run(options_for("gradient-descent"));
  ASSERT_EQ(s.status, Status::Converged) << s.message;
  EXPECT_LT((s.x - ridge.solution(given.request.theta)).norm(), 1e-7 * s.x.norm());  // 1e-10 · condition
}

TEST(GradientDescent, SaysThatItsStepIsTooLong) {
  const testing::Ridge ridge(30, 5, 1);
  Given given(ridge.model());
  Options options = options_for("gradient_descent");
  options.step = 10;
  const Solution s = given.run(options);
  EXPECT_EQ(s.status, Status::Unbounded) << name(s.status);
  EXPECT_NE(s.message.find("smaller steps"), std::string::npos) << s.message;
}

TEST(FixedPoint, IteratesToTheSamePlaceAsNewton) {
  Given given(testing::cosine_fixed_point());
  const Solution by_newton = given.run({});
  const Solution by_iteration = given.run(options_for("fixed_point"));
  ASSERT_EQ(by_newton.status, Status::Converged);
  ASSERT_EQ(by_iteration.status, Status::Converged);
  EXPECT_EQ(by_newton.solver, "newton");
  EXPECT_EQ(by_iteration.solver, "fixed_point");
  EXPECT_NEAR(by_newton.x[0], 0.45018361129487357, 1e-15);  // of x = cos(x) / 2
  EXPECT_NEAR(by_iteration.x[0], by_newton.x[0], 1e-9);
}

TEST(FixedPoint, OneStepIsOneApplicationOfT) {
  Given given(testing::cosine_fixed_point());
  Options options = options_for("fixed_point");
  options.iterations = 1;
  EXPECT_DOUBLE_EQ(given.run(options).x[0], 0.5 * std::cos(1));
}

TEST(Solvers, AreFoundByEitherSpelling) {
  EXPECT_NE(solver_named("gradient-descent"), nullptr);
  EXPECT_EQ(solver_named("gradient-descent"), solver_named("gradient_descent"));
  EXPECT_EQ(solver_named("newtn"), nullptr);
  EXPECT_EQ(solver_names().front(), "auto");
  for (const auto name : solver_names()) EXPECT_NE(solver_named(name), nullptr) << name;
}

TEST(Solvers, RefuseProblemsThatTheyDoNotServe) {
  Given root(testing::cosine_root());
  for (const char* name : {"lbfgs", "fire", "gradient_descent", "fixed_point", "no_such"}) {
    const Solution s = root.run(options_for(name));
    EXPECT_NE(s.status, Status::Converged) << name;
    EXPECT_NE(s.message.find(name), std::string::npos) << s.message;
    EXPECT_FALSE(unsuitable(name, *root.model).empty());
  }
  EXPECT_TRUE(unsuitable("newton", *root.model).empty());
}

TEST(Solvers, AgreeOnConvexProblemsOfRandomShape) {
  std::mt19937 draw(11);
  for (int k = 0; k < 12; ++k) {
    const Index d = 1 + Index(draw() % 10), m = d + Index(draw() % 20);
    const testing::Ridge ridge(m, d, 100 + unsigned(k));
    Given given(ridge.model());
    const Vec exact = ridge.solution(given.request.theta);
    for (const auto name : {"auto", "newton", "lbfgs", "fire"}) {
      const Solution s = given.run(options_for(name));
      ASSERT_EQ(s.status, Status::Converged) << name << ": " << s.message;
      EXPECT_LT((s.x - exact).norm(), 1e-6 * (1 + exact.norm())) << name;  // 1e-10 · condition up to 1e3
    }
  }
}

TEST(Solvers, NameEveryStatus) {
  for (const auto status : {Status::Converged, Status::IterationLimit, Status::Stalled, Status::NotFinite,
                            Status::Saddle, Status::Unbounded, Status::Cancelled})
    EXPECT_FALSE(name(status).empty());
}

}  // namespace
}  // namespace argscope::solve
