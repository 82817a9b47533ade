#pragma once
/// Krylov methods on products only, for symmetric operators. Started at zero they stay in the range of A, so a
/// consistent system with a singular matrix gets its solution of minimum norm.

#include "core/linear/kernel.h"

namespace argscope::linear::krylov {

/// Conjugate gradients; for definite matrices (either sign). On an indefinite one a direction of the other sign stops
/// it, and the report says not converged.
Attempt cg(OperatorPtr A, const Options&);
/// MINRES of Paige and Saunders (1975); for symmetric matrices.
Attempt minres(OperatorPtr A, const Options&);

}  // namespace argscope::linear::krylov
