#include "app/bench_unrolled.h"

#include <fmt/format.h>

#include "app/bench_packing.h"
#include "app/bench_workload.h"
#include "app/job.h"
#include "core/sensitivity/estimator.h"

namespace argscope::app {
namespace {

struct Comparison {
  optimality::ModelPtr model;
  io::Scene scene;
  std::string solver, unrolled;  ///< who finds x*, and which estimator goes through FIRE's steps or gradient descent's
  std::string output;            ///< whose gradient is asked for; empty: J
};

/// The answer and what was remembered on the way to it.
struct Found {
  Mat derivative;
  sensitivity::Account account;
};

/// From the scene's start to x* and its derivative.
Found by_theorem(const Comparison& c, solve::Solution& solution) {
  const Vec theta = c.model->initial_parameters();
  solve::Options options = solve_options(c.scene);
  options.solver = c.solver;
  solve::Memory memory;
  solution = solve::solve({c.model, c.scene.statement, theta, c.model->start(theta)}, options, memory, {}, {});
  if (const std::string why = why_no_solution(solution); !why.empty()) throw WrongInput(why);
  const sensitivity::Sensitivity s(solution, theta, {}, memory.factorizer);
  if (const std::string why = why_no_derivative(s.trust()); !why.empty()) throw WrongInput(why);
  return {c.output.empty() ? s.jacobian({}) : s.total(*solution.model->function(c.output), {}), {}};
}

/// The same, by the steps of FIRE or else of gradient descent. Where it should end is known already, so that another
/// end is noticed. FIRE's decisions suit x: its derivative takes three times the steps to be as accurate as gradient
/// descent's.
Found by_steps(const Comparison& c, const solve::Solution& solution) {
  const auto model = solution.model;
  const Vec theta = model->initial_parameters();
  const sensitivity::System system{model, solution.x, theta, nullptr, nullptr, nullptr};
  solve::Options options = solve_options(c.scene);
  options.solver = c.solver;
  options.tolerance = 1e-12;
  if (c.solver == "fire") options.iterations = 3 * solution.iterations;
  const auto estimator =
      sensitivity::estimator_named(c.unrolled)->build({system, {model, c.scene.statement, theta, solution.x}, options});
  if (const std::string why = estimator->account().refusal; !why.empty()) throw WrongInput(why);
  if (c.output.empty()) return {estimator->columns(0, theta.size(), {}), estimator->account()};
  const auto [dx, dtheta] = model->function(c.output)->linearize(solution.x, theta);
  const Vec one = Vec::Ones(1);
  Mat along_x(solution.x.size(), 1), direct(theta.size(), 1);
  dx->apply_transposed(one, along_x);
  dtheta->apply_transposed(one, direct);
  return {(direct + estimator->pull(along_x, {})).transpose(), estimator->account()};
}

BenchRow compare(const Comparison& c, int rounds) {
  solve::Solution solution;
  Found implicit, steps;
  const std::vector<double> ms =
      medians(rounds, {[&](int) { return milliseconds([&] { implicit = by_theorem(c, solution); }); },
                       [&](int) { return milliseconds([&] { steps = by_steps(c, solution); }); }});
  BenchRow row;
  row.ours_ms = ms[0], row.peer_name = c.unrolled, row.peer_ms = ms[1];
  constexpr double MB = 1e-6;
  row.accuracy = fmt::format(
      "they differ by {:.1g}; {} steps, of which {:.2g} MB are remembered ({:.2g} MB of all); implicit: none",
      (implicit.derivative - steps.derivative).norm() / implicit.derivative.norm(), steps.account.steps,
      MB * static_cast<double>(steps.account.memory_bytes),
      MB * static_cast<double>(sizeof(double) * steps.account.steps * solution.x.size()));
  return row;
}

/// The packing of row d₁ after a step of its parameter, from where it was at rest before: from random positions two
/// methods would end in two minima.
io::Scene moved_packing(Index particles, double dtheta) {
  const std::string text = packing_scene(particles);
  Follower at_rest(io::parse_scene(text, {}, io::Paths::standard()));
  io::Scene scene = io::parse_scene(text, {}, io::Paths::standard());
  auto statement = std::make_shared<optimality::Statement>(*scene.statement);
  statement->variables.front().start.values.assign(at_rest.x().begin(), at_rest.x().end());
  statement->parameters.front().value.values.front() += dtheta;
  scene.statement = statement;
  return scene;
}

}  // namespace

std::vector<BenchRow> bench_unrolled(int rounds) {
  const auto row = [&](std::string what, const auto& scene, std::string solver, std::string unrolled,
                       std::string output) {
    BenchRow r;
    try {
      const io::Scene s = scene();
      const auto model = optimality::build_model(s.statement);
      r = compare({model, s, std::move(solver), std::move(unrolled), std::move(output)}, rounds);
    } catch (const std::exception& trouble) {
      r.accuracy = trouble.what();
    }
    r.name = "f", r.workload = std::move(what), r.goal = "shown";
    return r;
  };
  const auto distilled = [] { return io::parse_scene(distillation(1000, 784).scene, {}, io::Paths::standard()); };
  const auto packed = [] { return moved_packing(128, 1e-4); };
  return {row("distillation 10 x 784: implicit against unrolled", distilled, "auto", "unrolled-reverse", "loss"),
          row("packing N=128, FIRE, dtheta=1e-4: implicit against unrolled", packed, "fire", "unrolled-forward", "")};
}

}  // namespace argscope::app
