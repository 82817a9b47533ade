#pragma once
/// The quadratic program of row e done by hand, straight on LAPACK: the constraints that held with a multiplier at the
/// last θ are taken for equalities, and one Schur complement gives z, all multipliers and J.
///
///   S = C Q⁻¹ Cᵀ with C = [A; G_active],  dz = −(Q⁻¹ − Q⁻¹Cᵀ S⁻¹ C Q⁻¹) dq + Q⁻¹Cᵀ S⁻¹ d[b; h_active]

#include "app/bench_workload.h"

namespace argscope::app {

class QuadraticByHand final : public HandWritten {
 public:
  /// Solves at the scene's θ by its own active-set method. Throws std::runtime_error when that does not end.
  explicit QuadraticByHand(const io::Scene&);
  std::string name() const override { return "LAPACK, active set kept"; }
  double update(double scale) override;
  Vec answer() const override { return J_.reshaped(); }
  const Vec& z() const { return z_; }

 private:
  void solve(double scale);
  bool change_active_set();  ///< false: it was the right one

  Mat Q_, A_, G_, half_;  ///< half_ = L⁻¹ with Q = L Lᵀ
  Vec q_, b_, h_, z_, y_;
  std::vector<Index> active_;  ///< of the inequalities
  Mat J_;
};

}  // namespace argscope::app
