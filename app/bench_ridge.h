#pragma once
/// Rows a and a₁ of the benchmark: ridge regression with 2,000 samples and 500 weights.

#include "app/bench.h"
#include "app/bench_machine.h"
#include "core/types.h"

namespace argscope::app {

/// The scene, in text: one regularization a weight, or one for all.
std::string ridge_scene(Index samples, Index weights, bool one_for_all);

/// θ ∈ R^500 with the full Jacobian, then a scalar θ; each against LAPACK by hand and against SciPy where it is there.
std::vector<BenchRow> bench_ridge(int rounds, const MachineLimits&);

}  // namespace argscope::app
