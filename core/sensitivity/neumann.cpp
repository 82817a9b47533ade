/// Series and conjugate gradients in place of a factorization: J = (I − ∂₁S)⁻¹ ∂₂S from products with ∂S at one point.
/// One step: Bolte, Pauwels and Vaiter 2023. AID-FP and AID-CG: Grazzi, Franceschi, Pontil and Salzo 2020.

#include <cmath>
#include <optional>

#include "core/sensitivity/iteration.h"

namespace argscope::sensitivity {

namespace {

/// The first terms of Σ (∂₁S)ⁱ ∂₂S, which transposed is as many fixed-point steps v ← ∂₁Sᵀ v + w from zero.
class Series final : public Estimator {
 public:
  Series(const StepDerivative& dS, Index size, Index parameter_size, int terms, Account account)
      : dS_(dS), n_(size), p_(parameter_size), terms_(terms), account_(std::move(account)) {}

  Mat push(ConstMat dtheta, std::stop_token stop) const override {
    const Mat first = dS_.along_theta(dtheta);
    Mat sum = first;
    for (int k = 1; k < terms_; ++k) {
      if (stop.stop_requested()) return {};
      sum = dS_.along_x(sum) + first;
    }
    return sum;
  }
  Mat pull(ConstMat dx, std::stop_token stop) const override {
    Mat v = dx;
    for (int k = 1; k < terms_; ++k) {
      if (stop.stop_requested()) return {};
      v = dS_.back_to_x(v) + dx;
    }
    return dS_.back_to_theta(v);
  }
  Mat columns(Index first, Index count, std::stop_token stop) const override {
    return push(unit_columns(p_, first, count), std::move(stop));
  }
  bool prefers_pull(Index rows) const override { return rows < p_; }
  Account account() const override {
    Account a = account_;
    a.steps = terms_;
    a.memory_bytes += 2 * std::size_t(n_) * sizeof(double);
    return a;
  }

 private:
  StepDerivative dS_;
  Index n_, p_;
  int terms_;
  Account account_;
};

/// How many terms until the next is below the tolerance; empty where they do not fall that far.
std::optional<int> terms_needed(const StepDerivative& dS, Index parameter_size, double tolerance) {
  Mat term = dS.along_theta(combination(parameter_size)), sum = term;
  for (int k = 1; k <= Trajectory::most && std::isfinite(sum.squaredNorm()); ++k) {
    if (term.norm() <= tolerance * sum.norm()) return k;
    term = dS.along_x(term);
    sum += term;
  }
  return std::nullopt;
}

EstimatorPtr series(const Iteration& it, const State& at, const Setting& s, Account account) {
  const StepDerivative dS = it.derivative(at);
  std::optional<int> terms = s.solve.iterations;
  if (!terms) terms = terms_needed(dS, it.parameter_size(), std::max(s.solve.tolerance, 1e-14));
  if (!terms && account.refusal.empty())
    account.refusal = "the terms of the series Σ (∂₁S)ⁱ ∂₂S do not vanish: the map S does not contract at x";
  return std::make_unique<Series>(dS, it.size(), it.parameter_size(), terms.value_or(1), std::move(account));
}

/// At most so many steps on M X = B, each column by itself, with M symmetric: Hestenes and Stiefel 1952.
template <class Product>
Mat conjugate_gradients(const Product& M, const Mat& B, int steps, double tolerance) {
  Mat X = Mat::Zero(B.rows(), B.cols()), R = B, P = B;
  Eigen::RowVectorXd rho = R.colwise().squaredNorm(), end = tolerance * tolerance * rho;
  for (int k = 0; k < steps && (rho.array() > end.array()).any(); ++k) {
    const Mat MP = M(P);
    for (Index c = 0; c < B.cols(); ++c) {
      const double curvature = P.col(c).dot(MP.col(c));
      if (!(rho[c] > end[c]) || curvature == 0) continue;
      const double length = rho[c] / curvature;
      X.col(c) += length * P.col(c);
      R.col(c) -= length * MP.col(c);
      const double next = R.col(c).squaredNorm();
      P.col(c) = R.col(c) + next / rho[c] * P.col(c);
      rho[c] = next;
    }
  }
  return X;
}

/// (I − ∂₁S) X = B, or its transpose, by a limited number of steps. Of a gradient step the matrix is symmetric; of
/// other maps it is not, and conjugate gradients work on the normal equations. What a step takes off depends on B, so
/// push and pull are parts of one J only when the steps are enough.
class ConjugateGradients final : public Estimator {
 public:
  ConjugateGradients(const StepDerivative& dS, bool symmetric, Index size, Index parameter_size, const Setting& s,
                     Account account)
      : dS_(dS),
        symmetric_(symmetric),
        n_(size),
        p_(parameter_size),
        steps_(s.solve.iterations.value_or(int(std::min<Index>(4 * size + 200, Trajectory::most)))),
        tolerance_(s.solve.iterations ? 0.0 : std::max(1e-2 * s.solve.tolerance, 1e-14)),
        account_(std::move(account)) {}

  Mat push(ConstMat dtheta, std::stop_token) const override { return solved(Way::Along, dS_.along_theta(dtheta)); }
  Mat pull(ConstMat dx, std::stop_token) const override { return dS_.back_to_theta(solved(Way::Back, dx)); }
  Mat columns(Index first, Index count, std::stop_token stop) const override {
    return push(unit_columns(p_, first, count), std::move(stop));
  }
  bool prefers_pull(Index rows) const override { return rows < p_; }
  Account account() const override {
    Account a = account_;
    a.steps = steps_;
    a.memory_bytes += 4 * std::size_t(n_) * sizeof(double);
    return a;
  }

 private:
  enum class Way { Along, Back };
  /// (I − ∂₁S) X, or its transpose.
  Mat product(Way way, const Mat& X) const { return X - (way == Way::Along ? dS_.along_x(X) : dS_.back_to_x(X)); }
  Mat solved(Way way, const Mat& B) const {
    const auto M = [&](const Mat& X) { return product(way, X); };
    if (symmetric_) return conjugate_gradients(M, B, steps_, tolerance_);
    const auto Mt = [&](const Mat& X) { return product(way == Way::Along ? Way::Back : Way::Along, X); };
    return conjugate_gradients([&](const Mat& X) { return Mt(M(X)); }, Mt(B), steps_, tolerance_);
  }

  StepDerivative dS_;
  bool symmetric_;
  Index n_, p_;
  int steps_;
  double tolerance_;
  Account account_;
};

}  // namespace

EstimatorPtr one_step(const Setting& s) {
  const Iteration it(s);
  return std::make_unique<Series>(it.derivative(it.solution()), it.size(), it.parameter_size(), 1, Account{});
}

EstimatorPtr neumann(const Setting& s) {
  const Iteration it(s);
  return series(it, it.solution(), s, {});
}

EstimatorPtr aid_fixed_point(const Setting& s) {
  const Trajectory way(Iteration(s), s);
  return series(way.iteration(), way.last(), s, way.account());
}

EstimatorPtr aid_cg(const Setting& s) {
  const Trajectory way(Iteration(s), s);
  const Iteration& it = way.iteration();
  return std::make_unique<ConjugateGradients>(it.derivative(way.last()), it.solution().model->minimizes(), it.size(),
                                              it.parameter_size(), s, way.account());
}

}  // namespace argscope::sensitivity
