// Functions of each element by itself.
#include "core/expr/functions.h"

namespace argscope::expr {

namespace {

template <Op op>
Id one(Graph& g, const Arguments& a) {
  return unary(g, op, a.array(0));
}

template <Op op>
Id two(Graph& g, const Arguments& a) {
  const Id x = a.array(0);
  return binary(g, op, x, a.array(1));
}

Id ceiling(Graph& g, const Arguments& a) { return neg(g, unary(g, Op::Floor, neg(g, a.array(0)))); }

Id square(Graph& g, const Arguments& a) {
  const Id x = a.array(0);
  return mul(g, x, x);
}

Id relu(Graph& g, const Arguments& a) { return binary(g, Op::Maximum, a.array(0), scalar(g, 0)); }

Id power_of(Graph& g, const Arguments& a) {
  const Id x = a.array(0);
  return power(g, x, a.array(1));
}

Id choice(Graph& g, const Arguments& a) {
  const Id mask = a.array(0), x = a.array(1);
  return where(g, mask, x, a.array(2));
}

Id clip(Graph& g, const Arguments& a) {
  Id x = a.array(0);
  if (a.given(1)) x = binary(g, Op::Maximum, x, a.array(1));
  if (a.given(2)) x = binary(g, Op::Minimum, x, a.array(2));
  return x;
}

/// r²/2 near zero, |r| far away, joined smoothly at δ.
Id huber(Graph& g, const Arguments& a) {
  const Id r = a.array(0), delta = a.given(1) ? a.array(1) : scalar(g, 1);
  const Id size = unary(g, Op::Abs, r), half = scalar(g, 0.5);
  const Id near = mul(g, half, mul(g, r, r));
  const Id far = mul(g, delta, sub(g, size, mul(g, half, delta)));
  return where(g, binary(g, Op::LessEqual, size, delta), near, far);
}

Id logaddexp(Graph& g, const Arguments& a) {
  const Id x = a.array(0), y = a.array(1);
  return add(g, y, unary(g, Op::Softplus, sub(g, x, y)));
}

/// −log of the probability that the score gives to the label.
Id logistic_loss(Graph& g, const Arguments& a) {
  const Id label = a.array(0), score = a.array(1);
  return unary(g, Op::Softplus, where(g, label, neg(g, score), score));
}

/// ±score: positive where it agrees with the label.
Id margin(Graph& g, const Arguments& a) {
  const Id label = a.array(0), score = a.array(1);
  return where(g, label, score, neg(g, score));
}

Id binary_hinge_loss(Graph& g, const Arguments& a) {
  return binary(g, Op::Maximum, scalar(g, 0), sub(g, scalar(g, 1), margin(g, a)));
}

Id binary_perceptron_loss(Graph& g, const Arguments& a) {
  return binary(g, Op::Maximum, scalar(g, 0), neg(g, margin(g, a)));
}

/// Blondel, Martins & Niculae, Learning with Fenchel–Young losses, 2020.
Id binary_sparsemax_loss(Graph& g, const Arguments& a) {
  const Id x = neg(g, margin(g, a)), one = scalar(g, 1), rise = add(g, x, one);
  const Id curve = mul(g, scalar(g, 0.25), mul(g, rise, rise));
  const Id right = where(g, binary(g, Op::LessEqual, one, x), x, curve);
  return where(g, binary(g, Op::LessEqual, x, neg(g, one)), scalar(g, 0), right);
}

Id stopped(Graph& g, const Arguments& a) { return stop(g, a.array(0)); }

constexpr Function table[] = {
    {"abs(x)", "|x|", one<Op::Abs>},
    {"arccos(x)", "the angle in [0, pi] whose cosine is x", one<Op::Arccos>},
    {"arcsin(x)", "the angle in [-pi/2, pi/2] whose sine is x", one<Op::Arcsin>},
    {"arctan(x)", "the angle in (-pi/2, pi/2) whose tangent is x", one<Op::Arctan>},
    {"arctan2(y, x)", "the angle of the point (x, y)", two<Op::Arctan2>},
    {"binary_hinge_loss(label, score)", "max(0, 1 - score) where label is 1, max(0, 1 + score) where it is 0",
     binary_hinge_loss},
    {"binary_perceptron_loss(label, score)", "max(0, -score) where label is 1, max(0, score) where it is 0",
     binary_perceptron_loss},
    {"binary_sparsemax_loss(label, score)",
     "with x = -score where label is 1, score where it is 0: 0 up to -1, (x + 1)**2/4 up to 1, then x",
     binary_sparsemax_loss},
    {"ceil(x)", "the least whole number that is not below x; derivative 0", ceiling},
    {"clip(x, low=None, high=None)", "x, cut to [low, high]", clip},
    {"cos(x)", "cosine", one<Op::Cos>},
    {"cosh(x)", "hyperbolic cosine", one<Op::Cosh>},
    {"erf(x)", "error function", one<Op::Erf>},
    {"exp(x)", "e to the power x", one<Op::Exp>},
    {"expm1(x)", "exp(x) - 1, exact near 0", one<Op::Expm1>},
    {"floor(x)", "the greatest whole number that is not above x; derivative 0", one<Op::Floor>},
    {"huber(r, delta=1)", "r**2/2 where |r| <= delta, delta*(|r| - delta/2) elsewhere", huber},
    {"log(x)", "natural logarithm", one<Op::Log>},
    {"log1p(x)", "log(1 + x), exact near 0", one<Op::Log1p>},
    {"logaddexp(x, y)", "log(exp(x) + exp(y)), without overflow", logaddexp},
    {"logistic_loss(label, score)", "log(1 + exp(-score)) where label is 1, log(1 + exp(score)) where it is 0",
     logistic_loss},
    {"maximum(x, y)", "the greater, element by element", two<Op::Maximum>},
    {"minimum(x, y)", "the lesser, element by element", two<Op::Minimum>},
    {"power(x, y)", "x ** y", power_of},
    {"relu(x)", "maximum(x, 0)", relu},
    {"round(x)", "the nearest whole number; derivative 0", one<Op::Round>},
    {"sigmoid(x)", "1 / (1 + exp(-x))", one<Op::Sigmoid>},
    {"sign(x)", "-1, 0 or 1; derivative 0", one<Op::Sign>},
    {"sin(x)", "sine", one<Op::Sin>},
    {"sinh(x)", "hyperbolic sine", one<Op::Sinh>},
    {"softplus(x)", "log(1 + exp(x)), without overflow", one<Op::Softplus>},
    {"sqrt(x)", "square root", one<Op::Sqrt>},
    {"square(x)", "x ** 2", square},
    {"stop_gradient(x)", "x, taken as constant by every derivative", stopped},
    {"tan(x)", "tangent", one<Op::Tan>},
    {"tanh(x)", "hyperbolic tangent", one<Op::Tanh>},
    {"where(mask, x, y)", "x where the mask holds, y elsewhere", choice},
};

}  // namespace

std::span<const Function> elementwise_functions() { return table; }

}  // namespace argscope::expr
