#pragma once
/// The array-expression graph. A node is one array primitive with a shape; nodes are never changed, equal nodes are
/// one node, and the order of creation is a topological order. A Graph only grows.

#include <array>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/expr/shape.h"

namespace argscope::expr {

using Id = int;                 ///< index into the graph
using Ids = std::vector<Id>;

enum class Op : std::uint8_t {
  // sources
  Input, Constant,
  // elementwise, one operand
  Neg, Exp, Expm1, Log, Log1p, Sqrt, Sin, Cos, Tan, Arcsin, Arccos, Arctan, Sinh, Cosh, Tanh, Erf, Sigmoid, Softplus,
  Abs, Sign, Floor, Round, Reciprocal,
  // elementwise, two operands of one shape
  Add, Sub, Mul, Div, Pow, Maximum, Minimum, Arctan2, Less, LessEqual, Equal,
  // elementwise, three operands of one shape
  Where,
  // moving numbers about: linear
  Broadcast, Sum, Reshape, Permute, Slice, Pad, Gather, ScatterAdd, TakeAlong, PutAlong, CumSum, Stop,
  // whole-array
  MatMul, ArgMax, ArgSort, Solve, LogDet, Scan, LinearScan,
  Count_
};

struct ScanBody;  // core/expr/scan.h

/// What a node carries beyond its operands; the meaning of `ints` belongs to the primitive (core/expr/primitives.h).
struct Node {
  Op op = Op::Input;
  bool tangent = false;                            ///< depends linearly on a direction: runs with lanes
  int arity = 0;
  std::array<Id, 5> in{};
  Shape shape;
  double c = 0;                                    ///< Constant: the value when `data` is null (all elements equal)
  std::vector<Index> ints;
  std::shared_ptr<const std::vector<double>> data; ///< Constant: row-major values
  std::shared_ptr<const ScanBody> body;            ///< Scan, LinearScan
  std::string name;                                ///< Input: as the text names it

  std::span<const Id> operands() const { return {in.data(), static_cast<std::size_t>(arity)}; }
};

class Graph {
 public:
  /// A fresh input; each call makes a new node. `tangent`: a direction or cotangent of a linear program.
  Id input(std::string name, const Shape& shape, bool tangent);
  Id constant(double value, const Shape& shape);
  Id constant(std::vector<double> values, const Shape& shape);

  /// Adds a node, or returns the equal one that exists. Shapes are the caller's affair (core/expr/build.h).
  Id add(Node node);

  const Node& operator[](Id id) const { return nodes_[static_cast<std::size_t>(id)]; }
  const Shape& shape(Id id) const { return (*this)[id].shape; }
  Id size() const { return static_cast<Id>(nodes_.size()); }

  bool is_constant(Id id) const { return (*this)[id].op == Op::Constant; }
  bool is_uniform(Id id, double value) const;      ///< a constant whose elements all equal value
  bool depends_on(Id id, Id source) const;

 private:
  std::vector<Node> nodes_;
  std::unordered_multimap<std::size_t, Id> by_hash_;
};

/// All nodes that `outputs` need, in topological order, not looking behind `given`.
Ids reachable(const Graph&, std::span<const Id> outputs, std::span<const Id> given);

}  // namespace argscope::expr
