#pragma once
/// The table of primitives: one row each, with everything that the engine needs to know about it. Property tests
/// iterate over it.
///
/// What Node::ints holds: Sqrt: {1} when its derivative at 0 is 0 · Sum: the axes, ascending · Permute: for each result
/// axis the operand's · Slice, Pad: (start, step) an axis · CumSum: {axis, reversed} · MatMul: {left transposed, right
/// transposed} · Solve: {transposed} · Scan, LinearScan: see core/expr/scan.h ·
/// Routine: what its routine makes of them.

#include <string_view>

#include "core/expr/graph.h"

namespace argscope::expr {

/// How the evaluator runs it.
enum class Kernel {
  Source,       ///< Input, Constant
  Elementwise,  ///< operands and result of one shape
  Move,         ///< rows and columns of the leading axis move, are repeated or added up
  Whole         ///< an operation on whole arrays
};

inline constexpr Id none = -1;  ///< a tangent or cotangent that is zero

/// Collects the cotangents of the nodes of a linear graph.
class Cotangents {
 public:
  explicit Cotangents(Graph& g) : graph_(g), of_(static_cast<std::size_t>(g.size()), none) {}
  void add(Id node, Id cotangent);
  Id operator[](Id node) const { return of_[static_cast<std::size_t>(node)]; }

 private:
  Graph& graph_;
  Ids of_;
};

struct Primitive {
  std::string_view name;
  Kernel kernel;
  int arity;  ///< Routine: the most that it may have
  /// The tangent of y from those of its operands (`none` where zero; not all are).
  Id (*jvp)(Graph&, Id y, std::span<const Id> tangents);
  /// y is linear in its tangent operands: adds their cotangents. Null: never occurs in a linear graph.
  void (*transpose)(Graph&, Id y, Id cotangent, Cotangents&);
};

const Primitive& primitive(Op);

/// The value of an elementwise primitive for one element (unused operands are ignored). An independent scalar path: it
/// folds constants, and the tests compare the fast kernels with it.
double evaluate_elementwise(Op, double a, double b, double c);

}  // namespace argscope::expr
