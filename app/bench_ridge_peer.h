#pragma once
/// Ridge regression done by hand, straight on LAPACK and in SciPy: what the rows of the benchmark are read against.
/// H = XᵀX + diag(θ), w = H⁻¹Xᵀy, J = −H⁻¹diag(w); XᵀX and Xᵀy are computed once.

#include "app/bench_script.h"
#include "core/types.h"

namespace argscope::app {

Mat random_spd(Index n);
/// Cholesky in place, lower triangle. Throws std::runtime_error when A is not positive definite.
void factorize_spd(Mat& A);

class RidgePeer {
 public:
  RidgePeer(const Mat& X, const Vec& y);
  /// w and the full J at θ by potrf, potrs and potri.
  void update(const Vec& theta);
  /// w and dw/dt for θ = t·1, by potrf and potrs with two right-hand sides.
  void update_scalar(double t);
  const Vec& w() const { return w_; }
  const Mat& J() const { return J_; }

 private:
  Mat G_, H_, J_;
  Vec b_, w_;
};

/// SciPy on the same random numbers: w and J at θ = 10·scale by cho_factor and cho_solve. Arguments: rows, columns,
/// and 1 for a scalar θ, whose J is one column.
Script scipy_ridge();

}  // namespace argscope::app
