#include "core/sensitivity/sides.h"

#include <cmath>

namespace argscope::sensitivity {

namespace {

Vec side(const solve::Request& at, const solve::Options& options, Index k, double step, std::stop_token stop) {
  Vec unknown = Vec::Constant(at.start.size(), std::numeric_limits<double>::quiet_NaN());
  Vec theta = at.theta;
  theta[k] += step;
  const auto there = solved_near(at, theta, options, std::move(stop));
  if (!there) return unknown;
  linear::Factorizer factorizer;
  const Sensitivity s(*there, theta, {}, factorizer);
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
