/// Gradient descent, whole or by samples, and fixed-point iteration: the plain methods that lessons compare others
/// with.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/solve/sampled_steps.h"
#include "core/solve/walk.h"

namespace argscope::solve {

namespace {

void put_trial(Walk& walk, double along_F) {
  walk.trial().x = walk.here().x + along_F * walk.here().F;
  walk.evaluate_trial();
}

/// Halves t until x − t ∇f is low enough by Armijo's rule; near the end, where the objective's change is rounding,
/// until the gradient does not grow.
bool backtrack(Walk& walk, double& t) {
  walk.objective();
  const Point& from = walk.here();
  const double slope = from.F.squaredNorm();
  for (int tries = 0; tries < 100; ++tries, t *= 0.5) {
    put_trial(walk, -t);
    const Point& to = walk.trial();
    if (to.objective == -std::numeric_limits<double>::infinity()) return true;
    if (!std::isfinite(to.residual)) continue;
    const double noise = 1e-13 * std::abs(from.objective);
    if (t * slope > noise ? to.objective <= from.objective - 0.5 * t * slope + noise : to.F.norm() < from.F.norm())
      return true;
  }
  return false;
}

}  // namespace

Status gradient_descent(Walk& walk) {
  walk.run_by("gradient_descent");
  walk.allow(500000);
  const auto& step = walk.options().step;
  double t = step.value_or(1.0);
  for (;;) {
    if (walk.arrived()) return Status::Converged;
    if (const auto end = walk.verdict()) return *end;
    if (step)
      put_trial(walk, -t);
    else if (!backtrack(walk, t))
      return walk.stuck();
    walk.accept();
    if (!step) t *= 2;
  }
}

/// One look at the whole objective a pass over the samples.
Status sgd(Walk& walk) {
  walk.run_by("sgd");
  walk.allow(100000);
  const SampledSteps steps(*walk.here().model, walk.theta(), walk.options());
  Vec slope(walk.size());
  for (int t = 0;;) {
    if (walk.arrived()) return Status::Converged;
    if (const auto end = walk.verdict()) {
      if (*end == Status::IterationLimit && walk.options().decay == 0)
        walk.explain(
            fmt::format("after {} steps the residual is {:.2g}: steps of constant length end at a distance from "
                        "the minimum that only shorter steps make smaller; decay = 0.8 shortens them",
                        walk.iterations(), walk.here().residual));
      return *end;
    }
    const int count = std::min(steps.batches(), walk.allowed());
    walk.trial().x = walk.here().x;
    for (const int last = t + count; t < last; ++t) {
      steps.slope(t).value(walk.trial().x, walk.theta(), slope);
      walk.trial().x -= steps.length(t) * slope;
    }
    walk.evaluate_trial();
    walk.accept(count);
  }
}

Status fixed_point(Walk& walk) {
  walk.run_by("fixed_point");
  walk.allow(500000);
  const double t = walk.options().step.value_or(1.0);
  for (;;) {
    if (walk.arrived()) break;
    if (const auto end = walk.verdict()) return *end;
    put_trial(walk, t);
    walk.accept();
  }
  return Status::Converged;
}

}  // namespace argscope::solve
