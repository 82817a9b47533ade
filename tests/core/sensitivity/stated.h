#pragma once
/// A scene's text, solved and differentiated: what the tests of optimality conditions compare.

#include <memory>
#include <string>

#include "core/io/scene.h"
#include "core/sensitivity/scene_options.h"
#include "core/sensitivity/sensitivity.h"

namespace argscope::testing {

struct Stated {
  io::Scene scene;
  optimality::ModelPtr model;
  Vec theta;
  solve::Memory memory;
  solve::Options options;
  solve::Solution solution;

  explicit Stated(const std::string& text) : Stated(io::parse_scene(text, {}, io::Paths::standard())) {}
  explicit Stated(io::Scene s) : scene(std::move(s)) {
    model = optimality::build_model(scene.statement);
    theta = model->initial_parameters();
    options = sensitivity::options_of(scene).solve;
    solution = solve::solve({model, scene.statement, theta, model->start(theta)}, options, memory, {}, {});
  }

  Index variables() const { return model->primal_size(); }
  Vec x() const { return solution.x.head(variables()); }
  sensitivity::Sensitivity sensitivity() { return {solution, theta, {}, memory.factorizer}; }
  /// Of the variables, all parameters.
  Mat J() { return sensitivity().jacobian({}).topRows(variables()); }
  Mat differences() {
    return sensitivity::central_differences({solution.model, scene.statement, theta, solution.x}, options, 0,
                                            theta.size(), Mat(solution.x.size(), 0), {})
        .topRows(variables());
  }
  /// ∂/∂θ of a scalar output.
  Vec hypergradient(const std::string& output) {
    return sensitivity().total(*solution.model->function(output), {}).transpose();
  }
};

inline double relative(const Mat& a, const Mat& b) { return (a - b).norm() / b.norm(); }

}  // namespace argscope::testing
