#include "core/sensitivity/sensitivity.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/sensitivity/implicit.h"

namespace argscope::sensitivity {

namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

}  // namespace

struct Sensitivity::Parts {
  System system;
  Options options;
  Trust trust;
  EstimatorPtr estimator;  // null where there can be none

  Index n() const { return system.x.size(); }
  Index p() const { return system.theta.size(); }
  bool answers() const { return estimator && (trust.defined || options.force); }

  void factorize(const solve::Solution&, linear::Factorizer&);
  void choose(std::unique_ptr<Implicit>);
  double residual() const;
  void hear(const Account&);
};

void Sensitivity::Parts::factorize(const solve::Solution& solution, linear::Factorizer& factorizer) {
  if (!system.x.allFinite() || !system.theta.allFinite()) return;
  // An iterative method that was asked for has options of its own.
  const auto wanted = options.linear.method;
  const bool reuse =
      solution.factorization && (wanted == linear::Method::Auto ||
                                 (wanted == solution.factorization->quality().method && !linear::iterative(wanted)));
  if (solution.matrix && solution.dtheta) {
    system.A = solution.matrix;
    system.B = solution.dtheta;
  } else {
    auto [dx, dtheta] = system.model->optimality().linearize(system.x, system.theta);
    system.A = std::move(dx);
    system.B = std::move(dtheta);
  }
  system.factorization =
      reuse ? solution.factorization : factorizer.factorize(system.A, options.linear, system.model->symmetries());
}

/// ‖∂₁F J + ∂₂F‖ / ‖∂₂F‖ at the solution along one combination of parameters, or of unknowns where pulls are cheaper.
double Sensitivity::Parts::residual() const {
  Mat left, right;
  if (estimator->prefers_pull(1)) {
    const Vec z = combination(n());
    Mat w(n(), 1);
    right.resize(p(), 1);
    system.A->apply_transposed(z, w);
    system.B->apply_transposed(z, right);
    left = estimator->pull(w, {});
  } else {
    const Vec z = combination(p());
    left.resize(n(), 1);
    right.resize(n(), 1);
    system.A->apply(estimator->push(z, {}), left);
    system.B->apply(z, right);
  }
  const double size = right.norm(), off = (left + right).norm();
  return size > 0 ? off / size : off;
}

void Sensitivity::Parts::hear(const Account& account) {
  trust.steps = account.steps;
  trust.memory_bytes = account.memory_bytes;
  std::string refusal = account.refusal;
  const bool asked_for = refusal.empty() || options.force;
  if (account.differs && asked_for && p() > 0) {
    trust.linear_residual = residual();
    if (refusal.empty() && !std::isfinite(trust.linear_residual))
      refusal = fmt::format("the estimator '{}' is not finite after {} steps", options.method, account.steps);
    trust.warnings.push_back(fmt::format("estimated by {} in {} step{} and {} bytes: it differs from A J = B by {:.2g}",
                                         options.method, account.steps, account.steps == 1 ? "" : "s",
                                         account.memory_bytes, trust.linear_residual));
  }
  if (refusal.empty() || !trust.defined) return;
  trust.defined = false;
  trust.reason = refusal;
}

void Sensitivity::Parts::choose(std::unique_ptr<Implicit> by_theorem) {
  if (!trust.defined && !options.force) return;
  const EstimatorEntry* entry = estimator_named(options.method);
  const std::string why = unsuitable(options.method, *system.model);
  if (entry && entry->build == implicit) {
    estimator = std::move(by_theorem);
  } else if (why.empty()) {
    // The model owns its statement; the alias keeps the model alive for as long as the statement is looked at.
    const std::shared_ptr<const optimality::Statement> statement(system.model, &system.model->statement());
    estimator = entry->build({system, {system.model, statement, system.theta, system.x}, options.solve});
    hear(estimator->account());
  } else {
    hear({.refusal = why, .differs = false});
  }
}

Sensitivity::Sensitivity(const solve::Solution& solution, ConstVec theta, const Options& options,
                         linear::Factorizer& factorizer)
    : parts_(std::make_unique<Parts>()) {
  Parts& s = *parts_;
  s.options = options;
  s.system = {solution.model, solution.x, theta, nullptr, nullptr, nullptr};
  s.factorize(solution, factorizer);
  auto by_theorem = std::make_unique<Implicit>(s.system);
  const EstimatorEntry* entry = estimator_named(options.method);
  const AtKink at_kink = entry && entry->crosses_kinks ? AtKink::Warn : AtKink::Refuse;
  s.trust = judge(solution, s.system, options.linear, by_theorem->probe(), at_kink);
  if (s.system.factorization) s.choose(std::move(by_theorem));
}

Sensitivity::~Sensitivity() = default;
Sensitivity::Sensitivity(Sensitivity&&) noexcept = default;

const Trust& Sensitivity::trust() const { return parts_->trust; }

void Sensitivity::estimate_condition() {
  if (parts_->system.factorization && parts_->system.factorization->quality().usable)
    parts_->trust.condition_number = parts_->system.factorization->condition_number();
}

Mat Sensitivity::push(ConstMat dtheta) const {
  const Parts& s = *parts_;
  return s.answers() ? s.estimator->push(dtheta, {}) : Mat::Constant(s.n(), dtheta.cols(), unknown);
}

Mat Sensitivity::pull(ConstMat dx) const {
  const Parts& s = *parts_;
  return s.answers() ? s.estimator->pull(dx, {}) : Mat::Constant(s.p(), dx.cols(), unknown);
}

Mat Sensitivity::jacobian(std::stop_token stop) const { return columns(0, parts_->p(), std::move(stop)); }

Mat Sensitivity::columns(Index first, Index count, std::stop_token stop) const {
  const Parts& s = *parts_;
  return s.answers() ? s.estimator->columns(first, count, std::move(stop)) : Mat::Constant(s.n(), count, unknown);
}

Mat Sensitivity::total(const optimality::Function& h, std::stop_token stop) const {
  const Parts& s = *parts_;
  const Index rows = h.shape().size();
  if (!s.answers()) return Mat::Constant(rows, s.p(), unknown);
  const auto [dx, dtheta] = h.linearize(s.system.x, s.system.theta);
  if (s.estimator->prefers_pull(rows)) {
    const Mat E = unit_columns(rows, 0, rows);
    Mat along_x(s.n(), rows), direct(s.p(), rows);
    dx->apply_transposed(E, along_x);
    dtheta->apply_transposed(E, direct);
    const Mat through = s.estimator->pull(along_x, std::move(stop));
    return through.rows() == s.p() ? Mat((direct + through).transpose()) : Mat();
  }
  const Mat J = jacobian(stop);
  if (J.cols() != s.p()) return {};
  Mat through(rows, s.p());
  dx->apply(J, through);
  return through + dtheta->dense();
}

}  // namespace argscope::sensitivity
