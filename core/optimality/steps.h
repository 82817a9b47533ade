#pragma once
/// Step lengths for the conditions that have one: any η > 0 gives the same derivative; 1/‖H‖ keeps ∂₁F well scaled and
/// makes T a map that first-order methods can iterate.

#include "core/optimality/problem.h"

namespace argscope::optimality {

/// A little less than 1/‖∂₁∇₁f‖ at (x, θ), for all variables together or for each by itself, by power iteration on
/// differences of the gradient. 1 where f has no curvature or the gradient is not finite.
std::vector<double> safe_steps(const Problem&, ConstVec x, ConstVec theta, bool one_each);

}  // namespace argscope::optimality
