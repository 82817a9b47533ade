#pragma once
/// The numbers of a sparse factorization A = L S Lᵀ (S: signs), supernode by supernode, subtrees in parallel; and
/// solves with them for one or many right-hand sides.

#include <memory>
#include <vector>

#include "core/linear/analysis.h"
#include "core/linear/lapack.h"

namespace argscope::linear::sparse {

/// Immutable once made; solves may run on many threads. The order of every sum is fixed by the analysis.
class Factor {
 public:
  /// Factorizes sign · A + σ at each unknown of `pins`. A pivot of at most `tolerance` times its diagonal entry is a
  /// null vector showing itself: it is replaced by the entry, and its unknown is listed in `replaced()`.
  Factor(std::shared_ptr<const Analysis>, const std::vector<double>& values, double sign, const std::vector<int>& pins,
         double sigma, double tolerance);

  void solve(MutMat X) const;                   ///< X ← (sign · A + pins)⁻¹ X
  double effort() const;                        ///< see Quality::effort
  Index negative() const { return negative_; }  ///< pivots below zero
  const std::vector<int>& replaced() const { return replaced_; }

 private:
  void assemble(const std::vector<double>& values, double sign, const std::vector<int>& pins, double sigma);
  void subtree(int s);
  void serial(int first, int last);
  void node(int s, double* work);
  void large_node(int s);
  void update_rows(int s, int begin, int end, double* work);
  void multiply(const Supernode& from, const double* A, const double* B, lapack::Panel C) const;
  void factor_panel(const Supernode&);
  void factor_columns(const Supernode&, Index first, Index width, Index rows);
  void update_right(const Supernode&, Index first, Index width);
  double sign_of(Index column) const;
  bool has_negative(const Supernode&) const;
  void read_pivots();
  void solve_lanes(MutMat X, double* x) const;
  void solve_one(MutMat X, double* x) const;

  std::shared_ptr<const Analysis> analysis_;
  std::unique_ptr<double[]> values_;
  Vec scale_, ratio_, inverse_;  // in elimination order
  double tolerance_;
  Index negative_ = 0;
  std::vector<int> replaced_;
};

}  // namespace argscope::linear::sparse
