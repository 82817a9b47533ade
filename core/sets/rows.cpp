#include "core/sets/rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace argscope::sets {

using namespace expr;

Id row_sum(Graph& g, Id a) { return sum(g, a, -1, true); }

Id row_norm(Graph& g, Id a) {
  const Shape s = g.shape(a);
  return reshape(g, norm(g, a, -1), s.with_axis(s.rank() - 1, 1));
}

Id positive_part(Graph& g, Id a) { return binary(g, Op::Maximum, scalar(g, 0), a); }

Id less(Graph& g, Id a, Id b) { return binary(g, Op::Less, a, b); }

Id is_positive(Graph& g, Id a) { return less(g, scalar(g, 0), a); }

Id ratio_or_zero(Graph& g, Id a, Id b) {
  const Id usable = is_positive(g, b);
  return where(g, usable, div(g, a, where(g, usable, b, scalar(g, 1))), scalar(g, 0));
}

Index row_length(const Graph& g, Id z) {
  const Shape& s = g.shape(z);
  if (s.rank() == 0) throw ShapeError("a vector is expected, or a matrix of which each row counts, not one number");
  return s[s.rank() - 1];
}

Index row_count(const Graph& g, Id z) {
  const Shape& s = g.shape(z);
  Index rows = 1;
  for (int k = 0; k + 1 < s.rank(); ++k) rows *= s[k];
  return rows;
}

Id as_matrix(Graph& g, Id z) { return reshape(g, z, {row_count(g, z), row_length(g, z)}); }

Id columns(Graph& g, Id matrix, Index first, Index count) { return slice_along(g, matrix, 1, {first, 1, count}); }

Id entry_of_rows(Graph& g, Id z, Index at) { return slice_along(g, z, -1, {at, 1, 1}); }

Id rest_of_rows(Graph& g, Id z, Index first) { return slice_along(g, z, -1, {first, 1, row_length(g, z) - first}); }

Id rowwise_product(Graph& g, Id M, Id v) {
  const Shape s = g.shape(v);
  return sum(g, mul(g, M, reshape(g, v, {s[0], 1, s[1]})), 2, false);
}

Id per_entry(Graph& g, const Arguments& args, std::size_t k, Id z) {
  const Id a = args.array(k);
  const Shape from = g.shape(a), to = g.shape(z);
  bool fits = from.rank() <= to.rank();
  for (int axis = 1; fits && axis <= from.rank(); ++axis)
    fits = from[from.rank() - axis] == 1 || from[from.rank() - axis] == to[to.rank() - axis];
  if (!fits) args.fail(k, fmt::format("shape {} does not go with a variable of shape {}", from.str(), to.str()));
  return a;
}

Id per_row(Graph& g, const Arguments& args, std::size_t k, Id z) {
  row_length(g, z);
  const Id a = args.array(k);
  const Shape from = g.shape(a), of = g.shape(z), kept = of.with_axis(of.rank() - 1, 1);
  if (from.rank() == 0 || from == kept) return a;
  if (of.rank() > 1 && from == of.without_axis(of.rank() - 1)) return reshape(g, a, kept);
  args.fail(k, fmt::format("one number is expected, or one for each row of a variable of shape {}, not shape {}",
                           of.str(), from.str()));
}

Constraints between(Graph& g, Id z, Id low, Id high) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  Constraints c;
  if (!g.is_uniform(low, -infinity)) c.inequalities.push_back(sub(g, low, z));
  if (!g.is_uniform(high, infinity)) c.inequalities.push_back(sub(g, z, high));
  return c;
}

Id only_where(Graph& g, Id mask, Id a) {
  return where(g, mask, a, scalar(g, std::numeric_limits<double>::quiet_NaN()));
}

Id radius(Graph& g, const Arguments& args, std::size_t k, Id z, double otherwise) {
  if (!args.given(k)) return scalar(g, otherwise);
  const Id r = per_row(g, args, k, z);
  const auto known = args.settled(k);
  if (!known) return only_where(g, binary(g, Op::LessEqual, scalar(g, 0), r), r);
  if (std::any_of(known->values.begin(), known->values.end(), [](double v) { return v < 0; }))
    args.fail(k, "a radius cannot be negative: the set would be empty");
  return r;
}

}  // namespace argscope::sets
