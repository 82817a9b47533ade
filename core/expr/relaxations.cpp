#include "core/expr/relaxations.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "core/expr/routine.h"

namespace argscope::expr {

namespace {

Id total(Graph& g, Id a) { return sum(g, a, std::nullopt, false); }
Id exponential(Graph& g, Id a) { return unary(g, Op::Exp, a); }

Id logaddexp(Graph& g, Id x, Id y) { return add(g, y, unary(g, Op::Softplus, sub(g, x, y))); }

/// For i = 0 … n: log of the sum over subsets of the first i, of j = 0 … min(i, k) elements each.
Ids partial_sums(Graph& g, const Ids& u, Index k) {
  Ids sums{g.constant(0, {1})};
  for (std::size_t i = 0; i < u.size(); ++i) {
    const Id without = sums.back(), with = add(g, without, u[i]);
    const Index count = g.shape(without)[0];
    Ids pieces{slice_along(g, without, 0, {0, 1, 1})};
    if (count > 1)
      pieces.push_back(
          logaddexp(g, slice_along(g, without, 0, {1, 1, count - 1}), slice_along(g, with, 0, {0, 1, count - 1})));
    if (count <= k) pieces.push_back(slice_along(g, with, 0, {count - 1, 1, 1}));
    sums.push_back(concatenate(g, pieces, 0));
  }
  return sums;
}

}  // namespace

Id subset_marginals(Graph& g, Id u, Index k) {
  const Index n = g.shape(u)[0];
  Ids each, reversed;
  for (Index i = 0; i < n; ++i) each.push_back(reshape(g, slice_along(g, u, 0, {i, 1, 1}), {}));
  reversed.assign(each.rbegin(), each.rend());
  const Ids before = partial_sums(g, each, k), after = partial_sums(g, reversed, k);
  const Id all = reshape(g, slice_along(g, before.back(), 0, {k, 1, 1}), {});
  Ids marginals;
  for (Index i = 0; i < n; ++i) {  // j of the k come before i, k − 1 − j after it
    const Index behind = n - 1 - i, first = std::max<Index>(0, k - 1 - behind), last = std::min(i, k - 1);
    const Index count = last - first + 1;
    const Id left = slice_along(g, before[static_cast<std::size_t>(i)], 0, {first, 1, count});
    const Id right = slice_along(g, after[static_cast<std::size_t>(behind)], 0, {k - 1 - first, -1, count});
    const Id others = logsumexp(g, add(g, left, right), std::nullopt, false);
    marginals.push_back(exponential(g, sub(g, add(g, others, each[static_cast<std::size_t>(i)]), all)));
  }
  return stack(g, marginals, 0);
}

namespace {

/// The c at which a falling function of c passes 0, to the last bit.
template <class Falling>
double falling_root(double low, double high, const Falling& f) {
  for (int i = 0; i < 2000; ++i) {
    const double middle = 0.5 * (low + high);
    if (middle <= low || middle >= high) break;
    (f(middle) > 0 ? low : high) = middle;
  }
  return high;
}

struct Spread {
  double low, high;
  bool finite;
};
Spread spread(const ArrayView& u) {
  const auto n = static_cast<std::size_t>(u.shape.size());
  const std::span<const double> v(u.values, n);
  const bool finite = std::all_of(v.begin(), v.end(), [](double x) { return std::isfinite(x); });
  const auto [low, high] = std::minmax_element(v.begin(), v.end());
  return {*low, *high, finite};
}

void run_binary(std::span<const ArrayView> in, std::span<const Index> k, std::span<double> result) {
  const Spread s = spread(in[0]);
  const Index n = in[0].shape[0];
  const double beyond = std::log(static_cast<double>(n)) + 1;
  const auto excess = [&](double c) {
    double sum = -static_cast<double>(k[0]);
    for (Index i = 0; i < n; ++i) sum += 1 / (1 + std::exp(c - in[0].values[i]));
    return sum;
  };
  result[0] =
      s.finite ? falling_root(s.low - beyond, s.high + beyond, excess) : std::numeric_limits<double>::quiet_NaN();
}
constexpr Routine binary_routine{"k_subset_binary_entropy", run_binary};

void run_distance(std::span<const ArrayView> in, std::span<const Index> k, std::span<double> result) {
  const Spread s = spread(in[0]);
  const std::span<const double> u(in[0].values, static_cast<std::size_t>(in[0].shape[0]));
  const auto excess = [&](double c) {
    double sum = -static_cast<double>(k[0]);
    for (double v : u) sum += std::clamp(v - c, 0.0, 1.0);
    return sum;
  };
  const double c = s.finite ? falling_root(s.low - 1, s.high, excess) : std::numeric_limits<double>::quiet_NaN();
  double inside = 0, sum = -static_cast<double>(k[0]);  // of those between, from which c follows without search
  for (double v : u) {
    const bool between = 0 < v - c && v - c < 1;
    inside += between;
    sum += between ? v : v - c >= 1;
  }
  result[0] = inside > 0 ? sum / inside : c;
}
constexpr Routine distance_routine{"k_subset_euclidean", run_distance};

}  // namespace

Id subset_by_binary_entropy(Graph& g, Id u, Index k) {
  const Id operands[] = {stop(g, u)};
  Id c = call(g, binary_routine, operands, {}, {k});
  // Newton from the root: the value stays, and each step doubles the order to which derivatives are exact
  for (int step = 0; step < 2; ++step) {
    const Id x = unary(g, Op::Sigmoid, sub(g, u, c)), slope = total(g, mul(g, x, sub(g, scalar(g, 1), x)));
    const Id least = scalar(g, std::numeric_limits<double>::min());
    c = add(g, c, div(g, moving(g, total(g, x)), binary(g, Op::Maximum, slope, least)));
  }
  return unary(g, Op::Sigmoid, sub(g, u, c));
}

Id subset_by_distance(Graph& g, Id u, Index k) {
  const Id still = stop(g, u), operands[] = {still};
  const Id over = sub(g, still, call(g, distance_routine, operands, {}, {k}));
  const Id zero = scalar(g, 0), one = scalar(g, 1);
  const Id x = binary(g, Op::Minimum, binary(g, Op::Maximum, over, zero), one);
  const Id between = mul(g, binary(g, Op::Less, zero, over), binary(g, Op::Less, over, one));
  const Id du = mul(g, between, moving(g, u)), count = binary(g, Op::Maximum, total(g, between), scalar(g, 0.5));
  return add(g, x, sub(g, du, mul(g, between, div(g, total(g, du), count))));
}

namespace {

/// An array of numbers that only its indices determine.
template <class Number>
Id filled(Graph& g, Index rows, Index columns, const Number& number) {
  std::vector<double> values;
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < columns; ++j) values.push_back(number(i, j) ? 1 : 0);
  return g.constant(std::move(values), {rows, columns});
}
Id one_hot(Graph& g, Index at, Index n) {
  return reshape(g, filled(g, 1, n, [&](Index, Index j) { return j == at; }), {n});
}

/// What is left of a directed graph W when vertex v is taken out: its ways in and out, and their sum S.
struct Elimination {
  Id kept;  ///< mask of what is left: not v, no edge from a vertex to itself
  Id vertex, in, out, S;
};

/// ∂log Z/∂W, where Z sums the products of weights over all trees directed away from the root. Vertices are taken out
/// one by one, a → v → b becoming a → b of weight in·out/S and Z a factor S: sums and products of positive numbers, so
/// that no small weight is lost beside a large one (Grassmann, Taksar & Heyman 1985); then back again.
Id tree_slopes(Graph& g, Id W, Index root) {
  const Index n = g.shape(W)[0];
  std::vector<Elimination> steps;
  for (Index v = 0; v < n; ++v) {
    if (v == root) continue;
    Elimination e;
    e.vertex = one_hot(g, v, n);
    const auto left = [&](Index i) { return i > v || i == root; };
    e.kept = filled(g, n, n, [&](Index i, Index j) { return i != j && left(i) && left(j); });
    e.in = matmul(g, W, e.vertex);
    e.out = matmul(g, e.vertex, W);
    e.S = total(g, e.in);
    W = mul(g, e.kept, add(g, W, div(g, outer(g, e.in, e.out), e.S)));
    steps.push_back(e);
  }
  Id G = g.constant(0, {n, n});
  for (auto e = steps.rbegin(); e != steps.rend(); ++e) {
    G = mul(g, e->kept, G);
    const Id out = div(g, matmul(g, e->in, G), e->S), through = div(g, matmul(g, G, e->out), e->S);
    const Id used = div(g, sub(g, scalar(g, 1), matmul(g, e->in, through)), e->S);
    G = add(g, G, add(g, outer(g, add(g, through, used), e->vertex), outer(g, e->vertex, out)));
  }
  return G;
}

/// Each column's greatest entry where the mask holds, constant: a factor a column changes no marginal.
Id column_tops(Graph& g, Id mask, Id U) {
  return stop(g, maximum_of(g, where(g, mask, U, scalar(g, -std::numeric_limits<double>::max())), 0, true));
}

}  // namespace

