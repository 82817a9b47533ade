#pragma once
/// Sums of squares: f = ½‖r(x, θ)‖², recognised on the graph of an objective.

#include <optional>

#include "core/optimality/problem.h"

namespace argscope::optimality {

/// The nodes of r, one a summand: f is a sum of terms w·sum(u²), sum(w·u²) or w·mean(u²) with weights w that do not
/// depend on the variables. None: f is something else. Where a weight is negative its residual is not-a-number. Grows
/// the graph.
std::optional<expr::Ids> residuals_of(const Problem&, expr::Id f);

}  // namespace argscope::optimality
