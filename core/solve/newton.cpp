/// Newton's method for minima: exact factors, a shift where the Hessian is not positive, a line search on the
/// objective.

#include <algorithm>
#include <cmath>

#include "core/solve/shift.h"
#include "core/solve/walk.h"

namespace argscope::solve {

namespace {

double largest(const Vec& v) { return v.size() == 0 ? 0.0 : v.cwiseAbs().maxCoeff(); }

/// How exactly an iterative method must solve for a Newton step: ever better as the walk closes in.
double forcing(Walk& walk) { return std::clamp(1e-2 * walk.relative_residual(), 1e-12, 1e-3); }

/// A direction of descent p with x − p lower than x: (H + μI) p = ∇f with the smallest μ of a growing sequence that
/// makes it one. Remembers μ from step to step.
class Descent {
 public:
  /// False: there is none.
  bool find(Walk& walk, const Caution& caution) {
    const double tolerance = forcing(walk);
    if (mu_ == 0) {
      const auto factor = walk.factor(tolerance, Care::Quick).factorization;
      if ((positive(factor->quality()) || caution.any_way_down) && goes_down(walk, *factor)) return true;
    }
    if (caution.guarded()) return false;
    const auto H = walk.linearize().matrix;
    unit_ = magnitude(*H, walk.here().F);
    for (mu_ = std::max(mu_, least * unit_); mu_ < 1e12 * unit_; mu_ *= 4) {
      linear::Options options;
      options.tolerance = tolerance;
      options.method = definite_method(*H);
      const auto factor = walk.memory().factorizer.factorize(shifted(H, mu_), options, Mat(walk.size(), 0));
      if (positive(factor->quality()) && goes_down(walk, *factor)) return true;
    }
    return false;
  }
  bool undamped() const { return mu_ == 0; }
  void relax() { mu_ = mu_ < 16 * least * unit_ ? 0 : mu_ / 16; }
  void damp(Walk& walk) {
    unit_ = magnitude(*walk.linearize().matrix, walk.here().F);
    mu_ = std::max(4 * mu_, least * unit_);
  }

 private:
  static bool goes_down(Walk& walk, const linear::Factorization& factor) {
    if (!factor.quality().usable) return false;
    const auto report = factor.solve(walk.here().F, walk.step());
    if (!report.converged || !report.consistent || !walk.step().allFinite()) return false;
    const double slope = walk.here().F.dot(walk.step());
    return slope > 1e-12 * walk.here().F.norm() * walk.step().norm();
  }

  static constexpr double least = 1e-4;
  double mu_ = 0;
  double unit_ = 1;  // the size of H's entries when μ was last chosen
};

/// Armijo's condition; where the change of the objective is lost in its rounding, the gradient must shrink instead.
bool low_enough(const Point& from, const Point& to, double predicted) {
  if (!std::isfinite(to.residual)) return to.objective == -std::numeric_limits<double>::infinity();
  const double change = to.objective - from.objective;
  if (change <= -1e-4 * predicted) return predicted > 1e-14 * std::abs(from.objective) || to.residual <= from.residual;
  const double noise = 1e-12 * std::max(std::abs(from.objective), predicted);
  return change <= noise && to.residual <= 0.9 * from.residual;
}

/// Tries x − t p for shrinking t. The trial holds the point found.
bool search(Walk& walk, int backtracks) {
  walk.objective();
  const double slope = walk.here().F.dot(walk.step());
  double t = 1;
  for (int tries = 0; tries <= backtracks; ++tries) {
    walk.trial().x = walk.here().x - t * walk.step();
    walk.evaluate_trial();
    if (low_enough(walk.here(), walk.trial(), t * slope)) return true;
    const double excess = walk.trial().objective - walk.here().objective + t * slope;  // over the tangent line
    const double best = excess > 0 ? 0.5 * t * t * slope / excess : 0.5 * t;           // of the parabola through both
    t = std::isfinite(best) ? std::clamp(best, 0.1 * t, 0.5 * t) : 0.1 * t;
  }
  return false;
}

}  // namespace

bool chord(Walk& walk, double tolerance, double longest_step) {
  const auto factor = walk.last_factor();
  if (!factor) return false;
  bool moved = false;
  for (int k = 0; k < 8 && walk.may_polish() && !walk.reached(tolerance); ++k) {
    walk.step() = walk.here().F;
    factor->precondition(walk.step());  // how good the step is shows in the residual
    if (!walk.step().allFinite() || largest(walk.step()) > longest_step) break;
    walk.trial().x = walk.here().x - walk.step();
    walk.evaluate_trial_without_objective();
    if (!(walk.trial().residual <= 0.1 * walk.here().residual)) break;
    walk.accept();
    moved = true;
  }
  return moved;
}

Status newton_minimize(Walk& walk, const Caution& caution) {
  walk.run_by("newton");
  walk.allow(200);
  Descent descent;
  if (walk.free_to_polish() && !walk.arrived()) {
    release(walk, caution.longest_step);
    chord(walk, walk.options().tolerance, caution.longest_step);
  }
  double ratio = 1;  // of the last two residuals
  for (;;) {
    if (walk.arrived()) return Status::Converged;
    if (const auto end = walk.verdict()) return *end;
    if (walk.free_to_polish() && descent.undamped() &&
        ratio * walk.relative_residual() < 0.1 * walk.options().tolerance &&
        chord(walk, walk.options().tolerance, caution.longest_step))
      continue;
    if (!descent.find(walk, caution)) return walk.stuck();
    if (largest(walk.step()) > caution.longest_step) return Status::Stalled;
    if (search(walk, caution.backtracks)) {
      ratio = walk.trial().residual / walk.here().residual;
      descent.relax();
      walk.accept();
    } else if (walk.at_rounding() || !descent.undamped() || caution.guarded()) {
      return walk.stuck();
    } else {
      descent.damp(walk);
    }
  }
}

}  // namespace argscope::solve
