#include "core/solve/methods.h"

#include <algorithm>
#include <array>

#include "core/solve/particles.h"
#include "core/solve/sampled_steps.h"
#include "core/solve/walk.h"

namespace argscope::solve {

bool is_map(const optimality::Model& m) {
  static constexpr std::array maps{"fixed_point", "proximal_gradient", "block_proximal_gradient", "projected_gradient",
                                   "mirror_descent"};
  return std::ranges::find(maps, m.condition()) != maps.end();
}

namespace {

constexpr double anywhere = std::numeric_limits<double>::infinity();

/// A step longer than this part of the distance between neighbours leaves the basin.
constexpr double longest_part = 0.1;

/// Newton where it stays in its basin, FIRE where it does not, each time deeper into the basin.
Status relax_particles(Walk& walk, double longest) {
  constexpr double cold = 0.03;  // relative residuals above this: nothing is known of the basin yet
  const bool warm = walk.relative_residual() <= cold;
  Status status = Status::Stalled;
  const double goals[] = {1e-3, 1e-5, 1e-7, walk.options().tolerance};
  for (std::size_t k = 0; k < std::size(goals); ++k) {
    if (k > 0 || !warm) {
      status = fire(walk, goals[k]);
      if (status != Status::Converged) return status;
    }
    status = newton_minimize(walk, {.longest_step = longest, .backtracks = 3, .any_way_down = warm && k == 0});
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

bool has_multipliers(const optimality::Model& m) { return !m.cones().empty(); }

Status certified(Walk& walk, Status status) {
  if (status == Status::Converged) certify(walk);
  return status;
}

Status iterate(Walk& walk) { return certified(walk, fixed_point(walk)); }

/// The method as it is, for as many steps as were asked for.
template <class Approach>
Status approach_only(Walk& walk, const Approach& approach) {
  walk.allow(500000);
  return certified(walk, approach(walk, walk.options().tolerance));
}

/// A method that approaches a solution and Newton's method, which finishes, take turns: `approach` is asked for more
/// each time that Newton gets stuck, or nowhere in a few steps.
template <class Approach>
Status approach_and_finish(Walk& walk, const Approach& approach) {
  constexpr double near = 1e-3;
  constexpr int few = 15;
  Status status = Status::Stalled;
  const auto helpless = [&] { return status == Status::Stalled || status == Status::IterationLimit; };
  if (walk.relative_residual() < near)
    status = newton_root(walk, few);
  else if (!walk.free_to_polish())
    return approach_only(walk, approach);
  for (double goal = 1e-3; helpless() && walk.free_to_polish(); goal *= 1e-2) {
    walk.explain("");
    walk.allow(100000);
    const Status reached = approach(walk, std::max(goal, walk.options().tolerance));
    if (reached != Status::Converged && reached != Status::Stalled) return reached;
    if (goal < walk.options().tolerance || reached == Status::Stalled) return certified(walk, reached);
    status = newton_root(walk, few);
  }
  return status;
}

/// Newton on T − x; where it gets stuck, the iteration itself.
Status find_fixed_point(Walk& walk) {
  const Status status = newton_root(walk);
  if (status != Status::Stalled || !walk.free_to_polish()) return status;
  walk.explain("");
  return iterate(walk);
}

Status with_interior_point(Walk& walk, double) { return interior_point(walk); }

bool all_nonnegative(const optimality::Model& m) {
  return std::ranges::find(m.cones(), optimality::Cone::Other) == m.cones().end();
}

Status find_saddle_of_lagrangian(Walk& walk) {
  if (!all_nonnegative(*walk.here().model)) return approach_and_finish(walk, operator_splitting);
  constexpr double near = 1e-2;
  if (walk.relative_residual() < near) {
    const Status status = newton_root(walk);
    if (status != Status::Stalled || !walk.free_to_polish()) return status;
    walk.explain("");
  }
  Status status = interior_point(walk);
  if (status == Status::Stalled && walk.free_to_polish()) {
    // It is made for convex problems; Ipopt is not, but knows less to say where nothing satisfies the constraints.
    const std::string why = walk.words();
    status = ipopt(walk, walk.options().tolerance);
    walk.explain(status == Status::Converged ? "" : why);
  }
  return status == Status::Converged ? newton_root(walk) : status;
}

Status solve_auto(Walk& walk) {
  if (walk.minimizes()) return automatic(walk);
  const auto& model = *walk.here().model;
  if (has_multipliers(model)) return find_saddle_of_lagrangian(walk);
  if (model.condition() == "fixed_point") return find_fixed_point(walk);
  return is_map(model) ? approach_and_finish(walk, accelerated) : newton_root(walk);
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
Status solve_sgd(Walk& walk) { return unpolished(walk, sgd); }

template <Status (*method)(Walk&)>
Status unpolished_minimum(Walk& walk) {
  return unpolished(walk, method);
}

/// A method of maps as it is, unpolished, under its own name.
template <Status (*method)(Walk&, double)>
Status plain(Walk& walk) {
  return approach_only(walk, method);
}

/// A method that ends near a solution, and Newton's finish; without the finish it has to arrive by itself.
template <Status (*method)(Walk&, double)>
Status finished(Walk& walk) {
  constexpr double near = 1e-6;
  walk.allow(500000);
  const double tolerance = walk.options().tolerance;
  const Status status = method(walk, walk.free_to_polish() ? std::max(near, tolerance) : tolerance);
  if (status != Status::Converged) return status;
  if (walk.free_to_polish()) return newton_root(walk);
  return walk.arrived() ? status : Status::Stalled;
}

bool condition_is(const optimality::Model& m, std::string_view name) { return m.condition() == name; }

constexpr Need anything{"", [](const optimality::Model&) { return true; }};
constexpr Need smooth_minimum{"a minimization without penalties and constraints; use 'newton' or 'auto'",
                              [](const optimality::Model& m) { return m.minimizes(); }};
constexpr Need map{"a map x = T(x, θ), and this problem states no T; use 'auto'", is_map};
constexpr Need equation{"an F or a T of the variables alone; use 'auto'",
                        [](const optimality::Model& m) { return !m.minimizes() && !has_multipliers(m); }};
constexpr Need one_equation{"one equation in one unknown",
                            [](const optimality::Model& m) { return !m.has_objective() && m.size() == 1; }};
constexpr Need proximal{"a penalty or sets of whole variables",
                        [](const optimality::Model& m) { return is_map(m) && m.has_objective(); }};
constexpr Need projected{"sets of whole variables",
                         [](const optimality::Model& m) { return condition_is(m, "projected_gradient"); }};
constexpr Need mirrored{"the condition mirror_descent: simplices of whole variables",
                        [](const optimality::Model& m) { return condition_is(m, "mirror_descent"); }};
constexpr Need inequalities{"equalities and inequalities (the condition kkt)",
                            [](const optimality::Model& m) { return has_multipliers(m) && all_nonnegative(m); }};
constexpr Need lagrangian{"constraints (the conditions kkt and conic)", has_multipliers};

constexpr Need samples{"a smooth objective that is a mean or a sum over the rows of data", SampledSteps::exist};
constexpr Need squares{"an objective that is a sum of squares",
                       [](const optimality::Model& m) { return m.minimizes() && m.residuals() != nullptr; }};
constexpr Need steps{"a map x = T(x, θ) or a smooth minimization, whose T is the gradient step",
                     [](const optimality::Model& m) { return is_map(m) || m.minimizes(); }};
constexpr Need bounds{"bounds as the only constraints, such as \"x in box(0, 1)\"",
                      [](const optimality::Model& m) { return m.projection() != nullptr; }};
constexpr Need blocks{"a map of two variables or more, as Sinkhorn's of two potentials",
                      [](const optimality::Model& m) { return is_map(m) && m.variables().size() > 1; }};

constexpr std::array table{
    SolverEntry{"auto", anything, solve_auto},
    SolverEntry{"newton", anything, solve_newton},
    SolverEntry{"lbfgs", smooth_minimum, solve_lbfgs},
    SolverEntry{"gradient_descent", smooth_minimum, solve_gradient_descent},
    SolverEntry{"sgd", samples, solve_sgd},
    SolverEntry{"fire", smooth_minimum, solve_fire},
    SolverEntry{"fixed_point", map, iterate},
    SolverEntry{"accelerated_gradient", steps, plain<accelerated>},
    SolverEntry{"anderson", steps, plain<anderson>},
    SolverEntry{"sinkhorn", blocks, plain<block_coordinate_descent>},
    SolverEntry{"gauss_newton", squares, unpolished_minimum<gauss_newton>},
    SolverEntry{"levenberg_marquardt", squares, unpolished_minimum<levenberg_marquardt>},
    SolverEntry{"lbfgsb", bounds, projected_lbfgs},
    SolverEntry{"broyden", equation, plain<broyden>},
    SolverEntry{"bisection", one_equation, bisection},
    SolverEntry{"proximal_gradient", proximal, plain<map_iteration>},
    SolverEntry{"projected_gradient", projected, plain<map_iteration>},
    SolverEntry{"mirror_descent", mirrored, plain<map_iteration>},
    SolverEntry{"block_coordinate_descent", steps, plain<block_coordinate_descent>},
    SolverEntry{"interior_point", inequalities, finished<with_interior_point>},
    SolverEntry{"operator_splitting", lagrangian, finished<operator_splitting>},
    SolverEntry{"ipopt", inequalities, finished<ipopt>},
};

}  // namespace

std::span<const SolverEntry> solvers() { return table; }

}  // namespace argscope::solve
