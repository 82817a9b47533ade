#include <algorithm>
#include <bit>

#include "core/expr/planner.h"

namespace argscope::expr {

namespace {

bool is_view(const Node& n) { return n.op == Op::Reshape || n.op == Op::Stop; }

bool sums_rows(const Node& n) { return n.op == Op::Sum && n.ints.front() == 0; }

}  // namespace

bool broadcasts_within_rows(const Graph& g, Id y) {
  const Shape &to = g.shape(y), &from = g.shape(g[y].in[0]);
  return from.rank() == to.rank() && from.rank() > 0 && from[0] == to[0];
}

bool keeps_rows(const Graph& g, Id y) {
  const Node& n = g[y];
  return n.ints[0] == 0 && n.ints[1] == 1 && g.shape(n.in[0])[0] == n.shape[0];
}

Index loop_rows(const Graph& g, Id y) {
  const Op op = g[y].op;
  const bool by_operand = op == Op::Sum || op == Op::Pad || op == Op::ScatterAdd;
  return g.shape(by_operand ? g[y].in[0] : y).rows();
}

bool gives_rows(const Graph& g, Id y) {
  const Node& n = g[y];
  if (primitive(n.op).kernel == Kernel::Whole || n.op == Op::ScatterAdd || sums_rows(n)) return false;
  return n.op != Op::Pad || keeps_rows(g, y);
}

Id Schedule::root(Id y) const {
  while (!given_[static_cast<std::size_t>(y)] && is_view(g_[y])) y = g_[y].in[0];
  return y;
}

bool Schedule::reads_by_row(Id y, int k) const {
  const Node& n = g_[y];
  switch (n.op) {
    case Op::Broadcast: return broadcasts_within_rows(g_, y);
    case Op::Slice: return keeps_rows(g_, y);
    case Op::Gather: return false;
    case Op::ScatterAdd: return k == 0;
    default: return primitive(n.op).kernel != Kernel::Whole;
  }
}

bool Schedule::shares_loop(Id y, int k) const {
  const Id seen = g_[y].in[static_cast<std::size_t>(k)], r = root(seen);
  const Scheduled& o = info_[static_cast<std::size_t>(r)];
  return o.computed && reads_by_row(y, k) && gives_rows(g_, r) && g_.shape(seen).rows() == g_.shape(r).rows() &&
         loop_rows(g_, r) == loop_rows(g_, y);
}

Schedule::Schedule(const Graph& g, const Ids& inputs, const Ids& outputs, int lanes, bool fold, Program::Plan& plan)
    : g_(g), lanes_(lanes), info_(static_cast<std::size_t>(g.size())), given_(static_cast<std::size_t>(g.size()), 0) {
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    given_[static_cast<std::size_t>(inputs[k])] = 1;
    info_[static_cast<std::size_t>(inputs[k])].place = {Place::Space::Input, static_cast<Index>(k)};
  }
  const Ids order = reachable(g, outputs, inputs);
  for (Id y : order) {
    const Node& n = g[y];
    if (given_[static_cast<std::size_t>(y)]) continue;
    if (n.op == Op::Input) throw ShapeError("a program needs '" + n.name + "', which is not among its inputs");
    Scheduled& s = info_[static_cast<std::size_t>(y)];
    s.computed = n.op != Op::Constant;
    if (n.op == Op::Constant && n.data) {
      s.place = {Place::Space::Constant, static_cast<Index>(plan.constants.size())};
      plan.constants.push_back(n.data);
    } else if (n.op == Op::Constant) {
      s.uniform = true;
      s.value = n.c;
    }
  }
  if (fold) fold_constants(order, outputs, plan);
  assign_levels(order);
  find_materialized(order, outputs, plan);
  place_arrays(order, outputs, plan);
}

