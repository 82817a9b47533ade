#pragma once
/// An oracle for the expression engine that shares nothing with its evaluator or its derivatives: every number of every
/// array is one entry of a scalar tape, moved about by multi-indices. Slow and plain on purpose.

#include <array>
#include <map>
#include <memory>
#include <vector>

#include "core/expr/graph.h"

namespace argscope::expr::check {

/// Scalars with their partial derivatives; an entry depends on earlier ones only.
class Tape {
 public:
  using Var = int;

  Var leaf(double value);
  Var apply(Op op, Var a);
  Var apply(Op op, Var a, Var b);
  Var apply(Op op, Var a, Var b, Var c);
  double value(Var v) const { return entries_[static_cast<std::size_t>(v)].value; }

  /// ∂f of every entry.
  std::vector<double> gradient(Var f) const;

 private:
  struct Entry {
    double value = 0;
    std::array<Var, 3> in{-1, -1, -1};
    std::array<double, 3> slope{};
  };
  Var push(const Entry&);
  std::vector<Entry> entries_;
};

/// One evaluation of a graph: give the inputs (any nodes), then ask. Tangents hold one number an element here.
class Oracle {
 public:
  explicit Oracle(const Graph& g) : Oracle(g, std::make_shared<Tape>()) {}
  Oracle(const Graph& g, std::shared_ptr<Tape> tape) : g_(g), tape_(std::move(tape)) {}

  void give(Id node, const std::vector<double>& values);
  std::vector<double> values(Id node);
  /// ∂(scalar f)/∂wrt, one vector for each given node of `wrt`.
  std::vector<std::vector<double>> gradient(Id f, const Ids& wrt);

 private:
  using Var = Tape::Var;
  using Vars = std::vector<Var>;

  const Vars& of(Id node);
  double value(Id node, Index element) { return tape_->value(of(node)[static_cast<std::size_t>(element)]); }
  Vars computed(const Node&);
  Vars elementwise(const Node&);
  Vars moved(const Node&);
  Vars indexed(const Node&);
  Vars whole(const Node&);
  Vars broadcast(const Node&);
  Vars summed(const Node&);
  Vars cumulated(const Node&);
  Vars product(const Node&);
  Vars positions(const Node&);
  Vars solved(const Node&);
  Vars log_determinant(const Node&);
  Vars called(const Node&);
  Vars scanned(const Node&);
  Vars zeros(const Shape&);
  /// Gaussian elimination with partial pivoting, in place: rows of `a` reduced, the right sides beside them.
  void eliminate(std::vector<Vars>& a, std::vector<Vars>& b);

  const Graph& g_;
  std::shared_ptr<Tape> tape_;
  std::map<Id, Vars> known_;
};

}  // namespace argscope::expr::check
