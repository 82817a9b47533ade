#include "core/expr/linear_map.h"

#include <algorithm>
#include <utility>

#include "core/expr/kernels/kernels.h"
#include "core/parallel.h"

namespace argscope::expr {

namespace {

constexpr Index block_lanes = 8;
using Lanes = Eigen::Map<Mat>;  // 8 × elements

/// Scratch that a thread keeps from one block to the next.
struct Scratch {
  Workspace workspace, in, out;
};
Scratch& scratch() {
  thread_local Scratch s;
  return s;
}

}  // namespace

Ids LinearMap::coefficient_nodes(const Graph& g) const {
  Ids found;
  std::vector<char> seen(static_cast<std::size_t>(g.size()), 0), constant(static_cast<std::size_t>(g.size()), 0);
  for (Id y : reachable(g, outs_, dirs_)) {
    const auto in = g[y].operands();
    constant[static_cast<std::size_t>(y)] = g[y].op != Op::Input && std::all_of(in.begin(), in.end(), [&](Id i) {
                                              return constant[static_cast<std::size_t>(i)];
                                            });
    if (!g[y].tangent) continue;
    for (Id i : in)
      if (!g[i].tangent && !constant[static_cast<std::size_t>(i)] &&
          !std::exchange(seen[static_cast<std::size_t>(i)], 1))
        found.push_back(i);
  }
  return found;
}

LinearMap::LinearMap(const Graph& g, const Ids& inputs, Ids dirs, Ids outs)
    : dirs_(std::move(dirs)), outs_(std::move(outs)) {
  for (Id d : dirs_) cols_ += dir_sizes_.emplace_back(g.shape(d).size());
  for (Id o : outs_) rows_ += out_sizes_.emplace_back(g.shape(o).size());
  coefficients_ = coefficient_nodes(g);
  Index offset = 0;
  for (Id c : coefficients_) {
    coefficient_offsets_.push_back(offset);
    offset += (g.shape(c).size() + 7) / 8 * 8;
  }
  coefficient_offsets_.push_back(offset);
  point_ = std::make_unique<const Program>(g, inputs, coefficients_, 1);
  Ids given = coefficients_;
  given.insert(given.end(), dirs_.begin(), dirs_.end());
  one_ = std::make_unique<const Program>(g, given, outs_, 1);
  block_ = std::make_unique<const Program>(g, given, outs_, static_cast<int>(block_lanes));
}

LinearMap::Point LinearMap::at(std::span<const double* const> inputs, Workspace& workspace) const {
  auto values = std::make_shared_for_overwrite<double[]>(static_cast<std::size_t>(coefficient_offsets_.back()));
  std::vector<double*> outputs;
  for (std::size_t k = 0; k < coefficients_.size(); ++k) outputs.push_back(values.get() + coefficient_offsets_[k]);
  point_->run(inputs, outputs, workspace);
  return values;
}

std::vector<const double*> LinearMap::inputs(const Point& point, const double* in, Index lanes) const {
  std::vector<const double*> all;
  for (std::size_t k = 0; k + 1 < coefficient_offsets_.size(); ++k)
    all.push_back(point.get() + coefficient_offsets_[k]);
  for (Index size : dir_sizes_) all.push_back(std::exchange(in, in + size * lanes));
  return all;
}

std::vector<double*> LinearMap::outputs(double* out, Index lanes) const {
  std::vector<double*> all;
  for (Index size : out_sizes_) all.push_back(std::exchange(out, out + size * lanes));
  return all;
}

void LinearMap::apply_one(const Point& point, ConstMat X, MutMat Y) const {
  one_->run(inputs(point, X.data(), 1), outputs(Y.data(), 1), scratch().workspace);
}

void LinearMap::apply_block(const Point& point, ConstMat X, MutMat Y) const {
  Scratch& s = scratch();
  static const kernels::Table& kernel = kernels::best();
  double* const in = s.in.reserve(static_cast<std::size_t>(cols_ * block_lanes));
  double* const out = s.out.reserve(static_cast<std::size_t>(rows_ * block_lanes));
  if (X.cols() == block_lanes)
    kernel.interleave(in, X.data(), X.outerStride(), cols_);
  else
    Lanes(in, block_lanes, cols_) << X.transpose(), Mat::Zero(block_lanes - X.cols(), cols_);
  block_->run(inputs(point, in, block_lanes), outputs(out, block_lanes), s.workspace);
  if (Y.cols() == block_lanes)
    kernel.separate(Y.data(), Y.outerStride(), out, rows_);
  else
    Y = Lanes(out, block_lanes, rows_).topRows(Y.cols()).transpose();
}

void LinearMap::apply(const Point& point, ConstMat X, MutMat Y) const {
  if (X.cols() == 1) return apply_one(point, X, Y);
  parallel_blocks(X.cols(), block_lanes, [&](Index first, Index width) {
    apply_block(point, X.middleCols(first, width), Y.middleCols(first, width));
  });
}

}  // namespace argscope::expr
