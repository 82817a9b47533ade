#pragma once
/// ∇f = 0 of f = ½‖r‖², differentiated with Gauss–Newton's RᵀR, R = ∂₁r, in the place of the Hessian: what much
/// software does, kept for comparison. Its J is exact where the residuals vanish or are linear in x, and biased
/// elsewhere.

#include "core/optimality/function.h"

namespace argscope::optimality {

class GaussNewtonMapping final : public Function {
 public:
  /// Both outlive this.
  GaussNewtonMapping(const Function& slope, const Function& residuals) : slope_(slope), residuals_(residuals) {}
  const expr::Shape& shape() const override { return slope_.shape(); }
  void value(ConstVec x, ConstVec theta, MutVec y) const override { slope_.value(x, theta, y); }
  Linearization linearize(ConstVec x, ConstVec theta) const override {
    const Mat R = residuals_.linearize(x, theta).dx->dense();
    return {linear::dense_operator(R.transpose() * R, true), slope_.linearize(x, theta).dtheta};
  }

 private:
  const Function& slope_;
  const Function& residuals_;
};

}  // namespace argscope::optimality
