/// A primal-dual interior-point method (Mehrotra's predictor and corrector) for min f(x) with s(x) ≥ 0 and s(x) = 0. It
/// works with the condition's own F and ∂₁F: at v = y > 0 the block of a constraint is s(x) itself and its multiplier's
/// column is −∂s, so that the matrix of a step is ∂₁F with s/y on the diagonal of the inequalities.

#include <Eigen/LU>
#include <algorithm>
#include <cmath>

#include "core/solve/walk.h"

namespace argscope::solve {

namespace {

class InteriorPoint {
 public:
  explicit InteriorPoint(Walk& walk) : walk_(walk), primal_(walk.here().model->primal_size()) {
    const auto& model = *walk.here().model;
    for (std::size_t k = 0; k < model.cones().size(); ++k) {
      const auto& slot = model.unknowns()[model.variables().size() + k];
      for (Index e = 0; model.cones()[k] == optimality::Cone::Nonnegative && e < slot.size(); ++e)
        inequalities_.push_back(slot.offset + e);
    }
    z_ = walk.here().x;
    s_.resize(static_cast<Index>(inequalities_.size()));
  }

  /// Ends near a solution, or says why not.
  Status run() {
    constexpr int most = 100;
    walk_.allow(most);
    if (walk_.allowed() <= 0) return Status::IterationLimit;
    start();
    for (;; ++steps_) {
      const double gap = complementarity();
      if (residual_ <= 1e-9 * scale_ && gap <= 1e-10 * scale_) return arrive(Status::Converged);
      if (const auto end = walk_.verdict(); end && *end == Status::Cancelled) return *end;
      const bool out_of_steps = steps_ == walk_.allowed();
      if (out_of_steps && walk_.options().iterations) return arrive(Status::IterationLimit);
      if (out_of_steps || !step()) break;
    }
    const bool near = residual_ <= 1e-5 * scale_ && complementarity() <= 1e-5 * scale_;
    return near ? arrive(Status::Converged) : lost();
  }

 private:
  Index count() const { return s_.size(); }
  double complementarity() const {
    double sum = 0;
    for (Index i = 0; i < count(); ++i) sum += s_[i] * y(i);
    return count() ? sum / static_cast<double>(count()) : 0;
  }
  Index at(Index i) const { return inequalities_[static_cast<std::size_t>(i)]; }
  double y(Index i) const { return z_[at(i)]; }
  double& y(Index i) { return z_[at(i)]; }

  /// Multipliers and slacks one and all, no smaller than what the constraints leave.
  void start() {
    for (Index i = 0; i < count(); ++i) y(i) = 1;
    evaluate();
    scale_ = 1 + z_.head(primal_).cwiseAbs().maxCoeff() + F_.cwiseAbs().maxCoeff();
    for (Index i = 0; i < count(); ++i) s_[i] = std::max(1.0, std::abs(F_[at(i)]));
    evaluate();
  }

  /// F with s(x) − s where the inequalities stand.
  void evaluate() {
    F_ = walk_.here().model->optimality().value_at(z_, walk_.theta());
    Vec right = F_;
    for (Index i = 0; i < count(); ++i) right[at(i)] -= s_[i];
    residuals_ = right;
    residual_ = right.size() ? right.cwiseAbs().maxCoeff() : 0;
  }

  /// The step for complementarity products s∘y + ds∘dy = target; `ds` follows from the inequality rows.
  std::pair<Vec, Vec> solve(const Eigen::PartialPivLU<Mat>& lu, const Vec& product) const {
    Vec right = -residuals_;
    for (Index i = 0; i < count(); ++i) right[at(i)] -= product[i] / y(i);
    const Vec dz = lu.solve(right);
    Vec ds(count());
    for (Index i = 0; i < count(); ++i) {
      const double dy = dz[at(i)];
      ds[i] = (-product[i] - s_[i] * dy) / y(i);
    }
    return {dz, ds};
  }

  double longest(const Vec& dz, const Vec& ds) const {
    double t = 1;
    for (Index i = 0; i < count(); ++i) {
      const double dy = dz[at(i)];
      if (ds[i] < 0) t = std::min(t, -s_[i] / ds[i]);
      if (dy < 0) t = std::min(t, -y(i) / dy);
    }
    return t;
  }

  bool step() {
    Mat K = walk_.here().model->optimality().linearize(z_, walk_.theta()).dx->dense();
    for (Index i = 0; i < count(); ++i) {
      K(at(i), at(i)) += s_[i] / y(i);
    }
    K.topLeftCorner(primal_, primal_).diagonal().array() += 1e-14 * K.cwiseAbs().maxCoeff();
    const Eigen::PartialPivLU<Mat> lu(K);
    Vec product(count());
    for (Index i = 0; i < count(); ++i) product[i] = s_[i] * y(i);
    const auto [guess_z, guess_s] = solve(lu, product);
    const double gap = complementarity(), reach = longest(guess_z, guess_s);
    double after = 0;
    for (Index i = 0; i < count(); ++i) after += (s_[i] + reach * guess_s[i]) * (y(i) + reach * guess_z[at(i)]);
    if (count()) after /= static_cast<double>(count());
    const double sigma = gap > 0 ? std::pow(after / gap, 3) : 0;
    for (Index i = 0; i < count(); ++i) product[i] += guess_s[i] * guess_z[at(i)] - sigma * gap;
    const auto [dz, ds] = solve(lu, product);
    if (!dz.allFinite() || !ds.allFinite()) return false;
    const double t = std::min(1.0, 0.99 * longest(dz, ds));
    z_ += t * dz;
    s_ += t * ds;
    evaluate();
    return F_.allFinite() && t > 1e-10;
  }

  /// v = y − s: F then holds up to what is left of the gap.
  Status arrive(Status status) {
    walk_.trial().x = z_;
    for (Index i = 0; i < count(); ++i) walk_.trial().x[at(i)] -= s_[i];
    walk_.evaluate_trial();
    walk_.accept(steps_);
    return status;
  }

  Status lost() {
    Index worst = -1;
    for (Index i = 0; i < count(); ++i)
      if (worst < 0 || y(i) > y(worst)) worst = i;
    const auto& names = walk_.here().model->unknowns();
    if (worst >= 0 && y(worst) > 1e6)
      walk_.explain("no point satisfies the constraints: the multiplier " + optimality::element_name(names, at(worst)) +
                    " grows without end");
    else if (z_.head(primal_).cwiseAbs().maxCoeff() > 1e6)
      walk_.explain("the objective falls without end within the constraints: add a term or a bound that holds x");
    else
      walk_.explain("the interior-point method did not converge: the problem may be infeasible, or not convex");
    return Status::Stalled;
  }

  Walk& walk_;
  Index primal_;
  std::vector<Index> inequalities_;  ///< where their multipliers stand in x
  Vec z_, s_, F_, residuals_;        ///< (x, y); slacks; F and F with its slacks
  int steps_ = 0;
  double residual_ = 0;
  double scale_ = 1;  ///< that of the start: a run to infinity must not raise it
};

}  // namespace

Status interior_point(Walk& walk) {
  walk.run_by("interior_point");
  return InteriorPoint(walk).run();
}

}  // namespace argscope::solve
