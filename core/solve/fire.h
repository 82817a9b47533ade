#pragma once
/// FIRE (Bitzek et al., 2006): molecular dynamics that forgets its velocity whenever it runs uphill. Written as
/// leapfrog steps of (x, w), w the velocity half a time step behind x, so that each step looks at one force −F(x):
///
///     v = w − lag F,   u = a v − b F,   w ← u − ½Δt F,   x ← x + Δt w
///
/// with a = 1 − α, b = α‖v‖/‖F‖ downhill (−F·v > 0), a = b = 0 uphill, and u = v = 0 at rest.

#include <functional>

#include "core/linear/operator.h"

namespace argscope::solve {

/// One step with its decisions made: a, Δt and the test of the power are numbers, b follows v and F. Its derivative
/// maps tangents of z = (x, w) stacked, and of F.
struct FireStep {
  Vec v, F;
  double a = 1, b = 0, lag = 0, dt = 0;

  Mat along(ConstMat dz, ConstMat dF) const;
  Mat back_to_state(ConstMat z) const;  ///< transposed: what dz gets
  Mat back_to_F(ConstMat z) const;      ///< and what dF gets
};

/// What FIRE knows beside x.
class Fire {
 public:
  /// At rest; H is ∂₁F at the start, whose curvature along F bounds the time step.
  Fire(ConstVec F, const linear::LinearOperator& H);

  using Curvature = std::function<linear::OperatorPtr()>;
  /// F at x before, and ∂₁F there, which is looked at every 200 steps and when forces grow: where it has become too
  /// steep for the time steps, they would go up and down for ever.
  FireStep advance(Vec& x, const Vec& F, const Curvature& here);
  void halt();  ///< at rest again, with a tenth of the time step
  double time_step() const { return dt_; }

 private:
  void turn(FireStep&);
  void steady(const linear::LinearOperator& H);

  Vec w_;
  double calm_;     ///< ‖F‖ when ∂₁F was last looked at
  double lag_ = 0;  ///< 0: at rest
  double dt_ = 0.1, dt_max_ = 0.4, alpha_;
  int n_positive_ = 0, steps_ = 0;
};

}  // namespace argscope::solve
