#pragma once
/// Whether the derivative of F differs from one side of a point to the other.

#include "core/optimality/model.h"

namespace argscope::sensitivity {

/// Compares the directional derivatives of F a little before and a little after (x, θ), along a few fixed directions of
/// (x, θ) together. True when they differ by a jump rather than by curvature.
bool one_sided(const optimality::Model&, ConstVec x, ConstVec theta);

}  // namespace argscope::sensitivity
