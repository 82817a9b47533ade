#pragma once
/// A numeric routine as a node of the graph: for what no formula of primitives says (an eigen-decomposition, a root, a
/// quadratic program). A graph takes its result as constant: its derivative is zero. Who uses it states the derivative
/// beside it, to first order: y = y₀ + L·moving(z), with y₀ and L made of the routine's numbers. Value and first
/// derivative are then exact; second derivatives of such a y lack the change of L and are not to be used.

#include <span>
#include <string_view>

#include "core/expr/graph.h"

namespace argscope::expr {

struct ArrayView {
  Shape shape;
  const double* values = nullptr;  ///< row-major
};

/// What cannot be computed is not-a-number, never a made-up number. Called from many threads.
struct Routine {
  std::string_view name;
  void (*run)(std::span<const ArrayView> operands, std::span<const Index> ints, std::span<double> result);
};

/// `routine` lives as long as the graph does; `ints` are handed to it. At most five operands.
Id call(Graph&, const Routine& routine, std::span<const Id> operands, const Shape& result, std::vector<Index> ints);

/// a − stop(a): zero, with the derivative of a.
Id moving(Graph&, Id a);
bool is_moving(const Graph&, Id);  ///< made by it

}  // namespace argscope::expr
