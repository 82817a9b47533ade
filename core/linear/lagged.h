#pragma once
/// Solving with a symmetric A by the factors of an earlier matrix P that is near to it: conjugate gradients on A,
/// preconditioned by P (Hestenes & Stiefel 1952; Golub & Van Loan, Matrix Computations, 11.5). Where P⁻¹A is close to
/// the identity, or is but for a few directions, a handful of steps stand for a factorization, and the answer is as
/// good: its residual is measured with A, and refined like a direct method's.
///
/// That A is positive definite beside its null space is seen in making it. A fixed pseudo-random probe b is solved for.
/// A step p with pᵀAp ≤ 0, or nearly so beside pᵀPp, is refused. Without one, A is positive on the space of the steps,
/// and so are its Ritz values. They are the roots of the polynomial q of the residual r = q(AP⁻¹) b, and q(0) = 1;
/// hence |q(μ)| ≥ 1 for every μ ≤ 0. Were μ ≤ 0 an eigenvalue of P⁻¹A and w its eigenvector, ‖w‖ = 1 (a direction of
/// negative or no curvature: wᵀAw = μ wᵀPw), then wᵀr = q(μ) wᵀb and |wᵀb| ≤ ‖r‖. The probe is solved to ‖r‖ ≤ 1e-8
/// ‖b‖: it would have to miss such a direction to eight digits. So A has no null vectors but those of P that it
/// annihilates. The same holds from the start x₀ = A₋⁻¹b that an earlier A₋, found positive definite, has left: then
/// wᵀ(b − A x₀) = zᵀb with z = w − μ A₋⁻¹P w, which is no shorter than w in the norm of A₋, as −μ wᵀPw ≥ 0, and b knows
/// nothing of z.

#include "core/linear/kernel.h"
#include "core/linear/recollection.h"

namespace argscope::linear {

/// By the factors that a direct method has made of a positive (semi)definite matrix. Not usable, and `why` says so,
/// where A is not symmetric, sparse or dense, where the zero rows and the null vectors of the earlier matrix are not
/// A's, and where the probe takes more than `steps` steps: then A has to be factorized itself. The method is called cg.
std::shared_ptr<const Factorization> lagged(const OperatorPtr& A, const std::shared_ptr<const Factorization>& earlier,
                                            const Options&, int steps,
                                            std::shared_ptr<Recollection> = std::make_shared<Recollection>());

}  // namespace argscope::linear
