// Running one loop: every instruction over one block of rows, then the next block.
#include <algorithm>

#include "core/expr/kernels/kernels.h"
#include "core/expr/plan.h"

namespace argscope::expr {

namespace {

const kernels::Table& table() {
  static const kernels::Table& best = kernels::best();
  return best;
}

/// One block of rows of a running loop.
struct Block {
  const Loop& loop;
  const Running& now;
  Index first, rows;

  const double* read(const BlockRef& r) const {
    if (r.kind == BlockRef::Kind::Rows) return now.read(r.place) + first * r.stride;
    return now.scratch + r.slot * loop.slot_size;
  }
  double* write(const BlockRef& r) const {
    if (r.kind == BlockRef::Kind::Rows) return now.write(r.place) + first * r.stride;
    return now.scratch + r.slot * loop.slot_size;
  }
};

void columns(double* y, const double* a, const Instruction& i, Index rows) {
  const auto count = static_cast<Index>(i.table.size());
  for (Index r = 0; r < rows; ++r)
    for (Index c = 0; c < count; ++c) {
      const double* from = a + r * i.from_width + i.table[static_cast<std::size_t>(c)] * i.lanes;
      std::copy_n(from, i.lanes, y + r * i.width + c * i.lanes);
    }
}

void add_columns(double* y, const double* a, const Instruction& i, Index rows) {
  std::fill_n(y, rows * i.width, 0.0);
  const auto count = static_cast<Index>(i.table.size());
  for (Index r = 0; r < rows; ++r)
    for (Index c = 0; c < count; ++c) {
      double* to = y + r * i.width + i.table[static_cast<std::size_t>(c)] * i.lanes;
      const double* from = a + r * i.from_width + c * i.lanes;
      for (Index l = 0; l < i.lanes; ++l) to[l] += from[l];
    }
}

void load(const Block& b, const Instruction& i) {
  double* y = b.write(i.to);
  const double* source = b.now.read(i.target);
  if (i.rows.index.space != Place::Space::None && i.table.empty())
    return table().gather(y, source, b.now.read(i.rows.index) + b.first, b.rows, i.width);
  for (Index r = 0; r < b.rows; ++r) {
    const double* from = source + (i.rows.start + i.rows.step * (b.first + r)) * i.from_width;
    if (i.table.empty()) {
      std::copy_n(from, i.width, y + r * i.width);
      continue;
    }
    for (std::size_t c = 0; c < i.table.size(); ++c)
      std::copy_n(from + i.table[c] * i.lanes, i.lanes, y + r * i.width + static_cast<Index>(c) * i.lanes);
  }
}

void add_total(const Block& b, const Instruction& i) {
  double* to = b.now.write(i.target);
  const double* a = b.read(i.a);
  if (i.width == 1) {
    double s = 0;
    table().row_sum(&s, a, 1, b.rows, 1);
    *to += s;
    return;
  }
  for (Index r = 0; r < b.rows; ++r) table().accumulate(to, a + r * i.width, i.width);
}

void add_rows(const Block& b, const Instruction& i) {
  double* target = b.now.write(i.target);
  const double* a = b.read(i.a);
  if (i.rows.index.space != Place::Space::None)
    return table().scatter_add(target, a, b.now.read(i.rows.index) + b.first, b.rows, i.width);
  for (Index r = 0; r < b.rows; ++r) {
    double* to = target + (i.rows.start + i.rows.step * (b.first + r)) * i.from_width;
    if (i.table.empty()) {
      table().accumulate(to, a + r * i.width, i.width);
      continue;
    }
    for (std::size_t c = 0; c < i.table.size(); ++c)
      table().accumulate(to + i.table[c] * i.lanes, a + r * i.width + static_cast<Index>(c) * i.lanes, i.lanes);
  }
}

void execute(const Block& b, const Instruction& i) {
  using Kind = Instruction::Kind;
  const Index n = b.rows * i.width;
  switch (i.kind) {
    case Kind::Unary: return table().unary[static_cast<int>(i.op)](b.write(i.to), b.read(i.a), n);
    case Kind::Binary: return table().binary[static_cast<int>(i.op)](b.write(i.to), b.read(i.a), b.read(i.b), n);
    case Kind::Where: return table().where(b.write(i.to), b.read(i.a), b.read(i.b), b.read(i.c), n);
    case Kind::Repeat: return table().repeat(b.write(i.to), b.read(i.a), b.rows * i.from_width, i.count);
    case Kind::RowRepeat: return table().row_repeat(b.write(i.to), b.read(i.a), b.rows, i.count, i.lanes);
    case Kind::RowSum: return table().row_sum(b.write(i.to), b.read(i.a), b.rows, i.count, i.lanes);
    case Kind::Columns: return columns(b.write(i.to), b.read(i.a), i, b.rows);
    case Kind::AddColumns: return add_columns(b.write(i.to), b.read(i.a), i, b.rows);
    case Kind::Load: return load(b, i);
    case Kind::AddTotal: return add_total(b, i);
    case Kind::AddRows: return add_rows(b, i);
  }
}

void fill(const Loop& loop, const Filling& f, const Running& now) {
  double* to = now.scratch + f.slot * loop.slot_size;
  if (f.row.space == Place::Space::None) {
    std::fill_n(to, loop.slot_size, f.value);
    return;
  }
  const double* row = now.read(f.row);
  double* end = to;
  for (Index e : f.table) end = std::copy_n(row + e * f.lanes, f.lanes, end);
  for (Index r = 1; r < loop.block; ++r) std::copy_n(to, f.width, to + r * f.width);
}

}  // namespace

void run_loop(const Loop& loop, const Running& now) {
  for (const auto& [place, size] : loop.zero) std::fill_n(now.write(place), size, 0.0);
  for (const Filling& f : loop.fillings) fill(loop, f, now);
  for (Index first = 0; first < loop.rows; first += loop.block) {
    const Block block{loop, now, first, std::min(loop.block, loop.rows - first)};
    for (const Instruction& i : loop.body) execute(block, i);
  }
}

}  // namespace argscope::expr
