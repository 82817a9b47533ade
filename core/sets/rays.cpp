#include "core/sets/rays.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace argscope::sets {

namespace {

using Eigen::Matrix3d;
using Eigen::Vector3d;

constexpr double infinity = std::numeric_limits<double>::infinity();

/// The surface near x = σd(u), where d·(x − v) = d′·(x − v) = 0: ∂x = d δσ + d′ σδu. Differences of nearly equal
/// numbers are not taken: `turn` is d′ plus that multiple of d which leaves it the least along d.
struct Surface {
  Vector3d unit;  ///< along d
  Vector3d turn;
  Vector3d across;  ///< turn less its part along d
  double flatness;  ///< ‖across‖² + d″·(x − v)/σ; infinite at the apex

  Surface(const Vector3d& d, const Vector3d& turned, double bend)
      : unit(d / d.stableNorm()),
        turn(turned),
        across(turned - unit.dot(turned) * unit),
        flatness(across.squaredNorm() + bend) {}
  Matrix3d slope() const { return unit * unit.transpose() + across * across.transpose() / flatness; }
};

ConeProjection outside(const Vector3d& v, const Vector3d& x, const Matrix3d& slope, const Vector3d& in_parameter) {
  return {x, slope, in_parameter, -(v - x).norm(), x.norm()};
}
ConeProjection inside(const Vector3d& v, double depth) {
  return {v, Matrix3d::Identity(), Vector3d::Zero(), depth, v.norm()};
}
ConeProjection inside_polar(const Vector3d& v, double depth) {
  return {Vector3d::Zero(), Matrix3d::Zero(), Vector3d::Zero(), -v.norm(), -depth};
}

ConeProjection unknown() {
  constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
  return {Vector3d::Constant(undefined), Matrix3d::Constant(undefined), Vector3d::Constant(undefined), undefined,
          undefined};
}

/// The root of an increasing function between low, where it is negative, and high; to the last digit.
template <class Function>
double root_between(double low, double high, const Function& h) {
  for (int k = 0; k < 1100; ++k) {  // enough for a root of any size
    const double middle = 0.5 * (low + high);
    if (middle <= low || middle >= high) break;
    (h(middle) < 0 ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

/// How far below the surface, in t; negative: outside.
double exponential_depth(const Vector3d& v) {
  if (v[1] > 0) return v[2] - v[1] * std::exp(v[0] / v[1]);
  return v[1] == 0 && v[0] <= 0 && v[2] >= 0 ? 0 : -infinity;
}
double exponential_polar_depth(const Vector3d& v) {
  if (v[0] > 0) return -v[2] - v[0] * std::exp(v[1] / v[0] - 1);
  return v[0] == 0 && v[1] <= 0 && v[2] <= 0 ? 0 : -infinity;
}
/// Onto {r ≤ 0, s = 0, t ≥ 0}, the flat part.
ConeProjection on_flat_part(const Vector3d& v) {
  return outside(v, {std::min(v[0], 0.0), 0, std::max(v[2], 0.0)}, Vector3d(v[0] <= 0, 0, v[2] >= 0).asDiagonal(),
                 Vector3d::Zero());
}

/// The x = σ(ρ, 1, e^ρ) nearest to v = x + μ(1, 1 − ρ, −e^{−ρ}): σ ∝ (ρ − 1)r + s and μ ∝ r − ρs, both positive between
/// 1 − s/r and r/s. ρ is measured from the end where one of them vanishes while an exponential magnifies it.
class ExponentialRay {
 public:
  explicit ExponentialRay(const Vector3d& v) : r_(v[0]), s_(v[1]), t_(v[2]), rises_(r_ > 0 && (s_ <= 0 || r_ >= s_)) {
    origin_ = rises_ ? 1 - s_ / r_ : r_ / s_;
    constexpr double farthest = 1400;  // beyond, exponentials are 0 or infinite
    double high = std::min(r_ > 0 && s_ > 0 ? r_ / s_ - 1 + s_ / r_ : infinity, farthest);
    const auto ahead = [&](double delta) { return rises_ ? excess(delta) : -excess(delta); };
    for (double reach = 1; reach < high; reach *= 2)
      if (ahead(reach) >= 0) high = reach;
    delta_ = root_between(0, high, ahead);
  }

  double rho() const { return rho(delta_); }
  double sigma() const { return sigma(delta_); }
  double multiplier() const { return multiplier(delta_); }  ///< μ

 private:
  double rho(double delta) const { return rises_ ? origin_ + delta : origin_ - delta; }
  double divisor(double rho) const { return rho * rho - rho + 1; }
  double sigma(double delta) const {
    const double rho = this->rho(delta);
    return std::max(rises_ ? delta * r_ : (rho - 1) * r_ + s_, 0.0) / divisor(rho);
  }
  double multiplier(double delta) const {
    const double rho = this->rho(delta);
    return std::max(rises_ ? r_ - rho * s_ : delta * s_, 0.0) / divisor(rho);
  }
  double excess(double delta) const {
    const double rho = this->rho(delta);
    return sigma(delta) * std::exp(rho) - multiplier(delta) * std::exp(-rho) - t_;
  }

  double r_, s_, t_;
  bool rises_;
  double origin_, delta_;
};

/// Onto {x, y ≥ 0, z = 0}.
ConeProjection on_quadrant(const Vector3d& v) {
  return outside(v, {std::max(v[0], 0.0), std::max(v[1], 0.0), 0}, Vector3d(v[0] > 0, v[1] > 0, 0).asDiagonal(),
                 Vector3d::Zero());
}

/// A point x of the power cone's surface by Hien's equations: with r = |x₃|, S = |v₃| and c = r(S − r) those are
/// x₁² − v₁x₁ = pc and x₂² − v₂x₂ = (1 − p)c, and r is the root. It is measured from 0 or from S, whichever is nearer.
class PowerRay {
 public:
  PowerRay(const Vector3d& v, double p) : v_(v), p_(p), size_(std::abs(v[2])) {
    from_top_ = rise(0.5 * size_, false) < 0;
    delta_ = root_between(0, 0.5 * size_, [&](double t) { return from_top_ ? -rise(t, true) : rise(t, false); });
  }

  Vector3d x() const {
    Vector3d x = at(delta_, from_top_);
    x[2] = std::copysign(x[2], v_[2]);
    return x;
  }
  double c() const { return delta_ * (size_ - delta_); }
  double rest() const { return from_top_ ? delta_ : size_ - delta_; }  ///< S − r

 private:
  /// The larger root of x² − ax = c, without cancellation.
  static double larger_root(double a, double c) {
    const double d = std::hypot(a, 2 * std::sqrt(c));
    return a >= 0 ? 0.5 * (a + d) : 2 * c / (d - a);
  }
  Vector3d at(double delta, bool from_top) const {
    const double c = delta * (size_ - delta);
    return {larger_root(v_[0], p_ * c), larger_root(v_[1], (1 - p_) * c), from_top ? size_ - delta : delta};
  }
  double rise(double delta, bool from_top) const {
    const Vector3d x = at(delta, from_top);
    return x[2] - std::pow(x[0], p_) * std::pow(x[1], 1 - p_);
  }

  Vector3d v_;
  double p_, size_;
  bool from_top_;
  double delta_;
};

/// On the surface x = σd with d = (e^{(1−p)u}, e^{−pu}, ±1), u = log(x₁/x₂) and σ = |x₃|.
ConeProjection on_power_surface(const Vector3d& v, double p, const PowerRay& found) {
  const Vector3d x = found.x();
  const double q = 1 - p, u = std::log(x[0] / x[1]), sigma = std::abs(x[2]), side = std::copysign(1, v[2]);
  const Vector3d d(x[0] / sigma, x[1] / sigma, side),
      gap(p * found.c() / x[0], q * found.c() / x[1], -side * found.rest());
  const Vector3d rates = u > 0 ? Vector3d(0, -1, -q) : Vector3d(1, 0, p);  // of d′, less q or plus p
  const Surface surface(d, d.cwiseProduct(rates), p * q * found.rest() / sigma);
  // the same equations with p moving: d moves by −u(d₁, d₂, 0), d′ by that times its rates less (d₁, d₂, 0)
  const Vector3d flat(d[0], d[1], 0), moved = -u * flat, turn_moved = moved.cwiseProduct(rates) - flat;
  const Vector3d shift = sigma * moved;
  const double along = surface.unit.dot(shift) + moved.dot(gap) / d.stableNorm();
  const double over = surface.turn.dot(shift) + turn_moved.dot(gap) - surface.turn.dot(surface.unit) * along;
  return outside(v, x, surface.slope(), shift - along * surface.unit - over / surface.flatness * surface.across);
}

}  // namespace

ConeProjection project_exponential_cone(const Vector3d& v) {
  const double depth = exponential_depth(v), polar_depth = exponential_polar_depth(v);
  if (!v.allFinite()) return unknown();
  if (depth >= 0) return inside(v, depth);
  if (polar_depth >= 0) return inside_polar(v, polar_depth);
  constexpr double steep = 700;  // exp(−steep) adds nothing to any number
  const double r = v[0], s = v[1];
  if (s <= 0 && (r <= 0 || s < -steep * r)) return on_flat_part(v);
  if (r < 0 && r < -steep * s) return outside(v, {r, s, 0}, Vector3d(1, 1, 0).asDiagonal(), Vector3d::Zero());
  const ExponentialRay found(v);
  const double rho = found.rho(), e = std::exp(rho);
  const Vector3d d(rho, 1, e);
  const Vector3d turn = rho > 0 ? Vector3d(1 - rho, -1, 0) : Vector3d(1, 0, e);  // d′ − d, or d′
  const Surface surface(d, turn, found.multiplier() / found.sigma());
  return outside(v, found.sigma() * d, surface.slope(), Vector3d::Zero());
}

ConeProjection project_power_cone(const Vector3d& v, double p) {
  if (!(p > 0 && p < 1) || !v.allFinite()) return unknown();
  const double size = std::abs(v[2]), q = 1 - p;
  const auto depth = [&](double a, double b) {
    return a >= 0 && b >= 0 ? std::pow(a, p) * std::pow(b, q) - size : -infinity;
  };
  if (const double below = depth(v[0], v[1]); below >= 0) return inside(v, below);
  if (const double below = depth(-v[0] / p, -v[1] / q); below >= 0) return inside_polar(v, below);
  const PowerRay found(v, p);
  return found.x().cwiseAbs().minCoeff() > 0 ? on_power_surface(v, p, found) : on_quadrant(v);
}

}  // namespace argscope::sets
