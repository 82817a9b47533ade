#pragma once
/// One solve under way: where it stands, what it has spent, and when it must stop. The solvers of this room are
/// functions that move a Walk; several may take turns on the same one.

#include <cmath>
#include <optional>

#include "core/solve/solver.h"

namespace argscope::solve {

/// Residuals below this times Model::residual_scale are rounding: a walk that stalls there has arrived.
inline constexpr double rounding_level = 64 * std::numeric_limits<double>::epsilon();

/// A place on the way and what is known there.
struct Point {
  Vec x, F;
  double objective = std::numeric_limits<double>::quiet_NaN();  ///< ask Walk::objective() after a chord
  double residual = std::numeric_limits<double>::infinity();    ///< ‖F‖∞; infinity when anything is not finite
  optimality::ModelPtr model;                                   ///< its pair lists hold at x
};

/// How much a factorization may cost. Quick: what a step needs; where a sparse matrix resists, it says so at once.
/// Thorough: whatever it takes to know rank and inertia, which can be a dense eigendecomposition.
enum class Care { Quick, Thorough };

/// ∂F frozen at one place, and factorized when somebody asked.
struct Local {
  linear::OperatorPtr matrix;                                  ///< ∂₁F; null: not linearized
  linear::OperatorPtr dtheta;                                  ///< ∂₂F
  std::shared_ptr<const linear::Factorization> factorization;  ///< of matrix; null: not factorized
  double tolerance = 0;                                        ///< of an iterative factorization
};

class Walk {
 public:
  Walk(const Request&, const Options&, Memory&, std::stop_token, const OnIteration&);

  const Point& here() const { return here_; }
  Point& trial() { return trial_; }  ///< a solver writes trial().x, then calls evaluate_trial()
  Vec& step() { return step_; }      ///< room for a direction
  void evaluate_trial();
  void evaluate_trial_without_objective();  ///< where only F matters: an objective can cost more than its gradient
  void accept() { accept(1); }              ///< the trial becomes here; counts one iteration and reports it
  void accept(int iterations);              ///< likewise, of so many

  const Local& linearize();  ///< at here(), unless that has been done
  /// Linearizes and factorizes at here(), unless that has been done. `tolerance` is that of iterative linear solvers.
  const Local& factor(double tolerance, Care);
  /// The same at a minimum that is near to where the last factor was made, and at less cost: by that factor
  /// (linear/lagged.h). False, and nothing is changed, where that gains nothing or fails; then factor().
  bool lag();
  /// The last factors of an unshifted ∂₁F that a direct method made, here, earlier on the way, or (at first) in an
  /// earlier solve; null when there are none.
  std::shared_ptr<const linear::Factorization> last_factor() const { return last_factor_; }

  double objective();  ///< here; evaluates it when the last step did not
  bool minimizes() const { return minimizes_; }
  Index size() const { return here_.x.size(); }
  const Vec& theta() const { return request_.theta; }
  const Options& options() const { return options_; }
  Memory& memory() { return memory_; }
  bool free_to_polish() const { return !options_.iterations; }  ///< a fixed number of iterations is taken literally

  double scale();  ///< Model::residual_scale, renewed now and then
  double relative_residual() { return scale() > 0 ? here_.residual / scale() : (here_.residual > 0 ? 1.0 : 0.0); }
  bool reached(double tolerance);  ///< ‖F‖∞ ≤ tolerance · residual_scale here
  bool arrived() { return reached(options_.tolerance); }
  bool at_rounding() { return reached(std::max(options_.tolerance, rounding_level)); }

  int allowed() const { return limit_ - iterations_; }
  void allow(int iterations);  ///< so many more iterations, unless the person fixed the number
  /// Why the walk cannot go on: cancelled, not finite, unbounded, out of iterations. Ask after arrived().
  std::optional<Status> verdict();
  bool may_polish() const;  ///< the same for steps that do not look at the objective
  /// What to say when no step makes progress any more.
  Status stuck() { return at_rounding() ? Status::Converged : Status::Stalled; }

