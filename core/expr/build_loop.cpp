// The instructions of one loop.
#include <algorithm>

#include "core/expr/planner.h"

namespace argscope::expr {

namespace {

using Kind = Instruction::Kind;

class LoopBuilder {
 public:
  LoopBuilder(const Schedule& s, const LoopKey& key, const Ids& nodes) : s_(s), g_(s.graph()), nodes_(nodes) {
    loop_.rows = key.rows;
    loop_.columns = key.columns;
    if (is_elementwise_throughout()) {  // then rows do not matter
      loop_.columns = g_.shape(nodes.front()).size();
      loop_.rows = loop_.columns > 0 ? 1 : 0;
    }
  }

  Loop build() {
    for (Id y : nodes_) emit(y);
    choose_block();
    assign_slots(loop_, slots_);
    return std::move(loop_);
  }

 private:
  bool is_elementwise_throughout() const {
    return std::all_of(nodes_.begin(), nodes_.end(), [&](Id y) {
      return primitive(g_[y].op).kernel == Kernel::Elementwise && g_.shape(y).size() == g_.shape(nodes_.front()).size();
    });
  }

  bool by_columns() const { return loop_.columns > 0; }
  Index elements(Id y) const { return by_columns() ? 1 : g_.shape(y).width(); }
  /// Numbers in one item of y.
  Index width(Id y) const { return elements(y) * s_.lanes_of(y); }

  BlockRef new_slot() { return {.kind = BlockRef::Kind::Slot, .slot = slots_++}; }
  static BlockRef fixed(Index slot) { return {.kind = BlockRef::Kind::Fixed, .slot = slot}; }
  static BlockRef array(const Place& place, Index stride, Index row_stride) {
    return {.kind = BlockRef::Kind::Array, .place = place, .stride = stride, .row_stride = row_stride};
  }
  /// The items of `seen`, one after the other.
  BlockRef items(Id seen) const {
    const int lanes = s_.lanes_of(seen);
    return array(s_.of(seen).place, elements(seen) * lanes, loop_.columns * lanes);
  }

  /// Where the result of y goes: its array when others need it, else a slot.
  BlockRef destination(Id y) { return in_block_[y] = s_.of(y).materialized ? items(y) : new_slot(); }

  BlockRef operand(Id seen) {
    const Id r = s_.root(seen);
    const Scheduled& s = s_.of(seen);
    if (s.uniform) return uniform(s.value);
    if (const auto it = in_block_.find(r); it != in_block_.end()) return it->second;
    return items(seen);
  }

  /// The same with `lanes` numbers an element.
  BlockRef operand(Id seen, int lanes) {
    if (s_.of(seen).uniform || s_.lanes_of(seen) == lanes) return operand(seen);
    const Id r = s_.root(seen);
    if (const auto it = repeated_.find(r); it != repeated_.end()) return it->second;
    return repeated_[r] = scaled(uniform(1), operand(seen), elements(seen), lanes, new_slot());
  }

  BlockRef scaled(const BlockRef& a, const BlockRef& by, Index count, int lanes, const BlockRef& to) {
    loop_.body.push_back(
        {.kind = Kind::Scale, .to = to, .a = a, .b = by, .width = count * lanes, .from_width = count, .lanes = lanes});
    return to;
  }

  BlockRef uniform(double value) {
    for (const Filling& f : loop_.fillings)
      if (f.row.space == Place::Space::None && f.value == value && std::signbit(f.value) == std::signbit(value))
        return fixed(f.slot);
    return fill({.value = value});
  }

  BlockRef fill(Filling f) {
    f.slot = slots_++;
    loop_.fillings.push_back(std::move(f));
    return fixed(loop_.fillings.back().slot);
  }

