#include "core/sensitivity/iteration.h"

#include <fmt/format.h>

#include <cmath>

#include "core/linear/condition.h"
#include "core/same_name.h"
#include "core/solve/methods.h"

namespace argscope::sensitivity {

namespace {

double largest(const Vec& v) { return v.size() == 0 ? 0.0 : v.cwiseAbs().maxCoeff(); }

}  // namespace

Mat StepDerivative::along_x(ConstMat dx) const {
  Mat Y(dx.rows(), dx.cols());
  of_F_.dx->apply(dx, Y);
  return dx + sigma_ * Y;
}

Mat StepDerivative::along_theta(ConstMat dtheta) const {
  Mat Y(of_F_.dtheta->rows(), dtheta.cols());
  of_F_.dtheta->apply(dtheta, Y);
  return sigma_ * Y;
}

Mat StepDerivative::back_to_x(ConstMat v) const {
  Mat Y(v.rows(), v.cols());
  of_F_.dx->apply_transposed(v, Y);
  return v + sigma_ * Y;
}

Mat StepDerivative::back_to_theta(ConstMat v) const {
  Mat Y(of_F_.dtheta->cols(), v.cols());
  of_F_.dtheta->apply_transposed(v, Y);
  return sigma_ * Y;
}

bool Iteration::exists(const optimality::Model& model) { return model.minimizes() || solve::is_map(model); }

Iteration::Iteration(const Setting& setting)
    : statement_(setting.request.statement),
      theta_(setting.request.theta),
      solution_{setting.request.start, setting.request.model} {
  const auto& model = *solution_.model;
  const auto& step = setting.solve.step;
  if (!model.minimizes()) {
    sigma_ = model.condition() == "fixed_point" ? step.value_or(1.0) : 1.0;
    return;
  }
  const auto curvature = [&](const State& at) {
    return linear::spectral_norm(*at.model->optimality().linearize(at.x, theta_).dx);
  };
  const double L = step ? 1 / *step : std::max(curvature(solution_), curvature(start()));
  sigma_ = L > 0 ? -1 / L : -1.0;
}

Iteration Iteration::of_solver(const Setting& setting) {
  Iteration it(setting);
  if (same_name(setting.solve.solver, "sgd") && solve::SampledSteps::exist(*setting.request.model))
    it.sampled_ =
        std::make_shared<const solve::SampledSteps>(*setting.request.model, setting.request.theta, setting.solve);
  return it;
}

State Iteration::start() const {
  Vec x = solution_.model->start(theta_);
  auto model = optimality::model_at(solution_.model, statement_, x, theta_);
  return {std::move(x), std::move(model)};
}

Vec Iteration::F(const State& at) const {
  return (sampled_ ? sampled_->slope(at.t) : at.model->optimality()).value_at(at.x, theta_);
}

void Iteration::advance(State& s, const Vec& F) const {
  s.x += sigma(s) * F;
  ++s.t;
  if (s.x.allFinite()) s.model = optimality::model_at(s.model, statement_, s.x, theta_);
}

StepDerivative Iteration::derivative(const State& at) const {
  return {(sampled_ ? sampled_->slope(at.t) : at.model->optimality()).linearize(at.x, theta_), sigma(at)};
}

Trajectory::Trajectory(Iteration iteration, const Setting& setting)
    : iteration_(std::move(iteration)), last_(iteration_.start()) {
  const State& goal = iteration_.solution();
  const double relative = std::max(setting.solve.tolerance, solve::rounding_level);
  allowed_ = relative * goal.model->residual_scale(goal.x, setting.request.theta);
  const auto& asked = setting.solve.iterations;
  for (;; ++steps_) {
    const Vec F = iteration_.F(last_);
    residual_ = F.allFinite() ? largest(F) : std::numeric_limits<double>::infinity();
    if (!std::isfinite(residual_) || steps_ == asked.value_or(most) ||
        (!asked && !iteration_.by_samples() && residual_ <= allowed_))
      return;
    if (steps_ % spacing_ == 0) marks_.push_back(last_);
    if (int(marks_.size()) > 2 * spacing_) {
      for (std::size_t k = 1; 2 * k < marks_.size(); ++k) marks_[k] = std::move(marks_[2 * k]);
      marks_.resize((marks_.size() + 1) / 2);
      spacing_ *= 2;
    }
    iteration_.advance(last_, F);
  }
}

std::vector<State> Trajectory::stretch(int first, int end) const {
  std::vector<State> states{marks_[std::size_t(first / spacing_)]};
  while (int(states.size()) < end - first) {
    State next = states.back();
    iteration_.advance(next, iteration_.F(next));
    states.push_back(std::move(next));
  }
  return states;
}

bool Trajectory::forwards(std::stop_token stop, const std::function<void(const State&)>& visit) const {
  State at = iteration_.start();
  for (int t = 0; t < steps_; ++t) {
    if (stop.stop_requested()) return false;
    visit(at);
    iteration_.advance(at, iteration_.F(at));
  }
  return true;
}

bool Trajectory::backwards(int count, std::stop_token stop, const std::function<void(const State&)>& visit) const {
  const int down_to = std::max(0, steps_ - count);
  for (int end = steps_; end > down_to;) {
    const int first = (end - 1) / spacing_ * spacing_;
    const auto states = stretch(first, end);
    for (int t = end - 1; t >= std::max(first, down_to); --t) {
      if (stop.stop_requested()) return false;
      visit(states[std::size_t(t - first)]);
    }
    end = first;
  }
  return true;
}

Account Trajectory::account() const {
  Account a;
  a.steps = steps_;
  a.memory_bytes = (marks_.size() + std::size_t(spacing_)) * std::size_t(iteration_.size()) * sizeof(double);
  const Vec& x = iteration_.solution().x;
  constexpr double same = 1e-5;
  if (!std::isfinite(residual_))
    a.refusal = fmt::format("the iteration x ← S(x, θ) is not finite after {} steps; take a smaller step", steps_);
  else if (residual_ > allowed_)
    a.refusal = fmt::format("the iteration x ← S(x, θ) is not at the solution after {} steps: its residual is {:.2g}",
                            steps_, residual_);
  else if (largest(last_.x - x) > same * (1 + largest(x)))
    a.refusal =
        fmt::format("the iteration x ← S(x, θ) leads to another solution, {:.2g} from this one", largest(last_.x - x));
  return a;
}

}  // namespace argscope::sensitivity
