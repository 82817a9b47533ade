#pragma once
/// The catalogue of optimality conditions of a minimization: how F(x, θ) = 0 follows from its smooth objective f, its
/// penalty g and its constraints. Blondel et al., Efficient and modular implicit differentiation, 2022, table 1.

#include <span>

#include "core/optimality/clauses.h"
#include "core/optimality/problem.h"

namespace argscope::optimality {

/// What a condition is built from.
struct Clauses {
  std::vector<PenaltyTerm> penalties;
  std::vector<Constraint> constraints;
};

struct Condition {
  std::string_view name;
  std::string_view formula;  ///< F, or T with F = T − x, in words of the catalogue
  /// Fills Problem::mapping from Problem::slope (∇₁f), adding multipliers where it has them. `step`: one η for all, or
  /// one a variable. Throws expr::TextError at the clause that the condition cannot take.
  void (*build)(Problem&, const Clauses&, std::span<const double> step);
  enum class Step { None, One, OneEach } step = Step::None;
};

const Condition* minimum_condition_named(std::string_view);  ///< hyphen equals underscore; null: no such condition

/// The one that is taken when nothing else is asked for.
const Condition& natural_condition(const Problem&, const Clauses&);

/// Why a problem of that kind cannot have that condition; empty: it can.
std::string unfit(Kind, std::string_view condition);

/// Every condition by name, with those of equations that are stated outright: root, fixed_point.
std::vector<std::string_view> condition_names();

}  // namespace argscope::optimality
