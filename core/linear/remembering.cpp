#include "core/linear/remembering.h"

namespace argscope::linear {

SolveReport Remembering::solve(ConstMat B, MutMat X) const {
  constexpr Index worthwhile = 16;  // columns
  if (B.cols() < worthwhile) return of_->solve(B, X);
  const std::lock_guard lock(remembering_);
  if (B_.rows() != B.rows() || B_.cols() != B.cols() || B_ != B) {
    B_ = B;
    X_.resize(B.rows(), B.cols());
    report_ = of_->solve(B_, X_);
  }
  X = X_;
  return report_;
}

}  // namespace argscope::linear