Id tree_marginals(Graph& g, Id u, const std::vector<Index>& i, const std::vector<Index>& j, Index vertices) {
  const auto edges = static_cast<Index>(i.size());
  const auto ends = [&](const std::vector<Index>& at) {
    return filled(g, edges, vertices, [&](Index e, Index v) { return at[static_cast<std::size_t>(e)] == v; });
  };
  // a tree is one directed away from vertex 0: each edge leads one way or the other
  const Id from = ends(i), to = ends(j), column = reshape(g, u, {edges, 1});
  const Id tops = reshape(g, column_tops(g, add(g, from, to), column), {vertices});
  const auto weights = [&](Id into) { return exponential(g, sub(g, u, matmul(g, into, tops))); };
  const Id there = weights(to), back = weights(from);
  const auto along = [&](Id w, Id a, Id b) { return matmul(g, mul(g, transpose_axes(g, a), w), b); };
  const Id G = tree_slopes(g, add(g, along(there, from, to), along(back, to, from)), 0);
  const auto at = [&](Id a, Id b) { return sum(g, mul(g, matmul(g, a, G), b), 1, false); };
  return add(g, mul(g, there, at(from, to)), mul(g, back, at(to, from)));
}

Id arborescence_marginals(Graph& g, Id U, Index root) {
  const Index n = g.shape(U)[0];
  const Id edges = filled(g, n, n, [&](Index i, Index j) { return i != j && j != root; });
  const Id w = mul(g, edges, exponential(g, where(g, edges, sub(g, U, column_tops(g, edges, U)), scalar(g, 0))));
  return mul(g, w, tree_slopes(g, w, root));
}

