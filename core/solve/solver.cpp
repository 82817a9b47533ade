#include "core/solve/solver.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "core/solve/particles.h"
#include "core/solve/walk.h"

namespace argscope::solve {

namespace {

constexpr double anywhere = std::numeric_limits<double>::infinity();

/// A step longer than this part of the distance between neighbours leaves the basin.
constexpr double longest_part = 0.1;

/// Newton where it stays in its basin, FIRE where it does not, each time deeper into the basin.
Status relax_particles(Walk& walk, double longest) {
  constexpr double cold = 0.03;  // relative residuals above this: nothing is known of the basin yet
  Status status = Status::Stalled;
  const double goals[] = {1e-3, 1e-5, 1e-7, walk.options().tolerance};
  for (std::size_t k = 0; k < std::size(goals); ++k) {
    if (k > 0 || walk.relative_residual() > cold) {
      status = fire(walk, goals[k]);
      if (status != Status::Converged) return status;
    }
    status = newton_minimize(walk, {longest, 3});
    if (status != Status::Stalled) return status;
  }
  return status;
}

/// Newton; where it gets stuck, L-BFGS once, then Newton again.
Status minimize_smooth(Walk& walk) {
  const Status status = newton_minimize(walk, {});
  const bool helpless = status == Status::Stalled || status == Status::IterationLimit;
  if (!helpless || !walk.free_to_polish()) return status;
  const Status second = lbfgs(walk, walk.options().tolerance);
  return second == Status::Stalled ? newton_minimize(walk, {}) : second;
}

Status automatic(Walk& walk) {
  const double longest = longest_part * spacing(*walk.here().model, walk.here().x);
  if (longest == anywhere) return to_a_minimum(walk, anywhere, minimize_smooth);
  return to_a_minimum(walk, longest, [=](Walk& w) { return relax_particles(w, longest); });
}

Status iterate(Walk& walk) {
  const Status status = fixed_point(walk);
  if (status == Status::Converged) certify(walk);
  return status;
}

/// Newton on T − x; where it gets stuck, the iteration itself.
Status find_fixed_point(Walk& walk) {
  const Status status = newton_root(walk);
  if (status != Status::Stalled || !walk.free_to_polish()) return status;
  walk.explain("");
  return iterate(walk);
}

Status solve_auto(Walk& walk) {
  if (walk.minimizes()) return automatic(walk);
  return walk.here().model->condition() == "fixed_point" ? find_fixed_point(walk) : newton_root(walk);
}

Status solve_newton(Walk& walk) {
  if (!walk.minimizes()) return newton_root(walk);
  return to_a_minimum(walk, anywhere, [](Walk& w) { return newton_minimize(w, {}); });
}

Status solve_fire(Walk& walk) {
  const double longest = longest_part * spacing(*walk.here().model, walk.here().x);
  return to_a_minimum(walk, longest, [](Walk& w) { return fire(w, w.options().tolerance); });
}

/// First-order methods are left as they are: their last iterate is the answer, unpolished.
template <class Minimizer>
Status unpolished(Walk& walk, const Minimizer& minimizer) {
  const Status status = minimizer(walk);
  if (status != Status::Converged) return status;
  certify(walk);
  return walk.negative_curvature() > 0 ? Status::Saddle : status;
}

Status solve_lbfgs(Walk& walk) {
  return unpolished(walk, [](Walk& w) { return lbfgs(w, w.options().tolerance); });
}
Status solve_gradient_descent(Walk& walk) { return unpolished(walk, gradient_descent); }

enum class Serves { Everything, Minimization, FixedPoints };

struct Entry {
  std::string_view name;
  Serves serves;
  Status (*run)(Walk&);
};

constexpr std::array entries{
    Entry{"auto", Serves::Everything, solve_auto},
    Entry{"newton", Serves::Everything, solve_newton},
    Entry{"lbfgs", Serves::Minimization, solve_lbfgs},
    Entry{"gradient_descent", Serves::Minimization, solve_gradient_descent},
    Entry{"fire", Serves::Minimization, solve_fire},
    Entry{"fixed_point", Serves::FixedPoints, iterate},
};

bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return (x == '-' ? '_' : x) == (y == '-' ? '_' : y); });
}

class TableSolver final : public Solver {
 public:
  explicit TableSolver(const Entry& entry) : entry_(entry) {}

  Solution solve(const Request& request, const Options& options, Memory& memory, std::stop_token stop,
                 const OnIteration& on_iteration) const override {
    const auto begin = std::chrono::steady_clock::now();
    Walk walk(request, options, memory, std::move(stop), on_iteration);
    const Status status = entry_.run(walk);
    Solution solution = walk.finish(status);
    solution.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return solution;
  }

 private:
  const Entry& entry_;
};

const Entry* entry_named(std::string_view name) {
  const auto found = std::ranges::find_if(entries, [&](const Entry& e) { return same_name(e.name, name); });
  return found == entries.end() ? nullptr : &*found;
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

std::vector<std::string_view> solver_names() {
  std::vector<std::string_view> names;
  for (const Entry& entry : entries) names.push_back(entry.name);
  return names;
}

const Solver* solver_named(std::string_view name) {
  static const auto solvers = [] {
    std::vector<TableSolver> all;
    for (const Entry& entry : entries) all.emplace_back(entry);
    return all;
  }();
  const Entry* entry = entry_named(name);
  return entry ? &solvers[static_cast<std::size_t>(entry - entries.data())] : nullptr;
}

std::string unsuitable(std::string_view solver, const optimality::Model& model) {
  const Entry* entry = entry_named(solver);
  if (!entry) return fmt::format("no solver is called '{}'; there are {}", solver, fmt::join(solver_names(), ", "));
  if (entry->serves == Serves::Minimization && !model.minimizes())
    return fmt::format("the solver '{}' minimizes, and this problem states a {}; use 'newton' or 'auto'", solver,
                       model.condition() == "fixed_point" ? "fixed point" : "root");
  if (entry->serves == Serves::FixedPoints && model.condition() != "fixed_point")
    return fmt::format("the solver '{}' iterates x = T(x, θ), and this problem states no T; use 'auto'", solver);
  return "";
}

Solution solve(const Request& request, const Options& options, Memory& memory, std::stop_token stop,
               const OnIteration& on_iteration) {
  if (std::string why = unsuitable(options.solver, *request.model); !why.empty()) return refusal(request, why);
  return solver_named(options.solver)->solve(request, options, memory, std::move(stop), on_iteration);
}

}  // namespace argscope::solve
