#include "core/solve/fire.h"

#include <algorithm>
#include <cmath>

#include "core/linear/condition.h"
#include "core/solve/walk.h"

namespace argscope::solve {

namespace {

constexpr double f_inc = 1.1, f_dec = 0.5, alpha_start = 0.1, f_alpha = 0.99;
constexpr int n_min = 5;
constexpr double most_stable = 2;   // dt² λ: velocity Verlet is stable below 4, and λ may grow on the way
constexpr double grown = 4;         // forces that grow so much show steps that are too long
constexpr int between_looks = 200;  // steps: to look at the curvature costs as much as several of them

/// ‖v‖⁻² v, and zero of zero.
Vec inverted(const Vec& v) {
  const double square = v.squaredNorm();
  return square > 0 ? Vec(v / square) : v;
}

/// The curvature along F.
double steepness(ConstVec F, const linear::LinearOperator& H) {
  Mat HF(F.size(), 1);
  H.apply(F, HF);
  return std::abs(F.dot(HF.col(0))) / F.squaredNorm();
}

}  // namespace

Mat FireStep::along(ConstMat dz, ConstMat dF) const {
  const Index n = F.size();
  const Mat dv = dz.bottomRows(n) - lag * dF;
  Mat next(2 * n, dz.cols());
  auto dw = next.bottomRows(n);
  dw = a * dv - (b + 0.5 * dt) * dF;
  if (b != 0) dw -= b * F * (inverted(v).transpose() * dv - inverted(F).transpose() * dF);
  next.topRows(n) = dz.topRows(n) + dt * dw;
  return next;
}

Mat FireStep::back_to_state(ConstMat z) const {
  const Index n = F.size();
  const Mat w = z.bottomRows(n) + dt * z.topRows(n);
  Mat before(2 * n, z.cols());
  before.topRows(n) = z.topRows(n);
  before.bottomRows(n) = a * w;
  if (b != 0) before.bottomRows(n) -= b * inverted(v) * (F.transpose() * w);
  return before;
}

Mat FireStep::back_to_F(ConstMat z) const {
  const Index n = F.size();
  const Mat w = z.bottomRows(n) + dt * z.topRows(n);
  Mat to_F = -(b + 0.5 * dt) * w - lag * back_to_state(z).bottomRows(n);
  if (b != 0) to_F += b * inverted(F) * (F.transpose() * w);
  return to_F;
}

Fire::Fire(ConstVec F, const linear::LinearOperator& H)
    : w_(Vec::Zero(F.size())), calm_(F.norm()), alpha_(alpha_start) {
  // the steepest direction may be four times as steep as the force's
  if (const double lambda = steepness(F, H); lambda * dt_max_ * dt_max_ > most_stable) {
    dt_max_ = 1 / std::sqrt(lambda);
    dt_ = dt_max_ / 4;
  }
}

void Fire::steady(const linear::LinearOperator& H) {
  const double lambda = linear::spectral_norm(H);
  if (!std::isfinite(lambda) || lambda * dt_max_ * dt_max_ <= most_stable) return;
  dt_max_ = 1 / std::sqrt(lambda);
  dt_ = std::min(dt_, dt_max_);
}

FireStep Fire::advance(Vec& x, const Vec& F, const Curvature& here) {
  const double force = F.norm();
  if (++steps_ % between_looks == 0 || force > grown * calm_) {
    steady(*here());
    calm_ = force;
  }
  FireStep step{w_ - lag_ * F, F};
  step.lag = lag_;
  if (lag_ > 0) turn(step);
  step.dt = dt_;
  lag_ = 0.5 * dt_;
  w_ = step.a * step.v - (step.b + lag_) * F;
  x += dt_ * w_;
  return step;
}

void Fire::turn(FireStep& step) {
  if (step.F.dot(step.v) < 0) {
    step.a = 1 - alpha_;
    step.b = alpha_ * step.v.norm() / step.F.norm();
    if (++n_positive_ > n_min) {
      dt_ = std::min(dt_ * f_inc, dt_max_);
      alpha_ *= f_alpha;
    }
  } else {
    step.a = 0;
    n_positive_ = 0;
    dt_ *= f_dec;
    alpha_ = alpha_start;
  }
}

void Fire::halt() {
  w_.setZero();
  lag_ = 0;
  dt_ *= 0.1;
  dt_max_ = std::min(dt_max_, 2 * dt_);
}

Status fire(Walk& walk, double tolerance) {
  walk.run_by("fire");
  walk.allow(200000);
  if (walk.reached(tolerance)) return Status::Converged;
  const auto curvature = [&] { return walk.linearize().matrix; };
  Fire motion(walk.here().F, *curvature());
  for (;;) {
    if (walk.reached(tolerance)) return Status::Converged;
    if (const auto end = walk.verdict()) return *end;
    walk.trial().x = walk.here().x;
    motion.advance(walk.trial().x, walk.here().F, curvature);
    walk.evaluate_trial();
    if (std::isfinite(walk.trial().residual)) {
      walk.accept();
    } else {
      if (motion.time_step() < 1e-12) return Status::Stalled;
      motion.halt();
    }
  }
}

}  // namespace argscope::solve
