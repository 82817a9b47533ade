#pragma once
/// A scene followed along θ as the window follows it: each solve starts where the last Jacobian points, and factors,
/// patterns and pair lists are carried along.

#include <limits>
#include <optional>

#include "core/io/scene.h"
#include "core/sensitivity/predictor.h"
#include "core/sensitivity/sensitivity.h"

namespace argscope::app {

/// What is derived after each solve.
struct Wanted {
  Index columns = std::numeric_limits<Index>::max();  ///< the first of J
  std::vector<std::string> outputs;                   ///< whose total derivatives in all of θ
};

class Follower {
 public:
  /// Solves at the scene's θ and derives all of J. Throws WrongInput when that has no honest answer.
  explicit Follower(io::Scene);
  Follower(io::Scene, Wanted);

  /// x* and what is wanted of its derivatives at θ; returns the milliseconds of both.
  double update(const Vec& theta);
  /// J at the x* that is there, without the solver's factor of ∂₁F; returns milliseconds.
  double differentiate();

  const Vec& theta() const { return theta_; }
  const Vec& x() const { return solution_.x; }
  const Mat& J() const { return J_; }  ///< its columns that are wanted
  /// Of the variables' rows of J, column by column, then the gradients of outputs one after the other.
  Vec derivatives() const;
  const solve::Solution& solution() const { return solution_; }
  const io::Scene& scene() const { return scene_; }
  /// Of J, relative, over columns [0, count).
  double against_differences(Index count) const;

 private:
  void solve_at(const Vec& theta, Vec start);
  void differentiate_here();
  Vec push(const Vec& step) const;

  io::Scene scene_;
  solve::Memory memory_;
  optimality::ModelPtr model_;
  Vec theta_;
  solve::Solution solution_;
  sensitivity::Predictor predictor_;
  Wanted wanted_;
  std::optional<sensitivity::Sensitivity> sensitivity_;
  Mat J_;
  std::vector<Mat> gradients_;  ///< one row each
};

}  // namespace argscope::app
