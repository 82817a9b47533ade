// Every row of the table of primitives, at shapes where evaluators stumble: values and derivatives against the oracle,
// central differences, and the adjoint identity.
#include "core/expr/primitives.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/expr/build.h"
#include "core/expr/derivatives.h"
#include "tests/core/expr/primitive_cases.h"

namespace argscope::expr {
namespace {

using namespace check;

/// Calls body(op, shape, case) for all.
template <class Body>
void for_every_case(const std::vector<Shape>& shapes, const Body& body) {
  Random random(20240229);
  for (int k = 0; k < static_cast<int>(Op::Count_); ++k)
    for (const Shape& shape : shapes)
      for (Case& c : cases_of(static_cast<Op>(k), shape, random)) {
        body(static_cast<Op>(k), shape, c);
        if (::testing::Test::HasFatalFailure()) FAIL() << named(c, static_cast<Op>(k), shape);
      }
}

Given all_given(const Case& c) {
  Given all = c.given;
  all.insert(c.fixed.begin(), c.fixed.end());
  return all;
}

Ids points_of(const Case& c) {
  Ids ids;
  for (const auto& [id, values] : c.given) ids.push_back(id);
  return ids;
}

/// One tangent input for each of `like`, with `lanes` random numbers an element.
Ids random_directions(Graph& g, const Ids& like, int lanes, Random& random, Given& given) {
  Ids dirs;
  for (Id w : like) {
    dirs.push_back(g.input("direction", g.shape(w), true));
    given[dirs.back()] = uniform_numbers(random, g.shape(w).size() * lanes, -1, 1);
  }
  return dirs;
}

Given shifted(const Given& points, const Given& dirs_of_points, double h) {
  Given moved = points;
  for (auto& [id, values] : moved)
    for (std::size_t k = 0; k < values.size(); ++k) values[k] += h * dirs_of_points.at(id)[k];
  return moved;
}

/// Central difference of fourth order of what `value` returns, along directions of the points.
template <class Value>
Numbers difference(const Given& points, const Given& along, const Value& value) {
  constexpr double h = 1e-4;
  const Numbers near = value(shifted(points, along, h)), near_back = value(shifted(points, along, -h));
  const Numbers far = value(shifted(points, along, 2 * h)), far_back = value(shifted(points, along, -2 * h));
  Numbers slope(near.size());
  for (std::size_t k = 0; k < slope.size(); ++k)
    slope[k] = (8 * (near[k] - near_back[k]) - (far[k] - far_back[k])) / (12 * h);
  return slope;
}

/// Lane `lane` of every number.
Numbers lane_of(const Numbers& v, int lane, int lanes) {
  Numbers own;
  for (std::size_t k = static_cast<std::size_t>(lane); k < v.size(); k += static_cast<std::size_t>(lanes))
    own.push_back(v[k]);
  return own;
}

Given along_lane(const Ids& points, const Ids& dirs, const Given& given, int lane, int lanes) {
  Given along;
  for (std::size_t k = 0; k < points.size(); ++k) along[points[k]] = lane_of(given.at(dirs[k]), lane, lanes);
  return along;
}

bool uses(const Graph& g, Id y, Op op) {
  const Id outs[] = {y};
  for (Id k : reachable(g, outs, {}))
    if (g[k].op == op) return true;
  return false;
}

TEST(Primitives, EachHasACaseThatUsesIt) {
  Random random(1);
  for (int k = 0; k < static_cast<int>(Op::Count_); ++k) {
    const Op op = static_cast<Op>(k);
    bool used = false;
    for (const Shape& shape : small_shapes())
      for (const Case& c : cases_of(op, shape, random)) used = used || uses(c.graph, c.y, op);
    EXPECT_TRUE(used) << "no case tests '" << primitive(op).name << "': add one to primitive_cases.cpp";
  }
}

TEST(Primitives, EachHasANameAndItsDerivatives) {
  for (int k = 0; k < static_cast<int>(Op::Count_); ++k) {
    const Primitive& p = primitive(static_cast<Op>(k));
    EXPECT_FALSE(p.name.empty()) << k;
    EXPECT_EQ(p.jvp == nullptr, p.kernel == Kernel::Source) << p.name;
    for (int other = 0; other < k; ++other) EXPECT_NE(p.name, primitive(static_cast<Op>(other)).name);
  }
}

TEST(Primitives, ValuesAgreeWithTheOracle) {
  for_every_case(awkward_shapes(), [](Op op, const Shape& shape, Case& c) {
    const Given given = all_given(c);
    const auto actual = run(c.graph, given, {c.y}, 1), expected = run_oracle(c.graph, given, {c.y}, 1);
    // sums of a thousand numbers of size 2 in another order, and a vector library good to 4 units in the last place
    expect_close(actual[0], expected[0], 1e-12, named(c, op, shape));
  });
}

TEST(Primitives, TangentsOfManyLanesAgreeWithTheOracle) {
  Random random(2);
  for (const int lanes : {1, 3, 8, 16})
    for_every_case(awkward_shapes(), [&](Op op, const Shape& shape, Case& c) {
      if (shape.size() * lanes > (lanes == 8 ? 9000 : 2000)) return;  // the oracle is slow
      Given given = all_given(c);
      const Id outs[] = {c.y};
      const Ids points = points_of(c), dirs = random_directions(c.graph, points, lanes, random, given);
      const Id tangent = jvp(c.graph, outs, points, dirs)[0];
      const auto actual = run(c.graph, given, {tangent}, lanes),
                 expected = run_oracle(c.graph, given, {tangent}, lanes);
      expect_close(actual[0], expected[0], 1e-12, named(c, op, shape));
    });
}

TEST(Primitives, TangentsAgreeWithCentralDifferences) {
  Random random(3);
  for_every_case(small_shapes(), [&](Op op, const Shape& shape, Case& c) {
    constexpr int lanes = 3;
    Given given = all_given(c);
    const Id outs[] = {c.y};
    const Ids points = points_of(c), dirs = random_directions(c.graph, points, lanes, random, given);
    const Numbers tangent = run(c.graph, given, jvp(c.graph, outs, points, dirs), lanes)[0];
    for (int lane = 0; lane < lanes; ++lane) {
      const Numbers expected = difference(c.given, along_lane(points, dirs, given, lane, lanes), [&](Given at) {
        at.insert(c.fixed.begin(), c.fixed.end());
        return run_oracle(c.graph, at, {c.y}, 1)[0];
      });
      if (op == Op::Stop) continue;  // differences see through it, derivatives must not
      // rounding gives 1e-16 |y|/h, with |y| up to 1e3; the truncation h⁴ y⁗′/30 is smaller
      expect_close(lane_of(tangent, lane, lanes), expected, 1e-8, named(c, op, shape));
    }
  });
}

TEST(Primitives, TransposesAreAdjointToTangents) {
  Random random(4);
  for (const int lanes : {1, 3, 8, 16})
    for_every_case(awkward_shapes(), [&](Op op, const Shape& shape, Case& c) {
      Given given = all_given(c);
      const Id outs[] = {c.y};
      const Ids points = points_of(c), dirs = random_directions(c.graph, points, lanes, random, given);
      const Ids tangents = jvp(c.graph, outs, points, dirs);
      const Ids seeds = random_directions(c.graph, {c.y}, lanes, random, given);
      Ids results = transpose(c.graph, tangents, seeds, dirs);
      results.push_back(tangents[0]);
      const auto computed = run(c.graph, given, results, lanes);
      for (int lane = 0; lane < lanes; ++lane) {
        double forward = 0, backward = 0, size = 1;
        const auto dot = [&](const Numbers& a, const Numbers& b, double& s) {
          for (std::size_t k = static_cast<std::size_t>(lane); k < a.size(); k += static_cast<std::size_t>(lanes))
            s += a[k] * b[k], size += std::fabs(a[k] * b[k]);
        };
        dot(computed.back(), given[seeds[0]], forward);
        for (std::size_t k = 0; k < dirs.size(); ++k) dot(computed[k], given[dirs[k]], backward);
        ASSERT_NEAR(forward, backward, 1e-12 * size)
            << named(c, op, shape);  // the same products, added in another order
      }
    });
}

/// Σ wᵢ yᵢ with random weights: a scalar whose gradient uses every element of y.
Id weighted(Graph& g, Id y, Random& random) {
  const Id w = g.constant(uniform_numbers(random, g.shape(y).size(), 0.5, 1.5), g.shape(y));
  return sum(g, mul(g, w, y), std::nullopt, false);
}

TEST(Primitives, GradientsAgreeWithTheScalarTape) {
  Random random(5);
  for_every_case(awkward_shapes(), [&](Op op, const Shape& shape, Case& c) {
    if (shape.size() > 600) return;
    const Given given = all_given(c);
    const Id f = weighted(c.graph, c.y, random);
    const Ids points = points_of(c), slopes = gradient(c.graph, f, points);
    const auto actual = run(c.graph, given, slopes, 1);
    Oracle oracle(c.graph);
    for (const auto& [id, values] : given) oracle.give(id, values);
    const auto expected = oracle.gradient(f, points);
    for (std::size_t k = 0; k < points.size(); ++k) expect_close(actual[k], expected[k], 1e-11, named(c, op, shape));
  });
}

TEST(Primitives, SecondDerivativesAgreeWithTheTapeAndWithDifferences) {
  Random random(6);
  for_every_case(small_shapes(), [&](Op op, const Shape& shape, Case& c) {
    const Id f = weighted(c.graph, unary(c.graph, Op::Sin, c.y), random);
    const Ids points = points_of(c), slopes = gradient(c.graph, f, points);
    Given along;
    Id moved = scalar(c.graph, 0);  // the gradient's component along a fixed direction
    for (std::size_t k = 0; k < points.size(); ++k) {
      along[points[k]] = uniform_numbers(random, c.graph.shape(points[k]).size(), -1, 1);
      const Id d = c.graph.constant(along[points[k]], c.graph.shape(points[k]));
      moved = add(c.graph, moved, sum(c.graph, mul(c.graph, slopes[k], d), std::nullopt, false));
    }
    const Given given = all_given(c);
    const auto product = run(c.graph, given, gradient(c.graph, moved, points), 1);
    Oracle oracle(c.graph);
    for (const auto& [id, values] : given) oracle.give(id, values);
    const auto expected = oracle.gradient(moved, points);
    for (std::size_t k = 0; k < points.size(); ++k) {
      expect_close(product[k], expected[k], 1e-11, named(c, op, shape));
      if (op == Op::Stop) continue;
      const Numbers differences = difference(c.given, along, [&](Given at) {
        at.insert(c.fixed.begin(), c.fixed.end());
        Oracle here(c.graph);
        for (const auto& [id, values] : at) here.give(id, values);
        return here.gradient(f, points)[k];
      });
      // as for first derivatives, with gradients of up to 1e4 and sixth derivatives of up to 1e10
      expect_close(product[k], differences, 1e-7, named(c, op, shape));
    }
  });
}

TEST(Primitives, EqualArgumentsGiveTheFirstBranchsDerivative) {
  Graph g;
  const Id a = g.input("a", {2}, false), b = g.input("b", {2}, false);
  for (const Op op : {Op::Maximum, Op::Minimum}) {
    const Ids slopes = gradient(g, sum(g, binary(g, op, a, b), std::nullopt, false), Ids{a, b});
    const Given given{{a, {1, 2}}, {b, {1, 2}}};
    const auto numbers = run(g, given, slopes, 1);
    EXPECT_EQ(numbers[0], Numbers({1, 1}));
    EXPECT_EQ(numbers[1], Numbers({0, 0}));
  }
}

}  // namespace
}  // namespace argscope::expr
