// Loops: their results and derivatives are those of the same steps written out.
#include "core/expr/scan.h"

#include <gtest/gtest.h>

#include "core/expr/build.h"
#include "core/expr/derivatives.h"
#include "tests/core/expr/trial.h"

namespace argscope::expr {
namespace {

using namespace check;

/// One step of x ← x − η (A x − b tanh(x)) on a matrix of states.
Id step(Graph& g, Id x, Id A, Id b, Id eta) {
  return sub(g, x, mul(g, eta, sub(g, matmul(g, A, x), mul(g, b, unary(g, Op::Tanh, x)))));
}

/// The same iteration as a loop and written out.
struct Twice {
  Graph g;
  Id x, A, b, eta, looped, unrolled;
  Given given;

  Twice(int steps, Random& random) {
    const Shape state{3, 2};
    x = g.input("x", state, false);
    A = g.input("A", {3, 3}, false);
    b = g.input("b", {3, 1}, false);
    eta = g.input("eta", {}, false);
    for (Id k : inputs()) given[k] = uniform_numbers(random, g.shape(k).size(), -0.8, 0.8);
    LoopBody body;
    body.state = body.graph.input("x", state, false);
    body.env = {body.graph.input("A", {3, 3}, false), body.graph.input("b", {3, 1}, false),
                body.graph.input("eta", {}, false)};
    body.next = step(body.graph, body.state, body.env[0], body.env[1], body.env[2]);
    looped = loop(g, std::move(body), x, Ids{A, b, eta}, steps);
    unrolled = x;
    for (int k = 0; k < steps; ++k) unrolled = step(g, unrolled, A, b, eta);
  }
  Ids inputs() const { return {x, A, b, eta}; }
};

// The same operations in the same order, but for sums over steps, which derivatives add up the other way round.
constexpr double tolerance = 1e-13;

class Loop : public ::testing::TestWithParam<int> {};

TEST_P(Loop, EqualsItsStepsWrittenOut) {
  Random random(31);
  Twice t(GetParam(), random);
  const auto numbers = run(t.g, t.given, {t.looped, t.unrolled}, 1);
  expect_close(numbers[0], numbers[1], tolerance, "values");
}

TEST_P(Loop, HasTheTangentsOfItsStepsWrittenOut) {
  Random random(32);
  for (const int lanes : {1, 3, 8}) {
    Twice t(GetParam(), random);
    Ids dirs;
    for (Id k : t.inputs()) {
      dirs.push_back(t.g.input("direction", t.g.shape(k), true));
      t.given[dirs.back()] = uniform_numbers(random, t.g.shape(k).size() * lanes, -1, 1);
    }
    const auto numbers = run(t.g, t.given, jvp(t.g, Ids{t.looped, t.unrolled}, t.inputs(), dirs), lanes);
    expect_close(numbers[0], numbers[1], tolerance, "all directions");
    for (std::size_t only = 0; only < dirs.size(); ++only) {
      const auto one =
          run(t.g, t.given, jvp(t.g, Ids{t.looped, t.unrolled}, Ids{t.inputs()[only]}, Ids{dirs[only]}), lanes);
      expect_close(one[0], one[1], tolerance, t.g[t.inputs()[only]].name);
    }
  }
}

TEST_P(Loop, HasTheGradientsOfItsStepsWrittenOut) {
  Random random(33);
  Twice t(GetParam(), random);
  const auto f = [&](Id y) { return sum(t.g, unary(t.g, Op::Sin, y), std::nullopt, false); };
  const auto a = run(t.g, t.given, gradient(t.g, f(t.looped), t.inputs()), 1);
  const auto b = run(t.g, t.given, gradient(t.g, f(t.unrolled), t.inputs()), 1);
  for (std::size_t k = 0; k < a.size(); ++k) expect_close(a[k], b[k], tolerance, t.g[t.inputs()[k]].name);
}

TEST_P(Loop, CanBeDifferentiatedTwiceAndThrice) {
  Random random(34);
  Twice t(GetParam(), random);
  Id f[] = {sum(t.g, unary(t.g, Op::Sin, t.looped), std::nullopt, false),
            sum(t.g, unary(t.g, Op::Sin, t.unrolled), std::nullopt, false)};
  for (int order = 2; order <= 3; ++order) {
    for (Id& y : f) {
      const Ids slopes = gradient(t.g, y, t.inputs());
      y = scalar(t.g, 0);
      for (Id s : slopes) y = add(t.g, y, sum(t.g, mul(t.g, s, s), std::nullopt, false));
    }
    const auto a = run(t.g, t.given, gradient(t.g, f[0], t.inputs()), 1),
               b = run(t.g, t.given, gradient(t.g, f[1], t.inputs()), 1);
    for (std::size_t k = 0; k < a.size(); ++k) expect_close(a[k], b[k], 100 * tolerance, t.g[t.inputs()[k]].name);
  }
}

TEST_P(Loop, HasTransposesOfManyLanes) {
  Random random(35);
  constexpr int lanes = 8;
  Twice t(GetParam(), random);
  Ids dirs;
  for (Id k : t.inputs()) dirs.push_back(t.g.input("direction", t.g.shape(k), true));
  const Ids tangents = jvp(t.g, Ids{t.looped, t.unrolled}, t.inputs(), dirs);
  const Id seed = t.g.input("cotangent", {3, 2}, true);
  t.given[seed] = uniform_numbers(random, 6 * lanes, -1, 1);
  const auto a = run(t.g, t.given, transpose(t.g, Ids{tangents[0]}, Ids{seed}, dirs), lanes);
  const auto b = run(t.g, t.given, transpose(t.g, Ids{tangents[1]}, Ids{seed}, dirs), lanes);
  for (std::size_t k = 0; k < a.size(); ++k) expect_close(a[k], b[k], tolerance, t.g[t.inputs()[k]].name);
}

INSTANTIATE_TEST_SUITE_P(OfSoManySteps, Loop, ::testing::Values(0, 1, 2, 7));

TEST(Loop, MayHoldALoop) {
  Graph g;
  const Id x = g.input("x", {2}, false);
  LoopBody inner;
  inner.state = inner.graph.input("y", {2}, false);
  inner.next = unary(inner.graph, Op::Sin, inner.state);
  LoopBody outer;
  outer.state = outer.graph.input("x", {2}, false);
  outer.next = mul(outer.graph, loop(outer.graph, std::move(inner), outer.state, Ids{}, 2), scalar(outer.graph, 1.5));
  const Id looped = loop(g, std::move(outer), x, Ids{}, 3);
  Id unrolled = x;
  for (int k = 0; k < 3; ++k) unrolled = mul(g, unary(g, Op::Sin, unary(g, Op::Sin, unrolled)), scalar(g, 1.5));
  Ids outputs{looped, unrolled};
  for (Id y : {looped, unrolled}) {
    const Id slope = gradient(g, sum(g, y, 0, false), Ids{x})[0];
    outputs.push_back(slope);
    outputs.push_back(gradient(g, sum(g, mul(g, slope, slope), 0, false), Ids{x})[0]);
  }
  const auto numbers = run(g, {{x, {0.7, -1.1}}}, outputs, 1);
  expect_close(numbers[0], numbers[1], tolerance, "values");
  expect_close(numbers[2], numbers[4], tolerance, "gradients");
  expect_close(numbers[3], numbers[5], tolerance, "second derivatives");
}

TEST(Loop, RefusesAStateThatChangesItsShape) {
  Graph g;
  LoopBody body;
  body.state = body.graph.input("x", {2}, false);
  body.next = sum(body.graph, body.state, 0, false);
  try {
    loop(g, std::move(body), g.input("x", {2}, false), Ids{}, 3);
    FAIL() << "accepted";
  } catch (const ShapeError& e) {
    EXPECT_NE(std::string(e.what()).find("(2,)"), std::string::npos) << e.what();
    EXPECT_NE(std::string(e.what()).find("()"), std::string::npos) << e.what();
  }
}

TEST(Loop, RefusesANegativeNumberOfSteps) {
  Graph g;
  LoopBody body;
  body.state = body.graph.input("x", {2}, false);
  body.next = body.state;
  EXPECT_THROW(loop(g, std::move(body), g.input("x", {2}, false), Ids{}, -1), ShapeError);
}

}  // namespace
}  // namespace argscope::expr
