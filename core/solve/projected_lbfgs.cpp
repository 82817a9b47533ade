/// Limited-memory quasi-Newton steps within bounds: the two-metric projection of Bertsekas 1982 with the L-BFGS matrix
/// on the coordinates that no bound holds; a bound holds a coordinate that the projection does not let move downhill.

#include <algorithm>
#include <cmath>
#include <deque>

#include "core/solve/walk.h"

namespace argscope::solve {

namespace {

struct Pair {
  Vec s, y;
};

/// −H⁻¹g on the free coordinates, by the two-loop recursion.
Vec direction(const std::deque<Pair>& pairs, const Vec& g, const Eigen::Array<bool, Eigen::Dynamic, 1>& free) {
  const auto masked = [&](const Vec& v) { return Vec(free.select(v.array(), 0.0)); };
  Vec q = masked(g);
  std::vector<double> alpha;
  for (auto p = pairs.rbegin(); p != pairs.rend(); ++p) {
    const Vec s = masked(p->s), y = masked(p->y);
    const double sy = s.dot(y);
    alpha.push_back(sy > 0 ? s.dot(q) / sy : 0);
    q -= alpha.back() * y;
  }
  if (!pairs.empty()) {
    const Vec s = masked(pairs.back().s), y = masked(pairs.back().y);
    if (s.dot(y) > 0) q *= s.dot(y) / y.squaredNorm();
  }
  for (const Pair& p : pairs) {
    const Vec s = masked(p.s), y = masked(p.y);
    const double sy = s.dot(y), a = alpha.back();
    alpha.pop_back();
    if (sy > 0) q += (a - y.dot(q) / sy) * s;
  }
  return -q;
}

}  // namespace

Status projected_lbfgs(Walk& walk) {
  constexpr std::size_t memory = 12;
  walk.allow(20000);
  const auto& model = *walk.here().model;
  const auto slope = [&](const Vec& x) { return model.slope()->value_at(x, walk.theta()); };
  const auto projected = [&](const Vec& x) { return model.projection()->value_at(x, walk.theta()); };
  std::deque<Pair> pairs;
  walk.trial().x = projected(walk.here().x);
  walk.evaluate_trial();
  walk.accept();
  for (;;) {
    if (walk.arrived()) return Status::Converged;
    if (const auto end = walk.verdict()) return *end;
    const Vec x = walk.here().x, g = slope(x);
    const double size = 1 + x.cwiseAbs().maxCoeff();
    const Vec nudge = 1e-6 * size / std::max(1e-300, g.cwiseAbs().maxCoeff()) * g, shown = projected(x - nudge) - x;
    const auto free = (shown.array() != 0 || nudge.array().abs() <= 1e-15 * size).eval();
    const Vec d = direction(pairs, g, free);
    const double f = walk.objective();
    bool moved = false;
    for (double t = pairs.empty() ? std::min(1.0, 1 / g.norm()) : 1.0; t > 1e-18 && !moved; t *= 0.5) {
      walk.trial().x = projected(x + t * d);
      walk.evaluate_trial();
      walk.trial().objective = model.objective(walk.trial().x, walk.theta());
      const double change = walk.trial().objective - f, expected = g.dot(walk.trial().x - x);
      moved = std::isfinite(change) && expected < 0 &&
              (change <= 1e-4 * expected ||
               (change <= 1e-14 * std::abs(f) && walk.trial().residual < walk.here().residual));
    }
    if (!moved && pairs.empty()) return walk.stuck();
    if (!moved) {
      pairs.clear();
      continue;
    }
    Pair pair{walk.trial().x - x, slope(walk.trial().x) - g};
    walk.accept();
    if (!(pair.s.dot(pair.y) > 1e-14 * pair.s.norm() * pair.y.norm())) continue;
    if (pairs.size() == memory) pairs.pop_front();
    pairs.push_back(std::move(pair));
  }
}

}  // namespace argscope::solve
