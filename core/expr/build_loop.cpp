// The instructions of one loop.
#include <algorithm>

#include "core/expr/planner.h"

namespace argscope::expr {

namespace {

class LoopBuilder {
 public:
  LoopBuilder(const Schedule& s, Index rows, const Ids& nodes) : s_(s), g_(s.graph()), nodes_(nodes) {
    flat_ = is_elementwise_throughout();
    loop_.rows = flat_ ? g_.shape(nodes.front()).size() : rows;
  }

  Loop build() {
    for (Id y : nodes_) emit(y);
    choose_block();
    assign_slots();
    return std::move(loop_);
  }

 private:
  bool is_elementwise_throughout() const {
    return std::all_of(nodes_.begin(), nodes_.end(), [&](Id y) {
      return primitive(g_[y].op).kernel == Kernel::Elementwise && g_.shape(y) == g_.shape(nodes_.front());
    });
  }

  Index elements_in_row(Id y) const { return flat_ ? 1 : g_.shape(y).width(); }
  Index width(Id y) const { return elements_in_row(y) * s_.lanes_of(y); }

  BlockRef new_slot() { return {BlockRef::Kind::Slot, virtual_slots_++, {}, 0}; }

  /// Where the result of y goes: its array when others need it, else a slot.
  BlockRef destination(Id y) {
    const Scheduled& s = s_.of(y);
    BlockRef to = s.materialized ? BlockRef{BlockRef::Kind::Rows, 0, s.place, width(y)} : new_slot();
    in_block_[y] = to;
    return to;
  }

  /// Operand `seen` as rows of this loop, with `lanes` numbers an element.
  BlockRef operand(Id seen, int lanes) {
    const Id r = s_.root(seen);
    const Scheduled& s = s_.of(seen);
    if (s.uniform) return uniform(s.value);
    const int own = s_.lanes_of(r);
    if (const auto it = in_block_.find(r); it != in_block_.end()) return own == lanes ? it->second : repeated(seen, it->second, lanes);
    const BlockRef rows{BlockRef::Kind::Rows, 0, s.place, elements_in_row(seen) * own};
    return own == lanes ? rows : repeated(seen, rows, lanes);
  }

  BlockRef uniform(double value) {
    for (const Filling& f : loop_.fillings)
      if (f.row.space == Place::Space::None && f.value == value && std::signbit(f.value) == std::signbit(value)) return fixed(f.slot);
    return fill({.value = value, .table = {}});
  }

  BlockRef fill(Filling f) {
    f.slot = virtual_slots_++;
    loop_.fillings.push_back(std::move(f));
    return fixed(loop_.fillings.back().slot);
  }
  static BlockRef fixed(Index slot) { return {BlockRef::Kind::Fixed, slot, {}, 0}; }

  BlockRef repeated(Id seen, const BlockRef& from, int lanes) {
    const Id r = s_.root(seen);
    if (const auto it = repeated_.find(r); it != repeated_.end()) return it->second;
    Instruction i{.kind = Instruction::Kind::Repeat, .to = new_slot(), .a = from, .width = elements_in_row(seen) * lanes,
                  .from_width = elements_in_row(seen), .count = lanes};
    loop_.body.push_back(i);
    return repeated_[r] = i.to;
  }

  void emit(Id y) {
    switch (g_[y].op) {
      case Op::Broadcast: return emit_broadcast(y);
      case Op::Sum: return emit_sum(y);
      case Op::Slice: return emit_slice(y);
      case Op::Pad: return emit_pad(y);
      case Op::Gather: return emit_gather(y);
      case Op::ScatterAdd: return emit_scatter(y);
      default: return emit_elementwise(y);
    }
  }

  void emit_elementwise(Id y) {
    const Node& n = g_[y];
    const int lanes = s_.lanes_of(y);
    Instruction i{.kind = n.arity == 1 ? Instruction::Kind::Unary : n.arity == 2 ? Instruction::Kind::Binary : Instruction::Kind::Where,
                  .op = n.op, .width = width(y)};
    i.a = operand(n.in[0], lanes);
    if (n.arity > 1) i.b = operand(n.in[1], lanes);
    if (n.arity > 2) i.c = operand(n.in[2], lanes);
    i.to = destination(y);
    loop_.body.push_back(std::move(i));
  }

