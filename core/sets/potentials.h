#pragma once
/// Projections onto the transport polytope {P ≥ 0, P1 = a, Pᵀ1 = b} by their dual: P = link(Z + f1ᵀ + 1gᵀ), where link
/// is the positive part (Euclidean) or exp (Kullback–Leibler: what Sinkhorn's algorithm converges to). Sweeps over rows
/// and columns, then Newton steps with a line search (Li, Sun & Toh, On the efficient computation of a projector over
/// the Birkhoff polytope, 2020).
///
/// With W = link′: dP = W∘(dZ + df1ᵀ + 1dgᵀ), K (df; dg) = (da − (W∘dZ)1; db − (W∘dZ)ᵀ1), where
/// K = [diag(W1), W; Wᵀ, diag(Wᵀ1)] has at least the null vector (1; −1).

#include "core/types.h"

namespace argscope::sets {

enum class Link { PositivePart, Exponential };

struct Potentials {
  Vec f, g;
  Mat inverse;  ///< a K⁻ with K K⁻K = K, symmetric
};

/// All not-a-number where the polytope is empty (sums of a and b that differ by more than 1e-9 of their size, a
/// negative entry; for the exponential, a zero) or Newton's method does not arrive.
Potentials transport_potentials(const Mat& Z, const Vec& a, const Vec& b, Link);

}  // namespace argscope::sets
