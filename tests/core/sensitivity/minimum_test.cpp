/// The slope of a minimum's value, by every estimator of it and for every kind of minimum.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/sensitivity/convexity.h"
#include "core/sensitivity/dual_descent.h"
#include "core/sensitivity/value_gradient.h"
#include "tests/core/sensitivity/stated.h"

namespace argscope::sensitivity {
namespace {

using ::testing::HasSubstr;
using testing::Stated;

struct Case {
  std::string_view name, problem;
  bool has_dual;  // in theta
};

const std::vector<Case>& minima() {
  static const std::vector<Case> all{
      {"Fit", "minimize = \"0.5*sum((X @ w - theta*y)**2) + 0.5*sum(w**2)\"", true},
      {"Ridge", "minimize = \"0.5*sum((X @ w - y)**2) + 0.5*theta*sum(w**2)\"", false},
      {"PenaltyOnAFit", "minimize = \"0.5*sum((X @ w - theta*y)**2)\"\npenalty = \"0.4*norm1(w)\"", true},
      {"Lasso", "minimize = \"0.5*sum((X @ w - y)**2)\"\npenalty = \"theta*norm1(w)\"", false},
      {"Simplex", "minimize = \"0.5*sum((X @ w - theta*y)**2)\"\nsubject_to = [\"w in simplex()\"]", true},
      {"RightHandSides", "minimize = \"0.5*sum((X @ w - y)**2)\"\nsubject_to = [\"sum(w) == 2*theta\", \"w <= theta\"]",
       true},
      {"Coefficients", "minimize = \"0.5*sum((X @ w - y)**2)\"\nsubject_to = [\"theta*w[0] + sum(w) == 1\"]", false},
      {"Cone",
       "minimize = \"0.5*sum((w - y[:3])**2)\"\nsubject_to = [\"concatenate([[0.2*theta], w]) in "
       "second_order_cone()\"]",
       true}};
  return all;
}

Stated stated(std::string_view problem) {
  return Stated(fmt::format(R"toml(
[data.X]
random = "normal"
shape = [12, 3]
seed = 3
[data.y]
random = "normal"
shape = [12]
seed = 4
[parameters.theta]
value = 0.7
range = [0.1, 2]
[variables.w]
shape = [3]
start = "full(3, 1/3)"
[problem]
{}
[solve]
tolerance = 1e-13
)toml",
                            problem));
}

double least_value(Stated& s, double theta) {
  const Vec at = Vec::Constant(1, theta);
  const auto found = solve::solve({s.model, s.scene.statement, at, s.model->start(at)}, s.options, s.memory, {}, {});
  EXPECT_EQ(found.status, solve::Status::Converged) << found.message;
  return found.objective;
}

Vec slope_of(Stated& s, ValueEstimator by) {
  return value_gradient(by, *s.solution.model->minimum(), s.solution, s.theta, s.options);
}

class Minimum : public ::testing::TestWithParam<Case> {};

TEST_P(Minimum, HasTheSlopeOfDifferencesByEveryEstimator) {
  Stated s = stated(GetParam().problem);
  ASSERT_EQ(s.solution.status, solve::Status::Converged) << s.solution.message;
  const double h = 1e-4, difference = (least_value(s, 0.7 + h) - least_value(s, 0.7 - h)) / (2 * h);
  for (const ValueEstimatorEntry& e : value_estimators()) {
    if (!unsuitable(e.by, *s.model).empty()) continue;
    EXPECT_NEAR(slope_of(s, e.by)[0], difference, 1e-6 * (1 + std::abs(difference))) << e.name;  // h² and rounding / h
  }
}

TEST_P(Minimum, HasADualInAParameterWhereItIsConvexInBoth) {
  Stated s = stated(GetParam().problem);
  EXPECT_EQ(without_dual(s.solution, s.theta, 0, 1).empty(), GetParam().has_dual)
      << without_dual(s.solution, s.theta, 0, 1);
}

INSTANTIATE_TEST_SUITE_P(Problems, Minimum, ::testing::ValuesIn(minima()),
                         [](const auto& given) { return std::string(given.param.name); });

TEST(Minima, WhoseSetsMoveNeedMultipliers) {
  const std::string moving =
      "minimize = \"0.5*sum((X @ w - y)**2)\"\nsubject_to = [\"w in box(-0.1*theta, 0.1*theta)\"]";
  Stated s = stated(moving);
  EXPECT_EQ(s.model->minimum(), nullptr);
  EXPECT_THAT(unsuitable(ValueEstimator::Analytic, *s.model), HasSubstr("use the condition kkt"));
  Stated by_kkt = stated(moving + "\ncondition = \"kkt\"");
  const double h = 1e-4, difference = (least_value(s, 0.7 + h) - least_value(s, 0.7 - h)) / (2 * h);
  EXPECT_NEAR(slope_of(by_kkt, ValueEstimator::Dual)[0], difference, 1e-6);
}

TEST(Minima, AreOfObjectives) {
  Stated s = stated("root.w = \"w - theta\"");
  for (const ValueEstimatorEntry& e : value_estimators())
    EXPECT_THAT(unsuitable(e.by, *s.model), HasSubstr("minimizes nothing")) << e.name;
}

TEST(Minima, WithMultipliersHaveNoPlainSteps) {
  Stated s = stated("minimize = \"sum(w**2)\"\nsubject_to = [\"sum(w) == theta\"]");
  EXPECT_THAT(unsuitable(ValueEstimator::Automatic, *s.model), HasSubstr("the condition 'kkt' has none"));
  EXPECT_EQ(unsuitable(ValueEstimator::Dual, *s.model), "");
}

TEST(Minima, HaveNoSlopeWhereMultipliersAreNotUnique) {
  Stated once = stated("minimize = \"sum(w**2)\"\nsubject_to = [\"sum(w) == theta\"]");
  Stated twice = stated("minimize = \"sum(w**2)\"\nsubject_to = [\"sum(w) == theta\", \"2*sum(w) == 2*theta\"]");
  linear::Factorizer factorizer;
  EXPECT_EQ(undefined(once.solution, once.theta, factorizer), "");
  EXPECT_THAT(undefined(twice.solution, twice.theta, factorizer), HasSubstr("multipliers of the constraints are not"));
}

TEST(Minima, OfAutomaticSlopesAreFoundByPlainSteps) {
  Stated s = stated("minimize = \"0.5*sum((X @ w - theta*y)**2) + 0.5*sum(w**2)\"");
  solve::Options o;
  o = plain_steps(*s.model, s.theta, o);
  EXPECT_EQ(o.solver, "gradient_descent");
  ASSERT_TRUE(o.step);
  o.iterations = 9;
  o.tolerance = 1e-300;
  const auto value = [&](double theta) {
    const Vec at = Vec::Constant(1, theta);
    return solve::solve({s.model, s.scene.statement, at, s.model->start(at)}, o, s.memory, {}, {});
  };
  const double h = 1e-5, difference = (value(0.7 + h).objective - value(0.7 - h).objective) / (2 * h);
  const Vec g = value_gradient(ValueEstimator::Automatic, *s.model->minimum(), value(0.7), s.theta, o);
  EXPECT_NEAR(g[0], difference, 1e-8 * std::abs(difference));  // of a polynomial in theta: rounding / h
  o.solver = "newton";
  EXPECT_EQ(plain_steps(*s.model, s.theta, o).solver, "");
  o.solver = "sgd";
  EXPECT_EQ(plain_steps(*s.model, s.theta, o).solver, "sgd");
}

TEST(Minima, KnowTheirEstimatorsByName) {
  EXPECT_EQ(value_estimators().size(), 4u);
  for (const ValueEstimatorEntry& e : value_estimators()) {
    EXPECT_EQ(value_estimator_named(e.name), &e);
    EXPECT_FALSE(e.summary.empty());
  }
  EXPECT_EQ(value_estimator_named("neumann"), nullptr);
}

/// ½|u − Ax|² + 0.1|x|₁ + ½μ|x|², mathematics 3.3, B1 and B2.
Stated fit(double mu) {
  return Stated(fmt::format(R"toml(
[data.draws]
random = "normal"
shape = [1835]
seed = 0
[data.A]
value = "reshape(draws[:1800], (30, 60))/sqrt(30)"
[parameters.u]
value = "A[:, :5] @ draws[1800:1805] + 0.1*draws[1805:]"
range = [-5, 5]
[variables.x]
shape = [60]
[problem]
minimize = "0.5*sum((u - A @ x)**2) + {}*sum(x**2)"
penalty = "0.1*norm1(x)"
[solve]
tolerance = 1e-14
)toml",
                            0.5 * mu));
}

