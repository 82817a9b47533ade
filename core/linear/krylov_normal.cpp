#include <cmath>

#include "core/linear/krylov_column.h"

namespace argscope::linear::krylov {

namespace {

class NormalCg final : public Column {
 public:
  static constexpr std::array products{Product::Adjoint, Product::Same};
  NormalCg(const Vec& b, const Rules& rules) : Column(b, rules), r_(b), p_(Vec::Zero(b.size())) {}
  const Vec& wanted(std::size_t k) const { return k == 0 ? r_ : p_; }

  void take(std::size_t k, const ConstVec& product, MutVec x) {
    if (!product.allFinite()) return end(Ending::BrokeDown);
    k == 0 ? turn(product) : step(product, x);
  }

 private:
  /// p ← Aᵀr, conjugate to the directions before.
  void turn(const ConstVec& s) {
    const double next = s.squaredNorm(), residual = r_.norm();
    norm_ = std::max(norm_, std::sqrt(next) / residual);
    if (end_if_orthogonal(std::sqrt(next), norm_, residual)) return;
    p_ = s + (rho_ > 0 ? next / rho_ : 0.0) * p_;
    rho_ = next;
  }

  void step(const ConstVec& q, MutVec x) {
    const double curvature = q.squaredNorm();
    if (!(curvature > 0)) return end(Ending::BrokeDown);
    norm_ = std::max(norm_, std::sqrt(curvature) / p_.norm());
    const double alpha = rho_ / curvature;
    x += alpha * p_;
    r_ -= alpha * q;
    end_if_small(r_.norm());
  }

  Vec r_, p_;
  double rho_ = 0, norm_ = 0;
};

/// Golub and Kahan's bidiagonalization: A V = U B with orthonormal columns, B lower bidiagonal with alpha on the
/// diagonal and beta below. A half step each: (v, alpha), then (u, beta).
class Bidiagonal : public Column {
 public:
  static constexpr std::array products{Product::Adjoint, Product::Same};
  const Vec& wanted(std::size_t k) const { return k == 0 ? u_ : v_; }

 protected:
  Bidiagonal(const Vec& b, const Rules& rules) : Column(b, rules), u_(b), v_(Vec::Zero(b.size())), beta_(b.norm()) {
    if (beta_ > 0) u_ /= beta_;
  }
  bool advance_v(const ConstVec& product) {
    v_ = product - beta_ * v_;
    return normalize(v_, alpha_);
  }
  bool advance_u(const ConstVec& product) {
    u_ = product - alpha_ * u_;
    return normalize(u_, beta_);
  }
  double matrix_norm() const { return norm_; }

 private:
  bool normalize(Vec& vector, double& length) {
    length = vector.norm();
    if (!std::isfinite(length)) end(Ending::BrokeDown);
    if (length > 0) vector /= length;
    norm_ = std::max(norm_, length);
    return !ending();
  }

 protected:
  Vec u_, v_;
  double alpha_ = 0, beta_;

 private:
  double norm_ = 0;
};

class Lsqr final : public Bidiagonal {
 public:
  Lsqr(const Vec& b, const Rules& rules) : Bidiagonal(b, rules), w_(Vec::Zero(b.size())), phi_(beta_) {}

  void take(std::size_t k, const ConstVec& product, MutVec x) {
    if (k == 0) {
      if (!advance_v(product)) return;
      if (end_if_orthogonal(alpha_ * std::abs(cosine_) * phi_, matrix_norm(), phi_)) return;
      w_ = v_ - (sine_ * alpha_ / rho_) * w_;
      rho_bar_ = -cosine_ * alpha_;
    } else {
      if (!advance_u(product)) return;
      rho_ = std::hypot(rho_bar_, beta_);
      cosine_ = rho_bar_ / rho_;
      sine_ = beta_ / rho_;
      x += (cosine_ * phi_ / rho_) * w_;
      phi_ *= sine_;
      end_if_small(phi_);
    }
  }

 private:
  Vec w_;
  double phi_, rho_ = 1, rho_bar_ = 0, cosine_ = -1, sine_ = 0;
};

/// A plane rotation that takes (a, b) to (r, 0).
struct Rotation {
  double r, c, s;
  Rotation(double a, double b) : r(std::hypot(a, b)), c(r > 0 ? a / r : 1), s(r > 0 ? b / r : 0) {}
};

/// Names follow the paper; its step k needs alpha of step k + 1, so it is done when that comes.
class Lsmr final : public Bidiagonal {
 public:
  Lsmr(const Vec& b, const Rules& rules) : Bidiagonal(b, rules), h_bar_(Vec::Zero(b.size())), beta_dd_(beta_) {}

  void take(std::size_t k, const ConstVec& product, MutVec x) {
    if (k == 1) return void(advance_u(product));
    if (!advance_v(product)) return;
    if (h_.size() > 0) return step(x);
    h_ = v_;
    alpha_bar_ = alpha_;
    zeta_bar_ = alpha_ * beta_;
    end_if_orthogonal(alpha_, matrix_norm(), 1);
  }

 private:
  void step(MutVec x) {
    const Rotation first(alpha_bar_, beta_);
    const double theta = first.s * alpha_, theta_bar = s_bar_ * first.r, rho_bar_before = rho_bar_, rho_before = rho_;
    rho_ = first.r;
    alpha_bar_ = first.c * alpha_;
    const Rotation second(c_bar_ * rho_, theta);
    rho_bar_ = second.r;
    c_bar_ = second.c;
    s_bar_ = second.s;
    const double zeta_before = zeta_;
    zeta_ = c_bar_ * zeta_bar_;
    zeta_bar_ *= -s_bar_;
    h_bar_ = h_ - (theta_bar * rho_ / (rho_before * rho_bar_before)) * h_bar_;
    x += (zeta_ / (rho_ * rho_bar_)) * h_bar_;
    h_ = v_ - (theta / rho_) * h_;
    const double residual = residual_norm(first, theta_bar, zeta_before);
    if (!end_if_small(residual)) end_if_orthogonal(std::abs(zeta_bar_), matrix_norm(), residual);
  }

  /// ‖b − A x‖ by a third rotation (section 5.3 of the paper).
  double residual_norm(const Rotation& first, double theta_bar, double zeta_before) {
    const double beta_hat = first.c * beta_dd_;
    beta_dd_ *= -first.s;
    const Rotation third(rho_d_, theta_bar);
    const double theta_tilde_before = std::exchange(theta_tilde_, third.s * rho_bar_);
    rho_d_ = third.c * rho_bar_;
    beta_d_ = -third.s * beta_d_ + third.c * beta_hat;
    tau_tilde_ = (zeta_before - theta_tilde_before * tau_tilde_) / third.r;
    return std::hypot(beta_d_ - (zeta_ - theta_tilde_ * tau_tilde_) / rho_d_, beta_dd_);
  }

  Vec h_, h_bar_;
  double alpha_bar_ = 0, zeta_bar_ = 0, zeta_ = 0, rho_ = 1, rho_bar_ = 1, c_bar_ = 1, s_bar_ = 0;
  double beta_dd_, beta_d_ = 0, rho_d_ = 1, tau_tilde_ = 0, theta_tilde_ = 0;
};

}  // namespace

KernelPtr normal_cg(Parts parts) { return kernel_of<NormalCg>(std::move(parts)); }
KernelPtr lsqr(Parts parts) { return kernel_of<Lsqr>(std::move(parts)); }
KernelPtr lsmr(Parts parts) { return kernel_of<Lsmr>(std::move(parts)); }

}  // namespace argscope::linear::krylov
