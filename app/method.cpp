#include "app/method.h"

#include "core/optimality/conditions.h"
#include "core/sensitivity/estimator.h"
#include "core/sensitivity/scene_options.h"

namespace argscope::app {

Method method_of(const io::Scene& scene) {
  return {scene.solve.condition, scene.solve.solver,    scene.differentiate.method, scene.differentiate.linear_solver,
          scene.solve.tolerance, scene.solve.iterations};
}

io::Scene with_method(io::Scene scene, const Method& method) {
  scene.solve.condition = method.condition;
  scene.solve.solver = method.solver;
  scene.solve.tolerance = method.tolerance;
  scene.solve.iterations = method.iterations;
  scene.differentiate.method = method.estimator;
  scene.differentiate.linear_solver = method.linear_solver;
  if (scene.statement->condition == method.condition) return scene;
  auto statement = std::make_shared<optimality::Statement>(*scene.statement);
  statement->condition = method.condition;
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
