#pragma once
/// The gradient of a minimum's value ℓ(θ) = min_x L(x, θ), estimated where a solver stopped. The envelope theorem needs
/// no ∂x* at the minimizer; the estimators differ in what they make of the distance e from it. Ablin, Peyré and Moreau,
/// Super-efficiency of automatic differentiation for functions defined as a minimum, 2020.

#include "core/solve/solver.h"

namespace argscope::sensitivity {

enum class ValueEstimator {
  Analytic,  ///< g¹ = ∂₂L: errs by O(e)
  Automatic,  ///< g² = ∂₂L + Jᵀ∂₁L, J of as many plain steps from the start as the solver took: O(e·(J − J*)) + O(e²)
  Implicit,  ///< g³ = ∂₂L + Jᵀ∂₁L, J by the implicit function theorem at x: O(e²)
};

/// Along all of θ. L is a scalar, the objective of at.model. `options`: how x was found; of the step that the automatic
/// estimator takes. Not-a-number where the implicit one meets a singular ∂₁F.
Vec value_gradient(ValueEstimator, const optimality::Function& L, const solve::Solution& at, ConstVec theta,
                   const solve::Options&);

}  // namespace argscope::sensitivity
