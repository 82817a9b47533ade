/// Operator splitting (ADMM) for min f(x) with s(x) ∈ K: alternates a step in x, for which the curvature of f and ∂s
/// are taken from ∂₁F, with projections onto K, taken from F itself: Π_K(w) = s(x) − F_s(x, −w). Stellato et al., OSQP,
/// 2020, with any cone in the place of a box. Where f is not quadratic they are taken anew now and then, where s is not
/// affine at every step.

#include <Eigen/LU>
#include <algorithm>
#include <cmath>

#include "core/solve/walk.h"

namespace argscope::solve {

namespace {

class Splitting {
 public:
  explicit Splitting(Walk& walk)
      : walk_(walk), n_(walk.here().model->primal_size()), m_(walk.size() - n_), x_(walk.here().x.head(n_)) {
    const Vec& v = walk.here().x.tail(m_);
    F_ = at(Vec::Zero(m_));
    s_ = projected(-v);
    u_ = Vec::Zero(m_);
  }

  /// Whether s(x) is about in K. Constraints that contradict each other never are, and their multipliers grow until
  /// ‖F‖ is small beside its terms.
  bool feasible() const { return primal_ <= 1e-3 * (1 + std::max(image().norm(), s_.norm())); }

  /// Some hundred steps; the trial is left at the iterate with its multipliers.
  void run(int steps) {
    if (!factored_ || walk_.here().model->curvature_depends_on_x()) renew();
    F_ = at(Vec::Zero(m_));
    for (int k = 0; k < steps; ++k) {
      if (bends_ && k > 0) renew();
      const Vec gap = image() - s_ + u_;
      x_ += lu_.solve(-(F_.head(n_) + rho_ * G_.transpose() * gap));
      F_ = at(Vec::Zero(m_));
      const Vec relaxed = 1.6 * image() - 0.6 * s_;
      const Vec before = s_;
      s_ = projected(relaxed + u_);
      u_ += relaxed - s_;
      primal_ = (image() - s_).norm();
      dual_ = rho_ * (G_.transpose() * (s_ - before)).norm();
    }
    balance();
    walk_.trial().x.resize(n_ + m_);
    walk_.trial().x << x_, -rho_ * u_ - s_;
  }

 private:
  Vec at(const Vec& v) const {
    Vec z(n_ + m_);
    z << x_, v;
    return walk_.here().model->optimality().value_at(z, walk_.theta());
  }
  /// s(x), from F at v = 0 where Π_K(0) = 0.
  Vec image() const { return F_.tail(m_); }
  Vec projected(const Vec& w) const { return image() - at(-w).tail(m_); }

  void renew() {
    Vec z(n_ + m_);
    z << x_, Vec::Constant(m_, 0);
    const Mat M = walk_.here().model->optimality().linearize(z, walk_.theta()).dx->dense();
    const auto G = M.bottomLeftCorner(m_, n_);
    bends_ = bends_ || (factored_ && G != G_);
    H_ = M.topLeftCorner(n_, n_);
    G_ = G;
    factor();
  }
  void factor() {
    Mat K = H_ + rho_ * G_.transpose() * G_;
    K.diagonal().array() += 1e-9 * std::max(1.0, K.cwiseAbs().maxCoeff());
    lu_.compute(K);
    factored_ = true;
  }
  /// Keeps the two residuals within a factor of ten of each other.
  void balance() {
    const double ratio = primal_ / std::max(dual_, 1e-300);
    if (ratio < 10 && ratio > 0.1) return;
    const double change = std::clamp(std::sqrt(ratio), 0.1, 10.0);
    rho_ *= change;
    u_ /= change;
    factor();
  }

  Walk& walk_;
  Index n_, m_;
  Vec x_, s_, u_;
  Vec F_;  ///< at x_ and v = 0
  Mat H_, G_;
  Eigen::PartialPivLU<Mat> lu_;
  double rho_ = 1, primal_ = 0, dual_ = 0;
  bool factored_ = false, bends_ = false;  ///< bends: s is not affine
};

}  // namespace

Status operator_splitting(Walk& walk, double tolerance) {
  walk.run_by("operator_splitting");
  constexpr int at_once = 25;
  walk.allow(50000);
  Splitting splitting(walk);
  for (;;) {
    if (walk.reached(tolerance) && splitting.feasible()) return Status::Converged;
    if (const auto end = walk.verdict()) {
      if (*end != Status::Cancelled && walk.free_to_polish() && !splitting.feasible())
        walk.explain("operator splitting finds no x that satisfies all constraints; they may contradict each other");
      return *end;
    }
    const int steps = std::min(at_once, walk.allowed());
    splitting.run(steps);
    walk.evaluate_trial();
    if (!std::isfinite(walk.trial().residual)) {
      walk.explain("operator splitting ran away: the problem may be infeasible or unbounded");
      return Status::Stalled;
    }
    walk.accept(steps);
  }
}

}  // namespace argscope::solve
