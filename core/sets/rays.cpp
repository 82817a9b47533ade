#include "core/sets/rays.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace argscope::sets {

namespace {

using Eigen::Matrix3d;
using Eigen::Vector3d;

constexpr double infinity = std::numeric_limits<double>::infinity();

/// A ray d(u) of the surface, scaled to a length near 1, with its derivatives.
struct Ray {
  Vector3d d, first, second;
  Ray scaled() const {
    const double size = d.stableNorm();
    return {d / size, first / size, second / size};
  }
};

/// x = σd(u) as a function of v, with d·(x − v) = d′·(x − v) = 0: ∂x = d δσ + d′ (σδu).
struct Surface {
  Ray ray;
  Vector3d across;  ///< d′ less its part along d
  double flatness;  ///< ‖across‖² + d″·(x − v)/σ, which is infinite at the apex

  Surface(const Ray& r, double sigma, const Vector3d& gap) : ray(r), across(r.first - r.d.dot(r.first) * r.d) {
    const double bend = std::max(r.second.dot(gap), 0.0);
    flatness = across.squaredNorm() + (bend > 0 ? bend / sigma : 0);
  }
  Matrix3d slope() const { return ray.d * ray.d.transpose() + across * across.transpose() / flatness; }
};

ConeProjection unmoved(const Vector3d& v) { return {v, Matrix3d::Identity(), Vector3d::Zero()}; }
ConeProjection apex() { return {Vector3d::Zero(), Matrix3d::Zero(), Vector3d::Zero()}; }

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

bool in_exponential_cone(const Vector3d& v) {
  return v[1] > 0 ? v[1] * std::exp(v[0] / v[1]) <= v[2] : v[1] == 0 && v[0] <= 0 && v[2] >= 0;
}
bool in_exponential_polar(const Vector3d& v) {
  return v[0] > 0 ? v[0] * std::exp(v[1] / v[0] - 1) <= -v[2] : v[0] == 0 && v[1] <= 0 && v[2] <= 0;
}
/// Onto {r ≤ 0, s = 0, t ≥ 0}, the flat part.
ConeProjection on_flat_part(const Vector3d& v) {
  return {
      {std::min(v[0], 0.0), 0, std::max(v[2], 0.0)}, Vector3d(v[0] <= 0, 0, v[2] >= 0).asDiagonal(), Vector3d::Zero()};
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
  return {
      {std::max(v[0], 0.0), std::max(v[1], 0.0), 0}, Vector3d(v[0] > 0, v[1] > 0, 0).asDiagonal(), Vector3d::Zero()};
}

/// On the curved surface, along d = (e^{(1−p)u}, e^{−pu}, ±1) with u = log(x/y).
ConeProjection on_power_surface(const Vector3d& v, double p, const Vector3d& x) {
  const double q = 1 - p, u = std::log(x[0] / x[1]), sigma = std::abs(x[2]);
  const Vector3d d(std::exp(q * u), std::exp(-p * u), std::copysign(1, v[2])), gap = x - v;
  const Vector3d rates(q, -p, 0);
  const double size = d.stableNorm();
  const Ray ray{d, d.cwiseProduct(rates), d.cwiseProduct(rates).cwiseProduct(rates)};
  const Surface surface(ray.scaled(), sigma * size, gap);
  // the same equations with p moving: d moves by −u(d₁, d₂, 0), d′ by that times its rates less (d₁, d₂, 0)
  const Vector3d flat(surface.ray.d[0], surface.ray.d[1], 0), moved = -u * flat;
  const Vector3d first_moved = moved.cwiseProduct(rates) - flat;
  const Vector3d shift = sigma * size * moved;
  const double along = surface.ray.d.dot(shift) + moved.dot(gap);
  const double over =
      surface.ray.first.dot(shift) + first_moved.dot(gap) - surface.ray.first.dot(surface.ray.d) * along;
  const Vector3d in_p = shift - along * surface.ray.d - over / surface.flatness * surface.across;
  return {x, surface.slope(), in_p};
}

}  // namespace

ConeProjection project_exponential_cone(const Vector3d& v) {
  if (!v.allFinite() || in_exponential_cone(v)) return unmoved(v);
  if (in_exponential_polar(v)) return apex();
  constexpr double steep = 700;  // exp(−steep) adds nothing to any number
  const double r = v[0], s = v[1];
  if (s <= 0 && (r <= 0 || s < -steep * r)) return on_flat_part(v);
  if (r < 0 && r < -steep * s) return {{r, s, 0}, Vector3d(1, 1, 0).asDiagonal(), Vector3d::Zero()};
  const ExponentialRay found(v);
  const double rho = found.rho(), e = std::exp(rho);
  const Ray ray{{rho, 1, e}, {1, 0, e}, {0, 0, e}};
  const Vector3d x = found.sigma() * ray.d;
  return {x, Surface(ray.scaled(), found.sigma() * ray.d.stableNorm(), x - v).slope(), Vector3d::Zero()};
}

ConeProjection project_power_cone(const Vector3d& v, double p) {
  constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
  if (!(p > 0 && p < 1) || !v.allFinite())
    return {Vector3d::Constant(undefined), Matrix3d::Constant(undefined), Vector3d::Constant(undefined)};
  const double size = std::abs(v[2]), q = 1 - p;
  const auto weighed = [&](double a, double b) { return std::pow(a, p) * std::pow(b, q); };
  if (v[0] >= 0 && v[1] >= 0 && weighed(v[0], v[1]) >= size) return unmoved(v);
  if (v[0] <= 0 && v[1] <= 0 && weighed(-v[0] / p, -v[1] / q) >= size) return apex();
  // the larger root of x² − ax = c, without cancellation
  const auto larger_root = [](double a, double c) {
    const double d = std::hypot(a, 2 * std::sqrt(c));
    return a >= 0 ? 0.5 * (a + d) : 2 * c / (d - a);
  };
  const auto at = [&](double r) {
    const double c = r * (size - r);
    return Vector3d(larger_root(v[0], p * c), larger_root(v[1], q * c), r);
  };
  const double r = root_between(0, size, [&](double t) {
    const Vector3d x = at(t);
    return t - weighed(x[0], x[1]);
  });
  Vector3d x = at(r);
  if (!(x.minCoeff() > 0)) return on_quadrant(v);
  x[2] = std::copysign(r, v[2]);
  return on_power_surface(v, p, x);
}

}  // namespace argscope::sets
