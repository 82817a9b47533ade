#pragma once
/// Elimination of unknowns that a row of A gives outright: rows ± eᵢ, as the derivative of a proximal step has for
/// every coordinate off its support. What is left, A_SS on the support S, is formed by products with S's unit vectors
/// alone.
///
///   [A_SS A_SN; 0 cI] x = b:   x_N = b_N / c,  A_SS x_S = b_S − A_SN x_N

#include "core/linear/kernel.h"
#include "core/linear/operator.h"

namespace argscope::linear {

/// No kernel, and why not, when few rows are of that kind or A_SS is singular. One product finds the rows: y = A r with
/// a random r, where yᵢ = ± rᵢ.
Attempt reduced(const OperatorPtr& A, const Options&);

}  // namespace argscope::linear
