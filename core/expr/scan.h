#pragma once
/// Loops whose body is compiled once. Scan: carry_{t+1} = body(carry_t, step_t, env), all flat vectors; the result
/// stacks every carry, shape (T + 1, c), the start first. Its tangent is a LinearScan, whose body is linear in carry,
/// step and env; the transpose of that is again one, run backwards. Closed under differentiation, so loops can be
/// differentiated any number of times.
///
/// Operands of Scan: carry (c,), steps (T, s), env (e,). Of LinearScan: carry (c,), point steps (T, s), point env (e,),
/// linear steps (T, s′), linear env (e′,). Node::ints = {T}.

#include <map>
#include <memory>
#include <mutex>

#include "core/expr/graph.h"
#include "core/expr/program.h"

namespace argscope::expr {

class Cotangents;

/// Immutable but for the programs, which are compiled on first use.
class ScanBody {
 public:
  /// pieces[k]: the Inputs of `graph` that operand k (one step's row of it) is made of, in order; next: what the new
  /// carry is made of.
  ScanBody(Graph graph, std::vector<Ids> pieces, Ids next);

  const Graph& graph() const { return graph_; }
  const std::vector<Ids>& pieces() const { return pieces_; }
  const Ids& next() const { return next_; }

  /// in[k]: this step's numbers of operand k, `lanes` an element for the linear ones.
  void run(std::span<const double* const> in, double* next, int lanes, Workspace&) const;

 private:
  const Program& program(int lanes) const;

  Graph graph_;
  std::vector<Ids> pieces_;
  Ids next_;
  mutable std::mutex guard_;
  mutable std::map<int, Program> programs_;
};

Id scan(Graph&, std::shared_ptr<const ScanBody>, Id carry, Id steps, Id env);
Id linear_scan(Graph&, std::shared_ptr<const ScanBody>, std::span<const Id> operands);

Id jvp_scan(Graph&, Id y, std::span<const Id> tangents);
Id jvp_linear_scan(Graph&, Id y, std::span<const Id> tangents);
void transpose_linear_scan(Graph&, Id y, Id cotangent, Cotangents&);

}  // namespace argscope::expr
