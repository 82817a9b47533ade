// Functions that take an axis, or the whole array, to one number.
#include <cmath>

#include "core/expr/functions.h"

namespace argscope::expr {

namespace {

using Reduction = Id (*)(Graph&, Id, std::optional<int>, bool);

template <Reduction reduce>
Id reduction(Graph& g, const Arguments& a) {
  return reduce(g, a.array(0), a.axis(1), a.flag(2));
}

/// Everything, or one axis, in NumPy's way: no axis means the flattened array.
Id flattened(Graph& g, Id x, const std::optional<int>& axis) { return axis ? x : reshape(g, x, {g.shape(x).size()}); }

Id arg_greatest(Graph& g, const Arguments& a) {
  const auto axis = a.axis(1);
  return argmax(g, flattened(g, a.array(0), axis), axis.value_or(0));
}

Id arg_least(Graph& g, const Arguments& a) {
  const auto axis = a.axis(1);
  return argmax(g, neg(g, flattened(g, a.array(0), axis)), axis.value_or(0));
}

Id count_nonzero(Graph& g, const Arguments& a) {
  const Id zero = binary(g, Op::Equal, a.array(0), scalar(g, 0));
  return sum(g, sub(g, scalar(g, 1), zero), a.axis(1), false);
}

Id variance(Graph& g, const Arguments& a) {
  const Id x = a.array(0);
  const auto axis = a.axis(1);
  const Id r = sub(g, x, mean(g, x, axis, true));
  const Shape s = g.shape(x);
  const double count = static_cast<double>(axis ? s[normalized_axis(*axis, s)] : s.size());
  const double ddof = a.number(2, 0);
  if (count <= ddof) a.fail(2, "ddof must be less than the number of elements");
  return div(g, sum(g, mul(g, r, r), axis, false), scalar(g, count - ddof));
}

Id deviation(Graph& g, const Arguments& a) { return unary(g, Op::Sqrt, variance(g, a)); }

Id euclidean(Graph& g, const Arguments& a) { return norm(g, a.array(0), a.axis(1)); }

Id softmax_along(Graph& g, const Arguments& a) {
  const Id x = a.array(0);
  return softmax(g, x, a.axis(1).value_or(-1));
}

Id cumulative_sum(Graph& g, const Arguments& a) {
  const auto axis = a.axis(1);
  return cumsum(g, flattened(g, a.array(0), axis), axis.value_or(0), false);
}

/// −log softmax(scores)[label], one a row of scores.
Id multiclass_logistic_loss(Graph& g, const Arguments& a) {
  const Id label = a.array(0), scores = a.array(1);
  const Shape s = g.shape(scores), l = g.shape(label);
  if (s.rank() == 0 || s.without_axis(s.rank() - 1) != l)
    a.fail(1, "one row of scores a label is expected: labels " + l.str() + ", scores " + s.str());
  const Id chosen = take_along(g, scores, reshape(g, label, l.appended(1)));
  return sub(g, logsumexp(g, scores, -1, false), reshape(g, chosen, l));
}

constexpr Function table[] = {
    {"argmax(x, axis=None)", "where the greatest stands, the first of equals; derivative 0", arg_greatest},
    {"argmin(x, axis=None)", "where the least stands, the first of equals; derivative 0", arg_least},
    {"count_nonzero(x, axis=None)", "how many are not 0; of a mask: how many hold; derivative 0", count_nonzero},
    {"cumsum(x, axis=None)", "running sums", cumulative_sum},
    {"logsumexp(x, axis=None, keepdims=False)", "log(sum(exp(x))), without overflow", reduction<logsumexp>},
    {"max(x, axis=None, keepdims=False)", "the greatest", reduction<maximum_of>},
    {"mean(x, axis=None, keepdims=False)", "the average", reduction<mean>},
    {"min(x, axis=None, keepdims=False)", "the least", reduction<minimum_of>},
    {"multiclass_logistic_loss(label, scores)", "logsumexp(scores) - scores[label], one a row; labels count from 0",
     multiclass_logistic_loss},
    {"norm(x, axis=None)", "Euclidean length; its derivative at 0 is taken as 0", euclidean},
    {"prod(x, axis=None, keepdims=False)", "the product", reduction<product_of>},
    {"softmax(x, axis=-1)", "exp(x) / sum(exp(x))", softmax_along},
    {"std(x, axis=None, ddof=0)", "standard deviation", deviation},
    {"sum(x, axis=None, keepdims=False)", "the sum", reduction<sum>},
    {"var(x, axis=None, ddof=0)", "mean squared distance from the mean", variance},
};

}  // namespace

std::span<const Function> reduction_functions() { return table; }

}  // namespace argscope::expr
