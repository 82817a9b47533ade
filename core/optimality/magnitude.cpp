#include "core/optimality/magnitude.h"

#include "core/expr/build.h"
#include "core/expr/routine.h"

namespace argscope::optimality {

using namespace expr;

namespace {

/// The same operation on the magnitudes of its first `count` operands.
Id of_magnitudes(Graph& g, Id y, const Ids& magnitudes, int count) {
  Node n = g[y];
  for (int k = 0; k < count; ++k)
    n.in[static_cast<std::size_t>(k)] = magnitudes[static_cast<std::size_t>(g[y].in[static_cast<std::size_t>(k)])];
  return g.add(std::move(n));
}

Id magnitude_of_node(Graph& g, Id y, const Ids& magnitudes) {
  const auto operand = [&](int k) {
    return magnitudes[static_cast<std::size_t>(g[y].in[static_cast<std::size_t>(k)])];
  };
  if (is_moving(g, y)) return g.constant(0, g.shape(y));  // there for its derivative alone
  switch (g[y].op) {
    case Op::Add:
    case Op::Sub: return add(g, operand(0), operand(1));
    case Op::Mul: return mul(g, operand(0), operand(1));
    case Op::Neg: return operand(0);
    case Op::MatMul: return of_magnitudes(g, y, magnitudes, 2);
    case Op::Sum:
    case Op::Reshape:
    case Op::Broadcast:
    case Op::Permute:
    case Op::Slice:
    case Op::Pad:
    case Op::Gather:
    case Op::ScatterAdd:
    case Op::TakeAlong:
    case Op::PutAlong:
    case Op::CumSum: return of_magnitudes(g, y, magnitudes, 1);
    default: return unary(g, Op::Abs, y);
  }
}

}  // namespace

Id magnitude(Graph& g, Id of) {
  const Id outs[] = {of};
  Ids magnitudes(static_cast<std::size_t>(of) + 1, -1);
  for (Id y : reachable(g, outs, {})) magnitudes[static_cast<std::size_t>(y)] = magnitude_of_node(g, y, magnitudes);
  return magnitudes[static_cast<std::size_t>(of)];
}

}  // namespace argscope::optimality
