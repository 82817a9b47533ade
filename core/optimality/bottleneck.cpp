#include "core/optimality/bottleneck.h"

#include <algorithm>
#include <utility>

#include "core/expr/build.h"
#include "core/expr/derivatives.h"
#include "core/expr/primitives.h"

namespace argscope::optimality {

using namespace expr;

namespace {

constexpr Index most = 512;         // numbers in the small arrays
constexpr Index times_smaller = 4;  // than x

/// The tangents of few numbers that stand nearest to the directions.
Ids small_tangents(const Graph& g, const Ids& outs, const Ids& dirs, Index limit) {
  Ids found;
  for (Id y : reachable(g, outs, dirs)) {
    const bool small = g[y].tangent && g[y].shape.size() <= limit;
    const auto in = g[y].operands();
    const auto is_large_tangent = [&](Id i) { return g[i].tangent && g[i].shape.size() > limit; };
    if (small && std::any_of(in.begin(), in.end(), is_large_tangent)) found.push_back(y);
  }
  return found;
}

/// Every element of outs[k] depends on the same element of dirs[k] alone, if on any.
bool elementwise(const Graph& g, const Ids& outs, const Ids& dirs) {
  const auto keeps_elements = [&](Id y) {
    if (!g[y].tangent || g[y].op == Op::Input || g[y].op == Op::Reshape) return true;
    return primitive(g[y].op).kernel == Kernel::Elementwise;
  };
  for (std::size_t k = 0; k < outs.size(); ++k) {
    for (std::size_t l = 0; l < dirs.size(); ++l)
      if (l != k && g.depends_on(outs[k], dirs[l])) return false;
    const Id out[] = {outs[k]};
    if (!std::ranges::all_of(reachable(g, out, dirs), keeps_elements)) return false;
  }
  return true;
}

/// `outs`, linear in small and dirs, along `along` with the small arrays held.
Ids beside(Graph& g, const Ids& outs, const Ids& small, const Ids& dirs, const Ids& along) {
  Ids wrt = small, moves(small.size(), -1);
  wrt.insert(wrt.end(), dirs.begin(), dirs.end());
  moves.insert(moves.end(), along.begin(), along.end());
  return jvp(g, outs, wrt, moves);
}

}  // namespace

std::shared_ptr<const Bottleneck> Bottleneck::find(const ProblemPtr& problem, const Ids& outs) {
  const std::lock_guard lock(problem->growing);
  Graph& g = problem->graph;
  Ids dirs, others, ones;
  for (Id x : problem->x) {
    dirs.push_back(g.input("direction", g.shape(x), true));
    others.push_back(g.input("direction", g.shape(x), true));
    ones.push_back(g.constant(1, g.shape(x)));
  }
  const Ids tangents = jvp(g, outs, problem->x, dirs);
  const Index limit = std::min(most, problem->size / times_smaller);
  const Ids small = small_tangents(g, tangents, dirs, limit);
  Index numbers = 0;
  for (Id t : small) numbers += g.shape(t).size();
  if (small.empty() || numbers > limit) return nullptr;
  if (!elementwise(g, beside(g, tangents, small, dirs, others), others)) return nullptr;
  PointProgram diagonal(*problem, beside(g, tangents, small, dirs, ones));
  return std::shared_ptr<const Bottleneck>(new Bottleneck(problem, tangents, dirs, small, std::move(diagonal)));
}

Bottleneck::Bottleneck(ProblemPtr problem, const Ids& outs, const Ids& dirs, const Ids& small, PointProgram diagonal)
    : problem_(std::move(problem)),
      R_(std::make_shared<const Differential>(problem_, outs, small)),
      S_(std::make_shared<const Differential>(problem_, small, dirs)),
      diagonal_(std::move(diagonal)) {}

linear::DiagonalAndProduct Bottleneck::at(ConstVec x, ConstVec theta) const {
  linear::DiagonalAndProduct parts{Vec(problem_->size), std::make_shared<PointOperator>(problem_, R_, x, theta),
                                   std::make_shared<PointOperator>(problem_, S_, x, theta)};
  std::vector<double*> outputs;
  for (const Slot& s : problem_->variables) outputs.push_back(parts.diagonal.data() + s.offset);
  diagonal_.run(*problem_, x, theta, outputs);
  return parts;
}

}  // namespace argscope::optimality
