#include <algorithm>
#include <bit>
#include <limits>

#include "core/expr/planner.h"

namespace argscope::expr {

namespace {

bool is_view(const Node& n) { return n.op == Op::Reshape || n.op == Op::Stop; }

/// Numbers in a row from which on a loop takes rows in stretches.
constexpr Index long_row = 2 * block_numbers;

}  // namespace

Id Schedule::root(Id y) const {
  while (!given_[static_cast<std::size_t>(y)] && is_view(g_[y])) y = g_[y].in[0];
  return y;
}

Index Schedule::columns_of(Id y) const {
  const Node& n = g_[y];
  const bool elementwise = primitive(n.op).kernel == Kernel::Elementwise;
  const bool broadcast = n.op == Op::Broadcast && (repeats_rows(g_, y) || fills_rows(g_, y));
  const bool sum = n.op == Op::Sum && (sums_within_rows(g_, y) || (sums_rows(n) && n.ints.size() == 1));
  if (!elementwise && !broadcast && !sum) return 0;
  const Index columns = g_.shape(sum ? n.in[0] : y).width();
  return columns * lanes_of(y) > long_row ? columns : 0;
}

bool Schedule::gives_rows(Id y) const {
  const Node& n = g_[y];
  if (primitive(n.op).kernel == Kernel::Whole || n.op == Op::ScatterAdd || sums_rows(n)) return false;
  if (n.op == Op::Sum) return columns_of(y) == 0;  // the sum of a long row is known at its end only
  return n.op != Op::Pad || keeps_rows(g_, y);
}

bool Schedule::shares_loop(Id y, int k) const {
  const Id seen = g_[y].in[static_cast<std::size_t>(k)], r = root(seen);
  return info_[static_cast<std::size_t>(r)].computed && reads_by_row(g_, y, k) && gives_rows(r) &&
         g_.shape(seen).rows() == g_.shape(r).rows() && loop_rows(g_, r) == loop_rows(g_, y) &&
         columns_of(r) == columns_of(y);
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
    if (!is_step(y)) continue;
    Scheduled& s = info_[static_cast<std::size_t>(y)];
    for (int k = 0; k < g_[y].arity; ++k) {
      const Scheduled& o = of(g_[y].in[static_cast<std::size_t>(k)]);
      if (o.computed) s.level = std::max(s.level, shares_loop(y, k) ? o.level : o.level + 1);
    }
    levels_ = std::max(levels_, s.level + 1);
  }
  sink(order);
  for (Id y : order) {
    if (!is_step(y)) continue;
    const int level = info_[static_cast<std::size_t>(y)].level;
    if (primitive(g_[y].op).kernel == Kernel::Whole)
      wholes_[level].push_back(y);
    else
      loops_[{level, loop_rows(g_, y), columns_of(y)}].push_back(y);
  }
}

/// Moves nodes to the loop of their first reader, so that their results need not be kept in between.
void Schedule::sink(const Ids& order) {
  constexpr int never = std::numeric_limits<int>::max();
  struct Readers {
    int allow = never;  ///< the last level at which all can still read it
    int share = never;  ///< the first level at which one reads it block by block
  };
  std::vector<Readers> readers(info_.size());
  for (std::size_t i = order.size(); i-- > 0;) {
    const Id y = order[i];
    if (!is_step(y)) continue;
    Scheduled& s = info_[static_cast<std::size_t>(y)];
    const Readers& r = readers[static_cast<std::size_t>(y)];
    if (r.share == r.allow && r.share != never) s.level = r.share;
    for (int k = 0; k < g_[y].arity; ++k) {
      Readers& o = readers[static_cast<std::size_t>(root(g_[y].in[static_cast<std::size_t>(k)]))];
      const bool shares = shares_loop(y, k);
      o.allow = std::min(o.allow, shares ? s.level : s.level - 1);
      if (shares) o.share = std::min(o.share, s.level);
    }
  }
}

void Schedule::find_materialized(const Ids& order, const Ids& outputs, Program::Plan& plan) {
  for (Id o : outputs) {
    info(o).materialized = true;
    info(o).last_level = levels_;
  }
  for (Id y : order) {
    if (!is_step(y)) continue;
    const int level = info_[static_cast<std::size_t>(y)].level;
    if (!gives_rows(y)) info(y).materialized = true;
    for (int k = 0; k < g_[y].arity; ++k) {
      Scheduled& o = info(g_[y].in[static_cast<std::size_t>(k)]);
      o.last_level = std::max(o.last_level, level);
      if (!shares_loop(y, k) || o.level != level) o.materialized = true;
      if (o.uniform && !reads_by_row(g_, y, k) && o.place.space == Place::Space::None) {
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
    if (is_step(y) && s.materialized && s.place.space == Place::Space::None) in_memory.push_back(y);
  }
  place_in_memory(in_memory, plan);
}

/// First fit; an array's room is free again after the level of its last reader.
void Schedule::place_in_memory(const std::vector<Id>& nodes, Program::Plan& plan) {
  struct Held {
    Index at, size;
    int until;
  };
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
