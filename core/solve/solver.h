#pragma once
/// How x* is found. Every solver takes a model, a θ and a start, and says how it ended; trouble is a status and words,
/// never an exception.

#include <functional>
#include <limits>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "core/linear/factorize.h"
#include "core/linear/recollection.h"
#include "core/optimality/model.h"

namespace argscope::solve {

enum class Status { Converged, IterationLimit, Stalled, NotFinite, Saddle, Unbounded, Cancelled };
std::string_view name(Status);         ///< "converged", "iteration limit", "stalled", …
std::string iterations_in_words(int);  ///< "1 iteration", "2 iterations", …

struct Options {
  std::string solver = "auto";    ///< a name of solver_names()
  double tolerance = 1e-10;       ///< relative: ‖F‖∞ ≤ tolerance · Model::residual_scale
  std::optional<int> iterations;  ///< stop after exactly this many at most
  std::optional<double> step;     ///< fixed step length of gradient descent and fixed-point iteration
  double decay = 0;               ///< sgd: step t is as long as (1 + t)^(−decay) of the first
  unsigned seed = 42;             ///< of what sgd and stochastic estimators draw
};

struct Iterate {
  int iteration = 0;
  double residual = 0;   ///< ‖F‖∞, absolute
  double objective = 0;  ///< not-a-number when there is none
  const Vec& x;
};
using OnIteration = std::function<void(const Iterate&)>;

struct Solution {
  Status status = Status::Stalled;
  std::string message;  ///< why, in a sentence; empty when converged
  std::string solver;   ///< the one that finished
  Vec x;
  optimality::ModelPtr model;  ///< valid at x (pair lists renewed)
  std::shared_ptr<const linear::Factorization>
      factorization;           ///< of ∂₁F at exactly this x when the solver made one; else null
  linear::OperatorPtr matrix;  ///< what it factorizes
  linear::OperatorPtr dtheta;  ///< ∂₂F at the same point; null when `matrix` is
  int iterations = 0;
  double residual = 0;           ///< ‖F‖∞, absolute
  double relative_residual = 0;  ///< divided by Model::residual_scale
  double objective = std::numeric_limits<double>::quiet_NaN();
  Index negative_curvature = 0;  ///< directions of negative curvature at x; −1: unknown
  double seconds = 0;
};

struct NaturalProblem;

/// Carries symbolic analyses, lagged factors, and the natural model of a problem whose condition or step is stated,
/// from one solve to the next. One thread at a time.
struct Memory {
  linear::Factorizer factorizer;
  std::shared_ptr<linear::Recollection> recollection = std::make_shared<linear::Recollection>();
  std::shared_ptr<const linear::Factorization> lagged;  ///< of the last solution's ∂₁F; null before the first
  Index lagged_size = 0;                                ///< its rows
  std::shared_ptr<NaturalProblem> natural;              ///< null before it is asked for
};

struct Request {
  optimality::ModelPtr model;
  std::shared_ptr<const optimality::Statement> statement;
  Vec theta;
  Vec start;
};

class Solver {
 public:
  virtual ~Solver() = default;
  virtual Solution solve(const Request&, const Options&, Memory&, std::stop_token, const OnIteration&) const = 0;
};

std::vector<std::string_view> solver_names();  ///< those that run; "auto" first
const Solver* solver_named(std::string_view);  ///< hyphen equals underscore; null: no such solver

/// Why the solver cannot be used for such a problem, in a sentence; empty: it can.
std::string unsuitable(std::string_view solver, const optimality::Model&);

/// Solves with options.solver. The start is taken as the predictor's guess.
Solution solve(const Request&, const Options&, Memory&, std::stop_token, const OnIteration&);

}  // namespace argscope::solve
