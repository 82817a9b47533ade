#include "app/bench_follower.h"

#include <fmt/format.h>

#include "app/bench.h"
#include "app/job.h"

namespace argscope::app {

Follower::Follower(io::Scene scene) : Follower(std::move(scene), {}) {}

Follower::Follower(io::Scene scene, Wanted wanted)
    : scene_(std::move(scene)),
      model_(optimality::build_model(scene_.statement)),
      theta_(model_->initial_parameters()),
      wanted_(std::move(wanted)) {
  wanted_.columns = std::min(wanted_.columns, theta_.size());
  solve_at(theta_, model_->start(theta_));
  differentiate_here();
}

void Follower::solve_at(const Vec& theta, Vec start) {
  solution_ = solve::solve({model_, scene_.statement, theta, std::move(start)}, solve_options(scene_), memory_, {}, {});
  if (const std::string why = why_no_solution(solution_); !why.empty()) throw WrongInput(why);
  theta_ = theta;
  model_ = solution_.model;
}

void Follower::differentiate_here() {
  sensitivity::Options options;
  options.linear.method = linear::method_named(scene_.differentiate.linear_solver).value_or(linear::Method::Auto);
  const auto& s = sensitivity_.emplace(solution_, theta_, options, memory_.factorizer);
  if (const std::string why = why_no_derivative(s.trust()); !why.empty()) throw WrongInput(why);
  if (wanted_.columns > 0) J_ = s.columns(0, wanted_.columns, {});
  gradients_.clear();
  for (const std::string& output : wanted_.outputs) gradients_.push_back(s.total(*model_->function(output), {}));
}

/// Jδ by the columns that are there, when they tell all; else by one more solve.
Vec Follower::push(const Vec& step) const {
  const Index known = J_.cols(), others = step.size() - known;
  if (known > 0 && step.tail(others).isZero(0)) return J_ * step.head(known);
  return sensitivity_->push(step);
}

double Follower::update(const Vec& theta) {
  return milliseconds([&] {
    const Vec before = solution_.x;
    solve_at(theta, before + predictor_.step(theta_, theta, push(theta - theta_)));
    predictor_.arrived(solution_.x - before);
    differentiate_here();
  });
}

double Follower::differentiate() {
  solution_.factorization = nullptr;
  solution_.matrix = nullptr;
  return milliseconds([&] { differentiate_here(); });
}

Vec Follower::derivatives() const {
  Vec all = J_.topRows(J_.cols() > 0 ? model_->primal_size() : 0).reshaped();
  for (const Mat& g : gradients_) {
    all.conservativeResize(all.size() + g.size());
    all.tail(g.size()) = g.reshaped();
  }
  return all;
}

double Follower::against_differences(Index count) const {
  const solve::Request at{solution_.model, scene_.statement, theta_, solution_.x};
  const Mat D =
      sensitivity::central_differences(at, solve_options(scene_), 0, count, solution_.model->symmetries(), {});
  return (sensitivity_->columns(0, count, {}) - D).norm() / D.norm();
}

}  // namespace argscope::app
