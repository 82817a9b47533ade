#include "core/solve/walk.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/linear/lagged.h"
#include "core/solve/shift.h"

namespace argscope::solve {

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double bottomless = -1e300;       // an objective below this has no minimum
constexpr double lagged_tolerance = 1e-13;  // of a direct method's residuals
constexpr double far_away = 1e150;          // squares of x still do not overflow

double largest(const Vec& v) { return v.size() == 0 ? 0.0 : v.cwiseAbs().maxCoeff(); }

/// fmt shows a not-a-number's sign, which means nothing.
double shown(double value) { return std::isnan(value) ? std::abs(value) : value; }

Index first_not_finite(const Vec& v) {
  for (Index k = 0; k < v.size(); ++k)
    if (!std::isfinite(v[k])) return k;
  return -1;
}

}  // namespace

Walk::Walk(const Request& request, const Options& options, Memory& memory, std::stop_token stop,
           const OnIteration& on_iteration)
    : request_(request),
      options_(options),
      memory_(memory),
      stop_(std::move(stop)),
      on_iteration_(on_iteration),
      minimizes_(request.model->minimizes()),
      step_(request.start.size()),
      start_size_(largest(request.start)) {
  here_.x = request.start;
  here_.model = request.model;
  here_.F.resize(here_.x.size());
  trial_ = here_;
  if (memory.lagged_size == size()) last_factor_ = memory.lagged;
  const bool polish_first = last_factor_ && free_to_polish();
  polish_first ? evaluate_without_objective(here_) : evaluate(here_);
}

void Walk::renew_pairs(Point& p) const {
  if (!p.model->holds_at(p.x, theta())) p.model = model_at(p.model, request_.statement, p.x, theta());
}

void Walk::evaluate(Point& p) const {
  p.residual = infinite;
  if (!p.x.allFinite() || !theta().allFinite()) return;
  renew_pairs(p);
  if (minimizes_)
    p.objective = p.model->objective_and_gradient(p.x, theta(), p.F);
  else
    p.model->optimality().value(p.x, theta(), p.F);
  if (p.F.allFinite() && !(minimizes_ && !std::isfinite(p.objective))) p.residual = largest(p.F);
}

void Walk::evaluate_trial() {
  trial_.model = here_.model;
  evaluate(trial_);
}

void Walk::evaluate_trial_without_objective() {
  trial_.model = here_.model;
  evaluate_without_objective(trial_);
}

void Walk::evaluate_without_objective(Point& p) const {
  p.objective = std::numeric_limits<double>::quiet_NaN();
  p.residual = infinite;
  if (!p.x.allFinite() || !theta().allFinite()) return;
  renew_pairs(p);
  p.model->optimality().value(p.x, theta(), p.F);
  if (p.F.allFinite()) p.residual = largest(p.F);
}

double Walk::objective() {
  if (here_.model->has_objective() && std::isnan(here_.objective) && std::isfinite(here_.residual))
    here_.objective = here_.model->objective(here_.x, theta());
  if (iterations_ == 0) start_objective_ = here_.objective;
  return here_.objective;
}

void Walk::accept(int iterations) {
  std::swap(here_, trial_);
  if (here_.model->curvature_depends_on_x())
    local_ = {};
  else
    local_.dtheta = nullptr;  // ∂₁F and its factors are the same everywhere
  negative_curvature_ = -1;
  iterations_ += iterations;
  if (on_iteration_) on_iteration_({iterations_, here_.residual, objective(), here_.x});
}

const Local& Walk::linearize() {
  if (local_.matrix && local_.dtheta) return local_;
  auto [dx, dtheta] = here_.model->optimality().linearize(here_.x, theta());
  if (!local_.matrix) local_.matrix = std::move(dx);
  local_.dtheta = std::move(dtheta);
  return local_;
}

const Local& Walk::factor(double tolerance, Care care) {
  linearize();
  if (local_.factorization) {
    const auto& quality = local_.factorization->quality();
    const bool fine_enough = !linear::iterative(quality.method) || local_.tolerance <= tolerance;
    if (fine_enough && (quality.usable || care == Care::Quick)) return local_;
  }
  linear::Options options;
  options.tolerance = tolerance;
  if (care == Care::Quick) options.method = quick_method(*local_.matrix);
  local_.factorization = memory_.factorizer.factorize(local_.matrix, options, here_.model->symmetries());
  local_.tolerance = tolerance;
  const auto& quality = local_.factorization->quality();
  if (quality.usable && !linear::iterative(quality.method)) last_factor_ = local_.factorization;
  return local_;
}

bool Walk::lag() {
  constexpr Index most_columns = 4;  // of J: each is solved for in a few steps
  constexpr double worthwhile = 15;  // solves that a factorization has to cost; it uses the processor better than they
  constexpr int most_steps = 5;      // of the probe; with more, a factorization is as fast
  if (!minimizes_ || theta().size() > most_columns || !last_factor_) return false;
  if (last_factor_->quality().effort < worthwhile) return false;
  linearize();
  if (local_.factorization) return false;
  linear::Options options;
  options.tolerance = lagged_tolerance;
  auto made = linear::lagged(local_.matrix, last_factor_, options, most_steps, memory_.recollection);
  if (!made->quality().usable) return false;
  local_.factorization = std::move(made);
  local_.tolerance = lagged_tolerance;
  return true;
}

