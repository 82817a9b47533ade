#include <cmath>

#include "core/expr/primitives.h"

namespace argscope::expr {

namespace {

double sigmoid(double a) { return a >= 0 ? 1 / (1 + std::exp(-a)) : std::exp(a) / (1 + std::exp(a)); }
double softplus(double a) { return std::max(a, 0.0) + std::log1p(std::exp(-std::abs(a))); }
double sign(double a) { return a > 0 ? 1 : a < 0 ? -1 : a; }

double evaluate_unary(Op op, double a) {
  switch (op) {
    case Op::Neg: return -a;
    case Op::Exp: return std::exp(a);
    case Op::Expm1: return std::expm1(a);
    case Op::Log: return std::log(a);
    case Op::Log1p: return std::log1p(a);
    case Op::Sqrt: return std::sqrt(a);
    case Op::Sin: return std::sin(a);
    case Op::Cos: return std::cos(a);
    case Op::Tan: return std::tan(a);
    case Op::Arcsin: return std::asin(a);
    case Op::Arccos: return std::acos(a);
    case Op::Arctan: return std::atan(a);
    case Op::Sinh: return std::sinh(a);
    case Op::Cosh: return std::cosh(a);
    case Op::Tanh: return std::tanh(a);
    case Op::Erf: return std::erf(a);
    case Op::Sigmoid: return sigmoid(a);
    case Op::Softplus: return softplus(a);
    case Op::Abs: return std::abs(a);
    case Op::Sign: return sign(a);
    case Op::Floor: return std::floor(a);
    case Op::Round: return std::nearbyint(a);
    case Op::Reciprocal: return 1 / a;
    default: return a;  // Stop
  }
}

}  // namespace

double evaluate_elementwise(Op op, double a, double b, double c) {
  switch (op) {
    case Op::Add: return a + b;
    case Op::Sub: return a - b;
    case Op::Mul: return a * b;
    case Op::Div: return a / b;
    case Op::Pow: return std::pow(a, b);
    case Op::Maximum: return std::isnan(a) || a >= b ? a : b;
    case Op::Minimum: return std::isnan(a) || a <= b ? a : b;
    case Op::Arctan2: return std::atan2(a, b);
    case Op::Less: return a < b;
    case Op::LessEqual: return a <= b;
    case Op::Equal: return a == b;
    case Op::Where: return a != 0 ? b : c;
    default: return evaluate_unary(op, a);
  }
}

}  // namespace argscope::expr
