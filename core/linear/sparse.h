#pragma once
/// Sparse methods.

#include "core/linear/analysis.h"
#include "core/linear/kernel.h"

namespace argscope::linear::sparse {

/// A = L S Lᵀ by supernodes, with the null space pinned: σ = mean |diagonal| is added at as many coordinates as there
/// are null vectors. Exact, because the pinned unknowns of a solution are zero when B has no part along the null space,
/// and the projection that follows makes it the solution of minimum norm. Null vectors of a semidefinite matrix that
/// were not suspected show themselves as vanishing pivots. Refuses when the matrix is indefinite and pivots vanish or
/// solutions are poor.
Attempt symmetric(OperatorPtr A, const Options&, const Mat& null_candidates, Analyses&);

/// Sparse LU with column pivoting.
Attempt general(const OperatorPtr& A, const Options&);

}  // namespace argscope::linear::sparse
