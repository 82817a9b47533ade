#pragma once
/// Where a function of (x, θ) goes as both move.

#include "core/optimality/model.h"

namespace argscope::sensitivity {

/// ∂₁h X + ∂₂h Θ, column by column: x moves along those of X (unknowns × k), θ along those of Θ (parameters × k).
Mat along(const optimality::Function& h, ConstVec x, ConstVec theta, ConstMat X, ConstMat Theta);

}  // namespace argscope::sensitivity