double Walk::scale() {
  constexpr int age = 25;  // the scale costs about as much as F, and hardly moves
  if (scaled_at_ < 0 || iterations_ - scaled_at_ >= age) {
    scale_ = here_.model->residual_scale(here_.x, theta());
    scaled_at_ = iterations_;
    scaled_near_ = here_.residual <= 1e-3 * scale_;
  }
  return scale_;
}

double Walk::scale_here() {
  if (scaled_at_ != iterations_ && !scaled_near_) scaled_at_ = -1;
  return scale();
}

bool Walk::reached(double tolerance) {
  if (!std::isfinite(here_.residual)) return false;
  if (here_.residual == 0) return true;
  if (here_.residual > 10 * tolerance * scale()) return false;
  if (here_.residual <= 0.1 * tolerance * scale_here()) return true;
  if (scaled_at_ != iterations_) scaled_at_ = -1;
  return here_.residual <= tolerance * scale();
}

void Walk::allow(int iterations) { limit_ = options_.iterations.value_or(iterations_ + iterations); }

bool Walk::runs_away() const {
  if (minimizes_ && (here_.objective < bottomless || here_.objective == -infinite)) return true;
  return largest(here_.x) > far_away;
}

std::optional<Status> Walk::verdict() {
  if (stop_.stop_requested()) return Status::Cancelled;
  if (iterations_ == 0 && minimizes_ && !std::isfinite(objective())) return Status::NotFinite;
  if (runs_away()) return Status::Unbounded;
  if (!std::isfinite(here_.residual)) return Status::NotFinite;
  if (iterations_ < limit_) return std::nullopt;
  constexpr double growth = 1e6;  // out of iterations and that far out: it was not going to end
  return largest(here_.x) > growth * (1 + start_size_) && !options_.iterations ? Status::Unbounded
                                                                               : Status::IterationLimit;
}

bool Walk::may_polish() const {
  return !stop_.stop_requested() && std::isfinite(here_.residual) && iterations_ < limit_;
}

std::string Walk::place_of_not_finite() const {
  const auto& model = *here_.model;
  if (Index k = first_not_finite(theta()); k >= 0)
    return fmt::format("the parameter {} is {}", element_name(model.parameters(), k), shown(theta()[k]));
  if (Index k = first_not_finite(here_.x); k >= 0)
    return fmt::format("{} is {}", element_name(model.unknowns(), k), shown(here_.x[k]));
  std::string where = iterations_ == 0 ? "at the start" : "after " + iterations_in_words(iterations_);
  if (minimizes_ && !std::isfinite(here_.objective))
    return fmt::format("the objective is {} {}; change the start or the parameters", shown(here_.objective), where);
  if (Index k = first_not_finite(here_.F); k >= 0)
    return fmt::format("the optimality condition of {} is {} {}; change the start or the parameters",
                       element_name(model.unknowns(), k), shown(here_.F[k]), where);
  return "something is not finite " + where;
}

std::string Walk::words_of_running_away() const {
  Index k = 0;
  here_.x.cwiseAbs().maxCoeff(&k);
  const std::string who = fmt::format("{} has reached {:.2g}", element_name(here_.model->unknowns(), k), here_.x[k]);
  if (!minimizes_ || here_.objective > start_objective_)
    return fmt::format("x grows without end ({}): take smaller steps or another solver", who);
  return fmt::format("the objective falls without end while x grows ({}): add a term or a bound that holds it", who);
}

std::string Walk::message(Status status) const {
  switch (status) {
    case Status::Converged: return "";
    case Status::IterationLimit:
      return fmt::format("stopped after {} with the residual at {:.2g}", iterations_in_words(iterations_),
                         here_.residual);
    case Status::Stalled:
      return fmt::format("no step makes progress any more; the residual is {:.2g}, and {:.2g} was asked for",
                         here_.residual, options_.tolerance * scale_);
    case Status::NotFinite: return place_of_not_finite();
    case Status::Saddle: return "ended at a saddle point, and no step along its negative curvature goes down";
    case Status::Unbounded: return words_of_running_away();
    case Status::Cancelled: return "cancelled";
  }
  return "";
}

Solution Walk::finish(Status status) {
  Solution s;
  s.objective = objective();
  if (status == Status::Converged && minimizes_ && !std::isfinite(s.objective)) status = Status::NotFinite;
  const bool cut_short = options_.iterations && iterations_ >= *options_.iterations;
  if (status == Status::Stalled && words_.empty() && cut_short) status = Status::IterationLimit;
  s.relative_residual = infinite;
  if (std::isfinite(here_.residual)) {
    scale_here();
    s.relative_residual = relative_residual();
  }
  s.status = status;
  s.message = words_.empty() || status == Status::Converged ? message(status) : words_;
  s.solver = solver_;
  if (local_.factorization) {
    s.factorization = local_.factorization;
    s.matrix = local_.matrix;
    s.dtheta = local_.dtheta;
    memory_.lagged = last_factor_;
    memory_.lagged_size = size();
  }
  s.negative_curvature = negative_curvature_;
  s.model = here_.model;
  s.iterations = iterations_;
  s.residual = here_.residual;
  s.x = std::move(here_.x);
  return s;
}

}  // namespace argscope::solve
