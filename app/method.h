#pragma once
/// How x* is found and differentiated, chosen by name: what the command line's options and the window's Method dock
/// turn. Names are those of core's tables.

#include <optional>
#include <string>

#include "core/io/scene.h"
#include "core/optimality/model.h"
#include "core/solve/solver.h"

namespace argscope::app {

struct Method {
  std::string condition, solver, estimator, linear_solver;
  double tolerance = 0;           ///< relative, > 0
  std::optional<int> iterations;  ///< stop after so many; none: at the tolerance
  std::optional<double> step;     ///< of methods that take steps of one length, > 0; none: from the curvature
  double decay = 0;               ///< of sgd's steps, 0 … 1
  bool operator==(const Method&) const = default;
};

Method method_of(const io::Scene&);

/// The scene found and differentiated so.
io::Scene with_method(io::Scene, const Method&);

/// Why the scene's kind of problem cannot have that condition, in a sentence; empty: it can.
std::string unfit(const io::Scene&, const std::string& condition);

/// Why the scene's solver or estimator cannot be used for its model, in a sentence; empty: they can.
std::string misfit(const io::Scene&, const optimality::Model&);

solve::Options solve_options(const io::Scene&);

}  // namespace argscope::app
