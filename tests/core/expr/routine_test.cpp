// Routines as nodes, and the derivatives that stand beside them.
#include "core/expr/routine.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/expr/build.h"
#include "core/expr/derivatives.h"
#include "tests/core/expr/trial.h"

namespace argscope::expr {
namespace {

using namespace check;

/// The square roots of its operand, times ints[0].
const Routine roots{"roots", [](std::span<const ArrayView> in, std::span<const Index> ints, std::span<double> y) {
                      for (std::size_t k = 0; k < y.size(); ++k)
                        y[k] = static_cast<double>(ints[0]) * std::sqrt(in[0].values[k]);
                    }};
const Routine same_roots{"other", roots.run};

TEST(Routines, OfOneKindAndOneOperandAreOneNode) {
  Graph g;
  const Id a[] = {g.input("a", {3}, false)};
  const Id y = call(g, roots, a, {3}, {1});
  EXPECT_EQ(call(g, roots, a, {3}, {1}), y);
  EXPECT_NE(call(g, roots, a, {3}, {2}), y);
  EXPECT_NE(call(g, same_roots, a, {3}, {1}), y);
}

TEST(Routines, OfConstantsAreConstant) {
  Graph g;
  const Id a[] = {g.constant({4, 9}, {2})};
  EXPECT_EQ(evaluate_constant(g, call(g, roots, a, {2}, {2})).values, Numbers({4, 6}));
}

TEST(Routines, HaveNoDerivativeOfTheirOwn) {
  Graph g;
  const Id a = g.input("a", {2}, false), operands[] = {a};
  const Ids slopes = gradient(g, sum(g, call(g, roots, operands, {2}, {1}), std::nullopt, false), Ids{a});
  EXPECT_TRUE(g.is_uniform(slopes[0], 0));
}

TEST(Routines, TakeTheDerivativeThatIsStatedBesideThem) {
  Graph g;
  const Id a = g.input("a", {2}, false), operands[] = {a};
  const Id root = call(g, roots, operands, {2}, {1});
  const Id slope = div(g, scalar(g, 0.5), root);
  const Id y = add(g, root, mul(g, slope, moving(g, a)));
  const auto numbers = run(g, {{a, {4, 9}}}, {y, gradient(g, sum(g, y, std::nullopt, false), Ids{a})[0]}, 1);
  EXPECT_EQ(numbers[0], Numbers({2, 3}));
  expect_close(numbers[1], {1.0 / 4, 1.0 / 6}, 1e-15, "one division and one product");
}

TEST(Moving, IsZeroWithADerivative) {
  Graph g;
  const Id a = g.input("a", {2}, false), m = moving(g, a);
  const auto numbers = run(g, {{a, {0.1, -7}}}, {m, gradient(g, sum(g, m, std::nullopt, false), Ids{a})[0]}, 1);
  EXPECT_EQ(numbers[0], Numbers({0, 0}));
  EXPECT_EQ(numbers[1], Numbers({1, 1}));
  EXPECT_TRUE(is_moving(g, m));
  EXPECT_FALSE(is_moving(g, a));
  EXPECT_FALSE(is_moving(g, sub(g, a, stop(g, neg(g, a)))));
}

TEST(Moving, OfAConstantIsNothing) {
  Graph g;
  EXPECT_TRUE(g.is_uniform(moving(g, g.constant({1, 2}, {2})), 0));
}

}  // namespace
}  // namespace argscope::expr