  /// For each element of a row of shape `to` (without axis 0 when `skip` is 1), the element of `from` that it shows.
  static std::vector<Index> broadcast_table(const Shape& from, const Shape& to) {
    const int offset = to.rank() - from.rank();
    std::vector<Index> table(static_cast<std::size_t>(to.width()));
    for (Index e = 0; e < to.width(); ++e) {
      Index rest = e, stride = 1, at = 0;
      for (int a = to.rank(); a-- > 1;) {
        const Index k = rest % to[a];
        rest /= to[a];
        if (a - offset < 0) continue;
        const Index length = from[a - offset];
        at += (length == 1 ? 0 : k) * stride;
        stride *= length;
      }
      table[static_cast<std::size_t>(e)] = at;
    }
    return table;
  }

  void emit_broadcast(Id y) {
    const Id a = g_[y].in[0];
    const int lanes = s_.lanes_of(y);
    if (!broadcasts_within_rows(g_, y)) {
      Filling f{.row = s_.of(a).place, .width = width(y), .lanes = lanes, .table = broadcast_table(g_.shape(a), g_.shape(y))};
      if (s_.of(a).uniform) in_block_[y] = uniform(s_.of(a).value);
      else in_block_[y] = fill(std::move(f));
      if (s_.of(y).materialized) copy_out(y);
      return;
    }
    Instruction i{.kind = Instruction::Kind::RowRepeat, .a = operand(a, lanes), .width = width(y),
                  .from_width = g_.shape(a).width() * lanes, .count = g_.shape(y).width(), .lanes = lanes};
    if (g_.shape(a).width() != 1) {
      i.kind = Instruction::Kind::Columns;
      i.table = broadcast_table(g_.shape(a), g_.shape(y));
    }
    i.to = destination(y);
    loop_.body.push_back(std::move(i));
  }

  /// A value that lives in a Fixed slot, but that others need as an array.
  void copy_out(Id y) {
    loop_.body.push_back({.kind = Instruction::Kind::Unary, .op = Op::Stop, .to = {BlockRef::Kind::Rows, 0, s_.of(y).place, width(y)},
                          .a = in_block_[y], .width = width(y)});
  }

  void emit_sum(Id y) {
    const Node& n = g_[y];
    const Id a = n.in[0];
    const int lanes = s_.lanes_of(y);
    const Shape& from = g_.shape(a);
    const bool all_rows = n.ints.front() == 0;
    const bool within = n.ints.size() > (all_rows ? 1u : 0u);
    BlockRef rows = operand(a, lanes);
    Index row_width = from.width() * lanes;
    if (within) {
      Instruction i{.kind = Instruction::Kind::RowSum, .a = rows, .from_width = row_width, .count = from.width(), .lanes = lanes};
      const Index groups = elements_kept(from, n.ints);
      i.width = groups * lanes;
      if (groups != 1) {
        i.kind = Instruction::Kind::AddColumns;
        i.table = sum_table(from, n.ints);
      }
      i.to = all_rows ? new_slot() : destination(y);
      rows = i.to;
      row_width = i.width;
      loop_.body.push_back(std::move(i));
    }
    if (all_rows) add_to(y, {.kind = Instruction::Kind::AddTotal, .a = rows, .width = row_width});
  }

  /// Elements of a row after the sum.
  static Index elements_kept(const Shape& from, const std::vector<Index>& axes) {
    Index count = 1;
    for (int a = 1; a < from.rank(); ++a)
      if (std::find(axes.begin(), axes.end(), a) == axes.end()) count *= from[a];
    return count;
  }

