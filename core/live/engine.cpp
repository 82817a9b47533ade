#include "core/live/engine.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/sensitivity/along.h"
#include "core/sensitivity/null_modes.h"
#include "core/sensitivity/scene_options.h"
#include "core/solve/particles.h"

namespace argscope::live {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

sensitivity::Options options_of(const io::Scene& scene, bool force) {
  sensitivity::Options options = sensitivity::options_of(scene);
  options.force = force;
  return options;
}

/// The rows of multipliers were needed for what names them, and for nothing else.
void keep_variables(Snapshot& snapshot) {
  const Index n = snapshot.model->primal_size();
  if (snapshot.J.rows() > n) snapshot.J = Mat(snapshot.J.topRows(n));
}

/// Of the parameter that an entry of θ belongs to.
std::pair<double, double> range_of(const optimality::Statement& statement, Index entry) {
  Index end = 0;
  for (const optimality::Parameter& p : statement.parameters)
    if (entry < (end += p.value.shape.size())) return {p.low, p.high};
  throw std::out_of_range("θ has no such entry");
}

/// Every field where a piece begins, and along the whole way.
std::vector<Field> fields_along(const Snapshot& snapshot, const sensitivity::Piece& piece, const Vec& way) {
  std::vector<Field> fields;
  const Vec theta = snapshot.theta + piece.from * way;
  for (const Field& field : snapshot.fields) {
    const optimality::Function& h = *snapshot.model->function(field.name);
    fields.push_back(
        {field.name, field.shape, h.value_at(piece.x, theta), sensitivity::along(h, piece.x, theta, piece.slope, way)});
  }
  return fields;
}

Course course_along(const Snapshot& snapshot, const Vec& way, const Vec& slope, const linear::Options& linear,
                    const std::stop_token& stop) {
  const solve::Request here{snapshot.model, snapshot.scene->statement, snapshot.theta, snapshot.solution.x};
  Course course;
  for (auto& piece : sensitivity::follow(here, slope, way, {.linear = linear}, stop)) {
    auto fields = piece.from > 0 ? fields_along(snapshot, piece, way) : std::vector<Field>{};
    course.stretches.push_back({std::move(piece), std::move(fields)});
  }
  return course;
}

bool converged(const solve::Solution& s) { return s.status == solve::Status::Converged; }

}  // namespace

Engine::Engine(std::shared_ptr<const io::Scene> scene, const SessionOptions& session)
    : scene_(std::move(scene)),
      session_(session),
      solve_options_(sensitivity::options_of(*scene_).solve),
      sensitivity_options_(options_of(*scene_, session.force)),
      model_(session.model) {}

solve::Solution Engine::solved(const Vec& theta, Vec start, solve::Memory& memory, std::stop_token stop,
                               const solve::OnIteration& on_iteration) {
  auto model = optimality::model_at(model_, scene_->statement, start, theta);
  return solve::solve({std::move(model), scene_->statement, theta, std::move(start)}, solve_options_, memory,
                      std::move(stop), on_iteration);
}

bool Engine::better(const Vec& guess, const Vec& plain, const Vec& theta) const {
  const auto residual = [&](const Vec& x) {
    const auto model = optimality::model_at(model_, scene_->statement, x, theta);
    return model->optimality().value_at(x, theta).norm();
  };
  return guess.allFinite() && residual(guess) <= residual(plain);
}

