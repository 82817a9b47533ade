// Derivatives as a whole: what they are with respect to, and where functions have kinks and poles.
#include "core/expr/derivatives.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/expr/build.h"
#include "tests/core/expr/trial.h"

namespace argscope::expr {
namespace {

using namespace check;

Id total(Graph& g, Id a) { return sum(g, a, std::nullopt, false); }

TEST(Derivatives, MayBeTakenWithRespectToInteriorNodes) {
  Graph g;
  const Id x = g.input("x", {4, 2}, false), i = g.constant(Numbers{0, 1, 2}, {3}),
           j = g.constant(Numbers{1, 2, 3}, {3});
  const Id d = sub(g, gather(g, x, i), gather(g, x, j));
  const Id f = total(g, mul(g, d, mul(g, d, d)));
  const Given given{{x, {0, 1, 2, 5, 3, 3, 7, 1}}};
  const auto numbers = run(g, given, {d, gradient(g, f, Ids{d})[0]}, 1);
  Numbers expected;
  for (double v : numbers[0]) expected.push_back(3 * v * v);
  EXPECT_EQ(numbers[1], expected);
}

TEST(Derivatives, StopAtWhatTheyAreTakenWithRespectTo) {
  Graph g;
  const Id x = g.input("x", {}, false), y = mul(g, x, x), f = add(g, mul(g, y, y), x);
  const auto numbers = run(g, {{x, {3}}}, gradient(g, f, Ids{x, y}), 1);
  EXPECT_EQ(numbers[0], Numbers({1})) << "x moves only where it does not go through y";
  EXPECT_EQ(numbers[1], Numbers({18}));
}

TEST(Derivatives, OfLeastSquaresOnTallDataKeepTheProductOfTheData) {
  Graph g;
  const Index rows = 9, columns = 3;
  Numbers data(rows * columns), targets(rows);
  for (std::size_t k = 0; k < data.size(); ++k) data[k] = std::sin(1.0 + static_cast<double>(k));
  for (std::size_t k = 0; k < targets.size(); ++k) targets[k] = std::cos(static_cast<double>(k));
  const Id w = g.input("w", {columns}, false), X = g.constant(data, {rows, columns}), y = g.constant(targets, {rows});
  const Id r = sub(g, matmul(g, X, w), y), f = mul(g, mean(g, mul(g, r, r), std::nullopt, false), scalar(g, 3));
  const Id slope = gradient(g, f, Ids{w})[0];
  EXPECT_FALSE(g.depends_on(slope, X)) << "what is left is a product with the 3 by 3 matrix";
  const Given given{{w, {0.3, -2, 1.1}}};
  const auto numbers = run(g, given, {slope, r}, 1);
  for (Index c = 0; c < columns; ++c) {
    double expected = 0;
    for (Index i = 0; i < rows; ++i)
      expected +=
          6.0 / rows * data[static_cast<std::size_t>(i * columns + c)] * numbers[1][static_cast<std::size_t>(i)];
    EXPECT_NEAR(numbers[0][static_cast<std::size_t>(c)], expected, 1e-14) << "a few roundings of numbers near 1";
  }
}

TEST(Derivatives, OfWhatDoesNotDependAreZeroConstants) {
  Graph g;
  const Id x = g.input("x", {2}, false), y = g.input("y", {3}, false);
  EXPECT_TRUE(g.is_uniform(gradient(g, total(g, x), Ids{y})[0], 0));
  EXPECT_TRUE(g.is_uniform(gradient(g, total(g, x), Ids{x})[0], 1));
  const Id dir = g.input("d", {2}, true);
  EXPECT_TRUE(g.is_uniform(jvp(g, Ids{y}, Ids{x}, Ids{dir})[0], 0));
  EXPECT_EQ(jvp(g, Ids{x}, Ids{x}, Ids{dir})[0], dir);
}

TEST(Derivatives, TakeConstantDirections) {
  Graph g;
  const Id x = g.input("x", {2}, false), f = mul(g, x, mul(g, x, x));
  const Id seed = g.constant(Numbers{1, 0}, {2});
  EXPECT_EQ(run(g, {{x, {2, 3}}}, jvp(g, Ids{f}, Ids{x}, Ids{seed}), 1)[0], Numbers({12, 0}));
}

TEST(Derivatives, ApplyToTheirOwnResultAgainAndAgain) {
  Graph g;
  const Id x = g.input("x", {}, false);
  Id f = unary(g, Op::Exp, mul(g, x, scalar(g, 2)));
  for (int k = 0; k < 5; ++k) f = gradient(g, f, Ids{x})[0];
  expect_close(run(g, {{x, {0.3}}}, {f}, 1)[0], {32 * std::exp(0.6)}, 1e-14, "fifth derivative of exp 2x");
}

TEST(Derivatives, OfABranchNotTakenStayOutEvenWhereInfinite) {
  Graph g;
  const Id x = g.input("x", {3}, false), zero = scalar(g, 0);
  const Id positive = binary(g, Op::Less, zero, x);
  for (const Id branch : {unary(g, Op::Log, x), unary(g, Op::Sqrt, x), unary(g, Op::Reciprocal, x),
                          div(g, scalar(g, 2), x), power(g, x, scalar(g, 1.5)), mul(g, x, unary(g, Op::Log, x))})
    for (const Id y : {where(g, positive, branch, zero), where(g, positive, branch, x)}) {
      const Id slope = gradient(g, total(g, y), Ids{x})[0], second = gradient(g, total(g, slope), Ids{x})[0];
      for (const Numbers& v : run(g, {{x, {0, 2, -1}}}, {slope, second}, 1))
        for (double s : v) EXPECT_TRUE(std::isfinite(s)) << described(g, {y});
    }
}

TEST(Derivatives, OfTheLargerOneIgnoreTheOthersPole) {
  Graph g;
  const Id x = g.input("x", {}, false);
  const Id slope = gradient(g, binary(g, Op::Maximum, unary(g, Op::Sqrt, x), scalar(g, 0.1)), Ids{x})[0];
  EXPECT_EQ(run(g, {{x, {0}}}, {slope}, 1)[0], Numbers({0}));
}

TEST(Derivatives, OfANormAreZeroAtZero) {
  Graph g;
  const Id x = g.input("x", {2, 2}, false);
  const Id f = total(g, norm(g, x, 1)), slope = gradient(g, f, Ids{x})[0];
  const Id second = gradient(g, total(g, mul(g, slope, slope)), Ids{x})[0];
  const auto numbers = run(g, {{x, {0, 0, 3, 4}}}, {slope, second}, 1);
  EXPECT_EQ(Numbers(numbers[0].begin(), numbers[0].begin() + 2), Numbers({0, 0}));
  expect_close(numbers[0], {0, 0, 0.6, 0.8}, 1e-15, "unit vectors");
  expect_close(numbers[1], {0, 0, 0, 0}, 1e-15, "a unit vector's length does not change");
}

TEST(Derivatives, AtAKinkChooseABranch) {
  Graph g;
  const Id x = g.input("x", {3}, false);
  const Given given{{x, {0, 0, 0}}};
  const auto slope = [&](Id y) { return run(g, given, gradient(g, total(g, y), Ids{x}), 1)[0]; };
  EXPECT_EQ(slope(unary(g, Op::Abs, x)), Numbers({0, 0, 0}));
  EXPECT_EQ(slope(binary(g, Op::Maximum, x, scalar(g, 0))), Numbers({1, 1, 1}));
  EXPECT_EQ(slope(binary(g, Op::Maximum, scalar(g, 0), x)), Numbers({0, 0, 0}));
  EXPECT_EQ(slope(maximum_of(g, x, 0, false)), Numbers({1, 0, 0})) << "the first of the greatest";
  EXPECT_EQ(slope(sort(g, mul(g, x, scalar(g, 2)), 0)), Numbers({2, 2, 2}));
}

TEST(Derivatives, OfAPowerAreRightAtZero) {
  Graph g;
  const Id a = g.input("a", {3}, false), b = g.input("b", {3}, false);
  const auto slopes = run(g, {{a, {0, 0, 0}}, {b, {0, 1, 2}}}, gradient(g, total(g, power(g, a, b)), Ids{a, b}), 1);
  EXPECT_EQ(slopes[0], Numbers({0, 1, 0}));
  EXPECT_EQ(slopes[1], Numbers({0, 0, 0}));
}

TEST(Derivatives, AlongTheExponentOfANegativeNumberAreNotANumber) {
  Graph g;
  const Id a = g.input("a", {}, false), b = g.input("b", {}, false);
  const auto slopes = run(g, {{a, {-2}}, {b, {3}}}, gradient(g, power(g, a, b), Ids{a, b}), 1);
  EXPECT_EQ(slopes[0], Numbers({12}));
  EXPECT_TRUE(std::isnan(slopes[1][0])) << "(−2)ᵇ exists for whole b only";
}

TEST(Derivatives, OfAProductAreRightWhereFactorsAreZero) {
  Graph g;
  const Id x = g.input("x", {5}, false);
  const Id f = product_of(g, x, std::nullopt, false), slope = gradient(g, f, Ids{x})[0];
  EXPECT_EQ(run(g, {{x, {2, 0, 3, 5, 7}}}, {slope}, 1)[0], Numbers({0, 210, 0, 0, 0}));
  EXPECT_EQ(run(g, {{x, {2, 0, 3, 0, 7}}}, {slope}, 1)[0], Numbers(5, 0.0));
}

TEST(Derivatives, DoNotPassThroughAStop) {
  Graph g;
  const Id x = g.input("x", {}, false);
  EXPECT_EQ(run(g, {{x, {3}}}, gradient(g, mul(g, x, stop(g, x)), Ids{x}), 1)[0], Numbers({3}));
}

TEST(Derivatives, OfASingularSystemAreNotANumber) {
  Graph g;
  const Id A = g.input("A", {2, 2}, false), b = g.input("b", {2}, false);
  const Id x = solve(g, A, b);
  const auto numbers = run(g, {{A, {1, 2, 2, 4}}, {b, {1, 1}}}, {x, gradient(g, total(g, x), Ids{A})[0]}, 1);
  for (const Numbers& v : numbers)
    for (double y : v) EXPECT_TRUE(std::isnan(y));
}

}  // namespace
}  // namespace argscope::expr
