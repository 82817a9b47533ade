#include "app/job.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/names.h"
#include "app/settings.h"
#include "core/sensitivity/along.h"
#include "core/sensitivity/scene_options.h"

namespace argscope::app {
namespace {

io::Paths paths_with(const std::string& data) {
  io::Paths paths = io::Paths::standard();
  if (data.empty()) return paths;
  if (!std::filesystem::is_directory(data)) throw WrongInput(fmt::format("--data '{}': there is no such folder", data));
  paths.data.insert(paths.data.begin(), data);
  return paths;
}

void apply_overrides(io::Scene& scene, const ProblemOptions& o) {
  Method method = method_of(scene);
  method.solver = choose(solvers(), o.solver.value_or(method.solver));
  method.condition = choose(conditions(), o.condition.value_or(method.condition));
  method.estimator = choose(methods(), o.method.value_or(method.estimator));
  method.linear_solver = choose(linear_solvers(), o.linear_solver.value_or(method.linear_solver));
  if (o.tolerance) method.tolerance = *o.tolerance;
  if (o.iterations) method.iterations = *o.iterations;
  if (o.step) method.step = *o.step;
  if (o.decay) method.decay = *o.decay;
  if (const std::string why = unfit(scene, method.condition); o.condition && !why.empty())
    throw WrongInput("--condition: " + why);
  scene = with_method(std::move(scene), method);
}

/// What the names ask for must fit what the problem is.
void require_fit(const io::Scene& scene, const optimality::Model& model) {
  if (const std::string why = solve::unsuitable(scene.solve.solver, model); !why.empty())
    throw WrongInput("--solver: " + why);
}

}  // namespace

Job prepare(const ProblemOptions& o) {
  const io::Paths paths = paths_with(o.data);
  const io::SceneFile file = io::find_scene(o.scene, paths);
  const std::vector<Setting> settings = read_settings(o.set, io::settable_in(file));
  io::Scene scene = io::parse_scene(file.text, file.path, paths, chosen(settings));
  apply_overrides(scene, o);
  Job job;
  job.model = optimality::build_model(scene.statement);
  require_fit(scene, *job.model);
  job.theta = job.model->initial_parameters();
  for (const Setting& setting : settings)
    if (!setting.is_choice) apply_setting(setting, job.model->parameters(), job.theta);
  job.model = optimality::model_at(job.model, scene.statement, job.model->start(job.theta), job.theta);
  job.scene = std::make_shared<const io::Scene>(std::move(scene));
  job.force = o.force;
  job.json = o.json;
  return job;
}

sensitivity::Options sensitivity_options(const Job& job) {
  sensitivity::Options options = sensitivity::options_of(*job.scene);
  options.force = job.force;
  return options;
}

solve::Request request_at(const Job& job, Vec theta, Vec start) {
  return {job.model, job.scene->statement, std::move(theta), std::move(start)};
}

solve::Solution find_solution(const Job& job, solve::Memory& memory) {
  const solve::Request request = request_at(job, job.theta, job.model->start(job.theta));
  return solve::solve(request, solve_options(*job.scene), memory, {}, {});
}

Mat derivative_of(const optimality::Function& h, const sensitivity::Sensitivity& derivative,
                  const solve::Solution& solution, const Vec& theta, Index first, Index count) {
  if (h.shape().size() < count || count == theta.size()) return derivative.total(h, {}).middleCols(first, count);
  Mat directions = Mat::Zero(theta.size(), count);
  directions.middleRows(first, count).setIdentity();
  return sensitivity::along(h, solution.x, theta, derivative.columns(first, count, {}), directions);
}

std::string why_no_solution(const solve::Solution& solution) {
  if (solution.status == solve::Status::Converged) return {};
  return fmt::format("not converged: {} after {}, residual {:.2g}{}{}", solve::name(solution.status),
                     solve::iterations_in_words(solution.iterations), solution.residual,
                     solution.message.empty() ? "" : ": ", solution.message);
}

std::string why_no_derivative(const sensitivity::Trust& trust) {
  if (trust.defined) return {};
  return fmt::format("the derivative is not defined here: {}", trust.reason);
}

std::vector<std::string> function_names(const optimality::Statement& statement) {
  std::vector<std::string> names;
  for (const auto& v : statement.variables) names.push_back(v.name);
  for (const auto& d : statement.definitions) names.push_back(d.name);
  for (const auto& o : statement.outputs) names.push_back(o.name);
  return names;
}

std::string function_name(const optimality::Model& model, const std::string& option, const std::string& name) {
  std::string known = resolve_name(option, name, function_names(model.statement()));
  if (!model.function(known)) throw WrongInput(fmt::format("{}: '{}' cannot be differentiated", option, known));
  return known;
}

const optimality::Slot& parameter_named(const optimality::Model& model, const std::string& option,
                                        const std::string& name) {
  const std::string known = resolve_name(option, name, names_of(model.parameters()));
  return *std::find_if(model.parameters().begin(), model.parameters().end(),
                       [&](const optimality::Slot& slot) { return slot.name == known; });
}

}  // namespace argscope::app
