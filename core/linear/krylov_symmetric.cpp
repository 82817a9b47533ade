#include <cmath>
#include <limits>

#include "core/linear/krylov_column.h"

namespace argscope::linear::krylov {

namespace {

class Cg final : public Column {
 public:
  static constexpr std::array products{Product::Same};
  Cg(const Vec& b, const Rules& rules) : Column(b, rules), r_(b), p_(b), rho_(b.squaredNorm()) {}
  const Vec& wanted(std::size_t) const { return p_; }
  void take(std::size_t, const ConstVec& q, MutVec x) {
    const double curvature = p_.dot(q);
    if (sign_ == 0) sign_ = std::copysign(1.0, curvature);
    if (!(curvature * sign_ > 0)) return end(Ending::BrokeDown);
    const double alpha = rho_ / curvature;
    x += alpha * p_;
    r_ -= alpha * q;
    const double next = r_.squaredNorm();
    p_ = r_ + (next / rho_) * p_;
    rho_ = next;
    end_if_small(weighted() ? norm(r_) : std::sqrt(rho_));
  }

 private:
  Vec r_, p_;
  double rho_, sign_ = 0;
};

class Minres final : public Column {
 public:
  static constexpr std::array products{Product::Same};
  Minres(const Vec& b, const Rules& rules)
      : Column(b, rules), beta_(b.norm()), phi_(beta_), r1_(b), r2_(b), w_(Vec::Zero(b.size())), w_before_(w_) {
    if (beta_ > 0) v_ = r2_ / beta_;
    if (weighted()) r_ = b;
  }
  const Vec& wanted(std::size_t) const { return v_; }
  void take(std::size_t, const ConstVec& product, MutVec x) {
    rotate(orthogonalize(product), x);
    v_ = r2_ / beta_;
    if (weighted()) r_ = sine_ * sine_ * r_ - (phi_ * cosine_) * v_;
    if (end_if_small(weighted() ? norm(r_) : phi_)) return;
    if (!(beta_ > 0) || !std::isfinite(phi_)) end(Ending::BrokeDown);
  }

 private:
  /// The next Lanczos vector, its length in beta; returns vᵀA v.
  double orthogonalize(const ConstVec& product) {
    Vec y = product;
    if (beta_before_ > 0) y -= (beta_ / beta_before_) * r1_;
    const double a = v_.dot(y);
    y -= (a / beta_) * r2_;
    r1_ = std::move(r2_);
    r2_ = std::move(y);
    beta_before_ = beta_;
    beta_ = r2_.norm();
    return a;
  }

  void rotate(double a, MutVec x) {
    const double epsilon = epsilon_, delta = cosine_ * dbar_ + sine_ * a, gbar = sine_ * dbar_ - cosine_ * a;
    epsilon_ = sine_ * beta_;
    dbar_ = -cosine_ * beta_;
    const double gamma = std::max(std::hypot(gbar, beta_), std::numeric_limits<double>::min());
    cosine_ = gbar / gamma;
    sine_ = beta_ / gamma;
    const double move = cosine_ * phi_;
    phi_ *= sine_;
    Vec next = (v_ - epsilon * w_before_ - delta * w_) / gamma;
    w_before_ = std::move(w_);
    w_ = std::move(next);
    x += move * w_;
  }

  double beta_, beta_before_ = 0, dbar_ = 0, epsilon_ = 0, phi_, cosine_ = -1, sine_ = 0;
  Vec v_, r1_, r2_, w_, w_before_, r_;
};

}  // namespace

KernelPtr cg(Parts parts) { return kernel_of<Cg>(std::move(parts)); }
KernelPtr minres(Parts parts) { return kernel_of<Minres>(std::move(parts)); }

}  // namespace argscope::linear::krylov
