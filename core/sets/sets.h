#pragma once
/// The catalogue of sets and penalties: one row each, with everything that a solver or a derivative needs to know about
/// it. `usage` is also the declaration of the arguments (core/expr/functions.h); property tests iterate over both
/// tables.
///
/// Projections and proximal operators are graph nodes, exact in value and in first derivatives, in the point and in the
/// arguments; where they are not piecewise linear, second derivatives are not to be used (core/expr/routine.h). At a
/// kink the derivative is the one that `summary` says. Sets that are empty (a negative radius, sums that differ) give a
/// TextError when that is known while reading, not-a-number otherwise.
///
/// Sources: Condat, Fast projection onto the simplex and the l1 ball, 2016 (survey) · Parikh & Boyd, Proximal
/// algorithms, 2014 · Friberg, Projection onto the exponential cone, 2021 · Hien, Differential properties of the
/// projection onto power cones, 2015 · Blondel et al., Efficient and modular implicit differentiation, 2022.

#include <span>
#include <string>
#include <string_view>

#include "core/expr/functions.h"

namespace argscope::sets {

/// What one set, or one penalty, is about: every number by itself, each row of the last axis, or a whole matrix.
enum class Acts { Entry, Row, Matrix };

/// Smooth functions of z with h(z) = 0 for each equality and g(z) ≤ 0 for each inequality, element by element.
struct Constraints {
  expr::Ids equalities, inequalities;
};

struct Set {
  std::string_view usage;    ///< "box(l, u)", as a scene writes it
  std::string_view summary;  ///< what it holds; then which derivative stands at a kink
  Acts acts;
  /// The nearest point of the set, shaped as z. Throws ShapeError when z's shape does not suit the set.
  expr::Id (*project)(expr::Graph&, expr::Id z, const expr::Arguments&);
  /// Null: no smooth ones describe it.
  Constraints (*constraints)(expr::Graph&, expr::Id z, const expr::Arguments&) = nullptr;
  /// A step of mirror descent with the entropy, multiplicative: no logarithm of x is taken. Null: none.
  expr::Id (*mirror)(expr::Graph&, expr::Id x, expr::Id slope, expr::Id step, const expr::Arguments&) = nullptr;
  bool cone = false;

  std::string_view name() const { return usage.substr(0, usage.find('(')); }
};

std::span<const Set> all();              ///< sorted by name
const Set* set_named(std::string_view);  ///< hyphen equals underscore; null: no such set

/// The projection onto the dual of a cone K: Π_{K*}(z) = z + Π_K(−z) (Moreau).
expr::Id project_dual(expr::Graph&, const Set& cone, expr::Id z, const expr::Arguments&);

/// A convex function g with a proximal operator. Its first argument is the variable, the others are its parameters.
struct Penalty {
  std::string_view usage;  ///< "elastic_net(w, l1, gamma)"
  std::string_view summary;
  Acts acts;
  expr::Id (*value)(expr::Graph&, const expr::Arguments&);  ///< g of the first argument: a scalar
  /// argmin_w ½‖w − z‖² + scale·g(w), shaped as z; scale is a scalar, positive. Looks at no first argument.
  expr::Id (*prox)(expr::Graph&, expr::Id z, expr::Id scale, const expr::Arguments&);

  std::string_view name() const { return usage.substr(0, usage.find('(')); }
};

std::span<const Penalty> penalties();            ///< sorted by name
const Penalty* penalty_named(std::string_view);  ///< as set_named

}  // namespace argscope::sets
