// Functions made of primitives: their derivatives follow.
#include <fmt/format.h>

#include <numeric>

#include "core/expr/build.h"
#include "core/expr/routine.h"

namespace argscope::expr {

namespace {

Index count_along(const Shape& shape, std::optional<int> axis) {
  return axis ? shape[normalized_axis(*axis, shape)] : shape.size();
}

std::vector<int> axis_last(int axis, int rank) {
  std::vector<int> axes;
  for (int k = 0; k < rank; ++k)
    if (k != axis) axes.push_back(k);
  axes.push_back(axis);
  return axes;
}

std::vector<int> inverse(const std::vector<int>& axes) {
  std::vector<int> back(axes.size());
  for (std::size_t k = 0; k < axes.size(); ++k) back[static_cast<std::size_t>(axes[k])] = static_cast<int>(k);
  return back;
}

/// Shape after a reduction over `axis`, or over everything.
Shape reduced(const Shape& from, std::optional<int> axis, bool keepdims) {
  if (axis) {
    const int a = normalized_axis(*axis, from);
    return keepdims ? from.with_axis(a, 1) : from.without_axis(a);
  }
  Shape s;
  for (int k = 0; keepdims && k < from.rank(); ++k) s = s.appended(1);
  return s;
}

}  // namespace

Id mean(Graph& g, Id a, std::optional<int> axis, bool keepdims) {
  const Index n = count_along(g.shape(a), axis);
  if (n == 0) throw ShapeError("the mean of nothing: shape " + g.shape(a).str());
  return mul(g, sum(g, a, axis, keepdims), scalar(g, 1.0 / static_cast<double>(n)));
}

Id maximum_of(Graph& g, Id a, std::optional<int> axis, bool keepdims) {
  const Shape from = g.shape(a);
  const Shape to = reduced(from, axis, keepdims);
  const Id line = axis ? a : reshape(g, a, {from.size()});
  const int rank = g.shape(line).rank();
  const Id last = permute(g, line, axis_last(normalized_axis(axis.value_or(0), g.shape(line)), rank));
  const Id index = argmax(g, last, -1);
  return reshape(g, take_along(g, last, reshape(g, index, g.shape(index).appended(1))), to);
}

Id minimum_of(Graph& g, Id a, std::optional<int> axis, bool keepdims) {
  return neg(g, maximum_of(g, neg(g, a), axis, keepdims));
}

Id product_of(Graph& g, Id a, std::optional<int> axis, bool keepdims) {
  const Shape from = g.shape(a);
  const Shape to = reduced(from, axis, keepdims);
  Id line = axis ? a : reshape(g, a, {from.size()});
  const int k = normalized_axis(axis.value_or(0), g.shape(line));
  // Halving keeps the derivative right where a factor is zero, and the graph short.
  while (g.shape(line)[k] > 1) {
    const Index n = g.shape(line)[k], half = n / 2;
    auto part = [&](Index start, Index count) { return slice_along(g, line, k, {start, 1, count}); };
    const Id folded = mul(g, part(0, half), part(half, half));
    const Id parts[] = {folded, n % 2 ? part(n - 1, 1) : folded};
    line = n % 2 ? concatenate(g, parts, k) : folded;
  }
  if (g.shape(line)[k] == 0) return g.constant(1, to);
  return reshape(g, line, to);
}

Id norm(Graph& g, Id a, std::optional<int> axis) {
  const Id squares = sum(g, mul(g, a, a), axis, false);
  if (g.is_constant(squares)) return unary(g, Op::Sqrt, squares);
  Node n;
  n.op = Op::Sqrt;
  n.arity = 1;
  n.in[0] = squares;
  n.shape = g.shape(squares);
  n.ints = {1};  // derivative 0 at 0
  return g.add(std::move(n));
}

Id logsumexp(Graph& g, Id a, std::optional<int> axis, bool keepdims) {
  const Id top = stop(g, maximum_of(g, a, axis, true));
  const Id s = add(g, unary(g, Op::Log, sum(g, unary(g, Op::Exp, sub(g, a, top)), axis, true)), top);
  return reshape(g, s, reduced(g.shape(a), axis, keepdims));
}

Id softmax(Graph& g, Id a, int axis) {
  const Id e = unary(g, Op::Exp, sub(g, a, stop(g, maximum_of(g, a, axis, true))));
  return mul(g, e, unary(g, Op::Reciprocal, sum(g, e, axis, true)));
}

Id sort(Graph& g, Id a, int axis) {
  const Shape shape = g.shape(a);
  const auto axes = axis_last(normalized_axis(axis, shape), shape.rank());
  const Id last = permute(g, a, axes);
  return permute(g, take_along(g, last, argsort(g, last)), inverse(axes));
}

namespace {

/// The τ for which Σ max(0, a − τ) = r, one a row; a's greatest entry is 0.
Id simplex_threshold(Graph& g, Id a, Id r) {
  const Index n = g.shape(a)[g.shape(a).rank() - 1];
  std::vector<double> counts(static_cast<std::size_t>(n));
  std::iota(counts.begin(), counts.end(), 1.0);
  const Id falling = neg(g, sort(g, neg(g, a), -1));
  const Id excess = sub(g, cumsum(g, falling, -1, false), r);
  const Id kept = binary(g, Op::LessEqual, excess, mul(g, falling, g.constant(std::move(counts), {n})));
  const Id total = sum(g, where(g, kept, falling, scalar(g, 0)), -1, true);
  return div(g, sub(g, total, r), sum(g, kept, -1, true));
}

}  // namespace

Id project_simplex(Graph& g, Id a, Id r) {
  const Shape s = g.shape(a);
  if (s.rank() == 0 || s[s.rank() - 1] == 0) throw ShapeError("a simplex needs rows of numbers, not shape " + s.str());
  const Id still = stop(g, a), falling = sub(g, still, maximum_of(g, still, -1, true));
  const Id over = sub(g, falling, simplex_threshold(g, falling, stop(g, r)));
  const Id zero = g.constant(0, s), active = binary(g, Op::Less, zero, over);
  // the projection is affine as long as the same entries are active: its derivative is that of this correction
  const Id da = mul(g, active, moving(g, a));
  const Id count = binary(g, Op::Maximum, sum(g, active, -1, true), scalar(g, 0.5));  // r = 0: none
  const Id shift = div(g, sub(g, sum(g, da, -1, true), moving(g, r)), count);
  return add(g, where(g, active, over, zero), sub(g, da, mul(g, active, shift)));
}

Id eye(Graph& g, Index n) {
  std::vector<double> values(static_cast<std::size_t>(n * n), 0);
  for (Index k = 0; k < n; ++k) values[static_cast<std::size_t>(k * n + k)] = 1;
  return g.constant(std::move(values), {n, n});
}

Id diag(Graph& g, Id a) {
  const Shape s = g.shape(a);
  if (s.rank() == 1) return mul(g, eye(g, s[0]), reshape(g, a, {s[0], 1}));
  if (s.rank() != 2) throw ShapeError("diag needs a vector or a matrix, not shape " + s.str());
  const Index n = std::min(s[0], s[1]);
  return slice_along(g, reshape(g, a, {s.size()}), 0, {0, s[1] + 1, n});
}

Id outer(Graph& g, Id a, Id b) {
  const Index m = g.shape(a).size(), n = g.shape(b).size();
  return mul(g, reshape(g, a, {m, 1}), reshape(g, b, {1, n}));
}

}  // namespace argscope::expr
