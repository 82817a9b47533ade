#pragma once
/// A problem and what a solver needs to start on it.

#include "core/solve/solver.h"
#include "tests/core/solve/models.h"

namespace argscope::testing {

struct Given {
  std::shared_ptr<const optimality::Model> model;
  solve::Request request;
  solve::Memory memory;
  explicit Given(std::shared_ptr<const optimality::Model> m) : model(std::move(m)) {
    const Vec theta = model->initial_parameters();
    request = {model, {model, &model->statement()}, theta, model->start(theta)};
  }
  solve::Solution run(const solve::Options& options) { return solve::solve(request, options, memory, {}, {}); }
};

inline solve::Options options_for(std::string solver) {
  solve::Options options;
  options.solver = std::move(solver);
  return options;
}

}  // namespace argscope::testing
