#include "core/solve/solver.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>

#include "core/same_name.h"
#include "core/solve/methods.h"

namespace argscope::solve {

namespace {

class TableSolver final : public Solver {
 public:
  explicit TableSolver(const SolverEntry& entry) : entry_(entry) {}

  Solution solve(const Request& request, const Options& options, Memory& memory, std::stop_token stop,
                 const OnIteration& on_iteration) const override {
    const auto begin = std::chrono::steady_clock::now();
    const bool no_step = stop.stop_requested() || options.iterations == 0;
    Walk walk(request, options, memory, std::move(stop), on_iteration);
    walk.run_by(entry_.name);
    if (no_step) walk.allow(0);
    const auto end = no_step && !walk.arrived() ? walk.verdict() : std::nullopt;
    const Status status = end ? *end : entry_.run(walk);
    Solution solution = walk.finish(status);
    solution.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return solution;
  }

 private:
  const SolverEntry& entry_;
};

const SolverEntry* entry_named(std::string_view name) {
  const auto found = std::ranges::find_if(solvers(), [&](const SolverEntry& e) { return same_name(e.name, name); });
  return found == solvers().end() ? nullptr : &*found;
}

Solution refusal(const Request& request, std::string why) {
  Solution s;
  s.status = Status::Stalled;
  s.message = std::move(why);
  s.x = request.start;
  s.model = request.model;
  s.residual = std::numeric_limits<double>::infinity();
  s.relative_residual = s.residual;
  s.negative_curvature = -1;
  return s;
}

}  // namespace

std::string_view name(Status status) {
  switch (status) {
    case Status::Converged: return "converged";
    case Status::IterationLimit: return "iteration limit";
    case Status::Stalled: return "stalled";
    case Status::NotFinite: return "not finite";
    case Status::Saddle: return "saddle";
    case Status::Unbounded: return "unbounded";
    case Status::Cancelled: return "cancelled";
  }
  return "unknown";
}

std::string iterations_in_words(int count) { return fmt::format("{} iteration{}", count, count == 1 ? "" : "s"); }

std::vector<std::string_view> solver_names() {
  std::vector<std::string_view> names;
  for (const SolverEntry& entry : solvers()) names.push_back(entry.name);
  return names;
}

const Solver* solver_named(std::string_view name) {
  static const auto runners = [] {
    std::vector<TableSolver> all;
    for (const SolverEntry& entry : solvers()) all.emplace_back(entry);
    return all;
  }();
  const SolverEntry* entry = entry_named(name);
  return entry ? &runners[static_cast<std::size_t>(entry - solvers().data())] : nullptr;
}

/// The problem of a statement by its natural condition and step.
struct NaturalProblem {
  const optimality::Statement* of;  ///< whose condition or step is stated; `asked` keeps it alive
  optimality::ModelPtr asked;
  optimality::ModelPtr model;  ///< null: the statement's own condition is the natural one
  Memory memory;
};

namespace {

/// The same problem by its natural condition and step, when others were asked for; else null.
optimality::ModelPtr natural(const optimality::Model& model, ConstVec variables, ConstVec theta) {
  const auto& asked = model.statement();
  if ((asked.condition == "auto" && !asked.step) || !model.has_objective()) return nullptr;
  auto plain = std::make_shared<optimality::Statement>(model.statement());
  plain->condition = "auto";
  plain->step = std::nullopt;
  auto built = optimality::build_model(plain, variables, theta);
  const bool same = built->condition() == model.condition();
  return same && (!asked.step || model.minimizes()) ? nullptr : built;
}

/// That problem, built once for all solves with one memory; null where there is none. Its pair lists hold at x.
NaturalProblem* kept_natural(const Request& request, Memory& memory) {
  const auto& asked = request.model->statement();
  const auto primal = request.start.head(request.model->primal_size());
  if (!memory.natural || memory.natural->of != &asked)
    memory.natural = std::make_shared<NaturalProblem>(
        NaturalProblem{&asked, request.model, natural(*request.model, primal, request.theta), {}});
  auto& model = memory.natural->model;
  if (!model) return nullptr;
  const std::shared_ptr<const optimality::Statement> statement(model, &model->statement());
  model = optimality::model_at(model, statement, primal, request.theta);
  return memory.natural.get();
}

/// Solves by the natural condition, then asks whether the solution satisfies the one that was asked for; Newton's
/// method finds its multipliers and removes what rounding makes of the change.
Solution solve_and_carry_over(const Request& request, NaturalProblem& natural, const Options& options, Memory& memory,
                              std::stop_token stop, const OnIteration& on_iteration) {
  const Index n = request.model->primal_size();
  const optimality::ModelPtr other = natural.model;
  const std::shared_ptr<const optimality::Statement> statement(other, &other->statement());
  const Vec start = other->completed(request.start.head(n), request.theta);
  Solution found = solver_named(options.solver)
                       ->solve({other, statement, request.theta, start}, options, natural.memory, stop, on_iteration);
  if (found.status != Status::Converged) return found;
  Request carried = request;
  carried.start = request.model->completed(found.x.head(n), request.theta);
  Options rest = options;
  if (rest.iterations) *rest.iterations -= found.iterations;
  Walk walk(carried, rest, memory, std::move(stop), on_iteration);
  Status status = newton_root(walk);
  const double moved = (walk.here().x.head(n) - found.x.head(n)).cwiseAbs().maxCoeff();
  constexpr double same = 1e-6;
  if (moved > same * (1 + found.x.head(n).cwiseAbs().maxCoeff())) status = Status::Stalled;
  if (status == Status::Stalled)
    walk.explain(fmt::format("the solution found by '{}' does not satisfy the condition '{}'", other->condition(),
                             request.model->condition()));
  Solution solution = walk.finish(status);
  solution.solver = found.solver;
  solution.iterations += found.iterations;
  solution.objective = found.objective;
  return solution;
}

/// A multiplicative step leaves zeros where they are, optimal or not: the natural condition tells which.
void refuse_stuck_at_zero(Solution& found, const Vec& theta) {
  const auto other = natural(*found.model, found.x, theta);
  const Vec F = other->optimality().value_at(found.x, theta);
  Index k = 0;
  if (!(F.cwiseAbs().maxCoeff(&k) > 1e-6 * (1 + found.x.cwiseAbs().maxCoeff()))) return;
  found.status = Status::Stalled;
  found.message =
      fmt::format("{} is zero and mirror descent cannot leave it, though it should grow: start inside the simplex",
                  optimality::element_name(found.model->variables(), k));
}

}  // namespace

namespace {

std::string unknown(std::string_view solver) {
  return fmt::format("no solver is called '{}'; there are {}", solver, fmt::join(solver_names(), ", "));
}
std::string unmet(const SolverEntry& entry) {
  return fmt::format("the solver '{}' needs {}", entry.name, entry.need.words);
}

}  // namespace

std::string unsuitable(std::string_view solver, const optimality::Model& model) {
  const SolverEntry* entry = entry_named(solver);
  if (!entry) return unknown(solver);
  if (entry->need.met(model)) return "";
  const Vec theta = model.initial_parameters();
  const auto other = natural(model, model.start(theta).head(model.primal_size()), theta);
  return other && entry->need.met(*other) ? "" : unmet(*entry);
}

Solution solve(const Request& request, const Options& options, Memory& memory, std::stop_token stop,
               const OnIteration& on_iteration) {
  const SolverEntry* entry = entry_named(options.solver);
  if (!entry) return refusal(request, unknown(options.solver));
  const bool fits = entry->need.met(*request.model), general = entry->name == "auto" || entry->name == "newton";
  if (general || !fits) {
    NaturalProblem* other = kept_natural(request, memory);
    if (!fits && !(other && entry->need.met(*other->model))) return refusal(request, unmet(*entry));
    if (other) return solve_and_carry_over(request, *other, options, memory, std::move(stop), on_iteration);
  }
  Solution found = solver_named(options.solver)->solve(request, options, memory, std::move(stop), on_iteration);
  if (found.status == Status::Converged && request.model->condition() == "mirror_descent")
    refuse_stuck_at_zero(found, request.theta);
  return found;
}

}  // namespace argscope::solve
