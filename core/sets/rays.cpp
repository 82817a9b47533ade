#include "core/sets/rays.h"

#include <Eigen/LU>
#include <cmath>
#include <limits>

namespace argscope::sets {

namespace {

using Eigen::Matrix3d;
using Eigen::Matrix4d;
using Eigen::Vector3d;

ConeProjection unmoved(const Vector3d& v) { return {v, Matrix3d::Identity(), Vector3d::Zero()}; }
ConeProjection apex() { return {Vector3d::Zero(), Matrix3d::Zero(), Vector3d::Zero()}; }

/// The root of an increasing function between low, where it is negative, and high; to the last digit.
template <class Function>
double root_between(double low, double high, const Function& h) {
  for (int k = 0; k < 200; ++k) {
    const double middle = 0.5 * (low + high);
    if (middle <= low || middle >= high) break;
    (h(middle) < 0 ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

struct Interval {
  double low, high;
};

/// Where both σ and the multiplier are positive; an end that is infinite is moved to where h has its sign.
template <class Function>
Interval bracket(double r, double s, const Function& h) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  Interval i{-infinity, infinity};
  if (r > 0)
    i.low = 1 - s / r;
  else if (r < 0)
    i.high = 1 - s / r;
  if (s > 0) i.high = std::min(i.high, r / s);
  if (s < 0) i.low = std::max(i.low, r / s);
  double reach = 1;
  if (std::isinf(i.high))
    for (i.high = i.low + reach; h(i.high) < 0; i.high = i.low + (reach *= 2)) {
    }
  if (std::isinf(i.low))
    for (i.low = i.high - reach; h(i.low) > 0; i.low = i.high - (reach *= 2)) {
    }
  return i;
}

bool in_exponential_cone(const Vector3d& v) {
  return v[1] > 0 ? v[1] * std::exp(v[0] / v[1]) <= v[2] : v[1] == 0 && v[0] <= 0 && v[2] >= 0;
}
bool in_exponential_polar(const Vector3d& v) {
  return v[0] > 0 ? v[0] * std::exp(v[1] / v[0] - 1) <= -v[2] : v[0] == 0 && v[1] <= 0 && v[2] <= 0;
}

/// On the curved boundary, x the projection of v.
Matrix3d exponential_slope(const Vector3d& v, const Vector3d& x) {
  const double r = x[0], s = x[1], l = x[2] - v[2], a = std::exp(r / s), b = l * r * a / (s * s);
  Matrix4d system;
  system << a, (s - r) * a / s, -1, 0,        //
      1 + l * a / s, -b, 0, a,                //
      -b, 1 + b * r / s, 0, (1 - r / s) * a,  //
      0, 0, 1, -1;
  return system.inverse().block<3, 3>(0, 1);
}

/// On the curved boundary: the unknowns (x, y, r) of Hien's equations, as functions of (vₓ, v_y, |z|, p).
ConeProjection power_slope(const Vector3d& v, double p, const Vector3d& x) {
  const double size = std::abs(v[2]), side = v[2] < 0 ? -1 : 1, r = std::abs(x[2]);
  Matrix3d system;
  system << 2 * x[0] - v[0], 0, -p * (size - 2 * r),  //
      0, 2 * x[1] - v[1], -(1 - p) * (size - 2 * r),  //
      p * r / x[0], (1 - p) * r / x[1], -1;
  Eigen::Matrix<double, 3, 4> right;
  right << x[0], 0, p * r, r * (size - r),    //
      0, x[1], (1 - p) * r, -r * (size - r),  //
      0, 0, 0, -r * std::log(x[0] / x[1]);
  Eigen::Matrix<double, 3, 4> moves = system.inverse() * right;
  moves.col(2) *= side;
  moves.row(2) *= side;
  return {x, moves.leftCols<3>(), moves.col(3)};
}

}  // namespace

ConeProjection project_exponential_cone(const Vector3d& v) {
  if (!v.allFinite() || in_exponential_cone(v)) return unmoved(v);
  if (in_exponential_polar(v)) return apex();
  const double r = v[0], s = v[1];
  if (r <= 0 && s <= 0) return {{r, 0, std::max(v[2], 0.0)}, Vector3d(1, 0, v[2] >= 0).asDiagonal(), Vector3d::Zero()};
  const auto ray = [&](double rho) { return ((rho - 1) * r + s) / (rho * rho - rho + 1); };
  const auto h = [&](double rho) {
    const double multiplier = (r - rho * s) / (rho * rho - rho + 1);
    return ray(rho) * std::exp(rho) - multiplier * std::exp(-rho) - v[2];
  };
  const Interval i = bracket(r, s, h);
  const double rho = root_between(i.low, i.high, h);
  const Vector3d x = ray(rho) * Vector3d(rho, 1, std::exp(rho));
  return {x, exponential_slope(v, x), Vector3d::Zero()};
}

ConeProjection project_power_cone(const Vector3d& v, double p) {
  constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
  if (!(p > 0 && p < 1) || !v.allFinite())
    return {Vector3d::Constant(undefined), Matrix3d::Constant(undefined), Vector3d::Constant(undefined)};
  const double size = std::abs(v[2]), q = 1 - p;
  const auto weighed = [&](double a, double b) { return std::pow(a, p) * std::pow(b, q); };
  if (v[0] >= 0 && v[1] >= 0 && weighed(v[0], v[1]) >= size) return unmoved(v);
  if (v[0] <= 0 && v[1] <= 0 && weighed(-v[0] / p, -v[1] / q) >= size) return apex();
  if (size == 0) {
    const Vector3d x(std::max(v[0], 0.0), std::max(v[1], 0.0), 0);
    return {x, Vector3d(v[0] > 0, v[1] > 0, 0).asDiagonal(), Vector3d::Zero()};
  }
  // the larger root of x² − vₓx = c, without cancellation
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
  x[2] = std::copysign(r, v[2]);
  return power_slope(v, p, x);
}

}  // namespace argscope::sets
