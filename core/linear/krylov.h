#pragma once
/// Krylov methods: products with A, and with Aᵀ for the normal ones, are all they ask for. Each right-hand side has its
/// own recurrence; the products of a block of columns are taken together. All start at zero and end when
/// ‖b − A x‖ ≤ tolerance ‖b‖, or say why not (`Ending`).
///
///   cg         Hestenes and Stiefel (1952)           definite matrices, either sign; one of both signs breaks it down
///   minres     Paige and Saunders (1975)             symmetric matrices
///   gmres      Saad and Schultz (1986), restarted    any; the fewest products, but every step remembers a vector
///   bicgstab   van der Vorst (1992)                  any whose eigenvalues lie on one side; little memory
///   normal-cg  CG on AᵀA x = Aᵀb                     any; squares the condition number
///   lsqr       Paige and Saunders (1982)             any; as normal-cg, and steadier
///   lsmr       Fong and Saunders (2011)              any; as lsqr, but ‖Aᵀr‖ never grows
///
/// Consistent systems with a singular matrix: normal-cg, lsqr and lsmr stay in the range of Aᵀ, so theirs is the
/// solution of minimum norm; so do cg, minres, gmres and bicgstab where A and Aᵀ have the same range, as a symmetric
/// matrix has; elsewhere gmres and bicgstab may find another solution, or none. The normal methods tell an inconsistent
/// system by ‖Aᵀr‖ ≤ rank_tolerance ‖A‖‖r‖ and leave its least-squares solution of minimum norm.

#include "core/linear/kernel.h"

namespace argscope::linear::krylov {

/// Refuses, in words, a matrix that is not symmetric where the method needs one, a zero matrix, numbers that are not
/// finite, and Jacobi's preconditioner for a matrix without a diagonal at hand. Null candidates count only when A and
/// Aᵀ both annihilate them.
Attempt method(const OperatorPtr& A, Method, const Options&, const Mat& null_candidates);

}  // namespace argscope::linear::krylov
