// Making arrays, moving their numbers about, and loops.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/expr/functions.h"

namespace argscope::expr {

namespace {

Id zeros(Graph& g, const Arguments& a) { return g.constant(0, a.shape(0)); }
Id ones(Graph& g, const Arguments& a) { return g.constant(1, a.shape(0)); }
Id zeros_like(Graph& g, const Arguments& a) { return g.constant(0, g.shape(a.array(0))); }
Id ones_like(Graph& g, const Arguments& a) { return g.constant(1, g.shape(a.array(0))); }

Id full(Graph& g, const Arguments& a) {
  const Shape s = a.shape(0);
  return broadcast_to(g, a.array(1), s);
}

Id broadcast_array(Graph& g, const Arguments& a) {
  const Id x = a.array(0);
  return broadcast_to(g, x, a.shape(1));
}

constexpr double most_steps = 1e8;

/// start, start + step, …: `count` numbers.
Id progression(Graph& g, double start, double step, double count) {
  std::vector<double> values;
  for (double k = 0; k < count; ++k) values.push_back(start + k * step);
  const auto n = static_cast<Index>(values.size());
  return g.constant(std::move(values), {n});
}

Id arange(Graph& g, const Arguments& a) {
  const double first = a.number(0, 0);
  const bool alone = !a.given(1);
  const double start = alone ? 0 : first, stop = alone ? first : a.number(1, 0), step = a.number(2, 1);
  if (step == 0) a.fail(2, "the step cannot be 0");
  const double count = std::max(0.0, std::ceil((stop - start) / step));
  if (!(count <= most_steps)) a.fail(0, "more than 100 million numbers");
  return progression(g, start, step, count);
}

Id linspace(Graph& g, const Arguments& a) {
  const double start = a.number(0, 0), stop = a.number(1, 0);
  const auto count = static_cast<double>(a.whole(2, 50));
  if (count < 1 || count > most_steps) a.fail(2, "the number of points must be between 1 and 100 million");
  const double step = count > 1 ? (stop - start) / (count - 1) : 0;
  return progression(g, start, step, count);
}

/// One length may be −1: what is left.
Id reshaped(Graph& g, const Arguments& a) {
  const Id x = a.array(0);
  std::vector<Index> to = a.lengths(1);
  Index known = 1;
  int open = 0;
  for (Index n : to) n < 0 ? static_cast<void>(++open) : static_cast<void>(known *= n);
  const Index size = g.shape(x).size();
  if (open > 1) a.fail(1, "only one length may be -1");
  if (open == 1 && (known == 0 || size % known != 0))
    a.fail(1, fmt::format("shape {} does not divide into these lengths", g.shape(x).str()));
  for (Index& n : to)
    if (n < 0) n = size / known;
  return reshape(g, x, Shape::of(to.data(), static_cast<int>(to.size())));
}

Id ravel(Graph& g, const Arguments& a) {
  const Id x = a.array(0);
  return reshape(g, x, {g.shape(x).size()});
}

Id transpose(Graph& g, const Arguments& a) {
  const Id x = a.array(0);
  if (!a.given(1)) return transpose_axes(g, x);
  std::vector<int> axes;
  for (Index k : a.lengths(1)) axes.push_back(normalized_axis(static_cast<int>(k), g.shape(x)));
  for (int k = 0; k < g.shape(x).rank(); ++k)
    if (std::count(axes.begin(), axes.end(), k) != 1) a.fail(1, "every axis must be named once");
  return permute(g, x, axes);
}

Id joined(Graph& g, const Arguments& a) {
  const Ids parts = a.arrays(0);
  return concatenate(g, parts, a.axis(1).value_or(0));
}

Id stacked(Graph& g, const Arguments& a) {
  const Ids parts = a.arrays(0);
  return stack(g, parts, a.axis(1).value_or(0));
}

Id differences(Graph& g, const Arguments& a) {
  const Id x = a.array(0);
  const int axis = normalized_axis(a.axis(1).value_or(-1), g.shape(x));
  const Index n = g.shape(x)[axis];
  if (n < 2) a.fail(0, "differences need two elements or more, not shape " + g.shape(x).str());
  return sub(g, slice_along(g, x, axis, {1, 1, n - 1}), slice_along(g, x, axis, {0, 1, n - 1}));
}

Id rolled(Graph& g, const Arguments& a) {
  const Id x = a.array(0);
  const int axis = normalized_axis(a.axis(2).value_or(0), g.shape(x));
  const Index n = g.shape(x)[axis];
  if (n == 0) return x;
  const Index shift = ((a.whole(1, 0) % n) + n) % n;
  if (shift == 0) return x;
  const Id parts[] = {slice_along(g, x, axis, {n - shift, 1, shift}), slice_along(g, x, axis, {0, 1, n - shift})};
  return concatenate(g, parts, axis);
}

Id sorted(Graph& g, const Arguments& a) {
  const Id x = a.array(0);
  return sort(g, x, a.axis(1).value_or(-1));
}

Id sorting(Graph& g, const Arguments& a) { return argsort(g, a.array(0)); }

Id positions(Graph& g, const Array& mask) {
  std::vector<double> where;
  for (std::size_t k = 0; k < mask.values.size(); ++k)
    if (mask.values[k] != 0) where.push_back(static_cast<double>(k));
  const auto n = static_cast<Index>(where.size());
  return g.constant(std::move(where), {n});
}

Id nonzero(Graph& g, const Arguments& a) {
  const Array mask = a.constant(0);
  if (mask.shape.rank() != 1) a.fail(0, "nonzero needs a vector, not shape " + mask.shape.str());
  return positions(g, mask);
}

Id compress(Graph& g, const Arguments& a) {
  const Array mask = a.constant(0);
  const Id x = a.array(1);
  if (mask.shape.rank() != 1 || g.shape(x).rank() == 0 || mask.shape[0] != g.shape(x)[0])
    a.fail(0, fmt::format("one element of the mask a row is expected: mask {}, array {}", mask.shape.str(),
                          g.shape(x).str()));
  const Id kept = positions(g, mask);
  if (g.shape(kept)[0] == 0) a.fail(0, "the mask keeps nothing");
  return gather(g, x, kept);
}

Id repeated(Graph&, const Arguments& a) {
  const Id init = a.array(1);
  const Index steps = a.whole(2, 0);
  if (steps < 0 || static_cast<double>(steps) > most_steps)
    a.fail(2, "the number of steps must be between 0 and 100 million");
  return steps == 0 ? init : a.loop(0, init, steps);
}

constexpr Function table[] = {
    {"arange(start, stop=None, step=1)", "start, start + step, … before stop; arange(n) is 0, 1, … n - 1", arange},
    {"argsort(x)", "the order that sorts the last axis; derivative 0", sorting},
    {"broadcast_to(x, shape)", "x repeated to a shape", broadcast_array},
    {"compress(mask, x)", "the rows of x for which a mask of data holds", compress},
    {"concatenate(arrays, axis=0)", "arrays end to end", joined},
    {"diff(x, axis=-1)", "each element less the one before", differences},
    {"full(shape, value)", "an array of one value", full},
    {"linspace(start, stop, num=50)", "num numbers from start to stop, evenly spaced", linspace},
    {"loop(step, init, steps)", "loop(lambda z: f(z), z0, n): the last of z0, f(z0), f(f(z0)), … after n steps",
     repeated},
    {"nonzero(mask)", "the places where a mask of data holds", nonzero},
    {"ones(shape)", "an array of ones", ones},
    {"ones_like(x)", "ones, shaped as x", ones_like},
    {"ravel(x)", "all elements in one row", ravel},
    {"reshape(x, shape)", "the same elements in another shape; one length may be -1", reshaped},
    {"roll(x, shift, axis=0)", "the elements moved around cyclically", rolled},
    {"sort(x, axis=-1)", "in ascending order", sorted},
    {"stack(arrays, axis=0)", "arrays side by side along a new axis", stacked},
    {"transpose(x, axes=None)", "the axes in reverse, or in the order given", transpose},
    {"zeros(shape)", "an array of zeros", zeros},
    {"zeros_like(x)", "zeros, shaped as x", zeros_like},
};

}  // namespace

std::span<const Function> array_functions() { return table; }

}  // namespace argscope::expr
