#pragma once
/// The affine frontier of a function f(x) = φ(S₁x + c₁, …, S_m x + c_m): the last nodes that are affine in x with
/// coefficients that nothing can change. The Hessian is then Σ S_kᵀ D_kl S_l with D = φ″, which is block-diagonal over
/// rows wherever φ treats rows alike: pair energies, losses over samples, chains, penalties on coefficients.

#include <optional>

#include "core/optimality/problem.h"

namespace argscope::optimality {

struct AffineNode {
  expr::Id node = -1;
  SparseMat S;  ///< elements of the node × x
};

/// The frontier of `f`, or nothing when some part would be too large to hold.
std::optional<std::vector<AffineNode>> affine_frontier(const Problem&, expr::Id f);

/// Whether row r of `out` depends on row r of `direction` alone (a tangent input of as many rows). `out` is linear in
/// it.
bool row_aligned(const expr::Graph&, expr::Id out, expr::Id direction);

}  // namespace argscope::optimality
