#pragma once
/// A linear map whose numbers meet in few: tangent → small arrays → tangent, and beside that element by element. The
/// curvature of a loss over few samples with many weights is of that kind, A = diag(d) + R S, however the parameters
/// enter it.

#include "core/optimality/function.h"

namespace argscope::optimality {

class Bottleneck {
 public:
  /// Of ∂₁ of `outs`, shaped as the variables. Null when they have no such structure, or the small arrays are more than
  /// a few hundred numbers or a quarter of x. Grows the problem's graph.
  static std::shared_ptr<const Bottleneck> find(const ProblemPtr&, const expr::Ids& outs);

  linear::DiagonalAndProduct at(ConstVec x, ConstVec theta) const;

 private:
  Bottleneck(ProblemPtr, const expr::Ids& outs, const expr::Ids& dirs, const expr::Ids& small, PointProgram diagonal);

  ProblemPtr problem_;
  std::shared_ptr<const Differential> R_, S_;
  PointProgram diagonal_;
};

}  // namespace argscope::optimality
