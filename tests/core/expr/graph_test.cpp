// Shapes, equal nodes, and what the builder simplifies or refuses.
#include "core/expr/graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "core/expr/build.h"
#include "core/expr/derivatives.h"
#include "tests/core/expr/trial.h"

namespace argscope::expr {
namespace {

using namespace check;
using ::testing::HasSubstr;

std::string refusal(const std::function<void(Graph&)>& build) {
  Graph g;
  try {
    build(g);
  } catch (const ShapeError& e) {
    return e.what();
  }
  return "";
}

TEST(Shape, CountsAndPrintsItsElements) {
  EXPECT_EQ(Shape().size(), 1);
  EXPECT_EQ(Shape({2, 0, 3}).size(), 0);
  EXPECT_EQ(Shape({2, 3, 4}).width(), 12);
  EXPECT_EQ(Shape({5}).str(), "(5,)");
  EXPECT_EQ(Shape({3, 4}).str(), "(3, 4)");
  EXPECT_EQ(Shape().str(), "()");
  EXPECT_EQ(Shape({2, 3}).without_axis(0), Shape({3}));
  EXPECT_EQ(Shape({2, 3}).appended(4), Shape({2, 3, 4}));
}

TEST(Shape, RefusesFiveAxesAndNegativeLengths) {
  EXPECT_THROW(Shape({1, 2, 3, 4, 5}), ShapeError);
  EXPECT_THROW(Shape({1, 2, 3, 4}).appended(1), ShapeError);
  EXPECT_THROW(Shape({-1}), ShapeError);
}

TEST(Shape, BroadcastsLikeNumPy) {
  EXPECT_EQ(broadcast({3, 1}, {4}), Shape({3, 4}));
  EXPECT_EQ(broadcast({}, {2, 2}), Shape({2, 2}));
  EXPECT_EQ(broadcast({1}, {0}), Shape({0}));
  try {
    broadcast({2, 3}, {2});
    FAIL();
  } catch (const ShapeError& e) {
    EXPECT_THAT(e.what(), HasSubstr("(2, 3)"));
    EXPECT_THAT(e.what(), HasSubstr("(2,)"));
  }
}

TEST(Graph, KeepsEqualNodesOnce) {
  Graph g;
  const Id x = g.input("x", {3}, false), y = g.input("x", {3}, false);
  EXPECT_NE(x, y) << "each input is its own";
  EXPECT_EQ(unary(g, Op::Sin, x), unary(g, Op::Sin, x));
  EXPECT_NE(unary(g, Op::Sin, x), unary(g, Op::Sin, y));
  EXPECT_EQ(add(g, x, y), add(g, y, x));
  EXPECT_EQ(mul(g, x, y), mul(g, y, x));
  EXPECT_NE(sub(g, x, y), sub(g, y, x));
  EXPECT_EQ(g.constant(Numbers{1, 2, 3}, {3}), g.constant(Numbers{1, 2, 3}, {3}));
  EXPECT_NE(g.constant(Numbers{1, 2, 3}, {3}), g.constant(Numbers{1, 2, 4}, {3}));
  EXPECT_NE(g.constant(Numbers{1, 2, 3}, {3}), g.constant(Numbers{1, 2, 3}, {3, 1}));
  EXPECT_EQ(g.constant(Numbers{2, 2}, {2}), g.constant(2, {2}));
  EXPECT_NE(g.constant(0.0, {2}), g.constant(-0.0, {2})) << "1/0 and 1/−0 differ";
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(g.constant(nan, {2}), g.constant(nan, {2}));
}

TEST(Graph, KeepsReferencesToNodesWhileItGrows) {
  Graph g;
  const Id x = g.input("x", {3, 2}, false);
  const Node& first = g[x];
  for (int k = 0; k < 10000; ++k) g.constant(k, {2});
  EXPECT_EQ(&first, &g[x]);
  EXPECT_EQ(first.name, "x");
}

TEST(Graph, FindsWhatANodeDependsOn) {
  Graph g;
  const Id x = g.input("x", {}, false), y = g.input("y", {}, false);
  const Id s = unary(g, Op::Sin, x), t = add(g, s, y);
  EXPECT_TRUE(g.depends_on(t, x));
  EXPECT_TRUE(g.depends_on(t, s));
  EXPECT_TRUE(g.depends_on(t, t));
  EXPECT_FALSE(g.depends_on(s, y));
  EXPECT_EQ(reachable(g, Ids{t}, Ids{s}), Ids({y, s, t}));
}

TEST(Graph, MarksWhatDependsOnADirection) {
  Graph g;
  const Id x = g.input("x", {2}, false), d = g.input("d", {2}, true);
  EXPECT_TRUE(g[mul(g, d, x)].tangent);
  EXPECT_FALSE(g[unary(g, Op::Sin, x)].tangent);
  const Graph points = g.as_points();
  for (Id k = 0; k < points.size(); ++k) EXPECT_FALSE(points[k].tangent);
}

TEST(Builder, DropsOperationsThatDoNothing) {
  Graph g;
  const Id x = g.input("x", {2, 3}, false), one = scalar(g, 1), zero = scalar(g, 0);
  EXPECT_EQ(mul(g, x, one), x);
  EXPECT_EQ(add(g, zero, x), x);
  EXPECT_EQ(sub(g, x, zero), x);
  EXPECT_EQ(div(g, x, one), x);
  EXPECT_EQ(neg(g, neg(g, x)), x);
  EXPECT_TRUE(g.is_uniform(mul(g, x, zero), 0));
  EXPECT_EQ(add(g, x, neg(g, x)), sub(g, x, x));
  EXPECT_EQ(reshape(g, reshape(g, x, {6}), {2, 3}), x);
  EXPECT_EQ(transpose_axes(g, transpose_axes(g, x)), x);
  EXPECT_EQ(slice(g, x, std::vector<Range>{{0, 1, 2}, {0, 1, 3}}), x);
  EXPECT_EQ(broadcast_to(g, x, {2, 3}), x);
  EXPECT_EQ(sum_to(g, x, {2, 3}), x);
  EXPECT_EQ(where(g, g.input("m", {2, 3}, false), x, x), x);
  EXPECT_EQ(where(g, one, x, zero), x);
  EXPECT_EQ(power(g, x, one), x);
  EXPECT_EQ(power(g, x, scalar(g, 2)), mul(g, x, x));
}

TEST(Builder, FoldsUniformConstants) {
  Graph g;
  EXPECT_TRUE(g.is_uniform(add(g, scalar(g, 2), g.constant(3, {4})), 5));
  EXPECT_TRUE(g.is_uniform(sum(g, g.constant(3, {4, 2}), 0, false), 12));
  EXPECT_TRUE(g.is_uniform(unary(g, Op::Sqrt, scalar(g, 9)), 3));
  EXPECT_TRUE(g.is_uniform(power(g, scalar(g, 2), scalar(g, 10)), 1024));
}

TEST(Builder, MovesPointFactorsTogetherBehindATangent) {
  Graph g;
  const Id t = g.input("t", {2}, true), p = g.input("p", {2}, false), q = g.input("q", {2}, false);
  EXPECT_EQ(mul(g, mul(g, t, p), q), mul(g, t, mul(g, p, q)));
  EXPECT_EQ(add(g, mul(g, p, t), mul(g, q, t)), mul(g, t, add(g, p, q)));
  EXPECT_EQ(sub(g, mul(g, p, t), mul(g, q, t)), mul(g, t, sub(g, p, q)));
  EXPECT_EQ(div(g, t, p), mul(g, t, unary(g, Op::Reciprocal, p)));
  EXPECT_EQ(neg(g, mul(g, t, p)), mul(g, t, neg(g, p)));
}

TEST(Builder, NamesBothShapesThatDoNotFit) {
  const auto both = [](const std::string& text, const char* a, const char* b) {
    EXPECT_THAT(text, HasSubstr(a));
    EXPECT_THAT(text, HasSubstr(b));
  };
  const auto input = [](Graph& g, const Shape& s) { return g.input("x", s, false); };
  both(refusal([&](Graph& g) { add(g, input(g, {2, 3}), input(g, {4})); }), "(2, 3)", "(4,)");
  both(refusal([&](Graph& g) { matmul(g, input(g, {2, 3}), input(g, {4, 3})); }), "(2, 3)", "(4, 3)");
  both(refusal([&](Graph& g) { matmul(g, input(g, {}), input(g, {3})); }), "()", "(3,)");
  both(refusal([&](Graph& g) { solve(g, input(g, {3, 3}), input(g, {2})); }), "(3, 3)", "(2,)");
  both(refusal([&](Graph& g) { reshape(g, input(g, {3, 3}), {8}); }), "(3, 3)", "(8,)");
  both(refusal([&](Graph& g) { broadcast_to(g, input(g, {3}), {2}); }), "(3,)", "(2,)");
  both(refusal([&](Graph& g) { where(g, input(g, {3}), input(g, {2}), scalar(g, 0)); }), "(3,)", "(2,)");
  both(refusal([&](Graph& g) { concatenate(g, Ids{input(g, {3, 2}), input(g, {3, 4})}, 0); }), "(3, 2)", "(3, 4)");
  both(refusal([&](Graph& g) { stack(g, Ids{input(g, {3}), input(g, {4})}, 0); }), "(3,)", "(4,)");
}

TEST(Builder, RefusesWhatHasNoMeaning) {
  const auto input = [](Graph& g, const Shape& s) { return g.input("x", s, false); };
  EXPECT_THAT(refusal([&](Graph& g) { solve(g, input(g, {3, 2}), input(g, {3})); }), HasSubstr("square"));
  EXPECT_THAT(refusal([&](Graph& g) { logdet(g, input(g, {3})); }), HasSubstr("square"));
  EXPECT_THAT(refusal([&](Graph& g) { argmax(g, input(g, {3, 0}), 1); }), HasSubstr("(3, 0)"));
  EXPECT_THAT(refusal([&](Graph& g) { maximum_of(g, input(g, {0}), std::nullopt, false); }), HasSubstr("(0,)"));
  EXPECT_THAT(refusal([&](Graph& g) { mean(g, input(g, {0}), std::nullopt, false); }), HasSubstr("(0,)"));
  EXPECT_THAT(refusal([&](Graph& g) { sum(g, input(g, {2}), 1, false); }), HasSubstr("axis 1"));
  EXPECT_THAT(refusal([&](Graph& g) { sum(g, input(g, {}), 0, false); }), HasSubstr("axis 0"));
  EXPECT_THAT(refusal([&](Graph& g) { argsort(g, input(g, {})); }), HasSubstr("scalar"));
  EXPECT_THAT(refusal([&](Graph& g) { gather(g, input(g, {}), scalar(g, 0)); }), HasSubstr("scalar"));
  EXPECT_THAT(refusal([&](Graph& g) { diag(g, input(g, {2, 2, 2})); }), HasSubstr("(2, 2, 2)"));
  EXPECT_THAT(refusal([&](Graph& g) { concatenate(g, Ids{}, 0); }), HasSubstr("nothing"));
  EXPECT_THAT(refusal([&](Graph& g) { stack(g, Ids{}, 0); }), HasSubstr("nothing"));
  EXPECT_THAT(refusal([&](Graph& g) { permute(g, input(g, {2, 3}), std::vector<int>{0}); }), HasSubstr("axis"));
  EXPECT_THAT(refusal([&](Graph& g) { permute(g, input(g, {2, 3}), std::vector<int>{0, 0}); }), HasSubstr("axis"));
  EXPECT_THAT(refusal([&](Graph& g) { gradient(g, input(g, {2}), Ids{}); }), HasSubstr("scalar"));
  EXPECT_THAT(refusal([&](Graph& g) { g.constant(Numbers{1, 2}, {3}); }), HasSubstr("(3,)"));
}

TEST(Builder, ChecksIndicesThatAreKnown) {
  for (const double wrong : {3.0, -4.0, 0.5, 1e300, std::numeric_limits<double>::quiet_NaN()})
    EXPECT_THAT(refusal([&](Graph& g) {
                  gather(g, g.input("x", {3}, false), g.constant(Numbers{0, wrong}, {2}));
                }),
                HasSubstr("out of range"))
        << wrong;
  EXPECT_THAT(refusal([&](Graph& g) { gather(g, g.constant(7, {3}), scalar(g, 3)); }), HasSubstr("out of range"));
  EXPECT_THAT(refusal([&](Graph& g) {
                gather(g, g.input("x", {0, 2}, false), g.input("i", {2}, false));
              }),
              HasSubstr("length 0"));
  EXPECT_THAT(refusal([&](Graph& g) {
                slice(g, g.input("x", {3}, false), std::vector<Range>{{1, 1, 3}});
              }),
              HasSubstr("(3,)"));
  EXPECT_THAT(refusal([&](Graph& g) {
                pad(g, g.input("x", {3}, false), std::vector<Range>{{1, 2, 3}}, {5});
              }),
              HasSubstr("(5,)"));
}

TEST(Builder, CountsNegativeIndicesFromTheEnd) {
  Graph g;
  const Id x = g.input("x", {3}, false);
  EXPECT_EQ(run(g, {{x, {1, 2, 3}}}, {gather(g, x, g.constant(Numbers{-1, 0, -3}, {3}))}, 1)[0], Numbers({3, 1, 1}));
}

TEST(Builder, KeepsComputedIndicesInsideTheArray) {
  Graph g;
  const Id x = g.input("x", {3}, false), i = g.input("i", {7}, false);
  const Id y = gather(g, x, mul(g, i, scalar(g, 2)));
  const double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(run(g, {{x, {1, 2, 3}}, {i, {-5, 0, 0.4, 1, 1e300, inf, nan}}}, {y}, 1)[0], Numbers({1, 1, 2, 3, 3, 3, 1}));
}

TEST(Builder, MakesMeansProductsAndNormsOfPrimitives) {
  Graph g;
  const Id x = g.input("x", {2, 3}, false);
  const Given given{{x, {1, -2, 3, 4, 0, -6}}};
  const auto numbers = run(g, given,
                           {mean(g, x, 1, false), product_of(g, x, 0, true), product_of(g, x, std::nullopt, false),
                            norm(g, x, 1), minimum_of(g, x, 0, false), sort(g, x, 0), diag(g, x), softmax(g, x, 0)},
                           1);
  EXPECT_EQ(numbers[0], Numbers({2.0 / 3, -2.0 / 3}));
  EXPECT_EQ(numbers[1], Numbers({4, 0, -18}));
  EXPECT_EQ(numbers[2], Numbers({0}));
  expect_close(numbers[3], {std::sqrt(14.0), std::sqrt(52.0)}, 1e-15, "norm");
  EXPECT_EQ(numbers[4], Numbers({1, -2, -6}));
  EXPECT_EQ(numbers[5], Numbers({1, -2, -6, 4, 0, 3}));
  EXPECT_EQ(numbers[6], Numbers({1, 0}));
  for (std::size_t k = 0; k < 3; ++k) EXPECT_NEAR(numbers[7][k] + numbers[7][k + 3], 1, 1e-15);
}

TEST(Builder, SumsHugeExponentialsWithoutOverflow) {
  Graph g;
  const Id x = g.input("x", {3}, false);
  const auto numbers = run(g, {{x, {1000, 1001, -1000}}}, {logsumexp(g, x, std::nullopt, false), softmax(g, x, 0)}, 1);
  expect_close(numbers[0], {1001 + std::log1p(std::exp(-1))}, 1e-15, "logsumexp");
  expect_close(numbers[1], {1 / (1 + std::exp(1)), 1 / (1 + std::exp(-1)), 0}, 1e-15, "softmax");
}

TEST(Builder, LetsNotANumberThrough) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  Graph g;
  const Id x = g.input("x", {3}, false);
  for (const Id y : {sum(g, x, 0, false), maximum_of(g, x, 0, false), minimum_of(g, x, 0, false), norm(g, x, 0),
                     logsumexp(g, x, 0, false)})
    for (std::size_t at = 0; at < 3; ++at) {
      Numbers v{1, 2, 3};
      v[at] = nan;
      EXPECT_TRUE(std::isnan(run(g, {{x, v}}, {y}, 1)[0][0])) << described(g, {y}) << "\nat " << at;
    }
}

}  // namespace
}  // namespace argscope::expr
