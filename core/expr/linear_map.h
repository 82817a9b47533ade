#pragma once
/// A linear program: outs, linear in dirs, at a point. What depends on the point alone is computed once (the
/// coefficients); what remains runs on blocks of eight directions, or on one.

#include "core/expr/program.h"

namespace argscope::expr {

class LinearMap {
 public:
  /// dirs: tangent inputs; outs: linear in them, made by jvp or transpose. `inputs` are what the point is given by.
  LinearMap(const Graph&, const Ids& inputs, Ids dirs, Ids outs);

  /// The coefficients at one point. Immutable; may be used by many threads.
  using Point = std::shared_ptr<const double[]>;
  Point at(std::span<const double* const> inputs, Workspace&) const;

  Index rows() const { return rows_; }  ///< numbers in all outs
  Index cols() const { return cols_; }  ///< numbers in all dirs
  /// Y = M X, not the same memory; columns of X stack all dirs, columns of Y all outs. Blocks of columns in parallel.
  void apply(const Point&, ConstMat X, MutMat Y) const;

 private:
  void apply_one(const Point&, ConstMat X, MutMat Y) const;    ///< one column, where it lies
  void apply_block(const Point&, ConstMat X, MutMat Y) const;  ///< at most eight
  std::vector<const double*> inputs(const Point&, const double* in, Index lanes) const;
  std::vector<double*> outputs(double* out, Index lanes) const;
  Ids coefficient_nodes(const Graph&) const;

  Ids dirs_, outs_, coefficients_;
  std::vector<Index> dir_sizes_, out_sizes_, coefficient_offsets_;
  Index rows_ = 0, cols_ = 0;
  std::unique_ptr<const Program> point_, one_, block_;
};

}  // namespace argscope::expr
