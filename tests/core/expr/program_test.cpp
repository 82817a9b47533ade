// Compiled programs of random graphs against the oracle: interior nodes as inputs, lanes, repeated outputs, outputs
// that are inputs, constants, or other views of one array.
#include "core/expr/program.h"

#include <gtest/gtest.h>

#include <thread>

#include "core/expr/build.h"
#include "core/expr/derivatives.h"
#include "tests/core/expr/random_graphs.h"

namespace argscope::expr {
namespace {

using namespace check;

// Random graphs are up to a few dozen operations deep; each may lose a few units in the last place of numbers near 1,
// and sums and products of up to a thousand numbers are added in another order than the oracle's.
constexpr double tolerance = 1e-9;

Ids random_outputs(const RandomGraph& r, Random& random) {
  Ids outputs;
  for (Index k = whole_number(random, 1, 5); k > 0; --k) outputs.push_back(random_node(r, random));
  if (whole_number(random, 0, 1)) outputs.push_back(outputs.front());
  return outputs;
}

TEST(Program, AgreesWithTheOracleOnRandomGraphs) {
  Random random(11);
  for (int trial = 0; trial < 400 && !HasFatalFailure(); ++trial) {
    const RandomGraph r = random_graph(random, 12);
    const Ids outputs = random_outputs(r, random);
    const auto actual = run(r.graph, r.given, outputs, 1), expected = run_oracle(r.graph, r.given, outputs, 1);
    for (std::size_t k = 0; k < outputs.size(); ++k)
      expect_close(actual[k], expected[k], tolerance, described(r.graph, {outputs[k]}));
  }
}

TEST(Program, TakesInteriorNodesAsInputs) {
  Random random(12);
  for (int trial = 0; trial < 300 && !HasFatalFailure(); ++trial) {
    const RandomGraph r = random_graph(random, 12);
    Given given = r.given;
    for (int k = 0; k < 3; ++k) {
      const Id interior = random_node(r, random);
      given[interior] = uniform_numbers(random, r.graph.shape(interior).size(), -1, 1);
    }
    for (const auto& [id, values] : r.given) given[id] = values;  // indices stay indices
    const Ids outputs = random_outputs(r, random);
    const auto actual = run(r.graph, given, outputs, 1), expected = run_oracle(r.graph, given, outputs, 1);
    for (std::size_t k = 0; k < outputs.size(); ++k)
      expect_close(actual[k], expected[k], tolerance, described(r.graph, outputs));
  }
}

struct Linearized {
  Ids points, dirs;
};

/// A direction with `lanes` random numbers an element for each input.
Linearized with_directions(RandomGraph& r, int lanes, Random& random) {
  Linearized l;
  for (const auto& [id, values] : Given(r.given)) {
    if (r.graph[id].name == "index") continue;
    l.points.push_back(id);
    l.dirs.push_back(r.graph.input("direction", r.graph.shape(id), true));
    r.given[l.dirs.back()] = uniform_numbers(random, r.graph.shape(id).size() * lanes, -1, 1);
  }
  return l;
}

TEST(Program, TangentsOfRandomGraphsAgreeWithTheOracle) {
  Random random(13);
  for (int trial = 0; trial < 240 && !HasFatalFailure(); ++trial) {
    const int lanes = std::array{1, 3, 8, 16}[static_cast<std::size_t>(trial % 4)];
    RandomGraph r = random_graph(random, 10);
    Ids outs = random_outputs(r, random);
    const Linearized l = with_directions(r, lanes, random);
    Ids outputs = jvp(r.graph, outs, l.points, l.dirs);
    outputs.insert(outputs.end(), outs.begin(), outs.end());  // values and tangents in one program
    const auto actual = run(r.graph, r.given, outputs, lanes), expected = run_oracle(r.graph, r.given, outputs, lanes);
    for (std::size_t k = 0; k < outputs.size(); ++k)
      expect_close(actual[k], expected[k], tolerance, described(r.graph, {outputs[k]}));
  }
}

TEST(Program, TransposesOfRandomGraphsAreAdjoint) {
  Random random(14);
  for (int trial = 0; trial < 240 && !HasFatalFailure(); ++trial) {
    const int lanes = std::array{1, 3, 8, 16}[static_cast<std::size_t>(trial % 4)];
    RandomGraph r = random_graph(random, 10);
    const Ids outs = random_outputs(r, random);
    const Linearized l = with_directions(r, lanes, random);
    const Ids tangents = jvp(r.graph, outs, l.points, l.dirs);
    Ids seeds;
    for (Id o : outs) {
      seeds.push_back(r.graph.input("cotangent", r.graph.shape(o), true));
      r.given[seeds.back()] = uniform_numbers(random, r.graph.shape(o).size() * lanes, -1, 1);
    }
    const auto forward = run(r.graph, r.given, tangents, lanes);
    const auto backward = run(r.graph, r.given, transpose(r.graph, tangents, seeds, l.dirs), lanes);
    double p = 0, q = 0, size = 1;
    const auto dot = [&](const Numbers& a, const Numbers& b, double& s) {
      for (std::size_t k = 0; k < a.size(); ++k) s += a[k] * b[k], size += std::abs(a[k] * b[k]);
    };
    for (std::size_t k = 0; k < outs.size(); ++k) dot(forward[k], r.given[seeds[k]], p);
    for (std::size_t k = 0; k < l.dirs.size(); ++k) dot(backward[k], r.given[l.dirs[k]], q);
    ASSERT_NEAR(p, q, 1e-12 * size) << described(r.graph, outs);  // the same products, added in another order
  }
}

/// A scalar that depends on every element of a node.
Id scalar_of(Graph& g, Id y, Random& random) {
  const Id w = g.constant(uniform_numbers(random, g.shape(y).size(), -1, 1), g.shape(y));
  return mean(g, mul(g, w, y), std::nullopt, false);
}

TEST(Program, GradientsOfRandomGraphsAgreeWithTheScalarTape) {
  Random random(15);
  for (int trial = 0; trial < 200 && !HasFatalFailure(); ++trial) {
    RandomGraph r = random_graph(random, 10);
    const Linearized l = with_directions(r, 1, random);
    const Id f = scalar_of(r.graph, r.nodes.back(), random);
    const Ids slopes = gradient(r.graph, f, l.points);
    const auto actual = run(r.graph, r.given, slopes, 1);
    Oracle oracle(r.graph);
    for (const auto& [id, values] : r.given) oracle.give(id, values);
    const auto expected = oracle.gradient(f, l.points);
    for (std::size_t k = 0; k < slopes.size(); ++k)
      expect_close(actual[k], expected[k], tolerance, described(r.graph, {f}));
  }
}

TEST(Program, HessianProductsOfRandomGraphsAgreeWithTheScalarTape) {
  Random random(16);
  for (int trial = 0; trial < 160 && !HasFatalFailure(); ++trial) {
    RandomGraph r = random_graph(random, 7);
    const int lanes = trial % 2 ? 8 : 1;
    const Linearized l = with_directions(r, lanes, random);
    const Id f = scalar_of(r.graph, unary(r.graph, Op::Sin, r.nodes.back()), random);
    const Ids slopes = gradient(r.graph, f, l.points);
    const Ids products = jvp(r.graph, slopes, l.points, l.dirs);
    const auto actual = run(r.graph, r.given, products, lanes);
    // ∂(Σ slopes · d)/∂x by the tape, for the last lane
    Oracle oracle(r.graph);
    Graph& g = r.graph;
    Id along = scalar(g, 0);
    for (std::size_t k = 0; k < slopes.size(); ++k) {
      Numbers d;
      for (std::size_t e = static_cast<std::size_t>(lanes) - 1; e < r.given[l.dirs[k]].size();
           e += static_cast<std::size_t>(lanes))
        d.push_back(r.given[l.dirs[k]][e]);
      along = add(g, along, sum(g, mul(g, g.constant(d, g.shape(slopes[k])), slopes[k]), std::nullopt, false));
    }
    for (Id p : l.points) oracle.give(p, r.given[p]);
    for (const auto& [id, values] : r.given)
      if (!g[id].tangent) oracle.give(id, values);
    const auto expected = oracle.gradient(along, l.points);
    for (std::size_t k = 0; k < products.size(); ++k) {
      Numbers last;
      for (std::size_t e = static_cast<std::size_t>(lanes) - 1; e < actual[k].size();
           e += static_cast<std::size_t>(lanes))
        last.push_back(actual[k][e]);
      expect_close(last, expected[k], tolerance, described(g, {f}));
    }
  }
}

TEST(Program, CopiesOutputsThatNeedNoComputation) {
  Graph g;
  const Id x = g.input("x", {2, 3}, false), flat = reshape(g, x, {6});
  const Id c = g.constant(Numbers{1, 2, 3}, {3}), two = g.constant(2, {2}), y = unary(g, Op::Neg, flat),
           z = reshape(g, y, {3, 2});
  const Given given{{x, {1, 2, 3, 4, 5, 6}}};
  const Ids outputs{x, flat, c, two, y, z, y};
  const auto results = run(g, given, outputs, 1);
  EXPECT_EQ(results[0], Numbers({1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(results[1], results[0]);
  EXPECT_EQ(results[2], Numbers({1, 2, 3}));
  EXPECT_EQ(results[3], Numbers({2, 2}));
  EXPECT_EQ(results[4], Numbers({-1, -2, -3, -4, -5, -6}));
  EXPECT_EQ(results[5], results[4]);
  EXPECT_EQ(results[6], results[4]);
}

TEST(Program, GivesConstantsAsManyLanesAsTangents) {
  Graph g;
  const Id d = g.input("d", {2}, true), c = g.constant(Numbers{1, 2}, {2}), zero = g.constant(0, {2});
  const auto results = run(g, {{d, {1, 2, 3, 4, 5, 6}}}, {mul(g, d, c), c, zero, d}, 3);
  EXPECT_EQ(results[0], Numbers({1, 2, 3, 8, 10, 12}));
  EXPECT_EQ(results[1], Numbers({1, 1, 1, 2, 2, 2}));
  EXPECT_EQ(results[2], Numbers(6, 0.0));
  EXPECT_EQ(results[3], Numbers({1, 2, 3, 4, 5, 6}));
}

TEST(Program, RepeatsAReshapedPointForEveryLane) {
  Graph g;
  const Id p = g.input("p", {6}, false), d = g.input("d", {2, 3}, true);
  const Id y = mul(g, d, reshape(g, p, {2, 3}));
  const auto result = run(g, {{p, {1, 2, 3, 4, 5, 6}}, {d, Numbers(12, 1.0)}}, {sum(g, y, 1, false)}, 2);
  EXPECT_EQ(result[0], Numbers({6, 6, 15, 15}));
}

TEST(Program, NamesAnInputThatItWasNotGiven) {
  Graph g;
  const Id x = g.input("stiffness", {}, false);
  try {
    Program(g, {}, {unary(g, Op::Sin, x)}, 1);
    FAIL() << "compiled without its input";
  } catch (const ShapeError& e) {
    EXPECT_NE(std::string(e.what()).find("stiffness"), std::string::npos) << e.what();
  }
  EXPECT_THROW(evaluate_constant(g, x), ShapeError);
}

TEST(Program, ComputesConstantsOnce) {
  Graph g;
  const Id c = g.constant(Numbers{1, 2, 3}, {3}), x = g.input("x", {3}, false);
  const Program program(g, {x}, {add(g, x, unary(g, Op::Exp, matmul(g, eye(g, 3), c)))}, 1);
  EXPECT_EQ(program.steps(), 1u);
}

TEST(Program, RunsALongChainAsOneLoop) {
  Graph g;
  const Id x = g.input("x", {100, 2}, false), i = g.input("i", {300}, false), j = g.input("j", {300}, false);
  const Id d = sub(g, gather(g, x, i), gather(g, x, j)), r = norm(g, d, 1);
  const Id f = sum(g, mul(g, r, r), std::nullopt, false);
  EXPECT_EQ(Program(g, {x, i, j}, {f}, 1).steps(), 1u);
  EXPECT_EQ(Program(g, {x, i, j}, gradient(g, f, Ids{d}), 1).steps(), 1u);
}

TEST(Program, GivesEveryThreadTheSameBits) {
  Random random(17);
  for (int trial = 0; trial < 10; ++trial) {
    RandomGraph r = random_graph(random, 14);
    const Linearized l = with_directions(r, 8, random);
    const Ids outputs = jvp(r.graph, Ids{r.nodes.back(), random_node(r, random)}, l.points, l.dirs);
    Ids inputs;
    for (const auto& [id, values] : r.given) inputs.push_back(id);
    const Program program(r.graph, inputs, outputs, 8);
    std::array<std::vector<Numbers>, 4> results;
    {
      std::vector<std::jthread> threads;
      for (auto& mine : results)
        threads.emplace_back([&] {
          for (int repeat = 0; repeat < 20; ++repeat) mine = run(program, r.graph, r.given, outputs);
        });
    }
    for (std::size_t k = 1; k < results.size(); ++k) EXPECT_EQ(results[k], results[0]) << described(r.graph, outputs);
  }
}

}  // namespace
}  // namespace argscope::expr
