// Where a derivative may switch: the margin against its definition, written out for every switch; signs and names.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "tests/core/optimality/conditioned.h"

namespace argscope::optimality {
namespace {

/// Three unknowns x and one parameter t, with the operands of every switch written out.
struct Switching {
  std::string name, root;
  /// Pairs of operands, shaped alike.
  std::function<std::vector<std::pair<Vec, Vec>>(const Vec& x, double t)> operands;
};

Vec constant(double v) { return Vec::Constant(3, v); }

std::vector<Switching> switchings() {
  return {
      {"OfAbs", "abs(x) - t*x", [](const Vec& x, double) { return std::vector{std::pair(x, constant(0))}; }},
      {"OfMaximum", "maximum(x, t) + x", [](const Vec& x, double t) { return std::vector{std::pair(x, constant(t))}; }},
      {"OfMinimum", "minimum(x, t**2)*x",
       [](const Vec& x, double t) { return std::vector{std::pair(x, constant(t * t))}; }},
      {"OfWhere", "where(x < 2*t, x, t)",
       [](const Vec& x, double t) { return std::vector{std::pair(x, constant(2 * t))}; }},
      {"OfSeveral", "abs(x)*t + maximum(x**2, t)",
       [](const Vec& x, double t) {
         return std::vector{std::pair(x, constant(0)), std::pair(Vec(x.cwiseAbs2()), constant(t))};
       }},
      {"OfTwoThatAreOnePlace", "abs(x)*t + sign(x)*x**2",
       [](const Vec& x, double) { return std::vector{std::pair(x, constant(0))}; }},
      {"OfNeighbours", "where(x < x[::-1], x, t)",
       [](const Vec& x, double) { return std::vector{std::pair(x, Vec(x.reverse()))}; }},
  };
}

class EverySwitch : public testing::TestWithParam<Switching> {
 protected:
  ModelPtr model = build_model(stated({.variables = {{"x", {{3}, {1, 2, 3}}}},
                                       .parameters = {parameter("t", {{}, {0.5}})},
                                       .root = {GetParam().root}}));
  std::mt19937 random{9};
};

TEST_P(EverySwitch, IsAsNearAsTheSmallestGapBesideItsLargestOperand) {
  for (int k = 0; k < 50; ++k) {
    const double size = std::pow(10.0, k % 5 - 2), t = size * drawn(random, 1, 0.1, 2)[0];
    const Vec x = drawn(random, 3, -2 * size, 2 * size);
    double expected = std::numeric_limits<double>::infinity();
    for (const auto& [a, b] : GetParam().operands(x, t)) {
      const double scale = std::max(a.cwiseAbs().maxCoeff(), b.cwiseAbs().maxCoeff());
      expected = std::min(expected, (a - b).cwiseAbs().minCoeff() / scale);
    }
    const KinkMargin margin = model->kink_margin(x, Vec::Constant(1, t));
    EXPECT_NEAR(margin.value, expected, 1e-15 * (1 + expected)) << x.transpose();  // one division
    EXPECT_FALSE(margin.where.empty());
  }
}

TEST_P(EverySwitch, HasAGapForEachElementWhoseSignTellsTheSide) {
  for (int k = 0; k < 20; ++k) {
    const Vec x = drawn(random, 3, -2, 2), t = drawn(random, 1, 0.1, 2), gaps = model->switches(x, t);
    const auto operands = GetParam().operands(x, t[0]);
    ASSERT_EQ(gaps.size(), 3 * static_cast<Index>(operands.size()));
    // switches stand in the order of the graph, each with its operands in either order
    std::vector<double> found, expected;
    for (Index i = 0; i < gaps.size(); ++i) found.push_back(std::abs(gaps[i]));
    for (const auto& [a, b] : operands)
      for (Index i = 0; i < 3; ++i) expected.push_back(std::abs(a[i] - b[i]));
    std::sort(found.begin(), found.end());
    std::sort(expected.begin(), expected.end());
    for (std::size_t i = 0; i < found.size(); ++i) EXPECT_DOUBLE_EQ(found[i], expected[i]);
    for (Index i = 0; i < gaps.size(); ++i)
      EXPECT_TRUE(model->switch_name(i).ends_with("element " + std::to_string(i % 3))) << model->switch_name(i);
  }
}

TEST_P(EverySwitch, ChangesTheSignOfAGapWhereTheDerivativeOfFJumps) {
  int jumps = 0;
  for (int k = 0; k < 200; ++k) {
    const Vec x = drawn(random, 3, -2, 2), t = drawn(random, 1, 0.1, 2);
    const Vec y = x + drawn(random, 3, -1e-6, 1e-6) + (k % 2 ? Vec(-2 * x[k % 3] * Vec::Unit(3, k % 3)) : Vec::Zero(3));
    const Mat before = model->optimality().linearize(x, t).dx->dense();
    const Mat after = model->optimality().linearize(y, t).dx->dense();
    const Vec at_x = model->switches(x, t), at_y = model->switches(y, t);
    const bool switched = (at_x.array() * at_y.array() <= 0).any();
    const bool smooth = k % 2 == 0;
    if (smooth && !switched) {
      EXPECT_LE((after - before).norm(), 1e-4) << "no sign changed, yet it jumps";
    }
    jumps += switched;
  }
  EXPECT_GT(jumps, 0);
}

INSTANTIATE_TEST_SUITE_P(All, EverySwitch, testing::ValuesIn(switchings()),
                         [](const auto& test) { return test.param.name; });

TEST(KinkMargin, IsZeroExactlyAtAKinkAndNamesIt) {
  struct At {
    std::string root;
    Vec x;
    std::string where;
  };
  const Vec x = (Vec(3) << 1, -2, 0.5).finished();
  const std::vector<At> table{
      {"abs(x - 1) + x", x, "abs, element 0"},      {"maximum(x, -2) + x", x, "maximum, element 1"},
      {"minimum(t, x)*x", x, "minimum, element 2"}, {"where(x < t, x, 2*x)", x, "comparison, element 2"},
      {"sign(x + 2)*x", x, "sign, element 1"},      {"x*abs(sum(x) + 0.5)", x, "abs"},
  };
  for (const At& at : table) {
    const ModelPtr model = build_model(stated(
        {.variables = {{"x", {{3}, {1, 2, 3}}}}, .parameters = {parameter("t", {{}, {0.5}})}, .root = {at.root}}));
    const KinkMargin margin = model->kink_margin(at.x, model->initial_parameters());
    EXPECT_EQ(margin.value, 0) << at.root;
    EXPECT_EQ(margin.where, at.where) << at.root;
  }
}

TEST(KinkMargin, OfConstantsAndOfSmoothFunctionsIsInfinite) {
  for (const char* root : {"exp(x) - t", "x*maximum(2, 3) - t", "where([1, 0, 1] > 0, x, 2*x) - t", "x**3 - sqrt(t)"}) {
    const ModelPtr model = build_model(
        stated({.variables = {{"x", {{3}, {1, 2, 3}}}}, .parameters = {parameter("t", {{}, {0.5}})}, .root = {root}}));
    const KinkMargin margin = model->kink_margin(Vec::Zero(3), model->initial_parameters());
    EXPECT_TRUE(std::isinf(margin.value)) << root << ": " << margin.where;
    EXPECT_EQ(model->switches(Vec::Zero(3), model->initial_parameters()).size(), 0) << root;
  }
}

TEST(KinkMargin, NamesTheVariableUnderAPenaltyAndTheConstraint) {
  Written lasso = coupled_by("proximal_gradient", "t[0]*norm1(x)", {}), held = coupled_by("kkt", "", {"x <= t[0]"});
  const ModelPtr by_penalty = build_model(stated(lasso)), by_constraint = build_model(stated(held));
  const Vec theta = by_penalty->initial_parameters();
  EXPECT_NE(by_penalty->kink_margin(Vec::Ones(7), theta).where.find("under 't[0]*norm1(x)'"), std::string::npos);
  Vec x = Vec::Ones(by_constraint->size());
  x[7 + 1] = 0;  // v = y − s of the second: weakly active
  const KinkMargin margin = by_constraint->kink_margin(x, theta);
  EXPECT_EQ(margin.value, 0);
  EXPECT_EQ(margin.where, "constraint 'x <= t[0]', element 1");
}

TEST(KinkMargin, NamesTheTwoParticlesThatTouch) {
  Pairs near{.name = "near", .of = "x", .box = {}, .cutoff = text("2")};
  const ModelPtr model = build_model(stated({.variables = {{"x", {{4, 2}, {0, 0, 9, 9, 0.5, 0, 1.5, 0}}}},
                                             .parameters = {parameter("d", {{}, {1}})},
                                             .pairs = {near},
                                             .minimize = "sum(where(near.r < d, (d - near.r)**2, 0))"}));
  const Vec theta = model->initial_parameters();
  const KinkMargin margin = model->kink_margin(model->start(theta), theta);
  EXPECT_EQ(margin.value, 0) << "2 and 3 are 1 apart";
  EXPECT_EQ(margin.where, "comparison, pair 2 and 3");
}

TEST(ElementNames, CountEachAxis) {
  const std::vector<Slot> slots{{"a", {}, 0}, {"b", {{2}}, 1}, {"c", {{2, 3}}, 3}, {"d", {{2, 1, 2}}, 9}};
  const char* names[] = {"a",       "b[0]",    "b[1]",       "c[0, 0]",    "c[0, 1]",    "c[0, 2]",   "c[1, 0]",
                         "c[1, 1]", "c[1, 2]", "d[0, 0, 0]", "d[0, 0, 1]", "d[1, 0, 0]", "d[1, 0, 1]"};
  for (Index k = 0; k < 13; ++k) EXPECT_EQ(element_name(slots, k), names[k]);
  EXPECT_EQ(element_name(slots, 13), "[13]");
  EXPECT_EQ(element_name({}, 0), "[0]");
}

}  // namespace
}  // namespace argscope::optimality