namespace {

/// f and g, alternately, until every row sums to 1.
void run_sinkhorn(std::span<const ArrayView> in, std::span<const Index>, std::span<double> result) {
  const Index n = in[0].shape[0];
  const double* U = in[0].values;
  double *f = result.data(), *g = f + n;
  std::fill(result.begin(), result.end(), 0.0);
  const auto level = [&](Index i, Index along, Index across, const double* other) {  // −log Σ exp(U + other)
    double top = -std::numeric_limits<double>::infinity(), sum = 0;
    for (Index j = 0; j < n; ++j) top = std::max(top, U[i * along + j * across] + other[j]);
    for (Index j = 0; j < n; ++j) sum += std::exp(U[i * along + j * across] + other[j] - top);
    return -top - std::log(sum);
  };
  for (int scaling = 0; scaling < 100000; ++scaling) {
    double change = 0;
    for (Index i = 0; i < n; ++i) {
      const double before = std::exchange(f[i], level(i, n, 1, g));
      change = std::max(change, std::abs(f[i] - before));
    }
    for (Index j = 0; j < n; ++j) g[j] = level(j, 1, n, f);
    if (change <= 1e-14 * static_cast<double>(n)) return;
  }
  std::fill(result.begin(), result.end(), std::numeric_limits<double>::quiet_NaN());
}
constexpr Routine sinkhorn_routine{"sinkhorn", run_sinkhorn};

}  // namespace

Id doubly_stochastic(Graph& g, Id U) {
  const Index n = g.shape(U)[0];
  const Id operands[] = {stop(g, U)};
  Id potentials = call(g, sinkhorn_routine, operands, {2 * n}, {});
  const auto plan = [&] {
    const Id f = reshape(g, slice_along(g, potentials, 0, {0, 1, n}), {n, 1}),
             h = slice_along(g, potentials, 0, {n, 1, n});
    return exponential(g, add(g, add(g, U, f), h));
  };
  for (int step = 0; step < 2; ++step) {  // as above; g[n − 1] is held, for only f + g is determined
    const Id P = plan(), Pt = transpose_axes(g, P), rows = sum(g, P, 1, false), columns = sum(g, P, 0, false);
    const Id upper[] = {diag(g, rows), P}, lower[] = {Pt, diag(g, columns)}, sums[] = {rows, columns};
    const Id halves[] = {concatenate(g, upper, 1), concatenate(g, lower, 1)};
    const Range inner[] = {{0, 1, 2 * n - 1}, {0, 1, 2 * n - 1}};
    const Id K = slice(g, concatenate(g, halves, 0), inner);
    const Id shift = solve(g, K, slice_along(g, moving(g, concatenate(g, sums, 0)), 0, {0, 1, 2 * n - 1}));
    const Range to{0, 1, 2 * n - 1};
    potentials = sub(g, potentials, pad(g, shift, {&to, 1}, {2 * n}));
  }
  return plan();
}

}  // namespace argscope::expr
