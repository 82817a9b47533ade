#pragma once
/// A scene followed along θ as the window follows it: each solve starts where the last Jacobian points, and factors,
/// patterns and pair lists are carried along.

#include "core/io/scene.h"
#include "core/sensitivity/sensitivity.h"

namespace argscope::app {

class Follower {
 public:
  /// Solves at the scene's θ. Throws WrongInput when that has no honest answer.
  explicit Follower(io::Scene);

  /// x* and all of J at θ; returns the milliseconds of both.
  double update(const Vec& theta);
  /// J at the x* that is there, without the solver's factor of ∂₁F; returns milliseconds.
  double differentiate();

  const Vec& theta() const { return theta_; }
  const Vec& x() const { return solution_.x; }
  const Mat& J() const { return J_; }
  const solve::Solution& solution() const { return solution_; }
  const io::Scene& scene() const { return scene_; }
  /// Relative, over columns [0, count).
  double against_differences(Index count) const;

 private:
  void solve_at(const Vec& theta, Vec start);
  void take_jacobian();

  io::Scene scene_;
  solve::Memory memory_;
  optimality::ModelPtr model_;
  Vec theta_;
  solve::Solution solution_;
  Mat J_;
};

}  // namespace argscope::app
