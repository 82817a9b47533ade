/// Newton's method for roots: steps along A⁻¹F, damped until ‖F‖ falls; where A is singular or misleads, along the
/// Levenberg–Marquardt direction.

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

#include "core/solve/walk.h"

namespace argscope::solve {

namespace {

/// Tries x − t p for t = 1, ½, …. The trial holds the point found.
bool search(Walk& walk) {
  const double length = walk.here().F.norm();
  for (double t = 1; t > 1e-9; t *= 0.5) {
    walk.trial().x = walk.here().x - t * walk.step();
    walk.evaluate_trial();
    if (std::isfinite(walk.trial().residual) && walk.trial().F.norm() <= (1 - 1e-4 * t) * length) return true;
  }
  return false;
}

bool newton_direction(Walk& walk) {
  const Local& A = walk.factor(1e-12, Care::Thorough);
  if (!A.factorization->quality().usable) return false;
  const auto report = A.factorization->solve(walk.here().F, walk.step());
  return report.converged && report.consistent && walk.step().allFinite();
}

/// (AᵀA + μI) p = AᵀF for growing μ, until ‖F‖ falls.
bool damped_step(Walk& walk) {
  constexpr Index most = 3000;  // the normal equations are dense
  if (walk.size() > most) return false;
  const Mat A = walk.linearize().matrix->dense();
  const Mat normal = A.transpose() * A;
  const Vec downhill = A.transpose() * walk.here().F;
  const double unit = std::max(normal.diagonal().maxCoeff(), std::numeric_limits<double>::min());
  if (downhill.norm() <= 1e-12 * std::sqrt(unit) * walk.here().F.norm()) return false;
  for (double mu = 1e-6 * unit; mu < 1e8 * unit; mu *= 10) {
    const Mat damped = normal + mu * Mat::Identity(walk.size(), walk.size());
    walk.step() = damped.llt().solve(downhill);
    if (walk.step().allFinite() && search(walk)) return true;
  }
  return false;
}

}  // namespace

Status newton_root(Walk& walk) { return newton_root(walk, 200); }

Status newton_root(Walk& walk, int iterations) {
  walk.run_by("newton");
  walk.allow(iterations);
  if (walk.free_to_polish()) chord(walk, walk.options().tolerance, std::numeric_limits<double>::infinity());
  for (;;) {
    if (walk.arrived()) break;
    if (const auto end = walk.verdict()) return *end;
    if (!(newton_direction(walk) && search(walk)) && !damped_step(walk)) {
      if (walk.at_rounding()) break;
      walk.explain(
          "no step makes ‖F‖ smaller: here is a local minimum of ‖F‖ that is not a root, or F is not smooth; "
          "start nearer to a root");
      return Status::Stalled;
    }
    walk.accept();
  }
  settle(walk, std::numeric_limits<double>::infinity());
  return Status::Converged;
}

}  // namespace argscope::solve
