// Functions that take an axis, or the whole array, to one number.
#include <cmath>
#include <numeric>

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

/// scores[label], one a row of scores, kept as an axis of length 1.
Id chosen_score(Graph& g, const Arguments& a) {
  const Id label = a.array(0), scores = a.array(1);
  const Shape s = g.shape(scores), l = g.shape(label);
  if (s.rank() == 0 || s.without_axis(s.rank() - 1) != l)
    a.fail(1, "one row of scores a label is expected: labels " + l.str() + ", scores " + s.str());
  return take_along(g, scores, reshape(g, label, l.appended(1)));
}

/// −log softmax(scores)[label].
Id multiclass_logistic_loss(Graph& g, const Arguments& a) {
  const Id chosen = chosen_score(g, a);
  return sub(g, logsumexp(g, a.array(1), -1, false), reshape(g, chosen, g.shape(a.array(0))));
}

/// Crammer & Singer: the best score, the wrong ones raised by 1, less the right one.
Id multiclass_hinge_loss(Graph& g, const Arguments& a) {
  const Id chosen = chosen_score(g, a), label = a.array(0), scores = a.array(1);
  const Shape s = g.shape(scores);
  std::vector<double> classes(static_cast<std::size_t>(s[s.rank() - 1]));
  std::iota(classes.begin(), classes.end(), 0.0);
  const Id column = reshape(g, label, g.shape(label).appended(1));
  const Id right = binary(g, Op::Equal, column, g.constant(classes, {static_cast<Index>(classes.size())}));
  const Id raised = add(g, scores, where(g, right, scalar(g, 0), scalar(g, 1)));
  return maximum_of(g, sub(g, raised, chosen), -1, false);
}

Id multiclass_perceptron_loss(Graph& g, const Arguments& a) {
  const Id chosen = chosen_score(g, a);
  return maximum_of(g, sub(g, a.array(1), chosen), -1, false);
}

/// The Fenchel–Young loss of ½‖p‖² on the simplex: its gradient is sparsemax(scores) less the label's unit vector.
Id multiclass_sparsemax_loss(Graph& g, const Arguments& a) {
  const Id chosen = chosen_score(g, a), p = project_simplex(g, a.array(1), scalar(g, 1));
  const Id gain = mul(g, p, sub(g, sub(g, a.array(1), chosen), mul(g, scalar(g, 0.5), p)));
  return add(g, sum(g, gain, -1, false), scalar(g, 0.5));
}

Id sparsemax(Graph& g, const Arguments& a) { return project_simplex(g, a.array(0), scalar(g, 1)); }

constexpr Function table[] = {
    {"argmax(x, axis=None)", "where the greatest stands, the first of equals; derivative 0", arg_greatest},
    {"argmin(x, axis=None)", "where the least stands, the first of equals; derivative 0", arg_least},
    {"count_nonzero(x, axis=None)", "how many are not 0; of a mask: how many hold; derivative 0", count_nonzero},
    {"cumsum(x, axis=None)", "running sums", cumulative_sum},
    {"logsumexp(x, axis=None, keepdims=False)", "log(sum(exp(x))), without overflow", reduction<logsumexp>},
    {"max(x, axis=None, keepdims=False)", "the greatest", reduction<maximum_of>},
    {"mean(x, axis=None, keepdims=False)", "the average", reduction<mean>},
    {"min(x, axis=None, keepdims=False)", "the least", reduction<minimum_of>},
    {"multiclass_hinge_loss(label, scores)",
     "max(scores + 1 where not the label) - scores[label], one a row; labels count from 0", multiclass_hinge_loss},
    {"multiclass_logistic_loss(label, scores)", "logsumexp(scores) - scores[label], one a row; labels count from 0",
     multiclass_logistic_loss},
    {"multiclass_perceptron_loss(label, scores)", "max(scores) - scores[label], one a row; labels count from 0",
     multiclass_perceptron_loss},
    {"multiclass_sparsemax_loss(label, scores)",
     "with p = sparsemax(scores): p @ scores - p @ p/2 + 1/2 - scores[label], one a row; labels count from 0",
     multiclass_sparsemax_loss},
    {"norm(x, axis=None)", "Euclidean length; its derivative at 0 is taken as 0", euclidean},
    {"prod(x, axis=None, keepdims=False)", "the product", reduction<product_of>},
    {"softmax(x, axis=-1)", "exp(x) / sum(exp(x))", softmax_along},
    {"sparsemax(x)", "the nearest probabilities to x, along the last axis; at a tie the derivative of 0 is 0",
     sparsemax},
    {"std(x, axis=None, ddof=0)", "standard deviation", deviation},
    {"sum(x, axis=None, keepdims=False)", "the sum", reduction<sum>},
    {"var(x, axis=None, ddof=0)", "mean squared distance from the mean", variance},
};

}  // namespace

std::span<const Function> reduction_functions() { return table; }

}  // namespace argscope::expr