/// Computes now what depends on no input, as far as something else needs it.
void Schedule::fold_constants(const Ids& order, const Ids& outputs, Program::Plan& plan) {
  std::vector<char> constant(info_.size(), 0), wanted(info_.size(), 0);
  for (Id y : order) {
    const auto in = g_[y].operands();
    constant[static_cast<std::size_t>(y)] =
        !given_[static_cast<std::size_t>(y)] &&
        std::all_of(in.begin(), in.end(), [&](Id i) { return constant[static_cast<std::size_t>(i)]; });
    if (!constant[static_cast<std::size_t>(y)])
      for (Id i : in) wanted[static_cast<std::size_t>(i)] = 1;
  }
  for (Id o : outputs) wanted[static_cast<std::size_t>(o)] = 1;
  for (Id y : order) {
    if (!constant[static_cast<std::size_t>(y)] || g_[y].op == Op::Constant) continue;
    Scheduled& s = info_[static_cast<std::size_t>(y)];
    s.computed = false;
    if (!wanted[static_cast<std::size_t>(y)]) continue;
    given_[static_cast<std::size_t>(y)] = 1;  // a folded reshape is an array of its own
    Array a = evaluate_constant(g_, y);
    const bool uniform = !a.values.empty() && std::all_of(a.values.begin(), a.values.end(), [&](double v) {
      return std::bit_cast<std::uint64_t>(v) == std::bit_cast<std::uint64_t>(a.values.front());
    });
    if (uniform) {
      s.uniform = true;
      s.value = a.values.front();
    } else {
      s.place = {Place::Space::Constant, static_cast<Index>(plan.constants.size())};
      plan.constants.push_back(std::make_shared<const std::vector<double>>(std::move(a.values)));
    }
  }
}

void Schedule::assign_levels(const Ids& order) {
  for (Id y : order) {
    if (root(y) != y || !info_[static_cast<std::size_t>(y)].computed) continue;
    Scheduled& s = info_[static_cast<std::size_t>(y)];
    s.loop_rows = loop_rows(g_, y);
    for (int k = 0; k < g_[y].arity; ++k) {
      const Scheduled& o = of(g_[y].in[static_cast<std::size_t>(k)]);
      if (o.computed) s.level = std::max(s.level, shares_loop(y, k) ? o.level : o.level + 1);
    }
    levels_ = std::max(levels_, s.level + 1);
    if (primitive(g_[y].op).kernel == Kernel::Whole) wholes_[s.level].push_back(y);
    else loops_[{s.level, s.loop_rows}].push_back(y);
  }
}

void Schedule::find_materialized(const Ids& order, const Ids& outputs, Program::Plan& plan) {
  for (Id o : outputs) {
    info(o).materialized = true;
    info(o).last_level = levels_;
  }
  for (Id y : order) {
    if (root(y) != y || !info_[static_cast<std::size_t>(y)].computed) continue;
    const int level = info_[static_cast<std::size_t>(y)].level;
    if (!gives_rows(g_, y)) info(y).materialized = true;
    for (int k = 0; k < g_[y].arity; ++k) {
      Scheduled& o = info(g_[y].in[static_cast<std::size_t>(k)]);
      o.last_level = std::max(o.last_level, level);
      if (!shares_loop(y, k) || o.level != level) o.materialized = true;
      if (o.uniform && !reads_by_row(y, k) && o.place.space == Place::Space::None) {
        const auto size = static_cast<std::size_t>(g_.shape(g_[y].in[static_cast<std::size_t>(k)]).size());
        o.place = {Place::Space::Constant, static_cast<Index>(plan.constants.size())};
        plan.constants.push_back(std::make_shared<const std::vector<double>>(size, o.value));
      }
    }
  }
}

void Schedule::place_arrays(const Ids& order, const Ids& outputs, Program::Plan& plan) {
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    Scheduled& o = info(outputs[k]);
    if (o.computed && o.place.space == Place::Space::None) o.place = {Place::Space::Output, static_cast<Index>(k)};
  }
  std::vector<Id> in_memory;
  for (Id y : order) {
    const Scheduled& s = info_[static_cast<std::size_t>(y)];
    if (root(y) == y && s.computed && s.materialized && s.place.space == Place::Space::None) in_memory.push_back(y);
  }
  place_in_memory(in_memory, plan);
}

/// First fit; an array's room is free again after the level of its last reader.
void Schedule::place_in_memory(const std::vector<Id>& nodes, Program::Plan& plan) {
  struct Held { Index at, size; int until; };
  std::vector<Held> held;
  std::vector<Id> by_level = nodes;
  std::stable_sort(by_level.begin(), by_level.end(), [&](Id a, Id b) { return of(a).level < of(b).level; });
  for (Id y : by_level) {
    Scheduled& s = info_[static_cast<std::size_t>(y)];
    std::erase_if(held, [&](const Held& h) { return h.until < s.level; });
    std::sort(held.begin(), held.end(), [](const Held& a, const Held& b) { return a.at < b.at; });
    const Index size = (g_.shape(y).size() * lanes_of(y) + 7) / 8 * 8;
    Index at = 0;
    for (const Held& h : held) {
      if (at + size <= h.at) break;
      at = std::max(at, h.at + h.size);
    }
    s.place = {Place::Space::Memory, at};
    held.push_back({at, size, s.last_level});
    plan.memory = std::max(plan.memory, at + size);
  }
}

}  // namespace argscope::expr
