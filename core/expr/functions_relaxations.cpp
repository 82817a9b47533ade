// Relaxations of a choice: of one thing, of k things, of a tree, of a matching. Each gives the point x of a polytope
// for which u·x − t f(x) is greatest, f strongly convex; as t falls to 0 it becomes the best vertex (Paulus, Choi,
// Tarlow, Krause & Maddison, Gradient estimation with stochastic softmax tricks, 2020).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/expr/functions.h"
#include "core/expr/relaxations.h"

namespace argscope::expr {

namespace {

/// u/t; t is a positive number, 1 when left out.
Id tempered(Graph& g, const Arguments& a, std::size_t u, std::size_t t) {
  const Id values = a.array(u);
  if (!a.given(t)) return values;
  const Id temperature = a.array(t);
  if (g.shape(temperature).rank() != 0)
    a.fail(t, "a temperature is one number, not an array of shape " + g.shape(temperature).str());
  return div(g, values, temperature);
}

Id gumbel_softmax(Graph& g, const Arguments& a) {
  const Id u = tempered(g, a, 0, 1);
  return softmax(g, u, -1);
}

/// u/t and k of a function (u, k, t=1): a vector, and a whole number that it has room for.
struct Subset {
  Id u;
  Index k;
};
Subset subset(Graph& g, const Arguments& a) {
  const Id u = tempered(g, a, 0, 2);
  const Shape s = g.shape(u);
  if (s.rank() != 1 || s[0] < 2) a.fail(0, "a vector of two numbers or more is expected, not shape " + s.str());
  const Index k = a.whole(1, 1);
  if (k < 1 || k >= s[0]) a.fail(1, fmt::format("k of {} are chosen: k is 1 to {}", s[0], s[0] - 1));
  return {u, k};
}

Id k_subset(Graph& g, const Arguments& a) {
  const Subset s = subset(g, a);
  return subset_marginals(g, s.u, s.k);
}

Id k_subset_binary_entropy(Graph& g, const Arguments& a) {
  const Subset s = subset(g, a);
  return subset_by_binary_entropy(g, s.u, s.k);
}

Id k_subset_euclidean(Graph& g, const Arguments& a) {
  const Subset s = subset(g, a);
  return subset_by_distance(g, s.u, s.k);
}

/// The ends of edges, argument k: whole numbers, one an edge.
std::vector<Index> ends(const Arguments& a, std::size_t k, Index edges) {
  const Array v = a.constant(k);
  if (v.shape != Shape{edges}) a.fail(k, fmt::format("one vertex for each of the {} edges is expected", edges));
  std::vector<Index> at;
  for (double x : v.values) {
    if (!(x >= 0 && x < 1e6 && x == std::floor(x))) a.fail(k, "vertices are whole numbers from 0");
    at.push_back(static_cast<Index>(x));
  }
  return at;
}

/// Whether edges join all vertices: each vertex points towards the least one that it is joined with.
bool connected(const std::vector<Index>& i, const std::vector<Index>& j, Index vertices) {
  std::vector<Index> least(static_cast<std::size_t>(vertices));
  std::iota(least.begin(), least.end(), Index{0});
  const auto root = [&](Index v) {
    while (least[static_cast<std::size_t>(v)] != v) v = least[static_cast<std::size_t>(v)];
    return v;
  };
  for (std::size_t e = 0; e < i.size(); ++e) {
    const Index a = root(i[e]), b = root(j[e]);
    least[static_cast<std::size_t>(std::max(a, b))] = std::min(a, b);
  }
  for (Index v = 0; v < vertices; ++v)
    if (root(v) != 0) return false;
  return true;
}

Id spanning_tree_marginals(Graph& g, const Arguments& a) {
  const Id u = tempered(g, a, 0, 3);
  const Shape s = g.shape(u);
  if (s.rank() != 1 || s[0] == 0) a.fail(0, "one number an edge is expected, not shape " + s.str());
  const std::vector<Index> i = ends(a, 1, s[0]), j = ends(a, 2, s[0]);
  for (std::size_t e = 0; e < i.size(); ++e)
    if (i[e] == j[e]) a.fail(2, fmt::format("edge {} joins vertex {} with itself", e, i[e]));
  const Index vertices = 1 + std::max(*std::max_element(i.begin(), i.end()), *std::max_element(j.begin(), j.end()));
  if (!connected(i, j, vertices)) a.fail(1, fmt::format("the edges do not join all {} vertices", vertices));
  return tree_marginals(g, u, i, j, vertices);
}

/// U/t, a square matrix of at least two rows.
Id square(Graph& g, const Arguments& a, std::size_t t) {
  const Id U = tempered(g, a, 0, t);
  const Shape s = g.shape(U);
  if (s.rank() != 2 || s[0] != s[1] || s[0] < 2)
    a.fail(0, "a square matrix of two rows or more is expected, not shape " + s.str());
  return U;
}

Id arborescence(Graph& g, const Arguments& a) {
  const Id U = square(g, a, 2);
  const Index root = a.whole(1, 0), n = g.shape(U)[0];
  if (root < 0 || root >= n) a.fail(1, fmt::format("the root is one of the vertices 0 to {}", n - 1));
  return arborescence_marginals(g, U, root);
}

Id sinkhorn(Graph& g, const Arguments& a) { return doubly_stochastic(g, square(g, a, 1)); }

constexpr Function table[] = {
    {"arborescence_marginals(U, root=0, t=1)",
     "how likely each edge i -> j is in a directed tree from the root, drawn with probability ~ exp(sum(U)/t)",
     arborescence},
    {"gumbel_softmax(u, t=1)", "softmax(u/t): the relaxed greatest of u, which holds Gumbel noise", gumbel_softmax},
    {"k_subset(u, k, t=1)", "how likely each is among k, drawn with probability ~ exp(sum of their u/t)", k_subset},
    {"k_subset_binary_entropy(u, k, t=1)", "sigmoid((u - c)/t), with the c for which it sums to k",
     k_subset_binary_entropy},
    {"k_subset_euclidean(u, k, t=1)",
     "clip(u/t - c, 0, 1), with the c for which it sums to k; at a tie the derivative of 0 and 1 is 0",
     k_subset_euclidean},
    {"sinkhorn(U, t=1)", "exp(U/t), rows and columns scaled until each sums to 1", sinkhorn},
    {"spanning_tree_marginals(u, i, j, t=1)",
     "how likely each edge i[e] - j[e] is in a spanning tree, drawn with probability ~ exp(sum of its u/t)",
     spanning_tree_marginals},
};

}  // namespace

std::span<const Function> relaxation_functions() { return table; }

}  // namespace argscope::expr
