#include "app/method.h"

#include "core/optimality/conditions.h"
#include "core/sensitivity/estimator.h"
#include "core/sensitivity/scene_options.h"

namespace argscope::app {

Method method_of(const io::Scene& scene) {
  const io::SolveSpec& solve = scene.solve;
  return {solve.condition,
          solve.solver,
          scene.differentiate.method,
          scene.differentiate.linear_solver,
          solve.tolerance,
          solve.iterations,
          solve.step,
          solve.decay};
}

io::Scene with_method(io::Scene scene, const Method& method) {
  scene.solve.condition = method.condition;
  scene.solve.solver = method.solver;
  scene.solve.tolerance = method.tolerance;
  scene.solve.iterations = method.iterations;
  scene.solve.step = method.step;
  scene.solve.decay = method.decay;
  scene.differentiate.method = method.estimator;
  scene.differentiate.linear_solver = method.linear_solver;
  if (scene.statement->condition == method.condition && scene.statement->step == method.step) return scene;
  auto statement = std::make_shared<optimality::Statement>(*scene.statement);
  statement->condition = method.condition;
  statement->step = method.step;
  scene.statement = std::move(statement);
  return scene;
}

std::string unfit(const io::Scene& scene, const std::string& condition) {
  return optimality::unfit(scene.statement->kind, condition);
}

std::string misfit(const io::Scene& scene, const optimality::Model& model) {
  const std::string why = solve::unsuitable(scene.solve.solver, model);
  return why.empty() ? sensitivity::unsuitable(scene.differentiate.method, model) : why;
}

solve::Options solve_options(const io::Scene& scene) { return sensitivity::options_of(scene).solve; }

}  // namespace argscope::app