std::optional<Vec> Engine::predicted(const Vec& theta, std::stop_token stop) {
  constexpr double longest_part = 0.05;  // of the distance between particles: farther, contacts change
  constexpr int most_pieces = 32;
  if (!sensitivity_ || !sensitivity_->trust().defined || sensitivity_theta_ != good_theta_) return std::nullopt;
  const Vec difference = theta - good_theta_;
  Vec step = sensitivity_->push(difference);
  const double reach = longest_part * solve::spacing(*model_, *good_x_);
  const auto reaches = [&] { return step.cwiseAbs().maxCoeff() / reach; };
  if (reaches() > most_pieces) return std::nullopt;
  const int pieces = std::max(1, int(std::ceil(reaches())));
  Vec x = *good_x_;
  const Vec from = good_theta_;
  for (int k = 1; k < pieces; ++k) {
    const Vec at = from + difference * (double(k) / pieces);
    auto solution = solved(at, x + step / pieces, memory_, stop, {});
    if (!converged(solution)) return x;
    x = solution.x;
    model_ = solution.model;
    sensitivity::Sensitivity here(solution, at, sensitivity_options_, memory_.factorizer);
    if (!here.trust().defined) return x;
    step = here.push(difference);
    if (reaches() > 2 * pieces) return x;
  }
  return pieces == 1 ? *good_x_ + predictor_.step(good_theta_, theta, step) : Vec(x + step / pieces);
}

solve::Solution Engine::best_of_starts(const Vec& theta, std::stop_token stop, const solve::OnIteration& on_iteration) {
  const bool literal = solve_options_.iterations.has_value();  // so many steps from the scene's own start
  std::vector<Vec> starts;
  if (good_x_ && !literal) {
    const auto guess = predicted(theta, stop);
    if (guess && better(*guess, *good_x_, theta)) starts.push_back(*guess);
    starts.push_back(*good_x_);
  }
  if (session_.start && !good_x_ && !literal) starts.push_back(model_->completed(*session_.start, theta));
  starts.push_back(model_->start(theta));
  std::optional<solve::Solution> best;
  for (Vec& start : starts) {
    auto solution = solved(theta, std::move(start), memory_, stop, on_iteration);
    const bool done = converged(solution) || solution.status == solve::Status::Cancelled;
    if (!best || done || solution.relative_residual < best->relative_residual) best = std::move(solution);
    if (done) break;
  }
  return std::move(*best);
}

Snapshot Engine::solve(const Vec& theta, std::stop_token stop, const solve::OnIteration& on_iteration) {
  const auto begin = Clock::now();
  if (!model_) model_ = optimality::build_model(scene_->statement);
  Snapshot snapshot;
  snapshot.theta = theta;
  snapshot.scene = scene_;
  snapshot.solution = best_of_starts(theta, std::move(stop), on_iteration);
  snapshot.model = snapshot.solution.model;
  snapshot.timings.solve = seconds_since(begin);
  if (snapshot.solution.status == solve::Status::Cancelled) return snapshot;
  model_ = snapshot.model;
  if (converged(snapshot.solution)) {
    if (good_x_) predictor_.arrived(snapshot.solution.x - *good_x_);
    good_x_ = snapshot.solution.x;
    good_theta_ = theta;
  }
  snapshot.fields = evaluate_fields(*model_, snapshot.solution.x, theta);
  return snapshot;
}

void Engine::trust(Snapshot& snapshot) {
  const auto begin = Clock::now();
  sensitivity_.emplace(snapshot.solution, snapshot.theta, sensitivity_options_, memory_.factorizer);
  sensitivity_theta_ = snapshot.theta;
  snapshot.trust = sensitivity_->trust();
  snapshot.timings.jacobian = seconds_since(begin);
}

bool Engine::whole_jacobian(const Snapshot& snapshot) const {
  return snapshot.solution.x.size() * snapshot.theta.size() <= most_entries;
}

bool Engine::differentiate_column(Snapshot& snapshot, Index k, std::stop_token stop) {
  if (!snapshot.trust.defined && !sensitivity_options_.force) return true;
  Snapshot changed = snapshot;
  changed.J = sensitivity_->columns(k, 1, stop);
  if (changed.J.cols() != 1) return false;
  changed.only_column = k;
  changed.has_jacobian = true;
  if (!differentiate_fields(changed, *sensitivity_, stop)) return false;
  keep_variables(changed);
  snapshot = std::move(changed);
  return true;
}

