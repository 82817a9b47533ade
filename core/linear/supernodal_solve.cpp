#include <algorithm>

#include "core/linear/panels.h"
#include "core/linear/supernodal.h"

namespace argscope::linear::sparse {

namespace {

Triangle triangle(const Analysis& a, const Supernode& node, const double* values, const Vec& inverse) {
  return {.L = values + node.values,
          .ld = node.ld,
          .rows = node.rows,
          .width = node.width,
          .row = a.rows.data() + node.row_start,
          .inverse = inverse.data() + node.first,
          .first = node.first};
}

/// Rows of X in elimination order, 8 columns side by side; columns that X does not have are zero.
void pack(const Analysis& a, const MutMat& X, double* x) {
  const double* first = X.data();
  const Index ld = X.outerStride(), columns = X.cols();
  if (columns == lanes) {
    for (int i = 0; i < a.n; ++i) {
      for (Index c = 0; c < lanes; ++c) x[i * lanes + c] = first[a.order[i] + c * ld];
    }
    return;
  }
  std::fill_n(x, a.n * lanes, 0.0);
  for (int i = 0; i < a.n; ++i) {
    for (Index c = 0; c < columns; ++c) x[i * lanes + c] = first[a.order[i] + c * ld];
  }
}

void unpack(const Analysis& a, const double* x, MutMat X) {
  double* first = X.data();
  const Index ld = X.outerStride(), columns = X.cols();
  if (columns == lanes) {
    for (int i = 0; i < a.n; ++i) {
      for (Index c = 0; c < lanes; ++c) first[a.order[i] + c * ld] = x[i * lanes + c];
    }
    return;
  }
  for (int i = 0; i < a.n; ++i) {
    for (Index c = 0; c < columns; ++c) first[a.order[i] + c * ld] = x[i * lanes + c];
  }
}

}  // namespace

void Factor::solve(MutMat X) const {
  const std::size_t width = X.cols() == 1 ? 1 : lanes;
  const auto x = std::make_unique_for_overwrite<double[]>(width * analysis_->n + analysis_->most_rows + lanes);
  if (X.cols() == 1) return solve_one(X, x.get());
  for (Index c = 0; c < X.cols(); c += lanes) {
    solve_lanes(X.middleCols(c, std::min<Index>(lanes, X.cols() - c)), x.get());
  }
}

/// Up to 8 columns, side by side in x.
void Factor::solve_lanes(MutMat X, double* x) const {
  static const PanelLoops& loops = best_panels();
  const Analysis& a = *analysis_;
  pack(a, X, x);
  for (const Supernode& node : a.nodes) loops.forward(triangle(a, node, values_.get(), inverse_), x);
  if (negative_ > 0) {
    for (int i = 0; i < a.n; ++i) Eigen::Map<Eigen::Array<double, lanes, 1>>(x + i * lanes) *= sign_of(i);
  }
  for (auto node = a.nodes.rbegin(); node != a.nodes.rend(); ++node) {
    loops.backward(triangle(a, *node, values_.get(), inverse_), x);
  }
  unpack(a, x, X);
}

void Factor::solve_one(MutMat X, double* x) const {
  static const PanelLoops& loops = best_panels();
  const Analysis& a = *analysis_;
  double* work = x + a.n;
  for (int i = 0; i < a.n; ++i) x[i] = X(a.order[i], 0);
  for (const Supernode& node : a.nodes) loops.forward_one(triangle(a, node, values_.get(), inverse_), x, work);
  if (negative_ > 0) {
    for (int i = 0; i < a.n; ++i) x[i] *= sign_of(i);
  }
  for (auto node = a.nodes.rbegin(); node != a.nodes.rend(); ++node) {
    loops.backward_one(triangle(a, *node, values_.get(), inverse_), x, work);
  }
  for (int i = 0; i < a.n; ++i) X(a.order[i], 0) = x[i];
}

}  // namespace argscope::linear::sparse
