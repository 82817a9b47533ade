// Every optimality condition at solutions that are known by hand: F vanishes there and nowhere beside, and what its two
// derivatives give for J is the slope of the formula.
#include <gtest/gtest.h>

#include <Eigen/LU>
#include <cmath>

#include "core/optimality/conditions.h"
#include "tests/core/optimality/statements.h"

namespace argscope::optimality {
namespace {

Vec numbers(std::initializer_list<double> v) { return Eigen::Map<const Vec>(v.begin(), static_cast<Index>(v.size())); }

struct Known {
  std::string name;
  Written written;
  Vec x;  ///< variables and multipliers v = y − s
  Mat J;  ///< of the variables
};

/// The point of a set, or of a penalty, that is nearest to t.
Written nearest(const std::string& condition, const std::vector<double>& t, const std::string& penalty,
                const std::vector<std::string>& constraints, double step) {
  const auto n = static_cast<Index>(t.size());
  return {.variables = {{"x", {{n}, std::vector<double>(t.size(), 0.5)}}},
          .parameters = {parameter("t", {{n}, t})},
          .minimize = "0.5*sum((x - t)**2)",
          .penalty = penalty,
          .constraints = constraints,
          .condition = condition,
          .step = step};
}

Mat diagonal(std::initializer_list<double> v) { return numbers(v).asDiagonal(); }

/// I − 11ᵀ/n on the first n of two or three.
Mat centred(Index n, Index size) {
  Mat J = Mat::Zero(size, size);
  J.topLeftCorner(n, n) = Mat::Identity(n, n) - Mat::Constant(n, n, 1 / static_cast<double>(n));
  return J;
}

std::vector<Known> with_steps(double step, const std::string& suffix) {
  const auto at = [&](const std::string& condition, const std::vector<double>& t, const std::string& penalty,
                      const std::vector<std::string>& constraints) {
    return nearest(condition, t, penalty, constraints, step);
  };
  return {
      {"lasso" + suffix, at("proximal_gradient", {2, 0.25}, "0.5*norm1(x)", {}), numbers({1.5, 0}), diagonal({1, 0})},
      {"blocks" + suffix, at("block_proximal_gradient", {2, 0.25}, "0.5*norm1(x)", {}), numbers({1.5, 0}),
       diagonal({1, 0})},
      {"ridge" + suffix, at("proximal_gradient", {2, -4}, "norm2_squared(x)", {}), numbers({1, -2}),
       diagonal({0.5, 0.5})},
      {"group" + suffix, at("proximal_gradient", {3, 4}, "2.5*group_norm(x, 2)", {}), numbers({1.5, 2}),
       0.5 * Mat::Identity(2, 2) + 0.5 * numbers({0.6, 0.8}) * numbers({0.6, 0.8}).transpose()},
      {"steps" + suffix, at("proximal_gradient", {0, 1, 4}, "0.5*total_variation(x)", {}), numbers({0.5, 1, 3.5}),
       Mat::Identity(3, 3)},
      {"simplex" + suffix, at("projected_gradient", {0.75, 0.5, -1}, "", {"x in simplex()"}),
       numbers({0.625, 0.375, 0}), centred(2, 3)},
      {"box" + suffix, at("projected_gradient", {-2, 0.25, 3}, "", {"x in box(-1, 1)"}), numbers({-1, 0.25, 1}),
       diagonal({0, 1, 0})},
      {"ball" + suffix, at("projected_gradient", {3, 4}, "", {"x in l2_ball(1)"}), numbers({0.6, 0.8}),
       0.2 * (Mat::Identity(2, 2) - numbers({0.6, 0.8}) * numbers({0.6, 0.8}).transpose())},
      {"mirror" + suffix, at("mirror_descent", {0.25, 0.75}, "", {"x in simplex()"}), numbers({0.25, 0.75}),
       centred(2, 2)},
  };
}

std::vector<Known> known() {
  std::vector<Known> all{
      {"stationary", nearest("stationary", {2, -3}, "", {}, 1), numbers({2, -3}), Mat::Identity(2, 2)},
      {"newton", nearest("newton", {2, -3}, "", {}, 1), numbers({2, -3}), Mat::Identity(2, 2)},
      {"gauss_newton", nearest("gauss_newton", {2, -3}, "", {}, 1), numbers({2, -3}), Mat::Identity(2, 2)},
      // x − t + y = 0 with s = 1 − x: the first is held with y = 1, the second has s = 0.5
      {"at_most", nearest("kkt", {2, 0.5}, "", {"x <= 1"}, 1), numbers({1, 0.5, 1, -0.5}), diagonal({0, 1})},
      {"at_least", nearest("kkt", {2, 0.5}, "", {"x >= 1"}, 1), numbers({2, 1, -1, 0.5}), diagonal({1, 0})},
      {"equality", nearest("kkt", {1, 1}, "", {"sum(x) == 1"}, 1), numbers({0.5, 0.5, 0.5}), centred(2, 2)},
      {"equality_turned", nearest("kkt", {1, 1}, "", {"1 == sum(x)"}, 1), numbers({0.5, 0.5, -0.5}), centred(2, 2)},
      {"box_by_kkt", nearest("kkt", {-2, 0.25}, "", {"x in box(-1, 1)"}, 1), numbers({-1, 0.25, 1, -1.25, -2, -0.75}),
       diagonal({0, 1})},
      // y = x − t and s = x, so that v = −t, whatever the cone
      {"orthant", nearest("conic", {-1, 2}, "", {"x in nonnegative_cone()"}, 1), numbers({0, 2, 1, -2}),
       diagonal({0, 1})},
      {"second_order", nearest("conic", {1, 3, 4}, "", {"x in second_order_cone()"}, 1),
       numbers({3, 1.8, 2.4, -1, -3, -4}),
       (Mat(3, 3) << 0.5, 0.3, 0.4, 0.3, 0.564, -0.048, 0.4, -0.048, 0.536).finished()},
      {"second_order_inside", nearest("conic", {6, 3, 4}, "", {"x in second_order_cone()"}, 1),
       numbers({6, 3, 4, -6, -3, -4}), Mat::Identity(3, 3)},
      {"zero_cone", nearest("conic", {1, 3}, "", {"x in zero_cone()"}, 1), numbers({0, 0, -1, -3}), Mat::Zero(2, 2)},
      {"root",
       {.variables = {{"u", {{2}, {1, 1}}}}, .parameters = {parameter("p", {{2}, {9, 4}})}, .root = {"u**2 - p"}},
       numbers({3, 2}),
       diagonal({1.0 / 6, 0.25})},
      {"fixed_point",
       {.variables = {{"z", {{}, {1}}}}, .parameters = {parameter("s", {{}, {3}})}, .fixed_point = {"0.5*z + s"}},
       numbers({6}),
       Mat::Constant(1, 1, 2)},
  };
  for (const auto& [step, suffix] : {std::pair(1.0, "_full_step"), std::pair(0.25, "_short_step")})
    for (Known& k : with_steps(step, suffix)) all.push_back(std::move(k));
  return all;
}

class EverySolution : public testing::TestWithParam<Known> {
 protected:
  ModelPtr model = build_model(stated(GetParam().written));
  Vec theta = model->initial_parameters();
  const Vec& x = GetParam().x;
  static constexpr double rounding = 1e-14;  // of a few numbers of size 1
};

TEST_P(EverySolution, HasNoResidual) {
  ASSERT_EQ(model->size(), x.size());
  EXPECT_LE(model->optimality().value_at(x, theta).lpNorm<Eigen::Infinity>(), rounding * (1 + x.norm()));
}

TEST_P(EverySolution, HasAResidualBesideIt) {
  for (Index k = 0; k < x.size(); ++k)
    for (const double away : {-1e-3, 1e-3}) {
      const Vec beside = x + away * Vec::Unit(x.size(), k);
      EXPECT_GT(model->optimality().value_at(beside, theta).norm(), 1e-5) << k;
    }
}

TEST_P(EverySolution, MovesWithItsParametersAsItsFormulaSays) {
  const Linearization l = model->optimality().linearize(x, theta);
  const Mat A = -l.dx->dense();
  const Mat J = A.fullPivLu().solve(l.dtheta->dense());
  const Mat& expected = GetParam().J;
  EXPECT_LE((J.topRows(expected.rows()) - expected).norm(), 1e-13 * (1 + expected.norm())) << J;  // and a solve
}

TEST_P(EverySolution, HasTheSlopeOfItsMinimumInTheta) {
  if (!model->minimum()) GTEST_SKIP() << "states no minimum";
  // ∇ℓ of ½‖x − t‖² at the solution is t − x, whatever holds x or weighs on it
  const Mat slope = model->minimum()->linearize(x, theta).dtheta->dense();
  EXPECT_LE((slope.transpose() - (theta - x.head(model->primal_size()))).norm(), rounding * (1 + theta.norm()));
}

TEST_P(EverySolution, HasMultipliersAndSlacksThatAreComplementary) {
  for (std::size_t k = 0; k < model->cones().size(); ++k) {
    const Slot& slot = model->unknowns()[model->variables().size() + k];
    const Function* y = model->function(slot.name);
    ASSERT_NE(y, nullptr) << slot.name;
    const Function* s = model->function("slack_" + slot.name.substr(slot.name.find('_') + 1));
    EXPECT_EQ(s == nullptr, model->cones()[k] == Cone::Zero);
    const Vec v = x.segment(slot.offset, slot.size()), multiplier = y->value_at(x, theta);
    const Vec slack = s ? s->value_at(x, theta) : Vec::Zero(v.size());
    EXPECT_LE((multiplier - slack - v).norm(), rounding * (1 + v.norm())) << "v = y − s";
    EXPECT_NEAR(multiplier.dot(slack), 0, rounding * (1 + v.squaredNorm()));
    if (model->cones()[k] != Cone::Nonnegative) continue;
    EXPECT_GE(multiplier.minCoeff(), 0);
    EXPECT_GE(slack.minCoeff(), 0);
  }
}

INSTANTIATE_TEST_SUITE_P(All, EverySolution, testing::ValuesIn(known()),
                         [](const auto& test) { return test.param.name; });

TEST(Solutions, AreKnownOfEveryCondition) {
  const auto all = known();
  for (const std::string_view name : condition_names()) {
    if (name == "auto") continue;
    const auto is_it = [&](const Known& k) { return build_model(stated(k.written))->condition() == name; };
    EXPECT_TRUE(std::any_of(all.begin(), all.end(), is_it)) << name;
  }
}

TEST(Conditions, AreChosenByWhatIsStated) {
  struct Natural {
    std::string penalty;
    std::vector<std::string> constraints;
    std::string condition;
  };
  const std::vector<Natural> naturals{
      {"", {}, "stationary"},
      {"norm1(x)", {}, "proximal_gradient"},
      {"", {"x in simplex()"}, "projected_gradient"},
      {"", {"x in l1_ball(1)"}, "projected_gradient"},
      {"", {"x >= 0"}, "kkt"},
      {"", {"x in simplex()", "x[0] <= 0.5"}, "kkt"},
      {"", {"x in simplex()", "x in box(0, 0.5)"}, "kkt"},
      {"", {"2*x in simplex()"}, "kkt"},
      {"", {"x in box(0, x[0])"}, "kkt"},
      {"", {"2*x in second_order_cone()"}, "conic"},
      {"", {"x in second_order_cone()", "sum(x) == 1"}, "conic"},
  };
  for (const Natural& n : naturals) {
    const ModelPtr model = build_model(stated(nearest("auto", {1, 0.5}, n.penalty, n.constraints, 1)));
    EXPECT_EQ(model->condition(), n.condition) << testing::PrintToString(n.constraints) << n.penalty;
  }
}

TEST(Steps, ThatAreNotStatedFollowTheCurvatureOfEachVariable) {
  const auto lengths = [](const std::string& condition) {
    Written w{.variables = {{"a", {{2}, {1, 1}}}, {"b", {{}, {1}}}},
              .parameters = {parameter("t", {{}, {1}})},
              .minimize = "50*sum((a - t)**2) + 0.5*(b - t)**2",
              .penalty = "norm1(a)",
              .condition = condition};
    return build_model(stated(w))->step_lengths();
  };
  const Vec one = lengths("proximal_gradient"), each = lengths("block_proximal_gradient");
  EXPECT_EQ(one, Vec::Constant(3, one[0]));
  // "a little less than 1/‖H‖": by power iteration on differences, within a tenth
  EXPECT_LE(one[0], 0.01);
  EXPECT_GE(one[0], 0.009 * 0.9);
  EXPECT_NEAR(each[0], one[0], 1e-6);
  EXPECT_LE(each[2], 1.0);
  EXPECT_GE(each[2], 0.9 * 0.9);
}

}  // namespace
}  // namespace argscope::optimality
