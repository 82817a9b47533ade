#pragma once
/// For every primitive, graphs that use it, with arguments in its domain.

#include <functional>

#include "tests/core/expr/trial.h"

namespace argscope::expr::check {

struct Case {
  Graph graph;
  Given given;  ///< the points: inputs that can move
  Given fixed;  ///< indices and masks: inputs that cannot
  Id y = -1;
};

/// Cases of an array of this shape; none where the primitive does not apply to it.
std::vector<Case> cases_of(Op, const Shape&, Random&);

/// Lengths that the evaluator might stumble over: nothing, one, whole vectors and blocks, one more and one less.
std::vector<Shape> awkward_shapes();
/// A few of them, for the costlier properties.
std::vector<Shape> small_shapes();

/// For failures: the primitive, the shape, the graph.
std::string named(const Case&, Op, const Shape&);

}  // namespace argscope::expr::check
