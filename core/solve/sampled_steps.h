#pragma once
/// The steps of stochastic gradient descent, x ← x − η_t ∇₁f_b(t), known by their number: which samples the step t
/// looks at, drawn uniformly with replacement, and how long it is, η_t = η (1 + t)^(−decay). The same draws for the
/// same seed.

#include "core/optimality/samples.h"
#include "core/solve/solver.h"

namespace argscope::solve {

class SampledSteps {
 public:
  /// The objective's smooth part must be a mean or a sum over samples. Without Options::step η is 1/L, L the greatest
  /// curvature that a batch has at the start.
  SampledSteps(const optimality::Model&, ConstVec theta, const Options&);

  static bool exist(const optimality::Model&);
  const optimality::Function& slope(int t) const;
  double length(int t) const;
  int batches() const { return int(batches_.size()); }

 private:
  std::vector<optimality::Batch> batches_;
  std::uint64_t seed_;
  double eta_, decay_;
};

}  // namespace argscope::solve
