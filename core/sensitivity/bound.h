#pragma once
/// How far the Jacobian that is solved for at an x̂ beside x* may be from ∂x* (Blondel et al., Efficient and Modular
/// Implicit Differentiation, 2022, theorem 1):
///
///   ‖J(x̂) − ∂x*‖₂ ≤ (β/α + γR/α²) ‖x̂ − x*‖
///
/// with α ≤ λ_min(∂₁F), and γ and β the Lipschitz constants of ∂₁F and ∂₂F in x. They are known where f is quadratic in
/// x: γ = 0, ∂₂F is affine in x, and ‖x̂ − x*‖ ≤ ‖F(x̂)‖/α.

#include <optional>

#include "core/optimality/model.h"

namespace argscope::sensitivity {

struct JacobianBound {
  double alpha = 0, beta = 0;
  double distance = 0;  ///< of x̂ from x*, at most
  double value() const { return beta / alpha * distance; }
};

/// None where the constants are not known: a problem that is no smooth minimization, whose curvature changes with x or
/// is not positive, or of more than a few million numbers (unknowns squared times parameters).
std::optional<JacobianBound> jacobian_bound(const optimality::Model&, ConstVec x, ConstVec theta);

}  // namespace argscope::sensitivity
