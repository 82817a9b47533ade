// The steps of a program, from its schedule.
#include "core/expr/plan.h"

#include "core/expr/planner.h"

namespace argscope::expr {

namespace {

WholeArray whole_array(const Schedule& s, Id y) {
  const Graph& g = s.graph();
  WholeArray w{.node = g[y], .shapes = {}, .tangent = {}, .from = {}, .to = s.of(y).place};
  for (int k = 0; k < w.node.arity; ++k) {
    const auto i = static_cast<std::size_t>(k);
    w.shapes[i] = g.shape(w.node.in[i]);
    w.tangent[i] = g[w.node.in[i]].tangent;
    w.from[i] = s.of(w.node.in[i]).place;
  }
  return w;
}

void add_copies(const Schedule& s, const Ids& outputs, Program::Plan& plan) {
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    const Scheduled& o = s.of(outputs[k]);
    const Place to{Place::Space::Output, static_cast<Index>(k)};
    if (o.place.space == to.space && o.place.at == to.at) continue;
    // what no input moves, such as a tangent that is zero whatever the direction, has as many lanes as the others
    const bool constant = o.uniform || o.place.space == Place::Space::Constant;
    const Index size = s.graph().shape(outputs[k]).size() * s.lanes_of(outputs[k]);
    plan.steps.emplace_back(Copy{o.place, to, size, constant ? plan.lanes : 1, o.uniform, o.value});
  }
}

}  // namespace

Program::Plan Program::Plan::make(const Graph& g, const Ids& inputs, const Ids& outputs, int lanes, bool fold) {
  Plan plan;
  plan.lanes = lanes;
  const Schedule s(g, inputs, outputs, lanes, fold, plan);
  for (int level = 0; level < s.levels(); ++level) {
    if (const auto w = s.wholes().find(level); w != s.wholes().end())
      for (Id y : w->second) plan.steps.emplace_back(whole_array(s, y));
    for (auto it = s.loops().lower_bound({level, 0, 0}); it != s.loops().end() && it->first.level == level; ++it) {
      Loop loop = build_loop(s, it->first, it->second);
      plan.scratch = std::max(plan.scratch, loop.slots * loop.slot_size);
      plan.steps.emplace_back(std::move(loop));
    }
  }
  add_copies(s, outputs, plan);
  return plan;
}

}  // namespace argscope::expr
