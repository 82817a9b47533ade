// Moving numbers about: broadcasting, sums, slices, gathers and their transposes, products of matrices.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/expr/build.h"
#include "core/expr/program.h"
#include "core/expr/routine.h"

namespace argscope::expr {

namespace {

Id node(Graph& g, Op op, const Shape& shape, std::initializer_list<Id> in, std::vector<Index> ints) {
  Node n;
  n.op = op;
  n.shape = shape;
  n.arity = static_cast<int>(in.size());
  std::copy(in.begin(), in.end(), n.in.begin());
  n.ints = std::move(ints);
  return g.add(std::move(n));
}

bool is_zero(const Graph& g, Id a) { return g.is_uniform(a, 0); }

std::vector<Index> flat(std::span<const Range> ranges) {
  std::vector<Index> ints;
  for (const Range& r : ranges) ints.insert(ints.end(), {r.start, r.step});
  return ints;
}

bool is_whole(std::span<const Range> ranges, const Shape& shape) {
  for (int a = 0; a < shape.rank(); ++a) {
    const Range& r = ranges[static_cast<std::size_t>(a)];
    if (r.start != 0 || r.count != shape[a] || (r.step != 1 && r.count > 1)) return false;
  }
  return true;
}

void check_ranges(std::span<const Range> ranges, const Shape& shape) {
  if (static_cast<int>(ranges.size()) != shape.rank())
    throw ShapeError(fmt::format("{} index ranges for an array of shape {}", ranges.size(), shape.str()));
  for (int a = 0; a < shape.rank(); ++a) {
    const Range& r = ranges[static_cast<std::size_t>(a)];
    const Index last = r.start + r.step * (r.count - 1);
    if (r.count > 0 && (r.start < 0 || r.start >= shape[a] || last < 0 || last >= shape[a]))
      throw ShapeError(fmt::format("index {} is out of range for axis {} of shape {}", r.start, a, shape.str()));
  }
}

/// Indices that are known now are checked now; those that come from a search or a list are right; others are clipped,
/// so that no number a person types can reach outside an array.
Id within(Graph& g, Id indices, Index length) {
  if (length == 0 && g.shape(indices).size() > 0) throw ShapeError("an index into an axis of length 0");
  Id root = indices;
  while (g[root].op == Op::Reshape || g[root].op == Op::Permute) root = g[root].in[0];
  if (g[root].op == Op::Input || g[root].op == Op::ArgMax || g[root].op == Op::ArgSort) return indices;
  const Id of[] = {indices};
  const Ids needs = reachable(g, of, {});
  if (std::any_of(needs.begin(), needs.end(), [&](Id k) { return g[k].op == Op::Input; })) {
    const Shape& s = g.shape(indices);
    const Id last = g.constant(static_cast<double>(length - 1), s);
    const Id zero = g.constant(0, s), below = binary(g, Op::Minimum, unary(g, Op::Round, indices), last);
    return where(g, binary(g, Op::Less, zero, below), below, zero);  // not-a-number becomes 0 as well
  }
  Array a = g[indices].data ? Array{g.shape(indices), *g[indices].data} : evaluate_constant(g, indices);
  for (double& v : a.values) {
    if (!(v >= -static_cast<double>(length) && v < static_cast<double>(length)) || v != std::floor(v))
      throw ShapeError(fmt::format("index {} is out of range for an axis of length {}", v, length));
    if (v < 0) v += static_cast<double>(length);
  }
  return g.constant(std::move(a.values), a.shape);
}

}  // namespace

Id broadcast_to(Graph& g, Id a, const Shape& shape) {
  const Shape& from = g.shape(a);
  if (from == shape) return a;
  if (broadcast(from, shape) != shape)
    throw ShapeError(fmt::format("shape {} does not broadcast to {}", from.str(), shape.str()));
  const Node& n = g[a];
  if (n.op == Op::Constant && !n.data) return g.constant(n.c, shape);
  if (n.op == Op::Broadcast) return broadcast_to(g, n.in[0], shape);
  return node(g, Op::Broadcast, shape, {a}, {});
}

Id reshape(Graph& g, Id a, const Shape& shape) {
  if (g.shape(a).size() != shape.size())
    throw ShapeError(fmt::format("shape {} cannot be reshaped to {}", g.shape(a).str(), shape.str()));
  if (g.shape(a) == shape) return a;
  const Node& n = g[a];
  if (n.op == Op::Constant && !n.data) return g.constant(n.c, shape);
  if (n.op == Op::Reshape) return reshape(g, n.in[0], shape);
  return node(g, Op::Reshape, shape, {a}, {});
}

Id permute(Graph& g, Id a, std::span<const int> axes) {
  const Shape from = g.shape(a);
  if (static_cast<int>(axes.size()) != from.rank()) throw ShapeError("a permutation must name every axis once");
  std::array<Index, Shape::max_rank> dims{};
  bool identity = true;
  std::array<bool, Shape::max_rank> named{};
  std::vector<Index> ints;
  for (std::size_t k = 0; k < axes.size(); ++k) {
    const int axis = normalized_axis(axes[k], from);
    if (std::exchange(named[static_cast<std::size_t>(axis)], true))
      throw ShapeError("a permutation must name every axis once");
    dims[k] = from[axis];
    identity = identity && axis == static_cast<int>(k);
    ints.push_back(axis);
  }
  if (identity) return a;
  const Shape shape = Shape::of(dims.data(), from.rank());
  std::vector<int> long_axes;
  for (int axis : axes)
    if (from[normalized_axis(axis, from)] != 1) long_axes.push_back(normalized_axis(axis, from));
  if (std::is_sorted(long_axes.begin(), long_axes.end())) return reshape(g, a, shape);
  const Node& n = g[a];
  if (n.op == Op::Constant && !n.data) return g.constant(n.c, shape);
  if (n.op == Op::Permute) {
    std::vector<int> joined;
    for (int k : axes) joined.push_back(static_cast<int>(n.ints[static_cast<std::size_t>(k)]));
    return permute(g, n.in[0], joined);
  }
  return node(g, Op::Permute, shape, {a}, std::move(ints));
}

Id transpose_axes(Graph& g, Id a) {
  std::vector<int> axes;
  for (int k = g.shape(a).rank(); k-- > 0;) axes.push_back(k);
  return permute(g, a, axes);
}

namespace {

Id sum_axes(Graph& g, Id a, const std::vector<Index>& axes) {
  if (axes.empty()) return a;
  Shape shape = g.shape(a);
  double count = 1;
  for (std::size_t k = axes.size(); k-- > 0;) {
    count *= static_cast<double>(shape[static_cast<int>(axes[k])]);
    shape = shape.without_axis(static_cast<int>(axes[k]));
  }
  const Node& n = g[a];
  if (n.op == Op::Constant && !n.data) return g.constant(n.c * count, shape);
  if (const Multiple m = as_multiple(g, a); m.of != a) return mul(g, sum_axes(g, m.of, axes), scalar(g, m.by));
  return node(g, Op::Sum, shape, {a}, axes);
}

/// That range of one axis; the others whole.
std::vector<Range> whole_but(const Shape& shape, int axis, const Range& range) {
  std::vector<Range> ranges(static_cast<std::size_t>(shape.rank()));
  for (int k = 0; k < shape.rank(); ++k) ranges[static_cast<std::size_t>(k)] = {0, 1, shape[k]};
  ranges[static_cast<std::size_t>(axis)] = range;
  return ranges;
}

}  // namespace

Id sum(Graph& g, Id a, std::optional<int> axis, bool keepdims) {
  const Shape from = g.shape(a);
  std::vector<Index> axes;
  Shape kept = from;
  for (int k = 0; k < from.rank(); ++k)
    if (!axis || normalized_axis(*axis, from) == k) axes.push_back(k), kept = kept.with_axis(k, 1);
  if (axis) normalized_axis(*axis, from);
  const Id s = sum_axes(g, a, axes);
  return keepdims ? reshape(g, s, kept) : s;
}

Id sum_to(Graph& g, Id a, const Shape& shape) {
  const Shape from = g.shape(a);
  if (from == shape) return a;
  const int extra = from.rank() - shape.rank();
  std::vector<Index> axes;
  for (int k = 0; k < from.rank(); ++k)
    if (k < extra || (shape[k - extra] == 1 && from[k] != 1)) axes.push_back(k);
  return reshape(g, sum_axes(g, a, axes), shape);
}

Id slice(Graph& g, Id a, std::span<const Range> ranges) {
  const Shape from = g.shape(a);
  check_ranges(ranges, from);
  if (is_whole(ranges, from)) return a;
  Shape shape = from;
  for (int k = 0; k < from.rank(); ++k) shape = shape.with_axis(k, ranges[static_cast<std::size_t>(k)].count);
  const Node& n = g[a];
  if (n.op == Op::Constant && !n.data) return g.constant(n.c, shape);
  return node(g, Op::Slice, shape, {a}, flat(ranges));
}

Id slice_along(Graph& g, Id a, int axis, const Range& range) {
  const Shape& from = g.shape(a);
  return slice(g, a, whole_but(from, normalized_axis(axis, from), range));
}

Id pad(Graph& g, Id a, std::span<const Range> ranges, const Shape& to) {
  check_ranges(ranges, to);
  if (is_whole(ranges, to)) return a;
  if (is_zero(g, a)) return g.constant(0, to);
  return node(g, Op::Pad, to, {a}, flat(ranges));
}

Id gather(Graph& g, Id a, Id indices) {
  const Shape from = g.shape(a);
  if (from.rank() == 0) throw ShapeError("a scalar cannot be indexed");
  Shape shape = g.shape(indices);
  for (int k = 1; k < from.rank(); ++k) shape = shape.appended(from[k]);
  const Id flat_indices = within(g, reshape(g, indices, {g.shape(indices).size()}), from[0]);
  return reshape(g, gather_rows(g, a, flat_indices), shape);
}

Id gather_rows(Graph& g, Id a, Id indices) {
  const Shape rows = g.shape(a).with_axis(0, g.shape(indices).size());
  const Node& n = g[a];
  if (n.op == Op::Constant && !n.data) return g.constant(n.c, rows);
  return node(g, Op::Gather, rows, {a, indices}, {});
}

Id scatter_add(Graph& g, Id rows, Id indices, Index length) {
  const Shape shape = g.shape(rows).with_axis(0, length);
  if (is_zero(g, rows)) return g.constant(0, shape);
  if (const Multiple m = as_multiple(g, rows); m.of != rows)
    return mul(g, scatter_add(g, m.of, indices, length), scalar(g, m.by));
  return node(g, Op::ScatterAdd, shape, {rows, indices}, {});
}

Id take_along(Graph& g, Id a, Id indices) {
  const Node& n = g[a];
  if (n.op == Op::Constant && !n.data) return g.constant(n.c, g.shape(indices));
  return node(g, Op::TakeAlong, g.shape(indices), {a, indices}, {});
}

Id put_along(Graph& g, Id a, Id indices, Index length) {
  const Shape shape = g.shape(a).with_axis(g.shape(a).rank() - 1, length);
  if (is_zero(g, a)) return g.constant(0, shape);
  return node(g, Op::PutAlong, shape, {a, indices}, {});
}

Id concatenate(Graph& g, std::span<const Id> parts, int axis) {
  if (parts.empty()) throw ShapeError("nothing to concatenate");
  Shape to = g.shape(parts[0]);
  axis = normalized_axis(axis, to);
  Index length = 0;
  for (Id p : parts) {
    const Shape& s = g.shape(p);
    if (s.rank() != to.rank() || s.with_axis(axis, 1) != to.with_axis(axis, 1))
      throw ShapeError(fmt::format("cannot join shapes {} and {} along axis {}", to.str(), s.str(), axis));
    length += s[axis];
  }
  to = to.with_axis(axis, length);
  Id joined = g.constant(0, to);
  Index start = 0;
  for (Id p : parts) {
    const Index count = g.shape(p)[axis];
    joined = add(g, joined, pad(g, p, whole_but(to, axis, {start, 1, count}), to));
    start += count;
  }
  return joined;
}

Id stack(Graph& g, std::span<const Id> parts, int axis) {
  if (parts.empty()) throw ShapeError("nothing to stack");
  const Shape from = g.shape(parts[0]);
  const Shape probe = from.appended(1);
  axis = normalized_axis(axis, probe);
  Ids raised;
  for (Id p : parts) {
    if (g.shape(p) != from)
      throw ShapeError(fmt::format("cannot stack shapes {} and {}", from.str(), g.shape(p).str()));
    std::array<Index, Shape::max_rank> dims{};
    for (int k = 0, s = 0; k < probe.rank(); ++k) dims[static_cast<std::size_t>(k)] = k == axis ? 1 : from[s++];
    raised.push_back(reshape(g, p, Shape::of(dims.data(), probe.rank())));
  }
  return concatenate(g, raised, axis);
}

Id cumsum(Graph& g, Id a, int axis, bool reverse) {
  const Shape shape = g.shape(a);
  return node(g, Op::CumSum, shape, {a}, {normalized_axis(axis, shape), reverse ? 1 : 0});
}

namespace {

/// The matrix behind a two-axis permutation, and whether it was transposed.
std::pair<Id, Index> untransposed(const Graph& g, Id a) {
  const Node& n = g[a];
  if (n.op == Op::Permute && n.shape.rank() == 2) return {n.in[0], 1};
  return {a, 0};
}

/// A fixed matrix, possibly seen transposed.
bool is_fixed_matrix(const Graph& g, Id a) { return g.shape(a).rank() == 2 && g.is_constant(untransposed(g, a).first); }

Id fixed_product(Graph& g, Id a, Id b) {
  Array c = evaluate_constant(g, matmul(g, a, b));
  return g.constant(std::move(c.values), c.shape);
}

/// C b for a fixed C, where b is made of products D w with fixed D: (CD) w when CD is the smaller matrix. The gradient
/// of least squares, Xᵀ(Xw − y), then costs a product with XᵀX instead of two with a tall X. None: nothing is gained.
std::optional<Id> with_products_kept(Graph& g, Id C, Id b) {
  if (!is_fixed_matrix(g, C)) return std::nullopt;
  if (const Multiple m = as_multiple(g, b); m.of != b) {
    const auto kept = with_products_kept(g, C, m.of);
    return kept ? std::optional(mul(g, *kept, scalar(g, m.by))) : std::nullopt;
  }
  const Node& n = g[b];
  if (n.op == Op::MatMul && n.ints[1] == 0 && g.is_constant(n.in[0]) && !g.is_constant(n.in[1])) {
    const Id D = n.ints[0] ? transpose_axes(g, n.in[0]) : n.in[0], w = n.in[1];
    constexpr Index largest = 4'000'000, gain = 2;
    const Index kept = g.shape(C)[0] * g.shape(D)[1];
    if (kept > largest || gain * kept > g.shape(C).size() + g.shape(D).size()) return std::nullopt;
    return matmul(g, fixed_product(g, C, D), w);
  }
  if (n.op != Op::Add && n.op != Op::Sub) return std::nullopt;
  std::array<Id, 2> parts{};
  for (int k : {0, 1}) {
    const Id part = g[b].in[static_cast<std::size_t>(k)];
    const auto moved = g.is_constant(part) ? std::optional(fixed_product(g, C, part)) : with_products_kept(g, C, part);
    if (!moved) return std::nullopt;
    parts[static_cast<std::size_t>(k)] = *moved;
  }
  return binary(g, g[b].op, parts[0], parts[1]);
}

}  // namespace

Id matmul(Graph& g, Id a, Id b) {
  const Shape p = g.shape(a), q = g.shape(b);
  const bool fits = p.rank() >= 1 && q.rank() >= 1 && p.rank() <= 2 && q.rank() <= 2 && p[p.rank() - 1] == q[0];
  if (!fits) throw ShapeError(fmt::format("shapes {} and {} do not multiply", p.str(), q.str()));
  if (p.rank() == 1 && q.rank() == 1) return sum(g, mul(g, a, b), std::nullopt, false);
  if (p.rank() == 1) return matmul(g, transpose_axes(g, b), a);
  const Shape shape = q.rank() == 2 ? Shape{p[0], q[1]} : Shape{p[0]};
  if (is_zero(g, a) || is_zero(g, b)) return g.constant(0, shape);
  if (const auto kept = with_products_kept(g, a, b)) return *kept;
  const auto [left, ta] = untransposed(g, a);
  const auto [right, tb] = untransposed(g, b);
  return node(g, Op::MatMul, shape, {left, right}, {ta, tb});
}

Id solve(Graph& g, Id a, Id b) {
  const Shape p = g.shape(a), q = g.shape(b);
  if (p.rank() != 2 || p[0] != p[1])
    throw ShapeError(fmt::format("solve needs a square matrix, not shape {}", p.str()));
  if (q.rank() < 1 || q.rank() > 2 || q[0] != p[0])
    throw ShapeError(fmt::format("solve: shapes {} and {} do not fit", p.str(), q.str()));
  if (is_zero(g, b)) return b;
  const auto [matrix, transposed] = untransposed(g, a);
  return node(g, Op::Solve, q, {matrix, b}, {transposed});
}

Id logdet(Graph& g, Id a) {
  const Shape p = g.shape(a);
  if (p.rank() != 2 || p[0] != p[1])
    throw ShapeError(fmt::format("logdet needs a square matrix, not shape {}", p.str()));
  return node(g, Op::LogDet, {}, {a}, {});
}

Id argmax(Graph& g, Id a, int axis) {
  const Shape from = g.shape(a);
  axis = normalized_axis(axis, from);
  if (from[axis] == 0) throw ShapeError("the greatest of nothing: shape " + from.str());
  std::vector<int> axes;
  for (int k = 0; k < from.rank(); ++k)
    if (k != axis) axes.push_back(k);
  axes.push_back(axis);
  const Id last = permute(g, a, axes);
  return node(g, Op::ArgMax, g.shape(last).without_axis(from.rank() - 1), {last}, {});
}

Id call(Graph& g, const Routine& routine, std::span<const Id> operands, const Shape& result, std::vector<Index> ints) {
  Node n;
  n.op = Op::Routine;
  n.routine = &routine;
  n.shape = result;
  n.arity = static_cast<int>(operands.size());
  std::copy(operands.begin(), operands.end(), n.in.begin());
  n.ints = std::move(ints);
  return g.add(std::move(n));
}

Id argsort(Graph& g, Id a) {
  if (g.shape(a).rank() == 0) throw ShapeError("a scalar cannot be sorted");
  return node(g, Op::ArgSort, g.shape(a), {a}, {});
}

}  // namespace argscope::expr
