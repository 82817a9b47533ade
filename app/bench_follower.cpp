#include "app/bench_follower.h"

#include <fmt/format.h>

#include "app/bench.h"
#include "app/job.h"

namespace argscope::app {

Follower::Follower(io::Scene scene)
    : scene_(std::move(scene)),
      model_(optimality::build_model(scene_.statement)),
      theta_(model_->initial_parameters()) {
  solve_at(theta_, model_->start(theta_));
  take_jacobian();
}

void Follower::solve_at(const Vec& theta, Vec start) {
  solution_ = solve::solve({model_, scene_.statement, theta, std::move(start)}, solve_options(scene_), memory_, {}, {});
  if (const std::string why = why_no_solution(solution_); !why.empty()) throw WrongInput(why);
  theta_ = theta;
  model_ = solution_.model;
}

void Follower::take_jacobian() {
  sensitivity::Options options;
  options.linear.method = linear::method_named(scene_.differentiate.linear_solver).value_or(linear::Method::Auto);
  const sensitivity::Sensitivity s(solution_, theta_, options, memory_.factorizer);
  if (const std::string why = why_no_derivative(s.trust()); !why.empty()) throw WrongInput(why);
  J_ = s.jacobian({});
}

double Follower::update(const Vec& theta) {
  return milliseconds([&] {
    Vec start = solution_.x + J_ * (theta - theta_);
    solve_at(theta, std::move(start));
    take_jacobian();
  });
}

double Follower::differentiate() {
  solution_.factorization = nullptr;
  solution_.matrix = nullptr;
  return milliseconds([&] { take_jacobian(); });
}

double Follower::against_differences(Index count) const {
  const solve::Request at{solution_.model, scene_.statement, theta_, solution_.x};
  const Mat D =
      sensitivity::central_differences(at, solve_options(scene_), 0, count, solution_.model->symmetries(), {});
  return (J_.leftCols(count) - D).norm() / D.norm();
}

}  // namespace argscope::app
