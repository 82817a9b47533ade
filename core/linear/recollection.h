#pragma once
/// The solutions of the last systems, for a start nearer than zero where the matrix and the right-hand sides have
/// hardly changed since, as when a parameter is dragged.

#include <deque>
#include <mutex>

#include "core/linear/operator.h"

namespace argscope::linear {

/// Callable from many threads; what it then gives depends on their order, so it keeps to blocks of few columns, of
/// which a solve has one.
class Recollection {
 public:
  /// For each column b the combination of what is remembered that is best in the norm of the positive definite A: with
  /// Q their orthonormal basis, Q (QᵀAQ)⁻¹ Qᵀb (Fischer, Comput. Methods Appl. Mech. Eng. 163, 1998). Empty: there is
  /// nothing that would help.
  Mat start(const LinearOperator& A, ConstMat B) const;
  void remember(ConstMat B, ConstMat X);

  /// The solution for one fixed right-hand side; empty: none yet of that size.
  Vec probe(Index n) const;
  void remember_probe(Vec x);

 private:
  mutable std::mutex mutex_;
  std::deque<Vec> solutions_;  // newest last
  double usual_ = 0;           // the norm of the last right-hand side
  Vec probe_;
};

}  // namespace argscope::linear
