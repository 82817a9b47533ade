// Relaxed choices against sums over everything that can be chosen.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <cmath>
#include <numeric>

#include "core/expr/derivatives.h"
#include "tests/core/expr/evaluation.h"
#include "tests/core/expr/trial.h"

namespace argscope::expr {
namespace {

using ::testing::HasSubstr;

/// A function of u, its Jacobian and the change of its Jacobian along u ↦ u + sin(1, 2, …).
struct Relaxed {
  Vec x;
  Mat J, turned;
};

Relaxed relaxed(const std::string& text, const Array& u) {
  const Values values{{"u", u}};
  Graph g;
  GivenNames names(g, values, true);
  const Id x = compile(g, {text, {}}, names);
  const Index n = u.shape.size(), m = g.shape(x).size();
  std::vector<double> along(static_cast<std::size_t>(n));
  for (Index k = 0; k < n; ++k) along[static_cast<std::size_t>(k)] = std::sin(1.0 + static_cast<double>(k));
  const Id turn = g.constant(std::move(along), u.shape);
  Ids outs{x};
  for (Index k = 0; k < n; ++k) {
    std::vector<double> unit(static_cast<std::size_t>(n), 0);
    unit[static_cast<std::size_t>(k)] = 1;
    const Id dir = g.constant(std::move(unit), u.shape);
    outs.push_back(jvp(g, Ids{x}, names.inputs, Ids{dir})[0]);
    outs.push_back(jvp(g, Ids{outs.back()}, names.inputs, Ids{turn})[0]);
  }
  const auto numbers = check::run(g, {{names.inputs[0], u.values}}, outs, 1);
  Relaxed r{Eigen::Map<const Vec>(numbers[0].data(), m), Mat(m, n), Mat(m, n)};
  for (Index k = 0; k < n; ++k) {
    r.J.col(k) = Eigen::Map<const Vec>(numbers[static_cast<std::size_t>(2 * k + 1)].data(), m);
    r.turned.col(k) = Eigen::Map<const Vec>(numbers[static_cast<std::size_t>(2 * k + 2)].data(), m);
  }
  return r;
}

Array moved(Array u, const Vec& by) {
  for (Index k = 0; k < by.size(); ++k) u.values[static_cast<std::size_t>(k)] += by[k];
  return u;
}

/// J and its change against central differences: h² and rounding/h are below 1e-9.
void expect_exact_derivatives(const std::string& text, const Array& u, double tolerance) {
  SCOPED_TRACE(text);
  const Relaxed here = relaxed(text, u);
  const Index n = u.shape.size();
  Vec along(n);
  for (Index k = 0; k < n; ++k) along[k] = std::sin(1.0 + static_cast<double>(k));
  const double h = 1e-5;
  const Relaxed above = relaxed(text, moved(u, h * along)), below = relaxed(text, moved(u, -h * along));
  EXPECT_LT((here.J * along - (above.x - below.x) / (2 * h)).norm(), tolerance);
  EXPECT_LT((here.turned - (above.J - below.J) / (2 * h)).norm(), tolerance);
}

Array drawn(check::Random& random, const Shape& shape) {
  return {shape, check::uniform_numbers(random, shape.size(), -1.5, 1.5)};
}

/// Mean and covariance of the indicator vectors of `choices`, drawn with probability ∝ exp(u · x).
struct Family {
  Vec mean;
  Mat covariance;
};
Family family(const std::vector<Vec>& choices, const Array& u) {
  const Vec score = Eigen::Map<const Vec>(u.values.data(), u.shape.size());
  Family f{Vec::Zero(score.size()), Mat::Zero(score.size(), score.size())};
  double Z = 0;
  for (const Vec& x : choices) {
    const double p = std::exp(score.dot(x));
    Z += p;
    f.mean += p * x;
    f.covariance += p * x * x.transpose();
  }
  f.mean /= Z;
  f.covariance = (f.covariance / Z - f.mean * f.mean.transpose()).eval();
  return f;
}

void expect_family(const std::string& text, const Array& u, const std::vector<Vec>& choices) {
  SCOPED_TRACE(text);
  const Relaxed r = relaxed(text, u);
  const Family f = family(choices, u);
  EXPECT_LT((r.x - f.mean).cwiseAbs().maxCoeff(), 1e-12) << "rounding of a few hundred sums (T18)";
  EXPECT_LT((r.J - f.covariance).cwiseAbs().maxCoeff(), 1e-10) << "T18";
  expect_exact_derivatives(text, u, 1e-8);
}

/// Every 0/1 vector of n entries that `is_choice` accepts.
template <class Accepts>
std::vector<Vec> all_choices(Index n, const Accepts& is_choice) {
  std::vector<Vec> choices;
  for (unsigned bits = 0; bits < 1u << n; ++bits) {
    Vec x(n);
    for (Index k = 0; k < n; ++k) x[k] = (bits >> k) & 1u;
    if (is_choice(x)) choices.push_back(x);
  }
  return choices;
}

TEST(T18, MarginalsOfSubsetsAreThoseOfAllSubsets) {
  check::Random random(1);
  for (Index n = 2; n <= 7; ++n)
    for (Index k = 1; k < n; ++k) {
      const auto choices = all_choices(n, [&](const Vec& x) { return x.sum() == static_cast<double>(k); });
      expect_family("k_subset(u, " + std::to_string(k) + ")", drawn(random, {n}), choices);
    }
}

/// Whether chosen edges join all vertices without a circle.
bool is_tree(const Vec& x, const std::vector<Index>& i, const std::vector<Index>& j, Index vertices) {
  std::vector<Index> group(static_cast<std::size_t>(vertices));
  std::iota(group.begin(), group.end(), Index{0});
  for (std::size_t e = 0; e < i.size(); ++e) {
    if (x[static_cast<Index>(e)] == 0) continue;
    const Index a = group[static_cast<std::size_t>(i[e])], b = group[static_cast<std::size_t>(j[e])];
    if (a == b) return false;
    for (Index& c : group) c = c == a ? b : c;
  }
  return x.sum() == static_cast<double>(vertices - 1);
}

TEST(T18, MarginalsOfSpanningTreesAreThoseOfAllTrees) {
  check::Random random(2);
  const std::vector<Index> i{0, 0, 0, 0, 1, 1, 1, 2, 2, 3}, j{1, 2, 3, 4, 2, 3, 4, 3, 4, 4};
  const auto trees = all_choices(10, [&](const Vec& x) { return is_tree(x, i, j, 5); });
  ASSERT_EQ(trees.size(), 125u) << "Cayley: 5³";
  expect_family("spanning_tree_marginals(u, [0,0,0,0,1,1,1,2,2,3], [1,2,3,4,2,3,4,3,4,4])", drawn(random, {10}), trees);
  const std::vector<Index> from{0, 1, 2, 3, 0, 1}, to{1, 2, 3, 0, 2, 0};  // a square, a diagonal, a doubled side
  const auto few = all_choices(6, [&](const Vec& x) { return is_tree(x, from, to, 4); });
  expect_family("spanning_tree_marginals(u, [0,1,2,3,0,1], [1,2,3,0,2,0])", drawn(random, {6}), few);
}

/// Whether every vertex but the root is reached from it by exactly one chain of edges.
bool is_arborescence(const Vec& x, Index n, Index root) {
  const auto edge = [&](Index i, Index j) { return x[i * n + j] != 0; };
  for (Index v = 0; v < n; ++v) {
    Index in = 0, parent = v;
    for (Index i = 0; i < n; ++i)
      if (edge(i, v)) ++in, parent = i;
    if (in != (v != root) || (v != root && parent == v)) return false;
  }
  for (Index v = 0; v < n; ++v) {
    Index at = v;
    for (Index step = 0; step < n && at != root; ++step)
      for (Index i = 0; i < n; ++i)
        if (edge(i, at)) {
          at = i;
          break;
        }
    if (at != root) return false;
  }
  return true;
}

TEST(T18, MarginalsOfArborescencesAreThoseOfAllOfThem) {
  check::Random random(3);
  for (const Index root : {0, 2}) {
    const auto trees = all_choices(16, [&](const Vec& x) { return is_arborescence(x, 4, root); });
    ASSERT_EQ(trees.size(), 16u) << "Cayley: 4²";
    expect_family("arborescence_marginals(u, " + std::to_string(root) + ")", drawn(random, {4, 4}), trees);
  }
}

const Array five{{5}, {1, 0.3, -0.5, 0.8, 0.1}};

void expect_numbers(const std::string& text, std::initializer_list<double> expected) {
  const Vec x = relaxed(text, five).x;
  const Vec y = Eigen::Map<const Vec>(expected.begin(), static_cast<Index>(expected.size()));
  EXPECT_LT((x - y).cwiseAbs().maxCoeff(), 5.1e-9) << text << ": eight digits in mathematics.md, 6.5";
}

TEST(T18, FindsThePublishedTwoOfFive) {
  expect_numbers("k_subset(u, 2)", {.59470464, .37175758, .18569762, .53228077, .31555939});
  expect_numbers("k_subset_euclidean(u, 2)", {.95, .25, 0, .75, .05});
  expect_numbers("k_subset_binary_entropy(u, 2)", {.55569028, .38312365, .21817886, .50592202, .33708519});
}

TEST(T18b, KnowsTheDerivativesOfSubsetsThatARootDetermines) {
  check::Random random(4);
  for (Index n = 2; n <= 6; ++n)
    for (Index k = 1; k < n; ++k) {
      const Array u = drawn(random, {n});
      const std::string text = "k_subset_binary_entropy(u, " + std::to_string(k) + ")";
      const Relaxed r = relaxed(text, u);
      EXPECT_NEAR(r.x.sum(), static_cast<double>(k), 1e-13);
      const Vec w = r.x.cwiseProduct(Vec::Ones(n) - r.x);
      const Mat J = Mat(w.asDiagonal()) - w * w.transpose() / w.sum();
      EXPECT_LT((r.J - J).cwiseAbs().maxCoeff(), 1e-13) << "rounding";
      expect_exact_derivatives(text, u, 1e-8);
    }
}

TEST(T18b, MovesOnlyWhatIsBetweenInTheNearestPointOfTheHypersimplex) {
  const Relaxed r = relaxed("k_subset_euclidean(u, 2)", five);
  Vec w(5);
  w << 1, 1, 0, 1, 1;
  const Mat J = Mat(w.asDiagonal()) - w * w.transpose() / w.sum();
  EXPECT_LT((r.J - J).cwiseAbs().maxCoeff(), 1e-15);
  const Relaxed vertex = relaxed("k_subset_euclidean(u, 2, 0.1)", five);
  EXPECT_EQ(vertex.J.norm(), 0);
  EXPECT_EQ(vertex.x.sum(), 2);
}

TEST(T18, ScalesAMatrixToADoublyStochasticOne) {
  check::Random random(5);
  for (Index n = 2; n <= 5; ++n) {
    const Array U = drawn(random, {n, n});
    const Relaxed r = relaxed("sinkhorn(u, 0.5)", U);
    const Eigen::Map<const Mat> P(r.x.data(), n, n);
    EXPECT_LT((P.rowwise().sum() - Vec::Ones(n)).norm(), 1e-13);
    EXPECT_LT((P.colwise().sum() - Vec::Ones(n).transpose()).norm(), 1e-13);
    expect_exact_derivatives("sinkhorn(u, 0.5)", U, 1e-7);  // second derivatives of size 1/t² raise h²
    Vec row = Vec::Zero(n * n);
    row.head(n).setOnes();
    EXPECT_LT((r.J * row).norm(), 1e-13) << "a factor a row is scaled away";
  }
}

TEST(Relaxations, BecomeTheBestChoiceInTheCold) {
  const auto rounds_to = [](const std::string& text, const Array& u, std::initializer_list<double> expected) {
    const Vec x = relaxed(text, u).x;
    EXPECT_LT((x - Eigen::Map<const Vec>(expected.begin(), x.size())).norm(), 1e-8) << text;
  };
  rounds_to("gumbel_softmax(u, 1e-2)", five, {1, 0, 0, 0, 0});
  for (const char* one : {"k_subset", "k_subset_binary_entropy", "k_subset_euclidean"})
    rounds_to(one + std::string("(u, 2, 1e-2)"), five, {1, 0, 0, 1, 0});
  rounds_to("spanning_tree_marginals(u, [0,1,2,0,1], [1,2,3,2,3], 1e-2)", five, {1, 0, 0, 1, 1});
  rounds_to("arborescence_marginals(u, 0, 1e-2)", {{3, 3}, {0, 2, 1, 0, 0, 3, 0, 1, 0}}, {0, 1, 0, 0, 0, 1, 0, 0, 0});
  rounds_to("sinkhorn(u, 5e-2)", {{2, 2}, {0, 1, 1, 0}}, {0, 1, 1, 0});
}

TEST(Relaxations, HaveTheirValuesAsDataToo) {
  for (const char* text : {"k_subset(u, 2)", "k_subset_binary_entropy(u, 2)", "k_subset_euclidean(u, 2)",
                           "spanning_tree_marginals(u, [0,1,2,0,1], [1,2,3,2,3])", "gumbel_softmax(u)"}) {
    const Array known = evaluate({text, {}}, {{"u", five}});
    EXPECT_LT((Eigen::Map<const Vec>(known.values.data(), 5) - relaxed(text, five).x).norm(), 1e-15) << text;
  }
}

TEST(Relaxations, GiveNoNumbersForNoNumbers) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const char* text : {"k_subset(u, 1)", "k_subset_binary_entropy(u, 1)", "k_subset_euclidean(u, 1)"})
    EXPECT_TRUE(std::isnan(relaxed(text, {{2}, {nan, 1}}).x.sum())) << text;
  EXPECT_TRUE(std::isnan(relaxed("sinkhorn(u)", {{2, 2}, {nan, 1, 0, 0}}).x.sum()));
  EXPECT_TRUE(std::isnan(relaxed("sinkhorn(u, 1e-2)", {{2, 2}, {1, 0, 2, 0.5}}).x.sum())) << "too cold to converge";
}

