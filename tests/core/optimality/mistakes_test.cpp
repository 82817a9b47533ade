// Statements that make no sense are refused where they stand, in words that say what to write instead.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/optimality/conditions.h"
#include "tests/core/optimality/statements.h"

namespace argscope::optimality {
namespace {

using testing::HasSubstr;

struct Mistake {
  std::string name;
  Written written;
  std::string excerpt;  ///< what the message shows
  std::vector<std::string> words;
};

Written two(const std::string& minimize) {
  return {.variables = {{"x", {{3}, {1, 2, 3}}}, {"y", {{}, {1}}}},
          .parameters = {parameter("t", {{}, {0.5}}), parameter("r", {{3}, {1, 1, 1}})},
          .minimize = minimize};
}
Written penalized(const std::string& penalty, const std::string& condition) {
  Written w = two("sum((x - t)**2) + y**2");
  w.penalty = penalty;
  w.condition = condition;
  return w;
}
Written constrained(const std::string& constraint, const std::string& condition) {
  Written w = two("sum((x - t)**2) + y**2");
  w.constraints = {constraint};
  w.condition = condition;
  return w;
}
Written paired(const std::string& of, const std::string& box, const std::string& cutoff) {
  Pairs near{.name = "near", .of = of, .box = std::nullopt, .cutoff = text(cutoff)};
  if (!box.empty()) near.box = text(box);
  return {.variables = {{"x", {{2, 2}, {0, 0, 0.5, 0}}}, {"flat", {{4}, {0, 0, 1, 1}}}},
          .parameters = {parameter("L", {{}, {3}}), parameter("sides", {{3}, {3, 3, 3}})},
          .pairs = {near},
          .minimize = "sum(near.r) + sum(flat**2)"};
}

std::vector<Mistake> penalties() {
  return {
      {"UnknownPenalty", penalized("t*norm3(x)", "auto"), "norm3", {"did you mean norm1", "there are elastic_net"}},
      {"PenaltyThatIsNone", penalized("t", "auto"), "t", {"a penalty is a sum of terms such as theta*norm1(w)"}},
      {"PenaltyOfAPart", penalized("norm1(x[0:2])", "auto"), "norm1(x[0:2])", {"acts on a whole variable"}},
      {"PenaltyOfATwofold", penalized("norm1(2*x)", "auto"), "norm1(2*x)", {"write norm1(w)"}},
      {"PenaltyTwice", penalized("norm1(x) + norm2_squared(x)", "auto"), "norm2_squared(x)", {"use elastic_net"}},
      {"PenaltySubtracted", penalized("norm1(x) - norm1(y)", "auto"), "norm1(y)", {"added, not subtracted"}},
      {"PenaltyNegative", penalized("-2*norm1(x)", "auto"), "-2", {"must not be negative"}},
      {"PenaltyTimesAVariable", penalized("y*norm1(x)", "auto"), "y", {"parameters and data, not variables"}},
      {"PenaltyTimesAnArray", penalized("r*norm1(x)", "auto"), "r", {"one number, not an array of shape (3,)"}},
      {"PenaltyTimesAPenalty", penalized("norm1(x)*norm1(y)", "auto"), "norm1(x)*norm1(y)", {"a sum of terms"}},
      {"PenaltyUnder", penalized("1/norm1(x)", "auto"), "1/norm1(x)", {"a sum of terms"}},
      {"PenaltyWhoseArgumentIsAVariable",
       penalized("elastic_net(x, y**2, 1)", "auto"),
       "elastic_net(x, y**2, 1)",
       {"parameters and data, not variables"}},
      {"PenaltyForKkt", penalized("norm1(x)", "kkt"), "norm1(x)", {"'kkt' knows no penalties", "proximal_gradient"}},
      {"PenaltyForStationary", penalized("norm1(x)", "stationary"), "norm1(x)", {"use proximal_gradient"}},
      {"PenaltyOfAScalarByRows", penalized("total_variation(y)", "auto"), "total_variation(y)", {"a vector"}},
  };
}

std::vector<Mistake> constraints() {
  return {
      {"NoConstraint", constrained("sum(x)", "auto"), "sum(x)", {"a constraint is expected"}},
      {"UnequalIsNoConstraint", constrained("x != 1", "auto"), "x != 1", {"E == E, E <= E, E >= E"}},
      {"ShapesThatDoNotMeet", constrained("x <= [1, 2]", "auto"), "x <= [1, 2]", {"(3,)", "(2,)"}},
      {"UnknownSet", constrained("x in boxx(0, 1)", "auto"), "boxx(0, 1)", {"no set 'boxx'", "did you mean box"}},
      {"SetThatIsNone", constrained("x in [0, 1]", "auto"), "[0, 1]", {"a set is expected after 'in'"}},
      {"SetWithoutItsArgument", constrained("x in box(0)", "auto"), "box(0)", {"'u' is missing: write box(l, u)"}},
      {"SetOfRowsForANumber", constrained("y in simplex()", "auto"), "y in simplex()", {"a vector is expected"}},
      {"SetThatIsEmpty", constrained("x in simplex(-1)", "auto"), "-1", {"the set would be empty"}},
      {"SetWhoseArgumentIsAVariable",
       constrained("x in box(0, y)", "projected_gradient"),
       "x in box(0, y)",
       {"variables"}},
      {"SetWithoutSmoothConstraints",
       constrained("x in l1_ball(1)", "kkt"),
       "x in l1_ball(1)",
       {"no smooth constraints", "use projected_gradient"}},
      {"ConeForKkt", constrained("x in exponential_cone()", "kkt"), "exponential_cone()", {"use conic"}},
      {"ConstraintForStationary", constrained("x >= 0", "stationary"), "x >= 0", {"use kkt, conic or projected"}},
      {"InequalityForAProjection", constrained("x >= 0", "projected_gradient"), "x >= 0", {"projected_gradient"}},
      {"MirrorWithoutSimplex", constrained("x in box(0, 1)", "mirror_descent"), "box(0, 1)", {"mirror_descent"}},
      {"MirrorWithoutASet", constrained("x in simplex()", "mirror_descent"), "sum((x - t)**2)", {"'y' has no set"}},
      {"UnknownCondition", constrained("x >= 0", "kktt"), "sum((x - t)**2)", {"no condition 'kktt'"}},
      {"RootForAMinimum", constrained("x >= 0", "root"), "sum((x - t)**2)", {"no condition 'root'"}},
  };
}

std::vector<Mistake> problems() {
  Written root = two(""), fixed = two(""), squares = two("sum(exp(x)) + y**2");
  root.root = {"x - r", "x - t"};
  fixed.fixed_point = {"x[0]", "y"};
  squares.condition = "gauss_newton";
  return {
      {"ArrayMinimized", two("x**2"), "x**2", {"must be one number", "(3,)", "a sum or mean is missing"}},
      {"UnknownName", two("sum(z)"), "z", {"'z'"}},
      {"RootOfAnotherShape", root, "x - t", {"'y'", "()", "(3,)"}},
      {"FixedPointOfAnotherShape", fixed, "x[0]", {"'x'", "(3,)", "()"}},
      {"NoSquaresForGaussNewton", squares, "sum(exp(x))", {"a sum of squares, such as sum((f(x) - y)**2)"}},
      {"PairsOfNothing", paired("z", "L", "1"), "1", {"there is none named 'z'"}},
      {"PairsOfAVector", paired("flat", "L", "1"), "1", {"shape (k, 2) or (k, 3)", "'flat' has shape (4,)"}},
      {"CutoffOfSeveral", paired("x", "L", "[1, 2]"), "[1, 2]", {"a cutoff is one number", "(2,)"}},
      {"CutoffOfAVariable", paired("x", "L", "sum(flat)"), "sum(flat)", {"data and parameters, not variables"}},
      {"BoxOfAVariable", paired("x", "sum(flat)", "1"), "1", {"data and parameters, not variables"}},
      {"BoxOfThreeSides", paired("x", "sides", "1"), "sides", {"one length or 2", "(3,)"}},
      {"BoxOfNine", paired("x", "eye(3)", "1"), "eye(3)", {"one length or one an axis", "(3, 3)"}},
      {"BoxWithoutLength", paired("x", "0*L", "1"), "0*L", {"must be positive"}},
      {"BoxNegative", paired("x", "[3, -3]", "1"), "[3, -3]", {"must be positive"}},
      {"BoxInfinite", paired("x", "L/0", "1"), "L/0", {"must be positive"}},
      {"CutoffNegative", paired("x", "L", "-L"), "-L", {"cutoff of pairs must be a positive number, not -3"}},
      {"CutoffZero", paired("x", "L", "0"), "0", {"must be a positive number, not 0"}},
      {"CutoffInfinite", paired("x", "", "1/(0*L)"), "1/(0*L)", {"must be a positive number, not inf"}},
      {"CutoffNotANumber", paired("x", "L", "log(-L)"), "log(-L)", {"must be a positive number"}},
  };
}

class EveryMistake : public testing::TestWithParam<Mistake> {};

TEST_P(EveryMistake, IsRefusedWhereItStandsWithAWayOut) {
  const Mistake& m = GetParam();
  try {
    build_model(stated(m.written));
    FAIL() << "accepted";
  } catch (const expr::TextError& e) {
    const std::string said = e.what();
    EXPECT_THAT(said, HasSubstr(m.excerpt));
    for (const std::string& word : m.words) EXPECT_THAT(e.message(), HasSubstr(word));
    EXPECT_EQ(e.at().file, "test");
    EXPECT_EQ(e.at().line, 1);
    EXPECT_GE(e.at().column, 1);
  }
}

const auto name_of = [](const auto& test) { return test.param.name; };
INSTANTIATE_TEST_SUITE_P(Penalties, EveryMistake, testing::ValuesIn(penalties()), name_of);
INSTANTIATE_TEST_SUITE_P(Constraints, EveryMistake, testing::ValuesIn(constraints()), name_of);
INSTANTIATE_TEST_SUITE_P(Problems, EveryMistake, testing::ValuesIn(problems()), name_of);

TEST(Unfit, SaysWhyAConditionDoesNotSuitAKindOfProblem) {
  for (const std::string_view name : condition_names()) {
    const bool of_equations = name == "root" || name == "fixed_point";
    EXPECT_EQ(unfit(Kind::Minimize, name).empty(), !of_equations) << name;
    EXPECT_EQ(unfit(Kind::Root, name).empty(), name == "root" || name == "auto") << name;
    EXPECT_EQ(unfit(Kind::FixedPoint, name).empty(), name == "fixed_point" || name == "auto") << name;
  }
  EXPECT_EQ(unfit(Kind::FixedPoint, "fixed-point"), "") << "hyphen equals underscore";
  EXPECT_THAT(unfit(Kind::Root, "kkt"), HasSubstr("'root'; it has no 'kkt'"));
  EXPECT_THAT(unfit(Kind::Minimize, "kkkt"), HasSubstr("'kkkt' is not a condition"));
}

TEST(JointConstraints, MayNameVariablesInTheArgumentsOfASetThatKktTakesApart) {
  const ModelPtr model = build_model(stated(constrained("x in box(0, y)", "auto")));
  EXPECT_EQ(model->condition(), "kkt");
  EXPECT_EQ(model->size(), 4 + 6);
}

}  // namespace
}  // namespace argscope::optimality
