#include "core/expr/derivatives.h"

#include "core/expr/build.h"
#include "core/expr/primitives.h"

namespace argscope::expr {

Ids jvp(Graph& g, std::span<const Id> outs, std::span<const Id> wrt, std::span<const Id> dirs) {
  Ids tangent(static_cast<std::size_t>(g.size()), none);
  for (std::size_t k = 0; k < wrt.size(); ++k) tangent[static_cast<std::size_t>(wrt[k])] = dirs[k];
  const auto is_given = [&](Id y) { return std::find(wrt.begin(), wrt.end(), y) != wrt.end(); };
  for (Id y : reachable(g, outs, wrt)) {
    if (is_given(y)) continue;
    std::array<Id, 5> in{none, none, none, none, none};
    bool moves = false;
    const auto operands = g[y].operands();
    for (std::size_t k = 0; k < operands.size(); ++k) {
      in[k] = tangent[static_cast<std::size_t>(operands[k])];
      moves = moves || in[k] != none;
    }
    if (!moves) continue;
    const auto arity = operands.size();
    const Id t = primitive(g[y].op).jvp(g, y, {in.data(), arity});
    if (t != none && !g.is_uniform(t, 0)) tangent[static_cast<std::size_t>(y)] = t;
  }
  Ids result;
  for (Id o : outs) {
    const Id t = tangent[static_cast<std::size_t>(o)];
    result.push_back(t == none ? g.constant(0, g.shape(o)) : t);
  }
  return result;
}

Ids transpose(Graph& g, std::span<const Id> outs, std::span<const Id> cotangents, std::span<const Id> dirs) {
  const Ids order = reachable(g, outs, dirs);
  Cotangents of(g);
  for (std::size_t k = 0; k < outs.size(); ++k) of.add(outs[k], cotangents[k]);
  const auto is_direction = [&](Id y) { return std::find(dirs.begin(), dirs.end(), y) != dirs.end(); };
  for (std::size_t k = order.size(); k-- > 0;) {
    const Id y = order[k];
    if (!g[y].tangent || of[y] == none || is_direction(y)) continue;
    primitive(g[y].op).transpose(g, y, of[y], of);
  }
  Ids result;
  for (Id d : dirs) result.push_back(of[d] == none ? g.constant(0, g.shape(d)) : of[d]);
  return result;
}

Ids gradient(Graph& g, Id f, std::span<const Id> wrt) {
  if (g.shape(f).rank() != 0) throw ShapeError("a gradient needs a scalar, not an array of shape " + g.shape(f).str());
  Ids dirs;
  for (Id w : wrt) dirs.push_back(g.input("direction", g.shape(w), true));
  const Id outs[] = {f};
  const Ids tangent = jvp(g, outs, wrt, dirs);
  const Id one[] = {scalar(g, 1)};
  return transpose(g, tangent, one, dirs);
}

}  // namespace argscope::expr
