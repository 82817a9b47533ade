/// FIRE: molecular dynamics that forgets its velocity whenever it runs uphill (Bitzek et al., 2006).

#include <algorithm>
#include <cmath>

#include "core/solve/walk.h"

namespace argscope::solve {

namespace {

constexpr double f_inc = 1.1, f_dec = 0.5, alpha_start = 0.1, f_alpha = 0.99;
constexpr int n_min = 5;

/// The curvature along the force bounds the time step that still follows it.
double steepness(Walk& walk) {
  const Vec& F = walk.here().F;
  const double length = F.squaredNorm();
  if (!(length > 0)) return 0;
  Mat HF(F.size(), 1);
  walk.linearize().matrix->apply(F, HF);
  return std::abs(F.dot(HF.col(0))) / length;
}

}  // namespace

Status fire(Walk& walk, double tolerance) {
  walk.run_by("fire");
  walk.allow(200000);
  if (walk.reached(tolerance)) return Status::Converged;
  double dt = 0.1, dt_max = 0.4, alpha = alpha_start;
  // velocity Verlet is stable while dt² λ < 4; the steepest direction may be four times as steep as the force's
  if (const double lambda = steepness(walk); lambda * dt_max * dt_max > 2) {
    dt_max = 1 / std::sqrt(lambda);
    dt = dt_max / 4;
  }
  int n_positive = 0;
  Vec v = Vec::Zero(walk.size());
  for (;;) {
    if (walk.reached(tolerance)) return Status::Converged;
    if (const auto end = walk.verdict()) return *end;
    walk.trial().x = walk.here().x + dt * v - (0.5 * dt * dt) * walk.here().F;
    walk.evaluate_trial();
    if (!std::isfinite(walk.trial().residual)) {
      if (dt < 1e-12) return Status::Stalled;
      dt *= 0.1;
      dt_max = std::min(dt_max, 2 * dt);
      v.setZero();
      continue;
    }
    v -= (0.5 * dt) * (walk.here().F + walk.trial().F);  // the force is −F
    walk.accept();
    const Vec& F = walk.here().F;
    const double power = -F.dot(v), speed = v.norm(), force = F.norm();
    if (power > 0) {
      v = (1 - alpha) * v - (alpha * speed / force) * F;
      if (++n_positive > n_min) {
        dt = std::min(dt * f_inc, dt_max);
        alpha *= f_alpha;
      }
    } else {
      v.setZero();
      n_positive = 0;
      dt *= f_dec;
      alpha = alpha_start;
    }
  }
}

}  // namespace argscope::solve
