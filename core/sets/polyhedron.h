#pragma once
/// The Euclidean projection onto {x : c_i·x = d_i for i < equalities, c_i·x ≤ d_i for the others}, with what its
/// derivative needs. Small and dense: a least-distance problem by active sets (Lawson & Hanson, Solving least squares
/// problems, 1974, chapter 23), then solved anew on the active constraints. Rows may depend on one another.
///
/// On the active rows C_A: x = z − Cᵀλ, so dx = N(dz − dCᵀλ) + C_A⁺(dd − dC x) with N = I − C_A⁺C_A.

#include "core/types.h"

namespace argscope::sets {

struct PolyhedronProjection {
  Vec x;
  /// One a row of C: of an equality its multiplier; of an inequality its multiplier (active) or d − c·x, negated
  /// (inactive). Its positive part is the multiplier; near 0 the constraint is weakly active.
  Vec strictness;
  Mat inverse;  ///< C_A⁺: n × rows of C, a zero column where a row is not active
};

/// All numbers are not-a-number when the set is empty, to 1e-9 of the size of d.
PolyhedronProjection project_polyhedron(const Mat& C, const Vec& d, Index equalities, const Vec& z);

}  // namespace argscope::sets
