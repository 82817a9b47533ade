#pragma once
/// Ridge regression done by hand, straight on LAPACK and in SciPy: what the rows of the benchmark are read against.
/// H = XᵀX + diag(θ), w = H⁻¹Xᵀy, J = −H⁻¹diag(w); XᵀX and Xᵀy are computed once.

#include <memory>

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

/// SciPy on the same random numbers, in a Python beside this program.
class SciPyRidge {
 public:
  /// X is rows × cols of RandomState(1), y of RandomState(2).
  SciPyRidge(Index rows, Index cols);
  ~SciPyRidge();
  bool available() const;
  /// Milliseconds of w and J at θ = t·1 by cho_factor and cho_solve; the norm of J is kept. Scalar: one column of J.
  double update(double t, bool scalar);
  double norm_of_J() const { return norm_; }

 private:
  struct Python;
  std::unique_ptr<Python> python_;
  double norm_ = 0;
};

}  // namespace argscope::app
