#pragma once
/// Building a graph with NumPy's words: shapes are checked (ShapeError), operands broadcast, scalars folded, trivial
/// operations (x·1, x + 0, a slice of everything) vanish. Derivatives are built with the same functions.

#include <optional>

#include "core/expr/graph.h"

namespace argscope::expr {

Id unary(Graph&, Op, Id a);
Id binary(Graph&, Op, Id a, Id b);  ///< broadcasts
inline Id add(Graph& g, Id a, Id b) { return binary(g, Op::Add, a, b); }
inline Id sub(Graph& g, Id a, Id b) { return binary(g, Op::Sub, a, b); }
inline Id mul(Graph& g, Id a, Id b) { return binary(g, Op::Mul, a, b); }
inline Id div(Graph& g, Id a, Id b) { return binary(g, Op::Div, a, b); }
inline Id neg(Graph& g, Id a) { return unary(g, Op::Neg, a); }
Id scalar(Graph&, double value);
/// a = by · of, as far as a uniform constant factor or a sign shows. Products and sums keep such factors outside, where
/// they meet and cancel.
struct Multiple {
  Id of;
  double by;
};
Multiple as_multiple(const Graph&, Id a);
Id power(Graph&, Id a, Id b);           ///< small whole powers become products
Id where(Graph&, Id mask, Id a, Id b);  ///< a where mask ≠ 0, else b; broadcasts
Id stop(Graph&, Id a);                  ///< a, with derivative zero

Id broadcast_to(Graph&, Id a, const Shape&);
Id reshape(Graph&, Id a, const Shape&);
Id permute(Graph&, Id a, std::span<const int> axes);  ///< out axis k is in axis axes[k]
Id transpose_axes(Graph&, Id a);                      ///< NumPy's .T: reverses the axes
Id sum(Graph&, Id a, std::optional<int> axis, bool keepdims);
Id sum_to(Graph&, Id a, const Shape&);  ///< the transpose of broadcast_to
struct Range {
  Index start, step, count;
};                                                                     ///< start, start + step, …; count of them
Id slice(Graph&, Id a, std::span<const Range> ranges);                 ///< one range an axis
Id slice_along(Graph&, Id a, int axis, const Range& range);            ///< of one axis; the others whole
Id pad(Graph&, Id a, std::span<const Range> ranges, const Shape& to);  ///< the transpose of slice: zeros elsewhere
Id gather(Graph&, Id a, Id indices);       ///< a[indices]: rows of the leading axis; shape indices + a's rest
Id gather_rows(Graph&, Id a, Id indices);  ///< gather by a vector of indices that are known to be in range
Id scatter_add(Graph&, Id rows, Id indices, Index length);  ///< the transpose of gather, to a leading axis of length
Id take_along(Graph&, Id a, Id indices);                    ///< along the last axis; equal leading axes
Id put_along(Graph&, Id a, Id indices, Index length);       ///< the transpose of take_along
Id concatenate(Graph&, std::span<const Id> parts, int axis);
Id stack(Graph&, std::span<const Id> parts, int axis);
Id cumsum(Graph&, Id a, int axis, bool reverse);
Id matmul(Graph&, Id a, Id b);      ///< ranks 1 and 2 as NumPy's @
Id argmax(Graph&, Id a, int axis);  ///< of the first greatest; no derivative
Id argsort(Graph&, Id a);           ///< last axis, stable, ascending; no derivative
Id sort(Graph&, Id a, int axis);
Id maximum_of(Graph&, Id a, std::optional<int> axis, bool keepdims);  ///< NumPy's max
Id minimum_of(Graph&, Id a, std::optional<int> axis, bool keepdims);
Id product_of(Graph&, Id a, std::optional<int> axis, bool keepdims);
Id mean(Graph&, Id a, std::optional<int> axis, bool keepdims);
Id norm(Graph&, Id a, std::optional<int> axis);  ///< Euclidean; derivative 0 at 0
Id logsumexp(Graph&, Id a, std::optional<int> axis, bool keepdims);
Id softmax(Graph&, Id a, int axis);
/// Each row of a's last axis projected onto the simplex {p ≥ 0, Σp = r}; r broadcasts to (…, 1). In the derivative
/// those entries move whose p > 0; at a tie p = 0. (Held, Wolfe & Crowder 1974.)
Id project_simplex(Graph&, Id a, Id r);
Id solve(Graph&, Id a, Id b);  ///< a⁻¹b, a square, b a vector or matrix
Id logdet(Graph&, Id a);       ///< log |det a|
Id eye(Graph&, Index n);
Id diag(Graph&, Id a);  ///< vector → diagonal matrix, matrix → its diagonal
Id outer(Graph&, Id a, Id b);

/// state_{t+1} = body(state_t, env), `steps` times from init; returns the last state. `body` is built once, on its own
/// graph, by the callback, from inputs of the given shapes; env are the outer values that it captures.
struct LoopBody {
  Graph graph;
  Id state = -1;  ///< Input: the state
  Ids env;        ///< Inputs: captured values, in the order of the outer `env`
  Id next = -1;   ///< the new state, shaped as the state
};
Id loop(Graph&, LoopBody body, Id init, std::span<const Id> env, Index steps);

}  // namespace argscope::expr
