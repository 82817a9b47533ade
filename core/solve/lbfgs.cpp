/// L-BFGS: the two-loop recursion over the last steps, and a line search to the strong Wolfe conditions.

#include <algorithm>
#include <cmath>
#include <deque>

#include "core/solve/walk.h"

namespace argscope::solve {

namespace {

struct Pair {
  Vec s, y;  // step and change of the gradient
  double rho;
};

/// H ∇f by the two-loop recursion, H the inverse Hessian's estimate.
void two_loop(const std::deque<Pair>& pairs, const Vec& gradient, Vec& direction) {
  std::vector<double> alpha(pairs.size());
  direction = gradient;
  for (std::size_t k = pairs.size(); k-- > 0;) {
    alpha[k] = pairs[k].rho * pairs[k].s.dot(direction);
    direction -= alpha[k] * pairs[k].y;
  }
  if (!pairs.empty()) direction *= 1 / (pairs.back().rho * pairs.back().y.squaredNorm());
  for (std::size_t k = 0; k < pairs.size(); ++k)
    direction += (alpha[k] - pairs[k].rho * pairs[k].y.dot(direction)) * pairs[k].s;
}

/// f and its slope along x − t p.
struct Probe {
  double t = 0, f = 0, slope = 0;
};

class WolfeSearch {
 public:
  WolfeSearch(Walk& walk, const Vec& p) : walk_(walk), p_(p), start_{0, walk.objective(), -walk.here().F.dot(p)} {}

  /// The trial holds the point found. False: none.
  bool find(double first) {
    Probe last = start_;
    double t = first;
    for (int k = 0; k < 40; ++k) {
      const Probe now = probe(t);
      if (!std::isfinite(now.f)) {
        if (now.f == -std::numeric_limits<double>::infinity()) return true;
        t = last.t + 0.1 * (t - last.t);
        continue;
      }
      if (!low_enough(now) || (k > 0 && now.f >= last.f)) return zoom(last, now);
      if (std::abs(now.slope) <= -curvature * start_.slope) return true;
      if (now.slope >= 0) return zoom(now, last);
      last = now;
      t *= 4;
    }
    return last.t > 0 && at(last.t);
  }

 private:
  static constexpr double decrease = 1e-4, curvature = 0.9;

  Probe probe(double t) {
    walk_.trial().x = walk_.here().x - t * p_;
    walk_.evaluate_trial();
    const Point& p = walk_.trial();
    if (!std::isfinite(p.residual))
      return {t, p.objective < 0 ? p.objective : std::numeric_limits<double>::quiet_NaN(), 0};
    return {t, p.objective, -p.F.dot(p_)};
  }

  bool at(double t) { return std::isfinite(probe(t).f); }

  /// Armijo's condition, up to the rounding of f.
  bool low_enough(const Probe& p) const {
    const double noise = 1e-14 * std::abs(start_.f);
    return p.f <= start_.f + decrease * p.t * start_.slope + noise;
  }

  /// A minimum of the cubic through both ends, kept away from them.
  static double between(const Probe& a, const Probe& b) {
    const double d1 = a.slope + b.slope - 3 * (a.f - b.f) / (a.t - b.t);
    const double root = std::sqrt(std::max(0.0, d1 * d1 - a.slope * b.slope)) * (b.t > a.t ? 1 : -1);
    double t = b.t - (b.t - a.t) * (b.slope + root - d1) / (b.slope - a.slope + 2 * root);
    const double low = std::min(a.t, b.t), width = std::abs(b.t - a.t);
    if (!std::isfinite(t)) t = low + 0.5 * width;
    return std::clamp(t, low + 0.1 * width, low + 0.9 * width);
  }

  bool zoom(Probe low, Probe high) {
    for (int k = 0; k < 40 && std::abs(high.t - low.t) > 1e-14 * std::max(low.t, high.t); ++k) {
      const Probe now = probe(between(low, high));
      if (!std::isfinite(now.f)) {
        high = {now.t, low.f + 1, 1};
      } else if (!low_enough(now) || now.f >= low.f) {
        if (std::abs(now.slope) <= -0.1 * start_.slope && low_enough(now)) return true;  // equal up to rounding
        high = now;
      } else {
        if (std::abs(now.slope) <= -curvature * start_.slope) return true;
        if (now.slope * (high.t - low.t) >= 0) high = low;
        low = now;
      }
    }
    return low.t > 0 && at(low.t);
  }

  Walk& walk_;
  const Vec& p_;
  Probe start_;
};

}  // namespace

Status lbfgs(Walk& walk, double tolerance) {
  walk.run_by("lbfgs");
  constexpr std::size_t memory = 12;
  walk.allow(20000);
  std::deque<Pair> pairs;
  Vec p;
  for (;;) {
    if (walk.reached(tolerance)) return Status::Converged;
    if (const auto end = walk.verdict()) return *end;
    two_loop(pairs, walk.here().F, p);
    const double length = walk.here().F.norm();
    if (!p.allFinite() || !(p.dot(walk.here().F) > 1e-10 * length * p.norm())) {
      pairs.clear();
      p = walk.here().F;
    }
    const double first = pairs.empty() ? std::min(1.0, 1 / length) : 1.0;
    if (!WolfeSearch(walk, p).find(first)) {
      if (pairs.empty() || walk.at_rounding()) return walk.stuck();
      pairs.clear();  // once more along the gradient
      continue;
    }
    Pair pair{walk.trial().x - walk.here().x, walk.trial().F - walk.here().F, 0};
    const double sy = pair.s.dot(pair.y);
    walk.accept();
    if (!(sy > 1e-14 * pair.s.norm() * pair.y.norm())) continue;
    pair.rho = 1 / sy;
    if (pairs.size() == memory) pairs.pop_front();
    pairs.push_back(std::move(pair));
  }
}

}  // namespace argscope::solve