TEST(T7, TheSlopesOfElasticNetsAndALassoHaveThePublishedLengths) {
  for (const auto& [mu, length] : {std::pair{0.5, 0.735918356329}, {0.05, 0.435626688333}, {0.0, 0.389486531984}}) {
    Stated s = fit(mu);
    ASSERT_EQ(s.solution.status, solve::Status::Converged);
    EXPECT_EQ(without_dual(s.solution, s.theta, 0, 30), "") << mu;
    EXPECT_NEAR(slope_of(s, ValueEstimator::Dual).norm(), length, 1e-11) << mu;  // the digits that are stated
  }
}

TEST(T7, TheAnalyticSlopeErrsNoMoreThanTheValueAllows) {
  for (double mu : {0.5, 0.0}) {
    Stated s = fit(mu);
    const Vec exact = slope_of(s, ValueEstimator::Dual);
    solve::Options o = s.options;
    o.solver = "proximal_gradient";
    for (int k : {1, 3, 10, 30, 100, 300}) {
      o.iterations = k;
      const auto at = solve::solve({s.model, s.scene.statement, s.theta, s.model->start(s.theta)}, o, s.memory, {}, {});
      const Vec g = value_gradient(ValueEstimator::Analytic, *s.model->minimum(), at, s.theta, o);
      const double above = s.model->objective(at.x, s.theta) - s.solution.objective;
      EXPECT_LE((g - exact).squaredNorm(), 2 * above + 1e-14) << k;  // h = ½|·|² has a gradient of Lipschitz constant 1
    }
  }
}

