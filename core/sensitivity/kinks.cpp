#include "core/sensitivity/kinks.h"

#include <algorithm>
#include <random>

namespace argscope::sensitivity {

namespace {

struct Direction {
  Vec dx, dtheta;
};

Direction direction(ConstVec x, ConstVec theta, std::mt19937& draw) {
  const auto spread = [&](ConstVec v) {
    const double size = v.size() == 0 ? 0 : 1 + v.cwiseAbs().maxCoeff();
    Vec d(v.size());
    for (double& e : d) e = size * ((draw() >> 5) * 0x1p-26 - 1);
    return d;
  };
  Direction d{spread(x), spread(theta)};
  return d;
}

/// F′ along d at (x, θ) + h d.
Vec slope(const optimality::Model& model, ConstVec x, ConstVec theta, const Direction& d, double h) {
  const auto at = model.optimality().linearize(x + h * d.dx, theta + h * d.dtheta);
  Mat along_x(x.size(), 1), along_theta = Mat::Zero(x.size(), 1);
  at.dx->apply(d.dx, along_x);
  if (theta.size() > 0) at.dtheta->apply(d.dtheta, along_theta);
  return along_x + along_theta;
}

}  // namespace

bool one_sided(const optimality::Model& model, ConstVec x, ConstVec theta) {
  constexpr int directions = 3;
  constexpr double h = 1e-5, nearer = h / 16;
  std::mt19937 draw(7);
  for (int k = 0; k < directions; ++k) {
    const Direction d = direction(x, theta, draw);
    const Vec after = slope(model, x, theta, d, nearer), before = slope(model, x, theta, d, -nearer);
    const double size = std::max(after.norm(), before.norm());
    const double gap = (after - before).norm();
    if (gap <= 1e-6 * size) continue;
    const double farther = (slope(model, x, theta, d, h) - slope(model, x, theta, d, -h)).norm();
    if (gap > 0.5 * farther) return true;  // curvature alone would have made it 16 times smaller
  }
  return false;
}

}  // namespace argscope::sensitivity
