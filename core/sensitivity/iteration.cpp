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
  const Index n = of_F_.dx->rows();
  Mat dF(n, dx.cols());
  of_F_.dx->apply(dx.topRows(n), dF);
  return motion_ ? motion_->along(dx, dF) : dx + sigma_ * dF;
}

Mat StepDerivative::along_theta(ConstMat dtheta) const {
  Mat dF(of_F_.dtheta->rows(), dtheta.cols());
  of_F_.dtheta->apply(dtheta, dF);
  return motion_ ? motion_->along(Mat::Zero(2 * dF.rows(), dF.cols()), dF) : sigma_ * dF;
}

Mat StepDerivative::back_to_F(ConstMat v) const { return motion_ ? motion_->back_to_F(v) : sigma_ * v; }

Mat StepDerivative::back_to_x(ConstMat v) const {
  const Index n = of_F_.dx->rows();
  Mat Y(n, v.cols()), before = motion_ ? motion_->back_to_state(v) : Mat(v);
  of_F_.dx->apply_transposed(back_to_F(v), Y);
  before.topRows(n) += Y;
  return before;
}

Mat StepDerivative::back_to_theta(ConstMat v) const {
  Mat Y(of_F_.dtheta->cols(), v.cols());
  of_F_.dtheta->apply_transposed(back_to_F(v), Y);
  return Y;
}

bool Iteration::exists(const optimality::Model& model) { return model.minimizes() || solve::is_map(model); }

Iteration::Iteration(const Setting& setting, std::string_view solver)
    : statement_(setting.request.statement),
      theta_(setting.request.theta),
      solution_{setting.request.start, setting.request.model} {
  const auto& model = *solution_.model;
  if (same_name(solver, "sgd") && solve::SampledSteps::exist(model))
    sampled_ = std::make_shared<const solve::SampledSteps>(model, theta_, setting.solve);
  else if (same_name(solver, "fire") && model.minimizes())
    by_fire_ = true;
  else
    sigma_ = length_of(setting);
}

Iteration::Iteration(const Setting& setting) : Iteration(setting, "") {}
Iteration Iteration::of_solver(const Setting& setting) { return {setting, setting.solve.solver}; }

double Iteration::length_of(const Setting& setting) const {
  const auto& model = *solution_.model;
  const auto& step = setting.solve.step;
  if (!model.minimizes()) return model.condition() == "fixed_point" ? step.value_or(1.0) : 1.0;
  const auto curvature = [&](const State& at) {
    return linear::spectral_norm(*at.model->optimality().linearize(at.x, theta_).dx);
  };
  const double L = step ? 1 / *step : std::max(curvature(solution_), curvature(start()));
  return L > 0 ? -1 / L : -1.0;
}

State Iteration::start() const {
  Vec x = solution_.model->start(theta_);
  auto model = optimality::model_at(solution_.model, statement_, x, theta_);
  State s{std::move(x), std::move(model)};
  if (by_fire_) s.motion.emplace(F(s), *s.model->optimality().linearize(s.x, theta_).dx);
  return s;
}

Vec Iteration::F(const State& at) const {
  return (sampled_ ? sampled_->slope(at.t) : at.model->optimality()).value_at(at.x, theta_);
}

void Iteration::advance(State& s, const Vec& F) const {
  if (s.motion)
    s.motion->advance(s.x, F, [&] { return s.model->optimality().linearize(s.x, theta_).dx; });
  else
    s.x += sigma(s) * F;
  ++s.t;
  if (s.x.allFinite()) s.model = optimality::model_at(s.model, statement_, s.x, theta_);
}

StepDerivative Iteration::derivative(const State& at) const {
  if (State next = at; next.motion) {
    auto of_F = at.model->optimality().linearize(at.x, theta_);
    return {of_F, next.motion->advance(next.x, F(at), [&] { return of_F.dx; })};
  }
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
  a.memory_bytes = (marks_.size() + std::size_t(spacing_)) * std::size_t(iteration_.state_size()) * sizeof(double);
  const Vec& x = iteration_.solution().x;
  constexpr double same = 1e-5;
  if (!std::isfinite(residual_))
    a.refusal = fmt::format("the iteration x ← S(x, θ) is not finite after {} steps; {}", steps_,
                            iteration_.by_fire() ? "start nearer to the solution" : "take a smaller step");
  else if (residual_ > allowed_)
    a.refusal = fmt::format("the iteration x ← S(x, θ) is not at the solution after {} steps: its residual is {:.2g}",
                            steps_, residual_);
  else if (largest(last_.x - x) > same * (1 + largest(x)))
    a.refusal =
        fmt::format("the iteration x ← S(x, θ) leads to another solution, {:.2g} from this one", largest(last_.x - x));
  return a;
}

}  // namespace argscope::sensitivity