  void set_negative_curvature(Index count) { negative_curvature_ = count; }
  Index negative_curvature() const { return negative_curvature_; }  ///< here; −1: unknown
  void explain(std::string words) { words_ = std::move(words); }
  const std::string& words() const { return words_; }
  int iterations() const { return iterations_; }
  void run_by(std::string_view solver) { solver_ = solver; }  ///< who is walking now
  Solution finish(Status);

 private:
  double scale_here();  ///< not one of an earlier iteration, unless x was nearly found then
  void renew_pairs(Point&) const;
  void evaluate(Point&) const;
  void evaluate_without_objective(Point&) const;
  std::string place_of_not_finite() const;
  std::string words_of_running_away() const;
  bool runs_away() const;
  std::string message(Status) const;

  const Request& request_;
  const Options& options_;
  Memory& memory_;
  std::stop_token stop_;
  const OnIteration& on_iteration_;
  bool minimizes_;
  Point here_, trial_;
  Vec step_;
  Local local_;
  std::shared_ptr<const linear::Factorization> last_factor_;
  int iterations_ = 0, limit_ = 0;
  double scale_ = 0;
  int scaled_at_ = -1;
  bool scaled_near_ = false;
  double start_size_ = 0, start_objective_ = std::numeric_limits<double>::quiet_NaN();
  Index negative_curvature_ = -1;
  std::string words_;
  std::string_view solver_;
};

/// How Newton's method may walk.
struct Caution {
  double longest_step = std::numeric_limits<double>::infinity();  ///< of one coordinate; Newton gives up beyond it
  int backtracks = 40;
  /// A step down will do although the curvature is negative somewhere, as across the push at a disc that one other
  /// pushes: Newton's step needs none there.
  bool any_way_down = false;
  bool guarded() const { return std::isfinite(longest_step); }  ///< gives up rather than damp
};

// Minimizers: each ends with Converged at ‖F‖∞ ≤ tolerance · scale, without looking at the curvature there.
Status newton_minimize(Walk&, const Caution&);
Status lbfgs(Walk&, double tolerance);
Status fire(Walk&, double tolerance);
Status gradient_descent(Walk&);
Status sgd(Walk&);
Status gauss_newton(Walk&);         // of sums of squares
Status levenberg_marquardt(Walk&);  // likewise

// Roots and fixed points.
Status newton_root(Walk&);
Status newton_root(Walk&, int iterations);
Status fixed_point(Walk&);
Status broyden(Walk&, double tolerance);
Status bisection(Walk&);

// Maps, F = T − x: steps without a look at the objective.
Status map_iteration(Walk&, double tolerance);
Status accelerated(Walk&, double tolerance);
Status anderson(Walk&, double tolerance);
Status block_coordinate_descent(Walk&, double tolerance);

// Constraints with multipliers: each ends near a solution, for Newton's method to finish.
Status interior_point(Walk&);
Status operator_splitting(Walk&, double tolerance);
Status ipopt(Walk&, double tolerance);

Status projected_lbfgs(Walk&);  // within bounds

/// Newton steps with the walk's last factor, wherever it was made, as long as each makes the residual ten times smaller
/// and the residual is above tolerance · scale. Returns whether any was taken.
bool chord(Walk&, double tolerance, double longest_step);

/// Moves the unknowns that nothing held when the last factor was made, as those of a particle without contacts, and
/// that are pushed now: that factor does not move them, and across the push they curve downwards. Their own part of the
/// Hessian says how far they give way. They go a tenth farther, for where they just touch is a kink, and any place
/// where nothing touches is as good a minimum. Nothing happens where that does not lower the residual, or some
/// coordinate would go farther than the longest step.
void release(Walk&, double longest_step);

/// Factorizes exactly here and counts the directions of negative curvature.
void certify(Walk&);
/// The same after Newton steps down to rounding, when the person has not fixed the number of iterations.
void settle(Walk&, double longest_step);

/// Leaves a saddle along a direction of negative curvature, to where the objective is lower. False: found no such step.
bool leave_saddle(Walk&);

/// Runs a minimizer until it ends at a minimum, leaving saddles on the way.
Status to_a_minimum(Walk&, double longest_step, const std::function<Status(Walk&)>& minimizer);

}  // namespace argscope::solve
