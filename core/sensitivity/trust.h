#pragma once
/// Whether J can be trusted: what the solution, the matrix, the right-hand side and the kinks have to say.

#include "core/sensitivity/sensitivity.h"

namespace argscope::sensitivity {

/// ∂F at the solution, factorized.
struct System {
  optimality::ModelPtr model;
  Vec x, theta;
  linear::OperatorPtr A;                                       ///< ∂₁F; null when x is not finite
  linear::OperatorPtr B;                                       ///< ∂₂F
  std::shared_ptr<const linear::Factorization> factorization;  ///< of A
};

/// What one solve with columns of B (or one combination of them) has shown.
struct Probe {
  linear::SolveReport report;
  Mat R;  ///< what was solved for
};

enum class AtKink { Refuse, Warn };

/// Everything but condition_number and difference_agreement. `probe` is empty when nothing could be solved.
Trust judge(const solve::Solution&, const System&, const linear::Options&, const std::optional<Probe>& probe, AtKink);

}  // namespace argscope::sensitivity
