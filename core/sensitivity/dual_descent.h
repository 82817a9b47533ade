#pragma once
/// The slope of a minimum's value by first-order steps on the dual problem, whose iterates are estimates of it: Mehmood
/// and Ochs, Differentiating the value function by using convex duality, 2021.
///
/// p(u) = min_x (c/2)|u − Ax|² + (μ/2)|x|² + ⟨b, x⟩ + g(x), with g a penalty or a set, has for its dual
/// min_y |y|²/(2c) − ⟨u, y⟩ + G*(Aᵀy), G the part without u; its solution is ∇p(u). With η = 1/μ the proximal gradient
/// step from x = 0 at u = y/c is ∇G*(Aᵀy), so that the descent needs nothing but that step and ∂₂.

#include <optional>

#include "core/optimality/model.h"

namespace argscope::sensitivity {

struct DualIterate {
  Vec y;
  double residual;  ///< |y − c(u − Ax)| / |y| for the x that y stands for: zero at ∇p(u); infinity where y is zero
};

/// y after so many steps of length 1/(1/c + |A|²/μ) from y = 0, u = θ[first, first + count) and the rest of θ held.
/// None: the problem is not of that form, μ is not positive, or it has more than 600 unknowns.
std::optional<DualIterate> dual_descent(const optimality::Model&, ConstVec theta, Index first, Index count, int steps);

}  // namespace argscope::sensitivity
