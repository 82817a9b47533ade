#include <cmath>
#include <limits>
#include <numbers>

#include "tests/core/expr/oracle.h"

namespace argscope::expr::check {

namespace {

struct Result {
  double value;
  std::array<double, 3> slope{};
};

double sech2(double a) { return 1 / (std::cosh(a) * std::cosh(a)); }
double step(double a) { return a > 0 ? 1 : a < 0 ? -1 : 0; }

Result algebraic(Op op, double a) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  switch (op) {
    case Op::Neg: return {-a, {-1}};
    case Op::Sqrt: return {std::sqrt(a), {0.5 * std::pow(a, -0.5)}};
    case Op::Abs: return {std::fabs(a), {step(a)}};
    case Op::Sign: return {std::isnan(a) ? nan : a == 0 ? a : step(a)};
    case Op::Floor: return {std::floor(a)};
    case Op::Round: return {std::rint(a)};
    case Op::Reciprocal: return {1 / a, {-1 / (a * a)}};
    default: return {a};  // Stop
  }
}

Result transcendental(Op op, double a) {
  switch (op) {
    case Op::Exp: return {std::exp(a), {std::exp(a)}};
    case Op::Expm1: return {std::expm1(a), {std::exp(a)}};
    case Op::Log: return {std::log(a), {1 / a}};
    case Op::Log1p: return {std::log1p(a), {1 / (1 + a)}};
    case Op::Sin: return {std::sin(a), {std::cos(a)}};
    case Op::Cos: return {std::cos(a), {-std::sin(a)}};
    case Op::Tan: return {std::tan(a), {1 / (std::cos(a) * std::cos(a))}};
    case Op::Arcsin: return {std::asin(a), {1 / std::sqrt((1 - a) * (1 + a))}};
    case Op::Arccos: return {std::acos(a), {-1 / std::sqrt((1 - a) * (1 + a))}};
    case Op::Arctan: return {std::atan(a), {1 / (1 + a * a)}};
    case Op::Sinh: return {std::sinh(a), {std::cosh(a)}};
    case Op::Cosh: return {std::cosh(a), {std::sinh(a)}};
    case Op::Tanh: return {std::tanh(a), {sech2(a)}};
    case Op::Erf: return {std::erf(a), {2 / std::sqrt(std::numbers::pi) * std::exp(-a * a)}};
    case Op::Sigmoid: return {0.5 * (1 + std::tanh(a / 2)), {0.25 * sech2(a / 2)}};
    case Op::Softplus: return {a > 30 ? a : std::log1p(std::exp(a)), {0.5 * (1 + std::tanh(a / 2))}};
    default: return algebraic(op, a);
  }
}

Result of_two(Op op, double a, double b) {
  const bool first_is_nan = std::isnan(a);
  switch (op) {
    case Op::Add: return {a + b, {1, 1}};
    case Op::Sub: return {a - b, {1, -1}};
    case Op::Mul: return {a * b, {b, a}};
    case Op::Div: return {a / b, {1 / b, -a / (b * b)}};
    case Op::Pow:
      return {std::pow(a, b), {b == 0 ? 0 : b * std::pow(a, b - 1), a == 0 ? 0 : std::pow(a, b) * std::log(a)}};
    case Op::Maximum: return first_is_nan || a >= b ? Result{a, {1, 0}} : Result{b, {0, 1}};
    case Op::Minimum: return first_is_nan || a <= b ? Result{a, {1, 0}} : Result{b, {0, 1}};
    case Op::Arctan2: return {std::atan2(a, b), {b / (a * a + b * b), -a / (a * a + b * b)}};
    case Op::Less: return {a < b ? 1.0 : 0.0};
    case Op::LessEqual: return {a <= b ? 1.0 : 0.0};
    default: return {a == b ? 1.0 : 0.0};  // Equal
  }
}

}  // namespace

Tape::Var Tape::push(const Entry& e) {
  entries_.push_back(e);
  return static_cast<Var>(entries_.size()) - 1;
}

Tape::Var Tape::leaf(double value) { return push({.value = value}); }

Tape::Var Tape::apply(Op op, Var a) {
  const Result r = transcendental(op, value(a));
  return push({r.value, {a, -1, -1}, r.slope});
}

Tape::Var Tape::apply(Op op, Var a, Var b) {
  const Result r = of_two(op, value(a), value(b));
  return push({r.value, {a, b, -1}, r.slope});
}

Tape::Var Tape::apply(Op, Var mask, Var a, Var b) {  // Where: an alias of the branch taken
  return value(mask) != 0 ? a : b;
}

std::vector<double> Tape::gradient(Var f) const {
  std::vector<double> of(entries_.size(), 0);
  of[static_cast<std::size_t>(f)] = 1;
  for (std::size_t k = static_cast<std::size_t>(f) + 1; k-- > 0;) {
    if (of[k] == 0) continue;
    const Entry& e = entries_[k];
    for (std::size_t i = 0; i < 3 && e.in[i] >= 0; ++i)
      if (e.slope[i] != 0) of[static_cast<std::size_t>(e.in[i])] += of[k] * e.slope[i];
  }
  return of;
}

}  // namespace argscope::expr::check
