#pragma once
/// The array-expression graph. A node is one array primitive with a shape; nodes are never changed, equal nodes are
/// one node, and the order of creation is a topological order. A Graph only grows.

#include <algorithm>
#include <array>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/expr/op.h"
#include "core/expr/shape.h"

namespace argscope::expr {

using Id = int;  ///< index into the graph
using Ids = std::vector<Id>;

class ScanBody;  // core/expr/scan.h
struct Routine;  // core/expr/routine.h

/// What a node carries beyond its operands; the meaning of `ints` belongs to the primitive (core/expr/primitives.h).
struct Node {
  Op op = Op::Input;
  bool tangent = false;  ///< depends linearly on a direction: runs with lanes
  int arity = 0;
  std::array<Id, 5> in{};
  Shape shape;
  double c = 0;  ///< Constant: the value when `data` is null (all elements equal)
  std::vector<Index> ints;
  std::shared_ptr<const std::vector<double>> data;  ///< Constant: row-major values
  std::shared_ptr<const ScanBody> body;             ///< Scan, LinearScan
  const Routine* routine = nullptr;                 ///< Routine
  std::string name;                                 ///< Input: as the text names it

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
  bool is_uniform(Id id, double value) const;  ///< a constant whose elements all equal value
  bool depends_on(Id id, Id source) const;

  /// The same nodes under the same ids, none of them a tangent: a linear graph seen as an ordinary one.
  Graph as_points() const;

 private:
  std::deque<Node> nodes_;  ///< a deque: references to nodes stay valid as the graph grows
  std::unordered_multimap<std::size_t, Id> by_hash_;
};

/// All nodes that `outputs` need, in topological order, not looking behind `given`.
Ids reachable(const Graph&, std::span<const Id> outputs, std::span<const Id> given);

}  // namespace argscope::expr