  /// For each element of a row, the element of the row's sum that it adds to.
  static std::vector<Index> sum_table(const Shape& from, const std::vector<Index>& axes) {
    std::vector<Index> table(static_cast<std::size_t>(from.width()));
    for (Index e = 0; e < from.width(); ++e) {
      Index rest = e, stride = 1, at = 0;
      for (int a = from.rank(); a-- > 1;) {
        const Index k = rest % from[a];
        rest /= from[a];
        if (std::find(axes.begin(), axes.end(), a) != axes.end()) continue;
        at += k * stride;
        stride *= from[a];
      }
      table[static_cast<std::size_t>(e)] = at;
    }
    return table;
  }

  void add_to(Id y, Instruction i) {
    i.target = s_.of(y).place;
    loop_.zero.emplace_back(i.target, g_.shape(y).size() * s_.lanes_of(y));
    loop_.body.push_back(std::move(i));
  }

  /// Slice and Pad: which elements of the longer row the shorter one has; empty: all of them.
  std::vector<Index> slice_table(const Node& n, const Shape& few, const Shape& many) const {
    std::vector<Index> table(static_cast<std::size_t>(few.width()));
    bool whole = few.width() == many.width();
    for (Index e = 0; e < few.width(); ++e) {
      Index rest = e, stride = 1, at = 0;
      for (int a = few.rank(); a-- > 1;) {
        const auto k = static_cast<std::size_t>(2 * a);
        at += (n.ints[k] + n.ints[k + 1] * (rest % few[a])) * stride;
        rest /= few[a];
        stride *= many[a];
      }
      table[static_cast<std::size_t>(e)] = at;
      whole = whole && at == e;
    }
    return whole ? std::vector<Index>{} : table;
  }

  void emit_slice(Id y) {
    const Node& n = g_[y];
    const int lanes = s_.lanes_of(y);
    Instruction i{.kind = Instruction::Kind::Columns, .width = width(y), .from_width = g_.shape(n.in[0]).width() * lanes, .lanes = lanes};
    i.table = slice_table(n, n.shape, g_.shape(n.in[0]));
    if (keeps_rows(g_, y)) {
      i.a = operand(n.in[0], lanes);
    } else {
      i.kind = Instruction::Kind::Load;
      i.target = s_.of(n.in[0]).place;
      i.rows = {{}, n.ints[0], n.ints[1]};
    }
    i.to = destination(y);
    loop_.body.push_back(std::move(i));
  }

  void emit_pad(Id y) {
    const Node& n = g_[y];
    const Shape& few = g_.shape(n.in[0]);
    const int lanes = s_.lanes_of(y);
    Instruction i{.kind = Instruction::Kind::AddColumns, .a = operand(n.in[0], lanes), .width = width(y),
                  .from_width = few.width() * lanes, .lanes = lanes, .table = slice_table(n, few, n.shape)};
    if (keeps_rows(g_, y)) {
      i.to = destination(y);
      loop_.body.push_back(std::move(i));
      return;
    }
    i.kind = Instruction::Kind::AddRows;
    i.width = few.width() * lanes;
    i.from_width = n.shape.width() * lanes;  // of the target's rows
    i.rows = {{}, n.ints[0], n.ints[1]};
    add_to(y, std::move(i));
  }

  void emit_gather(Id y) {
    const Node& n = g_[y];
    Instruction i{.kind = Instruction::Kind::Load, .width = width(y), .from_width = width(y), .lanes = s_.lanes_of(y)};
    i.target = s_.of(n.in[0]).place;
    i.rows = row_map(n.in[1]);
    i.to = destination(y);
    loop_.body.push_back(std::move(i));
  }

  void emit_scatter(Id y) {
    const Node& n = g_[y];
    const int lanes = s_.lanes_of(y);
    Instruction i{.kind = Instruction::Kind::AddRows, .a = operand(n.in[0], lanes), .width = g_.shape(n.in[0]).width() * lanes, .lanes = lanes};
    i.from_width = i.width;
    i.rows = row_map(n.in[1]);
    add_to(y, std::move(i));
  }

  RowMap row_map(Id indices) const {
    const Scheduled& s = s_.of(indices);
    if (s.uniform) return {{}, static_cast<Index>(s.value), 0};
    return {s.place, 0, 1};
  }

