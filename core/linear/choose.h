#pragma once
/// Which method for which matrix.

#include "core/linear/analysis.h"
#include "core/linear/kernel.h"

namespace argscope::linear {

/// The method asked for; or with Method::Auto the first that succeeds of
///   known by products    its parts, where it falls apart or gives unknowns outright (reduced.h)
///   symmetric, sparse    sparse, dense ones up to 3000 unknowns, MINRES
///   symmetric            Cholesky, LDLᵀ, minimum norm up to 3000 unknowns; beyond, low_rank.h where it can be had and
///                        more than a rough step is asked for; MINRES
///   other                LU, minimum norm up to 1500 unknowns
///   other, beyond 3000   sparse LU when sparse; LU when given as a dense matrix; GMRES
/// An attempt without a kernel says why.
Attempt choose(const OperatorPtr& A, const Options&, const Mat& null_candidates, sparse::Analyses&);

}  // namespace argscope::linear