  void emit(Id y) {
    switch (g_[y].op) {
      case Op::Broadcast: return by_columns() ? emit_stretched(y) : emit_broadcast(y);
      case Op::Sum: return by_columns() ? emit_long_sum(y) : emit_sum(y);
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
    if (n.op == Op::Mul && lanes > 1)
      for (const int k : {0, 1}) {
        const Id factor = n.in[static_cast<std::size_t>(k)], other = n.in[static_cast<std::size_t>(1 - k)];
        if (s_.of(factor).uniform || s_.lanes_of(factor) == lanes || s_.lanes_of(other) != lanes) continue;
        const BlockRef a = operand(other), by = operand(factor);
        scaled(a, by, elements(y), lanes, destination(y));
        return;
      }
    Instruction i{.kind = n.arity == 1   ? Kind::Unary
                          : n.arity == 2 ? Kind::Binary
                                         : Kind::Where,
                  .op = n.op,
                  .width = width(y)};
    i.a = operand(n.in[0], lanes);
    if (n.arity > 1) i.b = operand(n.in[1], lanes);
    if (n.arity > 2) i.c = operand(n.in[2], lanes);
    i.to = destination(y);
    loop_.body.push_back(std::move(i));
  }

  /// What y shows is already somewhere; others may need it as an array nevertheless.
  void shown(Id y, const BlockRef& where) {
    in_block_[y] = where;
    if (s_.of(y).materialized)
      loop_.body.push_back({.kind = Kind::Unary, .op = Op::Stop, .to = items(y), .a = where, .width = width(y)});
  }

  void emit_broadcast(Id y) {
    const Id a = g_[y].in[0];
    const int lanes = s_.lanes_of(y);
    if (s_.of(a).uniform) return shown(y, uniform(s_.of(a).value));
    auto table = broadcast_table(g_.shape(a), g_.shape(y));
    if (!broadcasts_within_rows(g_, y))
      return shown(y, fill({.row = s_.of(a).place, .width = width(y), .lanes = lanes, .table = std::move(table)}));
    Instruction i{.kind = Kind::RowRepeat,
                  .a = operand(a),
                  .width = width(y),
                  .from_width = width(a),
                  .count = elements(y),
                  .lanes = lanes};
    if (g_.shape(a).width() != 1) {
      i.kind = Kind::Columns;
      i.table = std::move(table);
    }
    i.to = destination(y);
    loop_.body.push_back(std::move(i));
  }

  /// A broadcast to long rows.
  void emit_stretched(Id y) {
    const Id a = g_[y].in[0];
    const int lanes = s_.lanes_of(y);
    const Place& place = s_.of(a).place;
    if (s_.of(a).uniform) return shown(y, uniform(s_.of(a).value));
    if (g_.shape(a).size() == 1) return shown(y, fill({.row = place, .width = lanes, .lanes = lanes, .table = {0}}));
    if (repeats_rows(g_, y)) return shown(y, array(place, lanes, 0));
    const BlockRef to = destination(y);
    loop_.body.push_back({.kind = Kind::Spread, .to = to, .a = array(place, 0, lanes), .width = lanes, .lanes = lanes});
  }

  void emit_sum(Id y) {
    const Node& n = g_[y];
    const int lanes = s_.lanes_of(y);
    const Shape& from = g_.shape(n.in[0]);
    const bool all_rows = sums_rows(n);
    BlockRef rows = operand(n.in[0]);
    Index row_width = from.width() * lanes;
    if (n.ints.size() > (all_rows ? 1u : 0u)) {
      Instruction i{.kind = Kind::RowSum,
                    .a = rows,
                    .width = lanes,
                    .from_width = row_width,
                    .count = from.width(),
                    .lanes = lanes};
      if (!sums_within_rows(g_, y)) {
        i.kind = Kind::AddColumns;
        i.table = sum_table(from, n.ints);
        i.width = (all_rows ? g_.shape(y).size() : g_.shape(y).width()) * lanes;
      }
      i.to = all_rows ? new_slot() : destination(y);
      rows = i.to;
      row_width = i.width;
      loop_.body.push_back(std::move(i));
    }
    if (!all_rows) return;
    starts_as_zero(y);
    loop_.body.push_back({.kind = Kind::AddTotal, .to = array(s_.of(y).place, 0, 0), .a = rows, .width = row_width});
  }

  void emit_long_sum(Id y) {
    const int lanes = s_.lanes_of(y);
    const Place& place = s_.of(y).place;
    starts_as_zero(y);
    const BlockRef a = operand(g_[y].in[0]);
    if (!sums_within_rows(g_, y))  // over the rows alone
      loop_.body.push_back({.kind = Kind::Accumulate, .to = array(place, lanes, 0), .a = a, .width = lanes});
    else
      loop_.body.push_back(
          {.kind = Kind::AddTotal, .to = array(place, 0, sums_rows(g_[y]) ? 0 : lanes), .a = a, .width = lanes});
  }

  void starts_as_zero(Id y) { loop_.zero.emplace_back(s_.of(y).place, g_.shape(y).size() * s_.lanes_of(y)); }

  void emit_slice(Id y) {
    const Node& n = g_[y];
    Instruction i{.kind = Kind::Columns, .width = width(y), .from_width = width(n.in[0]), .lanes = s_.lanes_of(y)};
    i.table = slice_table(n, n.shape, g_.shape(n.in[0]));
    if (keeps_rows(g_, y)) {
      i.a = operand(n.in[0]);
    } else {
      i.kind = Kind::Load;
      i.target = s_.of(n.in[0]).place;
      i.rows = {{}, n.ints[0], n.ints[1]};
    }
    i.to = destination(y);
    loop_.body.push_back(std::move(i));
  }

  void emit_pad(Id y) {
    const Node& n = g_[y];
    const Shape& few = g_.shape(n.in[0]);
    const Index few_width = few.width() * s_.lanes_of(y);
    Instruction i{.kind = Kind::AddColumns,
                  .a = operand(n.in[0]),
                  .width = width(y),
                  .from_width = few_width,
                  .lanes = s_.lanes_of(y),
                  .table = slice_table(n, few, n.shape)};
    if (keeps_rows(g_, y)) {
      i.to = destination(y);
    } else {
      i.kind = Kind::AddRows;
      i.width = few_width;
      i.from_width = width(y);  // of the target's rows
      i.rows = {{}, n.ints[0], n.ints[1]};
      i.target = s_.of(y).place;
      starts_as_zero(y);
    }
    loop_.body.push_back(std::move(i));
  }

  void emit_gather(Id y) {
    const Node& n = g_[y];
    Instruction i{.kind = Kind::Load, .width = width(y), .from_width = width(y), .lanes = s_.lanes_of(y)};
    i.target = s_.of(n.in[0]).place;
    i.rows = row_map(n.in[1]);
    i.to = destination(y);
    loop_.body.push_back(std::move(i));
  }

  void emit_scatter(Id y) {
    const Node& n = g_[y];
    const Index row = width(n.in[0]);
    starts_as_zero(y);
    loop_.body.push_back({.kind = Kind::AddRows,
                          .a = operand(n.in[0]),
                          .width = row,
                          .from_width = row,
                          .lanes = s_.lanes_of(y),
                          .rows = row_map(n.in[1]),
                          .target = s_.of(y).place});
  }

  RowMap row_map(Id indices) const {
    const Scheduled& s = s_.of(indices);
    if (s.uniform) return {{}, static_cast<Index>(s.value), 0};
    return {s.place, 0, 1};
  }

  void choose_block() {
    Index widest = 1;
    for (const Instruction& i : loop_.body) {
      const bool elsewhere = i.kind == Kind::Load || i.kind == Kind::AddRows;  // from_width is not that of an item
      widest = std::max({widest, i.width, elsewhere ? 1 : i.from_width});
    }
    for (const Filling& f : loop_.fillings) widest = std::max(widest, f.width);
    const Index items = by_columns() ? loop_.columns : loop_.rows;
    loop_.block = std::clamp<Index>(block_numbers / widest, 1, std::max<Index>(items, 1));
    loop_.slot_size = (loop_.block * widest + 7) / 8 * 8;
  }

  const Schedule& s_;
  const Graph& g_;
  const Ids& nodes_;
  Loop loop_;
  Index slots_ = 0;
  std::map<Id, BlockRef> in_block_, repeated_;
};

}  // namespace

Loop build_loop(const Schedule& s, const LoopKey& key, const Ids& nodes) { return LoopBuilder(s, key, nodes).build(); }

}  // namespace argscope::expr
