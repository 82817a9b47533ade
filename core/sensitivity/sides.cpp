#include "core/sensitivity/sides.h"

#include <cmath>

namespace argscope::sensitivity {

namespace {

Vec side(const solve::Request& at, const solve::Options& options, Index k, double step, const std::stop_token& stop) {
  Vec unknown = Vec::Constant(at.start.size(), std::numeric_limits<double>::quiet_NaN());
  solve::Request moved = at;
  moved.theta[k] += step;
  solve::Memory memory;
  const solve::Solution there = solve::solve(moved, options, memory, stop, {});
  if (there.status != solve::Status::Converged) return unknown;
  const Sensitivity s(there, moved.theta, {}, memory.factorizer);
  return s.trust().defined ? Vec(s.columns(k, 1, {})) : unknown;
}

}  // namespace

Sides one_sided_derivatives(const solve::Request& at, const solve::Options& options, Index first, Index count,
                            std::stop_token stop) {
  Sides sides{Mat(at.start.size(), count), Mat(at.start.size(), count)};
  for (Index c = 0; c < count; ++c) {
    const double h = natural_step(*at.model, at.theta, first + c);
    sides.falling.col(c) = side(at, options, first + c, -h, stop);
    sides.growing.col(c) = side(at, options, first + c, h, stop);
  }
  return sides;
}

}  // namespace argscope::sensitivity
