#pragma once
/// A = D + R S with R S through few numbers (Woodbury): with T = I + S D⁻¹ R, of m rows,
///
///   A⁻¹ = D⁻¹ − D⁻¹ R T⁻¹ S D⁻¹
///
/// For a symmetric A with D > 0: V = D⁻¹Sᵀ and ker S are orthogonal under A, which is D on ker S, so A is positive
/// definite where Vᵀ A V = T S D⁻¹ Sᵀ is.

#include "core/linear/kernel.h"

namespace argscope::linear {

/// For a symmetric A. No kernel, and why not, when A is not known to be of that kind, or D or T is singular.
Attempt low_rank(const OperatorPtr& A, const Options&);

}  // namespace argscope::linear