  void choose_block() {
    constexpr Index numbers = 512;  // an operand's block: 4 KiB, so that a dozen fit in the first-level cache
    Index widest = 1;
    for (const Instruction& i : loop_.body) widest = std::max({widest, i.width, i.from_width});
    for (const Filling& f : loop_.fillings) widest = std::max(widest, f.width);
    loop_.block = std::clamp<Index>(numbers / widest, 1, std::max<Index>(loop_.rows, 1));
    loop_.slot_size = (loop_.block * widest + 7) / 8 * 8;
  }

  /// Slots are reused once their last reader has run.
  void assign_slots() {
    std::vector<std::size_t> last(static_cast<std::size_t>(virtual_slots_), 0);
    const auto each = [](Instruction& i, auto&& f) {
      for (BlockRef* r : {&i.a, &i.b, &i.c, &i.to})
        if (r->kind == BlockRef::Kind::Slot) f(*r);
    };
    for (std::size_t k = 0; k < loop_.body.size(); ++k)
      each(loop_.body[k], [&](BlockRef& r) { last[static_cast<std::size_t>(r.slot)] = k; });
    std::vector<Index> physical(static_cast<std::size_t>(virtual_slots_), -1), free;
    Index used = 0;
    const auto place = [&](Index slot) {
      Index& p = physical[static_cast<std::size_t>(slot)];
      if (p >= 0) return p;
      if (free.empty()) return p = used++;
      p = free.back();
      free.pop_back();
      return p;
    };
    for (Filling& f : loop_.fillings) f.slot = place(f.slot);
    for (std::size_t k = 0; k < loop_.body.size(); ++k) {
      std::vector<Index> done;
      for (BlockRef* r : {&loop_.body[k].a, &loop_.body[k].b, &loop_.body[k].c})
        if (r->kind == BlockRef::Kind::Fixed) r->slot = place(r->slot);
      each(loop_.body[k], [&](BlockRef& r) {
        const Index v = r.slot;
        r.slot = place(v);
        if (last[static_cast<std::size_t>(v)] == k && std::find(done.begin(), done.end(), r.slot) == done.end()) done.push_back(r.slot);
      });
      free.insert(free.end(), done.begin(), done.end());
    }
    loop_.slots = used;
  }

  const Schedule& s_;
  const Graph& g_;
  const Ids& nodes_;
  Loop loop_;
  bool flat_ = false;
  Index virtual_slots_ = 0;
  std::map<Id, BlockRef> in_block_, repeated_;
};

}  // namespace

Loop build_loop(const Schedule& s, Index rows, const Ids& nodes) { return LoopBuilder(s, rows, nodes).build(); }

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

}  // namespace

Program::Plan Program::Plan::make(const Graph& g, const Ids& inputs, const Ids& outputs, int lanes, bool fold) {
  Plan plan;
  plan.lanes = lanes;
  const Schedule s(g, inputs, outputs, lanes, fold, plan);
  for (int level = 0; level < s.levels(); ++level) {
    if (const auto w = s.wholes().find(level); w != s.wholes().end())
      for (Id y : w->second) plan.steps.emplace_back(whole_array(s, y));
    for (auto it = s.loops().lower_bound({level, 0}); it != s.loops().end() && it->first.first == level; ++it) {
      Loop loop = build_loop(s, it->first.second, it->second);
      plan.scratch = std::max(plan.scratch, loop.slots * loop.slot_size);
      plan.steps.emplace_back(std::move(loop));
    }
  }
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    const Scheduled& o = s.of(outputs[k]);
    const Place to{Place::Space::Output, static_cast<Index>(k)};
    // what no input moves, such as a tangent that is zero whatever the direction, has as many lanes as the others
    const bool constant = o.uniform || o.place.space == Place::Space::Constant;
    const Index size = g.shape(outputs[k]).size() * s.lanes_of(outputs[k]);
    if (o.place.space == to.space && o.place.at == to.at) continue;
    plan.steps.emplace_back(Copy{o.place, to, size, constant ? lanes : 1, o.uniform, o.value});
  }
  return plan;
}

}  // namespace argscope::expr
