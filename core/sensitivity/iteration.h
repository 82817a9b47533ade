#pragma once
/// x ← S(x, θ) = x + σ F(x, θ), whose repetition leads to x*: gradient descent where F is a gradient (σ = −η, η the
/// step asked for or 1/‖∂₁F‖), the map itself where F = T − x (σ = 1, or a fixed point's step); of_solver: as the
/// solver went, where that is by samples or by FIRE, which moves a velocity too.

#include <functional>

#include "core/sensitivity/estimator.h"
#include "core/solve/fire.h"
#include "core/solve/sampled_steps.h"

namespace argscope::sensitivity {

/// Where an iteration stands.
struct State {
  Vec x;
  optimality::ModelPtr model;  ///< its pair lists hold at x
  int t = 0;                   ///< steps from the start
  std::optional<solve::Fire> motion = std::nullopt;
};

/// ∂S at one state, by products with blocks of columns: tangents of x, or of x and the velocity stacked.
class StepDerivative {
 public:
  StepDerivative(optimality::Linearization of_F, double sigma) : of_F_(std::move(of_F)), sigma_(sigma) {}
  StepDerivative(optimality::Linearization of_F, solve::FireStep step)
      : of_F_(std::move(of_F)), motion_(std::move(step)) {}
  Mat along_x(ConstMat dx) const;          ///< ∂₁S dx
  Mat along_theta(ConstMat dtheta) const;  ///< ∂₂S dθ
  Mat back_to_x(ConstMat v) const;         ///< ∂₁Sᵀ v
  Mat back_to_theta(ConstMat v) const;     ///< ∂₂Sᵀ v

 private:
  Mat back_to_F(ConstMat v) const;

  optimality::Linearization of_F_;
  double sigma_ = 0;
  std::optional<solve::FireStep> motion_;
};

class Iteration {
 public:
  static bool exists(const optimality::Model&);
  explicit Iteration(const Setting&);
  static Iteration of_solver(const Setting&);  ///< the steps of sgd or FIRE where that was the solver

  Index size() const { return solution_.x.size(); }
  Index state_size() const { return by_fire_ ? 2 * size() : size(); }  ///< rows of a StepDerivative; x stands first
  Index parameter_size() const { return theta_.size(); }
  const State& solution() const { return solution_; }  ///< where the solver ended
  State start() const;                                 ///< where the scene starts
  bool by_samples() const { return sampled_ != nullptr; }
  bool by_fire() const { return by_fire_; }
  Vec F(const State&) const;
  void advance(State&, const Vec& F) const;  ///< x ← x + σF, or a step of FIRE
  StepDerivative derivative(const State&) const;
  double step() const { return std::abs(sigma_); }

 private:
  Iteration(const Setting&, std::string_view solver);
  double length_of(const Setting&) const;
  double sigma(const State& s) const { return sampled_ ? -sampled_->length(s.t) : sigma_; }

  std::shared_ptr<const optimality::Statement> statement_;
  Vec theta_;
  State solution_;
  double sigma_ = 1;
  std::shared_ptr<const solve::SampledSteps> sampled_;
  bool by_fire_ = false;
};

/// The iterates x_0 … x_T. Every so many, about √T, is remembered; the others are computed again when asked for.
class Trajectory {
 public:
  /// Exactly setting.solve.iterations steps; without that, as many as the tolerance takes, at most `most` (which is
  /// what steps by samples take, whose F does not tell).
  Trajectory(Iteration, const Setting&);

  static constexpr int most = 100000;
  const Iteration& iteration() const { return iteration_; }
  int steps() const { return steps_; }
  const State& last() const { return last_; }
  /// Calls visit at x_0, …, x_{T−1}; true when not stopped.
  bool forwards(std::stop_token, const std::function<void(const State&)>& visit) const;
  /// Calls visit at x_{T−1}, …, x_{T−count}; true when not stopped.
  bool backwards(int count, std::stop_token, const std::function<void(const State&)>& visit) const;
  /// How it ended, and what going backwards remembers at most.
  Account account() const;

 private:
  std::vector<State> stretch(int first, int end) const;

  Iteration iteration_;
  int steps_ = 0, spacing_ = 1;
  double residual_ = 0, allowed_ = 0;
  State last_;
  std::vector<State> marks_;  ///< every spacing_-th
};

}  // namespace argscope::sensitivity
