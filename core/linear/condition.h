#pragma once
/// How large an operator is, by Lanczos steps from a fixed start, so that the answer never changes from run to run.

#include <functional>

#include "core/linear/operator.h"

namespace argscope::linear {

/// Square root of the greatest eigenvalue of the positive semidefinite v ↦ M v (n × n), from below, within a few per
/// cent. Infinite when a product is not finite.
double root_of_greatest(Index n, const std::function<void(Vec&)>& M);

/// ‖A‖₂ in a few products.
double spectral_norm(const LinearOperator& A);

/// About the largest magnitude, as a power of two, by which dividing costs no rounding; 1 of zeros and of what is not
/// finite. In this unit squares neither overflow nor vanish.
double unit_of(ConstVec v);

/// The same n numbers between −1 and 1 on every machine.
Vec fixed_probe(Index n);

}  // namespace argscope::linear
