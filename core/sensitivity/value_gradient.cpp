#include "core/sensitivity/value_gradient.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "core/linear/condition.h"
#include "core/same_name.h"
#include "core/sensitivity/convexity.h"
#include "core/sensitivity/iteration.h"

namespace argscope::sensitivity {

namespace {

constexpr std::array table{
    ValueEstimatorEntry{"analytic", "∂₂L at the last iterate: errs by its distance from the minimum",
                        ValueEstimator::Analytic},
    ValueEstimatorEntry{"automatic", "the derivative along all steps of the solver: errs by about the distance squared",
                        ValueEstimator::Automatic},
    ValueEstimatorEntry{"implicit", "∂₂L + Jᵀ∂₁L, J by the implicit function theorem: errs by the distance squared",
                        ValueEstimator::Implicit},
    ValueEstimatorEntry{"dual", "the dual solution of a problem convex in (x, θ): no smoothness, no unique x* needed",
                        ValueEstimator::Dual},
};

System factored(const solve::Solution& at, ConstVec theta, linear::Factorizer& factorizer) {
  System system{at.model, at.x, theta, nullptr, nullptr, nullptr};
  auto [dx, dtheta] = at.model->optimality().linearize(system.x, system.theta);
  system.A = std::move(dx);
  system.B = std::move(dtheta);
  system.factorization = factorizer.factorize(system.A, {}, at.model->symmetries());
  return system;
}

Vec by_theorem(const solve::Solution& at, const Setting& setting, const Vec& along_x) {
  linear::Factorizer factorizer;
  const System system = factored(at, setting.request.theta, factorizer);
  if (!system.factorization->quality().usable)
    return Vec::Constant(system.theta.size(), std::numeric_limits<double>::quiet_NaN());
  return implicit({system, setting.request, setting.solve})->pull(along_x, {});
}

/// Null vectors of ∂₁F that move multipliers are other multipliers for the same x.
bool multipliers_are_unique(const solve::Solution& at, ConstVec theta, linear::Factorizer& factorizer) {
  const Index primal = at.model->primal_size(), rest = at.x.size() - primal;
  if (rest == 0) return true;
  const System system = factored(at, theta, factorizer);
  const linear::Quality& q = system.factorization->quality();
  constexpr double moved = 1e-6;
  return q.usable && (q.null_modes == 0 || null_basis(q).bottomRows(rest).cwiseAbs().maxCoeff() < moved);
}

}  // namespace

std::span<const ValueEstimatorEntry> value_estimators() { return table; }

const ValueEstimatorEntry* value_estimator_named(std::string_view name) {
  const auto at = std::ranges::find_if(table, [&](const ValueEstimatorEntry& e) { return same_name(e.name, name); });
  return at == table.end() ? nullptr : &*at;
}

Vec value_gradient(ValueEstimator by, const optimality::Function& L, const solve::Solution& at, ConstVec theta,
                   const solve::Options& options) {
  const auto of_L = L.linearize(at.x, theta);
  const Mat one = Mat::Ones(1, 1);
  Mat direct(theta.size(), 1), along_x(at.x.size(), 1);
  of_L.dtheta->apply_transposed(one, direct);
  if (by == ValueEstimator::Analytic || by == ValueEstimator::Dual) return direct;
  of_L.dx->apply_transposed(one, along_x);
  const System system{at.model, at.x, theta, nullptr, nullptr, nullptr};
  const std::shared_ptr<const optimality::Statement> statement(at.model, &at.model->statement());
  Setting setting{system, {at.model, statement, theta, at.x}, options};
  setting.solve.iterations = at.iterations;
  if (by == ValueEstimator::Implicit) return direct.col(0) + by_theorem(at, setting, along_x);
  return direct + unrolled_reverse(setting)->pull(along_x, {});
}

std::string unsuitable(ValueEstimator by, const optimality::Model& model) {
  if (!model.has_objective())
    return "the problem minimizes nothing, so there is no minimum's value; state minimize = \"…\"";
  if (!model.minimum())
    return fmt::format(
        "a parameter moves the sets of the problem, and the condition '{}' has no multipliers that tell "
        "what that costs; use the condition kkt, or conic",
        model.condition());
  if (by == ValueEstimator::Automatic && !Iteration::exists(model))
    return fmt::format(
        "the automatic estimator differentiates plain steps x ← S(x, θ), and the condition '{}' has none; "
        "use analytic or implicit",
        model.condition());
  return "";
}

std::string undefined(const solve::Solution& at, ConstVec theta, linear::Factorizer& factorizer) {
  if (multipliers_are_unique(at, theta, factorizer)) return "";
  return "the multipliers of the constraints are not unique, so the value of the minimum has no gradient here; drop "
         "constraints that repeat others";
}

std::string without_dual(const solve::Solution& at, ConstVec theta, Index first, Index count) {
  const Index primal = at.model->primal_size();
  const std::shared_ptr<const optimality::Statement> statement(at.model, &at.model->statement());
  for (const double way : {1.0, 0.5, 0.0}) {
    Vec x = at.x;
    x.head(primal) = way * at.x.head(primal) + (1 - way) * at.model->start(theta).head(primal);
    const auto model = optimality::model_at(at.model, statement, x, theta);
    const auto least = least_joint_curvature(*model->minimum(), x, theta, {primal, first, count});
    if (!least) return "the problem is too large to be tested for convexity in variables and parameters together";
    constexpr double rounding = 1e-5;
    if (*least < -rounding)
      return "the problem is not convex in the variables and it together, so it has no dual there; use analytic";
  }
  return "";
}

solve::Options plain_steps(const optimality::Model& model, ConstVec theta, solve::Options options) {
  static constexpr std::array own{"sgd", "gradient_descent", "proximal_gradient", "projected_gradient",
                                  "mirror_descent"};
  if (same_name(options.solver, "auto")) options.solver = model.minimizes() ? "gradient_descent" : "proximal_gradient";
  if (std::ranges::none_of(own, [&](const char* name) { return same_name(name, options.solver); })) {
    options.solver.clear();
  } else if (same_name(options.solver, "gradient_descent") && !options.step) {
    const double L = linear::spectral_norm(*model.optimality().linearize(model.start(theta), theta).dx);
    options.step = L > 0 ? 1 / L : 1;
  }
  return options;
}

}  // namespace argscope::sensitivity
