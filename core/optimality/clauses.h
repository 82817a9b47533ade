#pragma once
/// What a minimization says beyond its smooth objective: its penalty and its constraints, read from their texts. Which
/// nodes they become is the affair of the optimality condition (core/optimality/conditions.h).

#include <memory>
#include <vector>

#include "core/expr/compiler.h"
#include "core/sets/sets.h"

namespace argscope::optimality {

/// A text that stays parsed, so that the arguments of its calls can become nodes when a condition asks for them.
struct Clause {
  Clause(expr::Graph& g, const expr::Text& stated, expr::Names& names)
      : text(stated), syntax(expr::parse(text)), compiler(g, text, syntax, names) {}
  Clause(const Clause&) = delete;

  expr::Text text;
  expr::Syntax syntax;
  expr::Compiler compiler;

  [[noreturn]] void fail(const std::string& message) const;  ///< at the whole text
  [[noreturn]] void fail(int node, const std::string& message) const;

  /// Runs body; shapes that do not suit it become an error at the whole text.
  template <class Body>
  auto placed(const Body& body) const {
    return compiler.placed({0, text.source.size()}, body);
  }
};

/// s = 0, s ≥ 0 element by element, or s in a set: s is an expression of the variables.
struct Constraint {
  enum class Kind { Equality, Inequality, Membership };
  Kind kind = Kind::Equality;
  expr::Id s = -1;
  const sets::Set* set = nullptr;  ///< Membership
  std::shared_ptr<const expr::Arguments> arguments;
  std::shared_ptr<Clause> clause;
};

/// One summand scale·g(variable) of the penalty.
struct PenaltyTerm {
  expr::Id variable = -1;
  expr::Id scale = -1;  ///< a scalar without variables
  const sets::Penalty* penalty = nullptr;
  std::shared_ptr<const expr::Arguments> arguments;
  std::shared_ptr<Clause> clause;
};

/// "E == E", "E <= E", "E >= E" or "E in SET(…)". Throws expr::TextError.
Constraint read_constraint(expr::Graph&, const expr::Text&, expr::Names&);

/// A sum of terms such as theta*norm1(w); each variable (`variables`: their nodes) at most once. Throws
/// expr::TextError.
std::vector<PenaltyTerm> read_penalty(expr::Graph&, const expr::Text&, expr::Names&, const expr::Ids& variables);

}  // namespace argscope::optimality
