#pragma once
/// Newton's method as an optimality condition: T = x − H⁻¹∇₁f. At a solution the derivative of H⁻¹ multiplies ∇₁f = 0,
/// so A = −∂₁F = I and B = −H⁻¹C: J needs no further solve. Away from a solution ∂₁T has terms with third derivatives
/// that are left out here; the residual gate of the trust record keeps such points from being differentiated.

#include "core/optimality/function.h"

namespace argscope::optimality {

class NewtonMapping final : public Function {
 public:
  /// `slope` is ∇₁f and outlives this; its ∂₁ is H.
  explicit NewtonMapping(const Function& slope) : slope_(slope) {}
  const expr::Shape& shape() const override { return slope_.shape(); }
  /// −H⁻¹∇₁f; not-a-number where H cannot be solved with.
  void value(ConstVec x, ConstVec theta, MutVec y) const override;
  Linearization linearize(ConstVec x, ConstVec theta) const override;

 private:
  const Function& slope_;
};

}  // namespace argscope::optimality
