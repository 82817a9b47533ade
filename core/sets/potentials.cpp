#include "core/sets/potentials.h"

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

namespace argscope::sets {

namespace {

/// The positive part and exp: value, slope, antiderivative, and the t for which Σ value(x + t) = total.
struct LinkFunction {
  double (*value)(double);
  double (*slope)(double);
  double (*energy)(double);
  double (*shift)(Vec x, double total);
};

double simplex_shift(Vec x, double total) {
  std::sort(x.begin(), x.end(), std::greater<>());
  double sum = 0, tau = 0;
  for (Index k = 0; k < x.size(); ++k) {
    sum += x[k];
    const double next = (sum - total) / static_cast<double>(k + 1);
    if (k > 0 && x[k] <= next) break;
    tau = next;
  }
  return -tau;
}

double logarithmic_shift(Vec x, double total) {
  const double top = x.maxCoeff();
  return std::log(total) - top - std::log((x.array() - top).exp().sum());
}

const LinkFunction& function_of(Link link) {
  static constexpr LinkFunction positive{[](double t) { return std::max(t, 0.0); },
                                         [](double t) { return t > 0 ? 1.0 : 0.0; },
                                         [](double t) { return t > 0 ? 0.5 * t * t : 0.0; }, simplex_shift};
  static constexpr auto exponential = [](double t) { return std::exp(t); };
  static constexpr LinkFunction entropic{exponential, exponential, exponential, logarithmic_shift};
  return link == Link::PositivePart ? positive : entropic;
}

class Dual {
 public:
  Dual(const Mat& Z, const Vec& a, const Vec& b, Link link)
      : Z_(Z), a_(a), b_(b), link_(function_of(link)), y_(Vec::Zero(a.size() + b.size())) {}

  bool solve() {
    constexpr int rounds = 30;  // of degenerate problems, where Newton steps end at a kink of the dual; others need one
    const double size = std::max(a_.maxCoeff(), b_.maxCoeff());
    Vec slope;
    for (int k = 0; k < rounds; ++k) {
      sweep();
      slope = gradient(y_);
      descend(slope);
      refine(slope);
      if (slope.lpNorm<Eigen::Infinity>() <= 1e-13 * (size + Z_.lpNorm<Eigen::Infinity>())) return true;
    }
    return slope.lpNorm<Eigen::Infinity>() <= 1e-9 * size;
  }

  Potentials potentials() const { return {y_.head(a_.size()), y_.tail(b_.size()), inverse()}; }

 private:
  Mat shifted(const Vec& y) const {
    return (Z_.colwise() + y.head(a_.size())).rowwise() + y.tail(b_.size()).transpose();
  }
  double energy(const Vec& y) const {
    return shifted(y).unaryExpr(link_.energy).sum() - a_.dot(y.head(a_.size())) - b_.dot(y.tail(b_.size()));
  }
  Vec gradient(const Vec& y) const {
    const Mat P = shifted(y).unaryExpr(link_.value);
    Vec slope(y.size());
    slope << P.rowwise().sum() - a_, P.colwise().sum().transpose() - b_;
    return slope;
  }
  Mat hessian() const {
    const Mat W = shifted(y_).unaryExpr(link_.slope);
    const Index m = a_.size(), n = b_.size();
    Mat K = Mat::Zero(m + n, m + n);
    K.topRightCorner(m, n) = W;
    K.bottomLeftCorner(n, m) = W.transpose();
    K.diagonal() << W.rowwise().sum(), W.colwise().sum().transpose();
    return K;
  }
  /// Rows and columns scaled to a diagonal of ones first: weights may differ by many orders of magnitude.
  Mat inverse() const {
    const Mat K = hessian();
    const Vec scale = K.diagonal().unaryExpr([](double v) { return v > 0 ? 1 / std::sqrt(v) : 0.0; });
    const Eigen::SelfAdjointEigenSolver<Mat> eigen(scale.asDiagonal() * K * scale.asDiagonal());
    constexpr double nothing = 1e-12;  // of eigenvalues between 0 and 2
    const Vec inverted = eigen.eigenvalues().unaryExpr([](double v) { return v > nothing ? 1 / v : 0.0; });
    const Mat vectors = scale.asDiagonal() * eigen.eigenvectors();
    return vectors * inverted.asDiagonal() * vectors.transpose();
  }

  /// Rows and columns in turn: from any start into Newton's reach.
  void sweep() {
    constexpr int sweeps = 20;
    const Index m = a_.size(), n = b_.size();
    for (int k = 0; k < sweeps; ++k) {
      for (Index i = 0; i < m; ++i) y_[i] = link_.shift(Z_.row(i).transpose() + y_.tail(n), a_[i]);
      for (Index j = 0; j < n; ++j) y_[m + j] = link_.shift(Z_.col(j) + y_.head(m), b_[j]);
    }
  }

  Vec stepped(const Vec& slope) const {
    Mat K = hessian();
    const double mean = std::max(K.trace() / static_cast<double>(K.rows()), 1e-300);
    K.diagonal().array() += mean * std::clamp(slope.norm() / a_.sum(), 1e-9, 1e-2);
    const Vec direction = -K.ldlt().solve(slope);
    const double descent = slope.dot(direction), start = energy(y_);
    double t = 1;
    while (t > 1e-10 && !(energy(y_ + t * direction) <= start + 1e-4 * t * descent + 1e-15 * std::abs(start))) t /= 2;
    return y_ + t * direction;
  }

  void descend(Vec& slope) {
    for (int k = 0; k < 200 && slope.lpNorm<Eigen::Infinity>() > 0; ++k) {
      const Vec next = stepped(slope), there = gradient(next);
      // at the end the energy no longer tells steps apart, but the gradient does
      if (!(energy(next) < energy(y_)) && !(there.norm() < slope.norm())) return;
      y_ = next;
      slope = there;
    }
  }

  /// Newton steps with the singular matrix itself, as long as they help: to rounding.
  void refine(Vec& slope) {
    for (int k = 0; k < 5; ++k) {
      const Vec next = y_ - inverse() * slope, there = gradient(next);
      if (!(there.norm() < slope.norm())) return;
      y_ = next;
      slope = there;
    }
  }

  const Mat& Z_;
  const Vec &a_, &b_;
  const LinkFunction& link_;
  Vec y_;  ///< f and g
};

}  // namespace

Potentials transport_potentials(const Mat& Z, const Vec& a, const Vec& b, Link link) {
  constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
  const Index count = a.size() + b.size();
  Potentials nowhere{Vec::Constant(a.size(), undefined), Vec::Constant(b.size(), undefined),
                     Mat::Constant(count, count, undefined)};
  const double least = std::min(a.minCoeff(), b.minCoeff());
  const bool feasible =
      std::abs(a.sum() - b.sum()) <= 1e-9 * a.sum() && (link == Link::PositivePart ? least >= 0 : least > 0);
  if (!feasible || !Z.allFinite()) return nowhere;
  Dual dual(Z, a, b, link);
  return dual.solve() ? dual.potentials() : nowhere;
}

}  // namespace argscope::sets
