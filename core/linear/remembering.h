#pragma once
/// A factorization that is asked again and again, as that of a matrix that does not change while a parameter is
/// dragged: it keeps its last block of columns, for when the same block comes again. Jacobians do.

#include <mutex>

#include "core/linear/factorize.h"

namespace argscope::linear {

class Remembering final : public Factorization {
 public:
  explicit Remembering(std::shared_ptr<const Factorization> of) : of_(std::move(of)) {}
  SolveReport solve(ConstMat B, MutMat X) const override;
  SolveReport solve_transposed(ConstMat B, MutMat X) const override { return of_->solve_transposed(B, X); }
  void precondition(MutMat X) const override { of_->precondition(X); }
  const Quality& quality() const override { return of_->quality(); }
  double condition_number() const override { return of_->condition_number(); }

 private:
  std::shared_ptr<const Factorization> of_;
  mutable std::mutex remembering_;
  mutable Mat B_, X_;
  mutable SolveReport report_;
};

}  // namespace argscope::linear
