#pragma once
/// The derivatives of the two sides of a kink: where x* is not differentiable in a parameter, it mostly still is as the
/// parameter only grows, or only falls. Each side has an active set of its own; the side's derivative is the implicit
/// one a little way along it.

#include "core/sensitivity/sensitivity.h"

namespace argscope::sensitivity {

/// Columns [first, first + count) of θ; a column is not-a-number where that side has no derivative either.
struct Sides {
  Mat falling, growing;  ///< as θ comes from below, and goes up
};

/// The error is of the order of the step, 1e-5 of the parameter's size, times the curvature of x* on that side.
Sides one_sided_derivatives(const solve::Request& at, const solve::Options&, Index first, Index count, std::stop_token);

}  // namespace argscope::sensitivity
