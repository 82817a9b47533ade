#include "core/sensitivity/dual_descent.h"

#include <Eigen/Eigenvalues>
#include <limits>

#include "core/linear/condition.h"

namespace argscope::sensitivity {

namespace {

using optimality::Model;

constexpr double rounding = 1e-9;  // of sums of some hundred terms, relative to the greatest curvature

class Template {
 public:
  Template(const Model& model, ConstVec theta, Index first, Index count)
      : model_(model), theta_(theta), first_(first), count_(count) {}

  /// Finds c, μ and |H|. False: the problem is of another form. Looked at from 0, where ∂₂ of (c/2)|u − Ax|² is cu,
  /// and from another place, where all second derivatives must be the same.
  bool fits() {
    const Index n = model_.size();
    const Vec zero = Vec::Zero(n), x = 1 + linear::fixed_probe(n).array(), d = linear::fixed_probe(count_);
    const Vec at_zero = in_u(zero, Vec::Zero(count_)), along_d = in_u(zero, d);
    if (at_zero.norm() > rounding) return false;
    c_ = along_d.dot(d) / d.squaredNorm();
    if (!(c_ > 0) || (along_d - c_ * d).norm() > rounding * along_d.norm()) return false;
    const auto [H, C] = curvature(zero, Vec::Zero(count_));
    const auto [H_there, C_there] = curvature(x, d);
    const double size = H.norm() + C.norm();
    if (!(size < std::numeric_limits<double>::infinity())) return false;
    if ((H - H_there).norm() + (C - C_there).norm() > rounding * size) return false;
    if ((in_u(x, d) - along_d - C.transpose() * x).norm() > rounding * size * x.norm()) return false;
    const Mat Q = H - C * C.transpose() / c_;
    mu_ = Q.trace() / double(n);
    greatest_ = Eigen::SelfAdjointEigenSolver<Mat>(H, Eigen::EigenvaluesOnly).eigenvalues().maxCoeff();
    return mu_ > rounding * size && (Q - mu_ * Mat::Identity(n, n)).norm() <= rounding * size;
  }

  DualIterate descend(int steps) const {
    const auto stepping = with_step(1 / mu_);
    const Vec u = theta_.segment(first_, count_), zero = Vec::Zero(model_.size());
    Vec y = Vec::Zero(count_);
    for (int k = 0;; ++k) {
      const Vec F = stepping->optimality().value_at(zero, with(y / c_));
      const Vec x = stepping->minimizes() ? Vec(-F / mu_) : F, down = in_u(x, u) - y;
      if (k == steps) return {y, y.norm() > 0 ? down.norm() / y.norm() : std::numeric_limits<double>::infinity()};
      y += mu_ / greatest_ * down;
    }
  }

 private:
  Vec with(const Vec& u) const {
    Vec theta = theta_;
    theta.segment(first_, count_) = u;
    return theta;
  }
  /// ∂₂L there, along u.
  Vec in_u(const Vec& x, const Vec& u) const {
    Mat all(theta_.size(), 1);
    model_.minimum()->linearize(x, with(u)).dtheta->apply_transposed(Mat::Ones(1, 1), all);
    return all.col(0).segment(first_, count_);
  }
  /// ∂₁∇₁f and ∂ᵤ∇₁f of the smooth part.
  std::pair<Mat, Mat> curvature(const Vec& x, const Vec& u) const {
    const auto at = model_.slope()->linearize(x, with(u));
    return {at.dx->dense(), at.dtheta->dense().middleCols(first_, count_)};
  }
  optimality::ModelPtr with_step(double eta) const {
    auto statement = std::make_shared<optimality::Statement>(model_.statement());
    statement->step = eta;
    return optimality::build_model(statement, Vec::Zero(model_.size()), theta_);
  }

  const Model& model_;
  Vec theta_;
  Index first_, count_;
  double c_ = 0, mu_ = 0, greatest_ = 0;
};

}  // namespace

std::optional<DualIterate> dual_descent(const Model& model, ConstVec theta, Index first, Index count, int steps) {
  constexpr Index most = 600;
  const bool gradient_step = model.minimizes() || model.step_lengths().size() > 0;
  if (!gradient_step || !model.minimum() || !model.cones().empty() || model.size() > most) return std::nullopt;
  Template problem(model, theta, first, count);
  if (!problem.fits()) return std::nullopt;
  return problem.descend(steps);
}

}  // namespace argscope::sensitivity
