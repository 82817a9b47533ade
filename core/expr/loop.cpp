// Running one loop: every instruction over one block of rows, then the next block.
#include <algorithm>

#include "core/expr/kernels/kernels.h"
#include "core/expr/plan.h"

namespace argscope::expr {

namespace {

/// One block of a running loop.
struct Block {
  const kernels::Table& kernel;
  const Loop& loop;
  const Running& now;
  Index row, first, items;

  const double* read(const BlockRef& r) const {
    if (r.kind == BlockRef::Kind::Array) return now.read(r.place) + row * r.row_stride + first * r.stride;
    return now.scratch + r.slot * loop.slot_size;
  }
  double* write(const BlockRef& r) const {
    if (r.kind == BlockRef::Kind::Array) return now.write(r.place) + row * r.row_stride + first * r.stride;
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
  if (i.rows.index.space != Place::Space::None)
    return b.kernel.gather(y, source, b.now.read(i.rows.index) + b.first, b.items, i.width);
  for (Index r = 0; r < b.items; ++r) {
    const double* from = source + (i.rows.start + i.rows.step * (b.first + r)) * i.from_width;
    if (i.table.empty()) {
      std::copy_n(from, i.width, y + r * i.width);
      continue;
    }
    for (std::size_t c = 0; c < i.table.size(); ++c)
      std::copy_n(from + i.table[c] * i.lanes, i.lanes, y + r * i.width + static_cast<Index>(c) * i.lanes);
  }
}

void add_rows(const Block& b, const Instruction& i) {
  double* target = b.now.write(i.target);
  const double* a = b.read(i.a);
  if (i.rows.index.space != Place::Space::None)
    return b.kernel.scatter_add(target, a, b.now.read(i.rows.index) + b.first, b.items, i.width);
  for (Index r = 0; r < b.items; ++r) {
    double* to = target + (i.rows.start + i.rows.step * (b.first + r)) * i.from_width;
    if (i.table.empty()) {
      b.kernel.accumulate(to, a + r * i.width, i.width);
      continue;
    }
    for (std::size_t c = 0; c < i.table.size(); ++c)
      b.kernel.accumulate(to + i.table[c] * i.lanes, a + r * i.width + static_cast<Index>(c) * i.lanes, i.lanes);
  }
}

void execute(const Block& b, const Instruction& i) {
  using Kind = Instruction::Kind;
  const Index n = b.items * i.width;
  switch (i.kind) {
    case Kind::Unary: return b.kernel.unary[static_cast<int>(i.op)](b.write(i.to), b.read(i.a), n);
    case Kind::Binary: return b.kernel.binary[static_cast<int>(i.op)](b.write(i.to), b.read(i.a), b.read(i.b), n);
    case Kind::Where: return b.kernel.where(b.write(i.to), b.read(i.a), b.read(i.b), b.read(i.c), n);
    case Kind::Scale: return b.kernel.scale(b.write(i.to), b.read(i.a), b.read(i.b), b.items * i.from_width, i.lanes);
    case Kind::RowRepeat: return b.kernel.row_repeat(b.write(i.to), b.read(i.a), b.items, i.count, i.lanes);
    case Kind::RowSum: return b.kernel.row_sum(b.write(i.to), b.read(i.a), b.items, i.count, i.lanes);
    case Kind::Spread: return b.kernel.row_repeat(b.write(i.to), b.read(i.a), 1, b.items, i.lanes);
    case Kind::Columns: return columns(b.write(i.to), b.read(i.a), i, b.items);
    case Kind::AddColumns: return add_columns(b.write(i.to), b.read(i.a), i, b.items);
    case Kind::Load: return load(b, i);
    case Kind::Accumulate: return b.kernel.accumulate(b.write(i.to), b.read(i.a), n);
    case Kind::AddTotal: return b.kernel.add_total(b.write(i.to), b.read(i.a), b.items, i.width);
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
  static const kernels::Table& kernel = kernels::best();
  for (const auto& [place, size] : loop.zero) std::fill_n(now.write(place), size, 0.0);
  for (const Filling& f : loop.fillings) fill(loop, f, now);
  const Index rows = loop.columns > 0 ? loop.rows : 1, items = loop.columns > 0 ? loop.columns : loop.rows;
  for (Index row = 0; row < rows; ++row)
    for (Index first = 0; first < items; first += loop.block) {
      const Block block{kernel, loop, now, row, first, std::min(loop.block, items - first)};
      for (const Instruction& i : loop.body) execute(block, i);
    }
}

}  // namespace argscope::expr
