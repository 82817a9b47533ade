#pragma once
/// Whether a function of (x, θ) may be convex in some of both together, as far as its curvature at one point can tell.

#include <optional>

#include "core/optimality/model.h"

namespace argscope::sensitivity {

/// x[0, primal) and θ[first, first + count).
struct Together {
  Index primal, first, count;
  Index size() const { return primal + count; }
};

/// The least eigenvalue of the second derivative of a scalar L in those numbers, scaled to a diagonal of ones and
/// zeros; by differences of its gradient, good to about 1e-6. Where a curvature is zero beside one that is not, −1.
/// None: more than 600 numbers.
std::optional<double> least_joint_curvature(const optimality::Function& L, ConstVec x, ConstVec theta, Together);

}  // namespace argscope::sensitivity