TEST(Minima, OfWellsAreNotTakenForConvexAtTheirBottom) {
  Stated s = stated("minimize = \"sum(w**4 - w**2) + 0.1*theta*w[0]\"");
  EXPECT_GT(*least_joint_curvature(*s.model->minimum(), s.solution.x, s.theta, {3, 0, 0}), 0);
  EXPECT_NE(without_dual(s.solution, s.theta, 0, 0), "");  // at the start, 1/3, it bends down
}

TEST(T7, DescentOnTheDualComesToTheSlopeAsFastAsPublished) {
  Stated s = fit(0.5);
  const Vec exact = slope_of(s, ValueEstimator::Dual);
  for (const auto& [steps, error] : {std::pair{50, 1.2e-3}, {100, 7.6e-6}, {200, 4.8e-10}}) {
    const auto y = dual_descent(*s.model, s.theta, 0, 30, steps);
    ASSERT_TRUE(y);
    EXPECT_NEAR((y->y - exact).norm() / error, 1, 0.05) << steps;  // two digits are stated
  }
}

TEST(DualDescent, TakesSmoothProblemsAndScaledLosses) {
  Stated s(R"toml(
[data.A]
random = "normal"
shape = [4, 3]
seed = 3
[parameters.u]
value = [1.0, -1.0, 2.0, 0.5]
range = [-5, 5]
[variables.x]
shape = [3]
[problem]
minimize = "1.5*sum((u - A @ x)**2) + 2*sum(x**2) + x[0] - x[1]"
[solve]
tolerance = 1e-14
)toml");
  const auto y = dual_descent(*s.model, s.theta, 0, 4, 400);
  ASSERT_TRUE(y);
  EXPECT_LT((y->y - slope_of(s, ValueEstimator::Dual)).norm(), 1e-10);
  EXPECT_LT(y->residual, 1e-12);
  EXPECT_GT(dual_descent(*s.model, s.theta, 0, 4, 3)->residual, 1e-6);
  EXPECT_EQ(dual_descent(*s.model, s.theta, 0, 4, 0)->y.norm(), 0);
}

TEST(DualDescent, IsOfThatFormOnly) {
  Stated lasso = fit(0);  // no strong convexity in x
  EXPECT_FALSE(dual_descent(*lasso.model, lasso.theta, 0, 30, 10));
  for (const Case& c : minima()) {
    Stated s = stated(c.problem);
    EXPECT_FALSE(dual_descent(*s.model, s.theta, 0, 1, 10)) << c.name;
  }
}

TEST(Convexity, IsSeenInTheLeastCurvatureOfBothTogether) {
  Stated s = stated("minimize = \"sum(w**2) + 2*theta*w[0] + 1.5*theta**2\"");
  const auto& L = *s.model->minimum();
  // [2, 2; 2, 3] scaled to a diagonal of ones has 1 − 2/√6 for its least eigenvalue.
  EXPECT_NEAR(*least_joint_curvature(L, s.solution.x, s.theta, {3, 0, 1}), 1 - 2 / std::sqrt(6.0), 1e-6);
  Stated bilinear = stated("minimize = \"sum(w**2) + 2*theta*w[0]\"");
  EXPECT_EQ(*least_joint_curvature(*bilinear.model->minimum(), bilinear.solution.x, bilinear.theta, {3, 0, 1}), -1);
}

}  // namespace
}  // namespace argscope::sensitivity
