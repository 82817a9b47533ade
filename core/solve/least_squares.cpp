/// Gauss–Newton and Levenberg–Marquardt for f = ½‖r‖²: steps from ∂₁r alone.

#include <Eigen/Cholesky>
#include <Eigen/QR>
#include <algorithm>
#include <cmath>

#include "core/solve/walk.h"

namespace argscope::solve {

namespace {

struct Model {
  Vec r;
  Mat R;  ///< ∂₁r
};

Model linear_model(Walk& walk) {
  const auto& residuals = *walk.here().model->residuals();
  return {residuals.value_at(walk.here().x, walk.theta()),
          residuals.linearize(walk.here().x, walk.theta()).dx->dense()};
}

/// Tries x − t p for shrinking t, until f falls, or ∇f where f's change is rounding.
bool search(Walk& walk, double shortest) {
  const double from = walk.objective(), slope = walk.here().F.dot(walk.step());
  for (double t = 1; t >= shortest; t *= 0.5) {
    walk.trial().x = walk.here().x - t * walk.step();
    walk.evaluate_trial();
    if (!std::isfinite(walk.trial().residual)) continue;
    const double change = walk.trial().objective - from;
    if (change <= -1e-4 * t * slope && change < 0) return true;
    if (change <= 1e-13 * std::abs(from) && walk.trial().residual < walk.here().residual) return true;
  }
  return false;
}

}  // namespace

Status gauss_newton(Walk& walk) {
  walk.allow(500);
  for (;;) {
    if (walk.arrived()) return Status::Converged;
    if (const auto end = walk.verdict()) return *end;
    const Model m = linear_model(walk);
    walk.step() = m.R.completeOrthogonalDecomposition().solve(m.r);
    if (!walk.step().allFinite() || !search(walk, 1e-9)) return walk.stuck();
    walk.accept();
  }
}

/// Damping by Nielsen's rule (Madsen, Nielsen & Tingleff 2004, algorithm 3.16).
Status levenberg_marquardt(Walk& walk) {
  walk.allow(2000);
  double mu = -1, grow = 2;
  for (;;) {
    if (walk.arrived()) return Status::Converged;
    if (const auto end = walk.verdict()) return *end;
    const Model m = linear_model(walk);
    const Mat normal = m.R.transpose() * m.R;
    if (mu < 0) mu = 1e-3 * std::max(normal.diagonal().maxCoeff(), 1e-300);
    for (int tries = 0;; ++tries) {
      Mat damped = normal;
      damped.diagonal().array() += mu;
      walk.step() = damped.llt().solve(walk.here().F);
      const double promised = 0.5 * walk.step().dot(mu * walk.step() + walk.here().F);
      const double before = walk.objective();
      if (walk.step().allFinite() && search(walk, 1)) {
        const double ratio = promised > 0 ? (before - walk.trial().objective) / promised : 0;
        mu *= std::max(1.0 / 3, 1 - std::pow(2 * ratio - 1, 3));
        grow = 2;
        break;
      }
      if (tries > 60) return walk.stuck();
      mu *= grow;
      grow *= 2;
    }
    walk.accept();
  }
}

}  // namespace argscope::solve
