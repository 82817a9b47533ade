#include "core/linear/supernodal.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/linear/lapack.h"
#include "core/linear/panels.h"
#include "core/linear/tiles.h"
#include "core/parallel.h"

namespace argscope::linear::sparse {

namespace {

constexpr double serial_work = 2e6;  ///< a subtree of fewer operations is one task
constexpr double large_work = 4e6;   ///< a supernode of more is cut into tiles of rows
constexpr double blas_work = 2e5;    ///< an update of more goes to GEMM
constexpr int row_tile = 192;

int round_up(int x) { return (x + static_cast<int>(lanes) - 1) / static_cast<int>(lanes) * static_cast<int>(lanes); }

/// column[position[r]] −= product[r]; positions ascend, and often are consecutive.
void subtract_at(const int* position, int m, const double* product, double* column) {
  if (position[m - 1] - position[0] == m - 1) {
    column += position[0];
    for (int r = 0; r < m; ++r) column[r] -= product[r];
  } else {
    for (int r = 0; r < m; ++r) column[position[r]] -= product[r];
  }
}

double own_work(const Supernode& node) { return static_cast<double>(node.width) * node.rows * node.rows; }

}  // namespace

Factor::Factor(std::shared_ptr<const Analysis> analysis, const std::vector<double>& values, double sign,
               const std::vector<int>& pins, double sigma, double tolerance)
    : analysis_(std::move(analysis)),
      values_(new double[analysis_->size]()),
      scale_(analysis_->n),
      ratio_(analysis_->n),
      inverse_(analysis_->n),
      tolerance_(tolerance) {
  assemble(values, sign, pins, sigma);
  const Analysis& a = *analysis_;
  const auto roots = a.child_start.end()[-2], end = a.child_start.back();
  double work = 0;
  for (int k = roots; k < end; ++k) work += a.nodes[a.children[k]].work;
  if (work < serial_work) {
    serial(0, static_cast<int>(a.nodes.size()) - 1);
  } else {
    parallel_for(end - roots, [&](Index k) { subtree(a.children[roots + k]); });
  }
  read_pivots();
}

void Factor::assemble(const std::vector<double>& values, double sign, const std::vector<int>& pins, double sigma) {
  const Analysis& a = *analysis_;
  for (std::size_t k = 0; k < values.size(); ++k) values_[a.place[k]] = sign * values[k];
  for (const int i : pins) values_[a.diagonal[i]] += sigma;
  double mean = 0;
  for (int i = 0; i < a.n; ++i) {
    scale_(i) = std::abs(values_[a.diagonal[a.order[i]]]);
    mean += scale_(i) / a.n;
  }
  for (int i = 0; i < a.n; ++i) {
    if (scale_(i) == 0) scale_(i) = mean > 0 ? mean : 1;
  }
}

void Factor::serial(int first, int last) {
  const auto work = std::make_unique_for_overwrite<double[]>(analysis_->largest_update + analysis_->most_rows + lanes);
  for (int s = first; s <= last; ++s) node(s, work.get());
}

void Factor::subtree(int s) {
  const Analysis& a = *analysis_;
  const Supernode& top = a.nodes[s];
  if (top.work < serial_work) return serial(top.first_descendant, s);
  const int begin = a.child_start[s];
  parallel_for(a.child_start[s + 1] - begin, [&](Index k) { subtree(a.children[begin + k]); });
  if (own_work(top) > large_work) return large_node(s);
  serial(s, s);
}

void Factor::node(int s, double* work) {
  const Supernode& target = analysis_->nodes[s];
  update_rows(s, 0, target.rows, work);
  factor_panel(target);
}

void Factor::large_node(int s) {
  const Supernode& target = analysis_->nodes[s];
  int widest = 0;
  for (int u = analysis_->update_start[s]; u < analysis_->update_start[s + 1]; ++u) {
    widest = std::max(widest, analysis_->updates[u].count);
  }
  parallel_blocks(target.rows, row_tile, [&](Index first, Index count) {
    const auto work = std::make_unique_for_overwrite<double[]>(std::size_t{row_tile + lanes} * widest);
    update_rows(s, static_cast<int>(first), static_cast<int>(first + count), work.get());
  });
  factor_panel(target);
}

/// C = A S Bᵀ over the columns of one supernode, S: the signs of its pivots.
void Factor::multiply(const Supernode& from, const double* A, const double* B, lapack::Panel C) const {
  static const PanelLoops& loops = best_panels();
  Mat turned;  // B S, made only where a sign is negative
  Size ldb = from.ld;
  if (has_negative(from)) {
    turned = Eigen::Map<const Mat, 0, Eigen::OuterStride<>>(B, C.cols, from.width, Eigen::OuterStride<>(from.ld));
    for (int c = 0; c < from.width; ++c) turned.col(c) *= sign_of(from.first + c);
    B = turned.data();
    ldb = C.cols;
  }
  if (static_cast<double>(C.rows) * static_cast<double>(C.cols) * from.width < blas_work) {
    loops.product(C.data, C.ld, A, B, from.ld, ldb, C.rows, C.cols, from.width);
  } else {
    lapack::product(1, {A, C.rows, from.width, from.ld}, lapack::Op::None, {B, C.cols, from.width, ldb},
                    lapack::Op::Transposed, 0, C);
  }
}

/// Subtracts the descendants' products from rows [begin, end) of a panel.
void Factor::update_rows(int s, int begin, int end, double* work) {
  const Analysis& a = *analysis_;
  const Supernode& target = a.nodes[s];
  for (int u = a.update_start[s]; u < a.update_start[s + 1]; ++u) {
    const Update& update = a.updates[u];
    const Supernode& from = a.nodes[update.from];
    const int* position = a.positions.data() + update.position;
    const int* stop = position + (from.rows - update.row);
    const int* low = begin == 0 ? position : std::lower_bound(position, stop, begin);
    const int* high = end == target.rows ? stop : std::lower_bound(low, stop, end);
    const auto m = static_cast<int>(high - low);
    if (m == 0) continue;
    const double* B = values_.get() + from.values + update.row;
    const double* A = B + (low - position);
    const int ld = round_up(m);
    multiply(from, A, B, {work, m, update.count, ld});
    double* panel = values_.get() + target.values;
    for (int c = 0; c < update.count; ++c) {
      subtract_at(low, m, work + std::int64_t{ld} * c, panel + std::int64_t{target.ld} * position[c]);
    }
  }
}

double Factor::sign_of(Index column) const { return ratio_(column) < -tolerance_ ? -1 : 1; }

bool Factor::has_negative(const Supernode& node) const {
  return (ratio_.segment(node.first, node.width).array() < -tolerance_).any();
}

void Factor::factor_columns(const Supernode& node, Index first, Index width, Index rows) {
  static const PanelLoops& loops = best_panels();
  const Index column = node.first + first;
  loops.factor(values_.get() + node.values + first + node.ld * first, node.ld, rows, width,
               {scale_.data() + column, ratio_.data() + column, inverse_.data() + column, tolerance_});
}

void Factor::factor_panel(const Supernode& node) {
  if (node.width <= tiles::tile) return factor_columns(node, 0, node.width, node.ld);
  const lapack::Panel all{values_.get() + node.values, node.rows, node.width, node.ld};
  for (Index first = 0; first < node.width; first += tiles::tile) {
    const Index width = std::min(tiles::tile, node.width - first), end = first + width;
    factor_columns(node, first, width, width);
    Mat inverse(width, width);
    tiles::invert(lapack::part(all, first, first, width, width), lapack::panel(inverse));
    for (Index c = 0; c < width; ++c) inverse.row(c) *= sign_of(node.first + first + c);
    parallel_blocks(node.rows - end, row_tile, [&](Index row, Index count) {
      const lapack::Panel below = lapack::part(all, end + row, first, count, width);
      const Mat given =
          Eigen::Map<const Mat, 0, Eigen::OuterStride<>>(below.data, count, width, Eigen::OuterStride<>(below.ld));
      lapack::product(1, lapack::view(given), lapack::Op::None, lapack::view(inverse), lapack::Op::Transposed, 0,
                      below);
    });
    update_right(node, first, width);
  }
}

/// Subtracts a finished block of columns from the columns right of it.
void Factor::update_right(const Supernode& node, Index first, Index width) {
  const Index end = first + width, right = node.width - end;
  if (right == 0) return;
  const lapack::Panel all{values_.get() + node.values, node.rows, node.width, node.ld};
  const Eigen::Map<const Mat, 0, Eigen::OuterStride<>> block(all.data + end + first * all.ld, right, width,
                                                             Eigen::OuterStride<>(node.ld));
  Mat turned = block;
  for (Index c = 0; c < width; ++c) turned.col(c) *= sign_of(node.first + first + c);
  parallel_blocks(node.rows - end, row_tile, [&](Index row, Index count) {
    const Index columns = std::min<Index>(right, row + count);
    lapack::product(-1, lapack::part(all, end + row, first, count, width), lapack::Op::None,
                    {turned.data(), columns, width, right}, lapack::Op::Transposed, 1,
                    lapack::part(all, end + row, end, count, columns));
  });
}

double Factor::effort() const {
  double work = 0;
  for (const Supernode& node : analysis_->nodes) work += node.parent < 0 ? node.work : 0;
  return work / (4 * std::max(1.0, static_cast<double>(analysis_->size)));
}

void Factor::read_pivots() {
  for (int i = 0; i < analysis_->n; ++i) {
    if (std::abs(ratio_(i)) > tolerance_) {
      negative_ += ratio_(i) < 0;
    } else {
      replaced_.push_back(analysis_->order[i]);
    }
  }
}

}  // namespace argscope::linear::sparse
