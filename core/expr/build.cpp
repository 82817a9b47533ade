// Elementwise operations: broadcasting, folding of uniform constants, and the simplifications that move work from the
// linear program into the point where it is computed once.
#include "core/expr/build.h"

#include <cmath>

#include "core/expr/primitives.h"
#include "core/expr/routine.h"

namespace argscope::expr {

namespace {

std::optional<double> uniform(const Graph& g, Id a) {
  const Node& n = g[a];
  if (n.op == Op::Constant && !n.data) return n.c;
  return std::nullopt;
}

Id raw(Graph& g, Op op, std::span<const Id> in) {
  Node n;
  n.op = op;
  n.arity = static_cast<int>(in.size());
  std::copy(in.begin(), in.end(), n.in.begin());
  n.shape = g.shape(in.back());
  return g.add(std::move(n));
}

/// A tangent of the form t·p with a point factor p.
struct Scaled {
  Id tangent, factor;
};
std::optional<Scaled> as_scaled(const Graph& g, Id a) {
  const Node& n = g[a];
  if (!n.tangent || n.op != Op::Mul) return std::nullopt;
  const bool first = g[n.in[0]].tangent;
  return Scaled{n.in[first ? 0 : 1], n.in[first ? 1 : 0]};
}

Id mul_tangent(Graph& g, Id t, Id p) {
  if (const auto s = as_scaled(g, t)) return mul(g, s->tangent, mul(g, s->factor, p));
  if (g[t].op == Op::Neg) return mul(g, g[t].in[0], neg(g, p));
  const Id in[] = {t, p};
  return raw(g, Op::Mul, in);
}

Id times(Graph& g, Id a, double by) {
  if (by == 0) return g.constant(0, g.shape(a));
  if (by == 1) return a;
  if (by == -1) return neg(g, a);
  const Id c = g.constant(by, g.shape(a));
  if (g[a].tangent) return mul_tangent(g, a, c);
  const Id in[] = {a, c};
  return raw(g, Op::Mul, in);
}

std::optional<Id> simplified_mul(Graph& g, Id a, Id b) {
  for (const auto& [x, y] : {std::pair{a, b}, std::pair{b, a}})
    if (const auto c = uniform(g, y); c && (*c == 0 || *c == 1 || *c == -1)) return times(g, x, *c);
  if (g[a].tangent != g[b].tangent) return g[a].tangent ? mul_tangent(g, a, b) : mul_tangent(g, b, a);
  const Multiple p = as_multiple(g, a), q = as_multiple(g, b);
  if (const auto c = uniform(g, b)) return times(g, p.of, p.by * *c);
  if (const auto c = uniform(g, a)) return times(g, q.of, q.by * *c);
  if (p.of != a || q.of != b) return times(g, mul(g, p.of, q.of), p.by * q.by);
  return std::nullopt;
}

/// a + sign · b where both are multiples of one node, or by one number.
std::optional<Id> joined_multiples(Graph& g, Id a, Id b, double sign) {
  const Multiple p = as_multiple(g, a), q = as_multiple(g, b);
  if (p.of == q.of) return times(g, p.of, p.by + sign * q.by);
  if (p.by != q.by || p.by == 1 || g[a].tangent) return std::nullopt;
  return times(g, binary(g, sign > 0 ? Op::Add : Op::Sub, p.of, q.of), p.by);
}

std::optional<Id> simplified_add(Graph& g, Id a, Id b) {
  if (uniform(g, a) == 0.0) return b;
  if (uniform(g, b) == 0.0) return a;
  if (const auto m = joined_multiples(g, a, b, 1)) return m;
  if (g[b].op == Op::Neg) return sub(g, a, g[b].in[0]);
  if (g[a].op == Op::Neg) return sub(g, b, g[a].in[0]);
  const auto p = as_scaled(g, a), q = as_scaled(g, b);
  if (p && q && p->tangent == q->tangent) return mul(g, p->tangent, add(g, p->factor, q->factor));
  return std::nullopt;
}

std::optional<Id> simplified_sub(Graph& g, Id a, Id b) {
  if (uniform(g, b) == 0.0) return a;
  if (uniform(g, a) == 0.0) return neg(g, b);
  if (const auto m = joined_multiples(g, a, b, -1)) return m;
  if (g[b].op == Op::Neg) return add(g, a, g[b].in[0]);
  const auto p = as_scaled(g, a), q = as_scaled(g, b);
  if (p && q && p->tangent == q->tangent) return mul(g, p->tangent, sub(g, p->factor, q->factor));
  return std::nullopt;
}

std::optional<Id> simplified_div(Graph& g, Id a, Id b) {
  if (uniform(g, a) == 0.0) return a;
  if (const auto c = uniform(g, b); c && *c != 0) return mul(g, a, g.constant(1 / *c, g.shape(a)));
  if (uniform(g, a) == 1.0) return unary(g, Op::Reciprocal, b);
  if (g[a].tangent && !g[b].tangent) return mul(g, a, unary(g, Op::Reciprocal, b));
  return std::nullopt;
}

std::optional<Id> simplified(Graph& g, Op op, Id a, Id b) {
  switch (op) {
    case Op::Mul: return simplified_mul(g, a, b);
    case Op::Add: return simplified_add(g, a, b);
    case Op::Sub: return simplified_sub(g, a, b);
    case Op::Div: return simplified_div(g, a, b);
    default: return std::nullopt;
  }
}

/// Not the greater and the less of two: their derivative at a tie is the first one's.
bool commutes(Op op) { return op == Op::Add || op == Op::Mul || op == Op::Equal; }

/// base ** n for a small whole n ≥ 1, by squaring.
Id whole_power(Graph& g, Id base, int n) {
  if (n == 1) return base;
  const Id half = whole_power(g, base, n / 2);
  const Id square = mul(g, half, half);
  return n % 2 ? mul(g, square, base) : square;
}

}  // namespace

Id scalar(Graph& g, double value) { return g.constant(value, {}); }

Multiple as_multiple(const Graph& g, Id a) {
  const Node& n = g[a];
  if (n.op == Op::Neg) return {n.in[0], -1};
  if (n.op == Op::Mul)
    for (const int k : {0, 1})
      if (const auto c = uniform(g, n.in[static_cast<std::size_t>(k)]))
        return {n.in[static_cast<std::size_t>(1 - k)], *c};
  return {a, 1};
}

Id unary(Graph& g, Op op, Id a) {
  if (const auto c = uniform(g, a)) return g.constant(evaluate_elementwise(op, *c, 0, 0), g.shape(a));
  const Node& n = g[a];
  if (op == Op::Neg) {
    if (n.op == Op::Sub) return sub(g, n.in[1], n.in[0]);
    if (const auto s = as_scaled(g, a)) return mul(g, s->tangent, neg(g, s->factor));
    if (const Multiple m = as_multiple(g, a); m.of != a) return times(g, m.of, -m.by);
  }
  const Id in[] = {a};
  return raw(g, op, in);
}

Id binary(Graph& g, Op op, Id a, Id b) {
  const Shape shape = broadcast(g.shape(a), g.shape(b));
  a = broadcast_to(g, a, shape);
  b = broadcast_to(g, b, shape);
  const auto p = uniform(g, a), q = uniform(g, b);
  if (p && q) return g.constant(evaluate_elementwise(op, *p, *q, 0), shape);
  if (const auto s = simplified(g, op, a, b)) return *s;
  if (commutes(op) && a > b) std::swap(a, b);
  const Id in[] = {a, b};
  return raw(g, op, in);
}

Id power(Graph& g, Id a, Id b) {
  const auto c = uniform(g, b);
  if (c && !uniform(g, a)) {
    a = broadcast_to(g, a, broadcast(g.shape(a), g.shape(b)));
    if (*c == 0) return g.constant(1, g.shape(a));
    if (*c == 0.5) return unary(g, Op::Sqrt, a);
    if (std::abs(*c) <= 16 && *c == std::floor(*c)) {
      const Id p = whole_power(g, a, static_cast<int>(std::abs(*c)));
      return *c > 0 ? p : unary(g, Op::Reciprocal, p);
    }
  }
  return binary(g, Op::Pow, a, b);
}

Id where(Graph& g, Id mask, Id a, Id b) {
  const Shape shape = broadcast(broadcast(g.shape(mask), g.shape(a)), g.shape(b));
  mask = broadcast_to(g, mask, shape);
  a = broadcast_to(g, a, shape);
  b = broadcast_to(g, b, shape);
  if (a == b) return a;
  if (const auto m = uniform(g, mask)) return *m != 0 ? a : b;
  const Id zero = g.constant(0, shape);
  if (const Multiple m = as_multiple(g, a); b == zero && m.of != a && !g[a].tangent)
    return times(g, where(g, mask, m.of, zero), m.by);
  // 0 · ∞ must not arise in reverse: the mask goes into the coefficient, the tangent stays outside.
  if (g[a].tangent || g[b].tangent) {
    if (b == zero) {
      const auto s = as_scaled(g, a);
      return s ? mul(g, s->tangent, where(g, mask, s->factor, zero))
               : mul(g, a, where(g, mask, g.constant(1, shape), zero));
    }
    if (a == zero) {
      const auto s = as_scaled(g, b);
      return s ? mul(g, s->tangent, where(g, mask, zero, s->factor))
               : mul(g, b, where(g, mask, zero, g.constant(1, shape)));
    }
    return add(g, where(g, mask, a, zero), where(g, mask, zero, b));
  }
  const Id in[] = {mask, a, b};
  return raw(g, Op::Where, in);
}

Id stop(Graph& g, Id a) {
  if (g.is_constant(a)) return a;
  const Id in[] = {a};
  return raw(g, Op::Stop, in);
}

Id moving(Graph& g, Id a) { return sub(g, a, stop(g, a)); }

bool is_moving(const Graph& g, Id a) {
  const Node& n = g[a];
  return n.op == Op::Sub && g[n.in[1]].op == Op::Stop && g[n.in[1]].in[0] == n.in[0];
}

}  // namespace argscope::expr
