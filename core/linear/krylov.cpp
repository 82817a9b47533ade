#include "core/linear/krylov.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/linear/condition.h"

namespace argscope::linear::krylov {

namespace {

constexpr Index columns_a_block = 8;  // as wide as the operator's own slabs

class Krylov : public Kernel {
 public:
  Krylov(OperatorPtr A, const Options& options)
      : A_(std::move(A)),
        tolerance_(options.tolerance),
        limit_(options.iterations > 0 ? options.iterations : std::max<int>(100, 2 * static_cast<int>(A_->rows()))) {}
  void multiply(ConstMat X, MutMat Y, Direction) const override { A_->apply(X, Y); }
  Index block() const override { return columns_a_block; }
  bool iterative() const override { return true; }
  double norm() const override { return spectral_norm(*A_); }

 protected:
  OperatorPtr A_;
  double tolerance_;
  int limit_;
};

class Cg final : public Krylov {
 public:
  using Krylov::Krylov;

  Steps solve(MutMat X, Direction) const override {
    const Index n = X.rows(), m = X.cols();
    Mat R = X, P = X, Q(n, m);
    Vec rho = R.colwise().squaredNorm().transpose(), alpha(m), sign = Vec::Zero(m);
    const Vec goal = tolerance_ * tolerance_ * rho;
    X.setZero();
    for (int step = 0;; ++step) {
      const bool done = (rho.array() <= goal.array()).all();
      if (done || step == limit_) return {.iterations = step, .converged = done};
      A_->apply(P, Q);
      for (Index c = 0; c < m; ++c) {
        alpha(c) = 0;
        if (rho(c) <= goal(c)) continue;
        const double curvature = P.col(c).dot(Q.col(c));
        if (sign(c) == 0) sign(c) = std::copysign(1.0, curvature);
        if (!(curvature * sign(c) > 0)) return {.iterations = step, .converged = false};
        alpha(c) = rho(c) / curvature;
      }
      X += P * alpha.asDiagonal();
      R -= Q * alpha.asDiagonal();
      for (Index c = 0; c < m; ++c) {
        if (alpha(c) == 0) continue;
        const double next = R.col(c).squaredNorm();
        P.col(c) = R.col(c) + (next / rho(c)) * P.col(c);
        rho(c) = next;
      }
    }
  }
};

/// The short recurrences of one column.
struct Lanczos {
  double beta = 0, beta_before = 0, dbar = 0, epsilon = 0, phi = 0, cosine = -1, sine = 0, goal = 0;
  Vec r1, r2, w, w_before;

  Lanczos(const Vec& b, double tolerance)
      : beta(b.norm()), phi(beta), goal(tolerance * beta), r1(b), r2(b), w(Vec::Zero(b.size())), w_before(w) {}

  bool done() const { return phi <= goal; }

  /// One step with the Lanczos vector v and y = A v.
  void advance(const Vec& v, Vec y, Eigen::Ref<Vec> x) {
    if (beta_before > 0) y -= (beta / beta_before) * r1;
    const double a = v.dot(y);
    y -= (a / beta) * r2;
    r1 = std::move(r2);
    r2 = std::move(y);
    beta_before = beta;
    beta = r2.norm();
    const double epsilon_before = epsilon, delta = cosine * dbar + sine * a, gbar = sine * dbar - cosine * a;
    epsilon = sine * beta;
    dbar = -cosine * beta;
    const double gamma = std::max(std::hypot(gbar, beta), std::numeric_limits<double>::min());
    cosine = gbar / gamma;
    sine = beta / gamma;
    const double move = cosine * phi;
    phi *= sine;
    Vec next = (v - epsilon_before * w_before - delta * w) / gamma;
    w_before = std::move(w);
    w = std::move(next);
    x += move * w;
  }
};

class Minres final : public Krylov {
 public:
  using Krylov::Krylov;

  Steps solve(MutMat X, Direction) const override {
    const Index n = X.rows(), m = X.cols();
    std::vector<Lanczos> columns;
    for (Index c = 0; c < m; ++c) columns.emplace_back(X.col(c), tolerance_);
    X.setZero();
    Mat V = Mat::Zero(n, m), Y(n, m);
    for (int step = 0;; ++step) {
      const bool done = std::all_of(columns.begin(), columns.end(), [](const Lanczos& c) { return c.done(); });
      if (done || step == limit_) return {.iterations = step, .converged = done};
      bool moving = false;
      for (Index c = 0; c < m; ++c) {
        if (columns[c].done() || columns[c].beta == 0) continue;
        V.col(c) = columns[c].r2 / columns[c].beta;
        moving = true;
      }
      if (!moving) return {.iterations = step, .converged = false};
      A_->apply(V, Y);
      for (Index c = 0; c < m; ++c) {
        if (!columns[c].done() && columns[c].beta > 0) columns[c].advance(V.col(c), Y.col(c), X.col(c));
      }
    }
  }
};

template <class Method_>
Attempt make(Method method, OperatorPtr A, const Options& options) {
  Attempt attempt{.kernel = nullptr, .method = method, .null = {}, .negative = -1, .why = {}};
  attempt.kernel = std::make_unique<Method_>(std::move(A), options);
  return attempt;
}

}  // namespace

Attempt cg(OperatorPtr A, const Options& options) { return make<Cg>(Method::Cg, std::move(A), options); }
Attempt minres(OperatorPtr A, const Options& options) { return make<Minres>(Method::Minres, std::move(A), options); }

}  // namespace argscope::linear::krylov
