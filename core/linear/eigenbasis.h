#pragma once
/// A = K + μ I, symmetric and dense, for one K and many μ, as where a parameter weighs a penalty. With K = V Λ Vᵀ,
///
///   A⁻¹ = V (Λ + μ)⁻¹ Vᵀ,
///
/// two products with V instead of a factorization, and the eigenvalues of A are known with it. V costs as much as some
/// twenty Cholesky factorizations, so it is made when so many could have been saved: never more than twice the
/// work of the better choice, had the future been known (rent or buy: Karlin, Manasse, Rudolph & Sleator 1988).

#include "core/linear/kernel.h"

namespace argscope::linear {

/// Counts the matrices that share one K, and keeps its eigenvectors once they are worth it.
class Eigenbasis {
 public:
  /// No kernel: A is not of that kind, or too small to gain by it, V is not worth it yet, or A's condition is beyond
  /// 1e8: what its rank is, and how to scale it, other methods know better.
  Attempt attempt(const LinearOperator& A);

 private:
  struct Vectors;
  std::shared_ptr<const Mat> of_;  ///< K
  int asked_ = 0;
  std::shared_ptr<const Vectors> vectors_;
};

}  // namespace argscope::linear