bool Engine::differentiate(Snapshot& snapshot, std::stop_token stop) {
  const auto begin = Clock::now();
  if (snapshot.trust.defined || sensitivity_options_.force) {
    Mat J = sensitivity_->jacobian(stop);
    if (J.cols() != snapshot.theta.size()) return false;
    snapshot.J = std::move(J);
    snapshot.only_column = -1;
  }
  snapshot.has_jacobian = true;
  snapshot.timings.jacobian += seconds_since(begin);
  if (snapshot.J.cols() == 0) return true;
  const auto fields_begin = Clock::now();
  if (!differentiate_fields(snapshot, *sensitivity_, stop)) return false;
  keep_variables(snapshot);
  snapshot.timings.fields = seconds_since(fields_begin);
  return true;
}

Mat Engine::total(const Snapshot& snapshot, const std::string& function, std::stop_token stop) const {
  return sensitivity_->total(*snapshot.model->function(function), std::move(stop));
}

bool Engine::follow(Snapshot& snapshot, Index dragged, std::stop_token stop) const {
  const Index column = snapshot.column_of(snapshot.J, dragged);
  if (!snapshot.trust.defined || column < 0 || sensitivity_options_.method != "implicit") return true;
  if (snapshot.model->symmetries().cols() > 0) return true;  // particles: a range is full of rearrangements
  const auto [low, high] = range_of(*scene_->statement, dragged);
  std::vector<Course> courses;
  for (const double goal : {low, high}) {
    Vec way = Vec::Zero(snapshot.theta.size());
    way[dragged] = goal - snapshot.theta[dragged];
    if (way[dragged] == 0 || (way[dragged] > 0) != (goal == high)) continue;
    if (stop.stop_requested()) return false;
    Course course = course_along(snapshot, way, sensitivity_->push(way), sensitivity_options_.linear, stop);
    course.element = dragged, course.goal = goal;
    if (course.stretches.size() > 1) courses.push_back(std::move(course));
  }
  if (stop.stop_requested()) return false;
  snapshot.courses = std::move(courses);
  return true;
}

bool Engine::examine(Snapshot& snapshot, std::stop_token stop) {
  sensitivity_->estimate_condition();
  snapshot.trust.condition_number = sensitivity_->trust().condition_number;
  return !session_.differences_check || compare_with_differences(snapshot, std::move(stop));
}

bool Engine::compare_with_differences(Snapshot& snapshot, std::stop_token stop) const {
  const auto& s = snapshot.solution;
  if (snapshot.J.cols() == 0) return true;
  const Index first = std::max<Index>(snapshot.only_column, 0);
  const Mat N = s.factorization ? sensitivity::null_space(s.factorization->quality(), s.x.size()) : Mat();
  const Mat D = sensitivity::central_differences({snapshot.model, scene_->statement, snapshot.theta, s.x},
                                                 solve_options_, first, snapshot.J.cols(), N, std::move(stop));
  if (D.cols() != snapshot.J.cols()) return false;
  const Mat of_variables = D.topRows(snapshot.J.rows());
  const double size = std::max(of_variables.norm(), snapshot.J.norm());
  snapshot.trust.difference_agreement = size > 0 ? (of_variables - snapshot.J).norm() / size : 0;
  return true;
}

void Engine::draw_grids(Snapshot& snapshot) {
  snapshot.grids = grids_.draw(*scene_, *snapshot.model, snapshot.solution.x, snapshot.theta);
}

bool Engine::draw_sweeps(Snapshot& snapshot, const SweepCache::OnPoint& on_point, std::stop_token stop) {
  const auto solve_at = [&](const Vec& theta, const Vec& start) {
    return solved(theta, start, sweep_memory_, stop, {});
  };
  auto sweeps = sweeps_.draw(*scene_, *snapshot.model, snapshot.solution.x, snapshot.theta, solve_at, on_point, stop);
  if (!sweeps) return false;
  snapshot.sweeps = std::move(*sweeps);
  return draw_sides(snapshot, solve_options_, stop);
}

}  // namespace argscope::live
