#pragma once
/// Learning through a solver: parameters moved downhill in one output by its total derivative, a solve and an adjoint
/// solve a step, each solve from where the last one ended.

#include "core/live/engine.h"
#include "core/solve/adam.h"

namespace argscope::live {

struct TrainingSpec {
  std::string output;                        ///< a scalar function of the model that falls
  std::vector<optimality::Slot> parameters;  ///< of the model: those that move, within the ranges of the scene
  double rate = 0.02;                        ///< Adam's, in units of the parameters
};

class Training {
 public:
  Training(std::shared_ptr<const io::Scene>, const SessionOptions&, TrainingSpec, Vec theta);

  /// Solves at theta(). What was known of the last point is replaced.
  const Snapshot& solve(std::stop_token);
  /// From the solved point one step of Adam. Where one code of many wakes or sleeps the derivative is one-sided: the
  /// step is then taken along an element of the generalized Jacobian, and counted. False: there is no derivative, why()
  /// says why, and nothing moved.
  bool descend(std::stop_token);

  const Vec& theta() const { return theta_; }
  const std::string& why() const { return why_; }
  Index steps() const { return steps_; }
  Index steps_at_kinks() const { return at_kinks_; }

 private:
  bool may_step() const;

  TrainingSpec spec_;
  Vec theta_, low_, high_;
  std::vector<Index> moving_;  ///< entries of θ
  Engine engine_;
  Snapshot last_;
  solve::Adam adam_;
  std::string why_;
  Index steps_ = 0, at_kinks_ = 0;
};

}  // namespace argscope::live