std::string mistake(const std::string& text, const Array& u) {
  try {
    relaxed(text, u);
  } catch (const TextError& wrong) {
    return wrong.message();
  }
  return "";
}

TEST(Relaxations, SayWhatTheyCannotTake) {
  EXPECT_THAT(mistake("k_subset(u, 5)", five), HasSubstr("k is 1 to 4"));
  EXPECT_THAT(mistake("k_subset_euclidean(u, 0)", five), HasSubstr("k is 1 to 4"));
  EXPECT_THAT(mistake("k_subset(outer(u, u), 2)", five), HasSubstr("a vector of two numbers or more"));
  EXPECT_THAT(mistake("gumbel_softmax(u, u)", five), HasSubstr("a temperature is one number"));
  EXPECT_THAT(mistake("sinkhorn(u)", five), HasSubstr("a square matrix"));
  EXPECT_THAT(mistake("arborescence_marginals(outer(u, u), 5)", five), HasSubstr("vertices 0 to 4"));
  EXPECT_THAT(mistake("spanning_tree_marginals(u, [0, 1], [1, 2])", five), HasSubstr("each of the 5 edges"));
  EXPECT_THAT(mistake("spanning_tree_marginals(u, [0,1,2,0,1], [1,2,0,0,2])", five), HasSubstr("with itself"));
  EXPECT_THAT(mistake("spanning_tree_marginals(u, [0,1,2,0,3], [1,2,0,2,4])", five), HasSubstr("do not join"));
  EXPECT_THAT(mistake("spanning_tree_marginals(u, [0,1,2,0,0.5], [1,2,0,2,4])", five), HasSubstr("whole numbers"));
}

}  // namespace
}  // namespace argscope::expr
