#include "core/expr/primitives.h"

#include <array>
#include <numbers>

#include "core/expr/build.h"
#include "core/expr/scan.h"

namespace argscope::expr {

namespace {

using Tangents = std::span<const Id>;

Id operand(const Graph& g, Id y, int k) { return g[y].in[static_cast<std::size_t>(k)]; }
Id like(Graph& g, Id y, double c) { return g.constant(c, g.shape(y)); }

/// The same primitive with operand k replaced.
Id with_operand(Graph& g, Id y, int k, Id value) {
  Node n = g[y];
  n.in[static_cast<std::size_t>(k)] = value;
  n.tangent = false;  // set again by Graph::add
  return g.add(std::move(n));
}

Id sum_of(Graph& g, Id a, Id b) { return a == none ? b : b == none ? a : add(g, a, b); }

// ---- nonlinear, one operand: y = f(a), ẏ = f′(a) ȧ
template <auto slope>
Id jvp_unary(Graph& g, Id y, Tangents t) {
  return mul(g, t[0], slope(g, y, operand(g, y, 0)));
}
Id no_jvp(Graph&, Id, Tangents) { return none; }

Id slope_exp(Graph&, Id y, Id) { return y; }
Id slope_expm1(Graph& g, Id y, Id) { return add(g, y, like(g, y, 1)); }
Id slope_log(Graph& g, Id, Id a) { return unary(g, Op::Reciprocal, a); }
Id slope_log1p(Graph& g, Id, Id a) { return unary(g, Op::Reciprocal, add(g, a, like(g, a, 1))); }
Id slope_sqrt(Graph& g, Id y, Id) {
  Id inverse = unary(g, Op::Reciprocal, y);
  if (!g[y].ints.empty()) inverse = where(g, binary(g, Op::Less, like(g, y, 0), y), inverse, like(g, y, 0));
  return mul(g, inverse, like(g, y, 0.5));
}
Id slope_sin(Graph& g, Id, Id a) { return unary(g, Op::Cos, a); }
Id slope_cos(Graph& g, Id, Id a) { return neg(g, unary(g, Op::Sin, a)); }
Id slope_tan(Graph& g, Id y, Id) { return add(g, mul(g, y, y), like(g, y, 1)); }
Id one_minus_square(Graph& g, Id a) { return sub(g, like(g, a, 1), mul(g, a, a)); }
Id slope_arcsin(Graph& g, Id, Id a) { return unary(g, Op::Reciprocal, unary(g, Op::Sqrt, one_minus_square(g, a))); }
Id slope_arccos(Graph& g, Id y, Id a) { return neg(g, slope_arcsin(g, y, a)); }
Id slope_arctan(Graph& g, Id, Id a) { return unary(g, Op::Reciprocal, add(g, mul(g, a, a), like(g, a, 1))); }
Id slope_sinh(Graph& g, Id, Id a) { return unary(g, Op::Cosh, a); }
Id slope_cosh(Graph& g, Id, Id a) { return unary(g, Op::Sinh, a); }
Id slope_tanh(Graph& g, Id y, Id) { return one_minus_square(g, y); }
Id slope_erf(Graph& g, Id, Id a) {
  return mul(g, unary(g, Op::Exp, neg(g, mul(g, a, a))), like(g, a, 2 * std::numbers::inv_sqrtpi));
}
Id slope_sigmoid(Graph& g, Id y, Id) { return mul(g, y, sub(g, like(g, y, 1), y)); }
Id slope_softplus(Graph& g, Id, Id a) { return unary(g, Op::Sigmoid, a); }
Id slope_abs(Graph& g, Id, Id a) { return unary(g, Op::Sign, a); }
Id slope_reciprocal(Graph& g, Id y, Id) { return neg(g, mul(g, y, y)); }

// ---- elementwise, linear in each operand or with two slopes
Id jvp_neg(Graph& g, Id, Tangents t) { return neg(g, t[0]); }
Id jvp_add(Graph& g, Id, Tangents t) { return sum_of(g, t[0], t[1]); }
Id jvp_sub(Graph& g, Id, Tangents t) {
  if (t[1] == none) return t[0];
  return t[0] == none ? neg(g, t[1]) : sub(g, t[0], t[1]);
}
Id jvp_two(Graph& g, Tangents t, Id slope_a, Id slope_b) {
  const Id a = t[0] == none ? none : mul(g, t[0], slope_a);
  return sum_of(g, a, t[1] == none ? none : mul(g, t[1], slope_b));
}
Id jvp_mul(Graph& g, Id y, Tangents t) { return jvp_two(g, t, operand(g, y, 1), operand(g, y, 0)); }
Id jvp_div(Graph& g, Id y, Tangents t) {
  const Id r = unary(g, Op::Reciprocal, operand(g, y, 1));
  return jvp_two(g, t, r, t[1] == none ? none : neg(g, mul(g, y, r)));
}
Id jvp_pow(Graph& g, Id y, Tangents t) {
  const Id a = operand(g, y, 0), b = operand(g, y, 1);
  const Id one = like(g, y, 1), zero = like(g, y, 0);
  // a⁰ has slope 0 even where a⁻¹ is infinite; 0ᵇ has slope 0 along b
  const Id flat = binary(g, Op::Equal, b, zero);
  const Id slope_a = t[0] == none ? none : mul(g, b, power(g, a, where(g, flat, zero, sub(g, b, one))));
  if (t[1] == none) return jvp_two(g, t, slope_a, none);
  const Id log_a = unary(g, Op::Log, where(g, binary(g, Op::Equal, a, zero), one, a));
  return jvp_two(g, t, slope_a, mul(g, y, log_a));
}
Id jvp_choice(Graph& g, Tangents t, Id takes_b) {  // ties go to a
  const Id zero = like(g, takes_b, 0);
  return where(g, takes_b, t[1] == none ? zero : t[1], t[0] == none ? zero : t[0]);
}
Id jvp_maximum(Graph& g, Id y, Tangents t) {
  return jvp_choice(g, t, binary(g, Op::Less, operand(g, y, 0), operand(g, y, 1)));
}
Id jvp_minimum(Graph& g, Id y, Tangents t) {
  return jvp_choice(g, t, binary(g, Op::Less, operand(g, y, 1), operand(g, y, 0)));
}
Id jvp_arctan2(Graph& g, Id y, Tangents t) {
  const Id a = operand(g, y, 0), b = operand(g, y, 1);
  const Id r = unary(g, Op::Reciprocal, add(g, mul(g, a, a), mul(g, b, b)));
  return jvp_two(g, t, mul(g, b, r), neg(g, mul(g, a, r)));
}
Id jvp_where(Graph& g, Id y, Tangents t) {
  const Id mask = operand(g, y, 0), zero = like(g, y, 0);
  if (t[1] == none && t[2] == none) return none;
  return where(g, mask, t[1] == none ? zero : t[1], t[2] == none ? zero : t[2]);
}

// ---- linear in operand 0 alone
Id jvp_linear(Graph& g, Id y, Tangents t) { return t[0] == none ? none : with_operand(g, y, 0, t[0]); }
Id jvp_adding(Graph& g, Id y, Tangents t) {
  const Multiple m = as_multiple(g, t[0]);
  return mul(g, with_operand(g, y, 0, m.of), scalar(g, m.by));
}
Id jvp_broadcast(Graph& g, Id y, Tangents t) { return broadcast_to(g, t[0], g.shape(y)); }
Id jvp_reshape(Graph& g, Id y, Tangents t) { return reshape(g, t[0], g.shape(y)); }
Id jvp_matmul(Graph& g, Id y, Tangents t) {
  return sum_of(g, t[0] == none ? none : with_operand(g, y, 0, t[0]),
                t[1] == none ? none : with_operand(g, y, 1, t[1]));
}
Id jvp_solve(Graph& g, Id y, Tangents t) {
  const Id a = operand(g, y, 0);
  const bool transposed = g[y].ints[0] != 0;
  Id right = t[1];
  if (t[0] != none) {
    const Id da = transposed ? transpose_axes(g, t[0]) : t[0];
    const Id moved = neg(g, matmul(g, da, y));
    right = sum_of(g, right, moved);
  }
  return solve(g, transposed ? transpose_axes(g, a) : a, right);
}
Id jvp_logdet(Graph& g, Id y, Tangents t) {
  const Id a = operand(g, y, 0);
  const Id inverse_t = solve(g, transpose_axes(g, a), eye(g, g.shape(a)[0]));
  return sum(g, mul(g, t[0], inverse_t), std::nullopt, false);
}

// ---- transposes
std::vector<Range> ranges_of(const Node& n, const Shape& counted) {
  std::vector<Range> r;
  for (int a = 0; a < counted.rank(); ++a) {
    const auto k = 2 * static_cast<std::size_t>(a);
    r.push_back({n.ints[k], n.ints[k + 1], counted[a]});
  }
  return r;
}

void t_neg(Graph& g, Id y, Id ct, Cotangents& c) { c.add(operand(g, y, 0), neg(g, ct)); }
void t_add(Graph& g, Id y, Id ct, Cotangents& c) {
  for (int k = 0; k < 2; ++k) c.add(operand(g, y, k), ct);
}
void t_sub(Graph& g, Id y, Id ct, Cotangents& c) {
  c.add(operand(g, y, 0), ct);
  if (g[operand(g, y, 1)].tangent) c.add(operand(g, y, 1), neg(g, ct));
}
void t_mul(Graph& g, Id y, Id ct, Cotangents& c) {
  const Id a = operand(g, y, 0), b = operand(g, y, 1);
  if (g[a].tangent)
    c.add(a, mul(g, ct, b));
  else
    c.add(b, mul(g, ct, a));
}
void t_div(Graph& g, Id y, Id ct, Cotangents& c) { c.add(operand(g, y, 0), div(g, ct, operand(g, y, 1))); }
void t_broadcast(Graph& g, Id y, Id ct, Cotangents& c) {
  c.add(operand(g, y, 0), sum_to(g, ct, g.shape(operand(g, y, 0))));
}
void t_sum(Graph& g, Id y, Id ct, Cotangents& c) {
  const Id a = operand(g, y, 0);
  Shape kept = g.shape(a);
  for (Index axis : g[y].ints) kept = kept.with_axis(static_cast<int>(axis), 1);
  c.add(a, broadcast_to(g, reshape(g, ct, kept), g.shape(a)));
}
void t_reshape(Graph& g, Id y, Id ct, Cotangents& c) {
  c.add(operand(g, y, 0), reshape(g, ct, g.shape(operand(g, y, 0))));
}
void t_permute(Graph& g, Id y, Id ct, Cotangents& c) {
  std::vector<int> back(g[y].ints.size());
  for (std::size_t k = 0; k < back.size(); ++k) back[static_cast<std::size_t>(g[y].ints[k])] = static_cast<int>(k);
  c.add(operand(g, y, 0), permute(g, ct, back));
}
void t_slice(Graph& g, Id y, Id ct, Cotangents& c) {
  c.add(operand(g, y, 0), pad(g, ct, ranges_of(g[y], g.shape(y)), g.shape(operand(g, y, 0))));
}
void t_pad(Graph& g, Id y, Id ct, Cotangents& c) {
  c.add(operand(g, y, 0), slice(g, ct, ranges_of(g[y], g.shape(operand(g, y, 0)))));
}
void t_gather(Graph& g, Id y, Id ct, Cotangents& c) {
  const Id a = operand(g, y, 0);
  c.add(a, scatter_add(g, ct, operand(g, y, 1), g.shape(a)[0]));
}
void t_scatter_add(Graph& g, Id y, Id ct, Cotangents& c) {
  c.add(operand(g, y, 0), gather_rows(g, ct, operand(g, y, 1)));
}
void t_take_along(Graph& g, Id y, Id ct, Cotangents& c) {
  const Shape& s = g.shape(operand(g, y, 0));
  c.add(operand(g, y, 0), put_along(g, ct, operand(g, y, 1), s[s.rank() - 1]));
}
void t_put_along(Graph& g, Id y, Id ct, Cotangents& c) { c.add(operand(g, y, 0), take_along(g, ct, operand(g, y, 1))); }
void t_cumsum(Graph& g, Id y, Id ct, Cotangents& c) {
  c.add(operand(g, y, 0), cumsum(g, ct, static_cast<int>(g[y].ints[0]), g[y].ints[1] == 0));
}
void t_matmul(Graph& g, Id y, Id ct, Cotangents& c) {
  const Node n = g[y];
  const Id a = n.ints[0] ? transpose_axes(g, n.in[0]) : n.in[0];
  const Id b = n.ints[1] ? transpose_axes(g, n.in[1]) : n.in[1];
  // turning the smaller one over is free; a fixed matrix stays on the left, where products of such are kept
  const auto turned_back = [&](bool turned, Id fixed, auto straight, auto crosswise) {
    if (!turned) return straight();
    return g.is_constant(fixed) ? transpose_axes(g, straight()) : crosswise();
  };
  if (g[n.in[1]].tangent) {
    const auto straight = [&] { return matmul(g, transpose_axes(g, a), ct); };
    c.add(n.in[1], turned_back(n.ints[1] != 0, a, straight, [&] { return matmul(g, transpose_axes(g, ct), a); }));
  } else if (g.shape(b).rank() == 1) {
    c.add(n.in[0], n.ints[0] ? outer(g, b, ct) : outer(g, ct, b));
  } else {
    const auto straight = [&] { return matmul(g, ct, transpose_axes(g, b)); };
    c.add(n.in[0], turned_back(n.ints[0] != 0, b, straight, [&] { return matmul(g, b, transpose_axes(g, ct)); }));
  }
}
void t_solve(Graph& g, Id y, Id ct, Cotangents& c) {
  const Id a = operand(g, y, 0);
  c.add(operand(g, y, 1), solve(g, g[y].ints[0] ? a : transpose_axes(g, a), ct));
}

using K = Kernel;
constexpr std::size_t count = static_cast<std::size_t>(Op::Count_);

using Table = std::array<Primitive, count>;

void add_elementwise(Table& t) {
  auto row = [&](Op op, Primitive p) { t[static_cast<std::size_t>(op)] = p; };
  row(Op::Input, {"input", K::Source, 0, nullptr, nullptr});
  row(Op::Constant, {"constant", K::Source, 0, nullptr, nullptr});
  row(Op::Neg, {"neg", K::Elementwise, 1, jvp_neg, t_neg});
  row(Op::Exp, {"exp", K::Elementwise, 1, jvp_unary<slope_exp>, nullptr});
  row(Op::Expm1, {"expm1", K::Elementwise, 1, jvp_unary<slope_expm1>, nullptr});
  row(Op::Log, {"log", K::Elementwise, 1, jvp_unary<slope_log>, nullptr});
  row(Op::Log1p, {"log1p", K::Elementwise, 1, jvp_unary<slope_log1p>, nullptr});
  row(Op::Sqrt, {"sqrt", K::Elementwise, 1, jvp_unary<slope_sqrt>, nullptr});
  row(Op::Sin, {"sin", K::Elementwise, 1, jvp_unary<slope_sin>, nullptr});
  row(Op::Cos, {"cos", K::Elementwise, 1, jvp_unary<slope_cos>, nullptr});
  row(Op::Tan, {"tan", K::Elementwise, 1, jvp_unary<slope_tan>, nullptr});
  row(Op::Arcsin, {"arcsin", K::Elementwise, 1, jvp_unary<slope_arcsin>, nullptr});
  row(Op::Arccos, {"arccos", K::Elementwise, 1, jvp_unary<slope_arccos>, nullptr});
  row(Op::Arctan, {"arctan", K::Elementwise, 1, jvp_unary<slope_arctan>, nullptr});
  row(Op::Sinh, {"sinh", K::Elementwise, 1, jvp_unary<slope_sinh>, nullptr});
  row(Op::Cosh, {"cosh", K::Elementwise, 1, jvp_unary<slope_cosh>, nullptr});
  row(Op::Tanh, {"tanh", K::Elementwise, 1, jvp_unary<slope_tanh>, nullptr});
  row(Op::Erf, {"erf", K::Elementwise, 1, jvp_unary<slope_erf>, nullptr});
  row(Op::Sigmoid, {"sigmoid", K::Elementwise, 1, jvp_unary<slope_sigmoid>, nullptr});
  row(Op::Softplus, {"softplus", K::Elementwise, 1, jvp_unary<slope_softplus>, nullptr});
  row(Op::Abs, {"abs", K::Elementwise, 1, jvp_unary<slope_abs>, nullptr});
  row(Op::Sign, {"sign", K::Elementwise, 1, no_jvp, nullptr});
  row(Op::Floor, {"floor", K::Elementwise, 1, no_jvp, nullptr});
  row(Op::Round, {"round", K::Elementwise, 1, no_jvp, nullptr});
  row(Op::Reciprocal, {"reciprocal", K::Elementwise, 1, jvp_unary<slope_reciprocal>, nullptr});
  row(Op::Add, {"add", K::Elementwise, 2, jvp_add, t_add});
  row(Op::Sub, {"sub", K::Elementwise, 2, jvp_sub, t_sub});
  row(Op::Mul, {"mul", K::Elementwise, 2, jvp_mul, t_mul});
  row(Op::Div, {"div", K::Elementwise, 2, jvp_div, t_div});
  row(Op::Pow, {"pow", K::Elementwise, 2, jvp_pow, nullptr});
  row(Op::Maximum, {"maximum", K::Elementwise, 2, jvp_maximum, nullptr});
  row(Op::Minimum, {"minimum", K::Elementwise, 2, jvp_minimum, nullptr});
  row(Op::Arctan2, {"arctan2", K::Elementwise, 2, jvp_arctan2, nullptr});
  row(Op::Less, {"less", K::Elementwise, 2, no_jvp, nullptr});
  row(Op::LessEqual, {"less_equal", K::Elementwise, 2, no_jvp, nullptr});
  row(Op::Equal, {"equal", K::Elementwise, 2, no_jvp, nullptr});
  row(Op::Where, {"where", K::Elementwise, 3, jvp_where, nullptr});
  row(Op::Stop, {"stop", K::Elementwise, 1, no_jvp, nullptr});
}

Table make_table() {
  Table t{};
  add_elementwise(t);
  auto row = [&](Op op, Primitive p) { t[static_cast<std::size_t>(op)] = p; };
  row(Op::Broadcast, {"broadcast", K::Move, 1, jvp_broadcast, t_broadcast});
  row(Op::Sum, {"sum", K::Move, 1, jvp_adding, t_sum});
  row(Op::Reshape, {"reshape", K::Move, 1, jvp_reshape, t_reshape});
  row(Op::Permute, {"permute", K::Whole, 1, jvp_linear, t_permute});
  row(Op::Slice, {"slice", K::Move, 1, jvp_linear, t_slice});
  row(Op::Pad, {"pad", K::Move, 1, jvp_linear, t_pad});
  row(Op::Gather, {"gather", K::Move, 2, jvp_linear, t_gather});
  row(Op::ScatterAdd, {"scatter_add", K::Move, 2, jvp_linear, t_scatter_add});
  row(Op::TakeAlong, {"take_along", K::Whole, 2, jvp_linear, t_take_along});
  row(Op::PutAlong, {"put_along", K::Whole, 2, jvp_linear, t_put_along});
  row(Op::CumSum, {"cumsum", K::Whole, 1, jvp_linear, t_cumsum});
  row(Op::MatMul, {"matmul", K::Whole, 2, jvp_matmul, t_matmul});
  row(Op::ArgMax, {"argmax", K::Whole, 1, no_jvp, nullptr});
  row(Op::ArgSort, {"argsort", K::Whole, 1, no_jvp, nullptr});
  row(Op::Solve, {"solve", K::Whole, 2, jvp_solve, t_solve});
  row(Op::LogDet, {"logdet", K::Whole, 1, jvp_logdet, nullptr});
  row(Op::Scan, {"scan", K::Whole, 3, jvp_scan, nullptr});
  row(Op::LinearScan, {"linear_scan", K::Whole, 5, jvp_linear_scan, transpose_linear_scan});
  row(Op::Routine, {"routine", K::Whole, 5, no_jvp, nullptr});
  return t;
}

}  // namespace

void Cotangents::add(Id node, Id cotangent) {
  const auto k = static_cast<std::size_t>(node);
  if (k >= of_.size() || !graph_[node].tangent) return;
  of_[k] = of_[k] == none ? cotangent : expr::add(graph_, of_[k], cotangent);
}

const Primitive& primitive(Op op) {
  static const Table table = make_table();
  return table[static_cast<std::size_t>(op)];
}

}  // namespace argscope::expr
