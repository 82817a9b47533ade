#pragma once
/// Objectives that are sums or means over samples: what stochastic solvers and estimators draw from. They are
/// recognised by stating the problem of some of its samples alone and comparing gradients, so that neither the form of
/// the loss nor that of the data matters.

#include "core/optimality/model.h"

namespace argscope::optimality {

using FunctionPtr = std::shared_ptr<const Function>;

/// One share of the samples. Both functions are of the whole x and θ.
struct Batch {
  double weight;      ///< by which `slope` is larger than that of its samples alone: about one
  FunctionPtr slope;  ///< ∇₁ of the smooth part as these samples tell it: the mean over all batches is Model::slope
  FunctionPtr mapping;  ///< F of the problem of these samples alone; null: that is no problem of its own (sums)
};

/// The rows of data, and of the parameters that have as many, in at most `most` shares of about equal size, the same
/// ones every time. Empty where the smooth part of the objective is neither a mean nor a sum over rows (plus, with a
/// sum, what does not depend on them).
std::vector<Batch> batches_of(const Model&, ConstVec x, ConstVec theta, Index most);

}  // namespace argscope::optimality
