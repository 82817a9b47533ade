#pragma once
/// Elimination of unknowns that a row or a column of A gives outright, and the parts into which the rest falls.
/// Rows ± eᵢ: the derivative of a proximal step has one for every coordinate off its support. Columns ± eᵢ: a KKT
/// system in v = y − s has one for every constraint that does not hold (the slack appears in its own row alone).
///
///   [A_SS A_SN; 0 cI] x = b:   x_N = b_N / c,  A_SS x_S = b_S − A_SN x_N
///   [A_SS 0; A_NS cI] x = b:   A_SS x_S = b_S,  x_N = (b_N − A_NS x_S) / c
///
/// What is left, A_SS on the support S, is formed by products with S's unit vectors; those of different
/// LinearOperator::groups() share one product, and each group is a dense block of its own.

#include "core/linear/kernel.h"
#include "core/linear/operator.h"

namespace argscope::linear {

/// No kernel, and why not, when few rows and columns are of that kind and there are no groups, or A_SS is singular. One
/// product finds the rows, and one the columns: y = A r with a random r, where yᵢ = ± rᵢ.
Attempt reduced(const OperatorPtr& A, const Options&);

}  // namespace argscope::linear
