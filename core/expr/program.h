#pragma once
/// A compiled piece of graph. Compiling plans every buffer; running is const, thread-safe with one Workspace a thread,
/// and does not allocate. Elementwise chains, gathers, row sums and scatters over one leading axis run as one loop in
/// cache-sized blocks; matrix products are GEMM.

#include <memory>
#include <span>

#include "core/expr/array.h"
#include "core/expr/graph.h"

namespace argscope::expr {

/// Scratch memory of one running Program. Belongs to one thread at a time.
class Workspace {
 public:
  double* reserve(std::size_t doubles);  ///< at least that many, 64-byte aligned; contents undefined

 private:
  struct Free {
    void operator()(double* p) const;
  };
  std::unique_ptr<double[], Free> memory_;
  std::size_t size_ = 0;
};

class Program {
 public:
  /// Computes `outputs` from `inputs` (any nodes; nothing behind them is looked at). Nodes that depend on no input are
  /// evaluated now. Tangent nodes hold `lanes` numbers an element, lanes innermost: element e, lane k at e·lanes + k;
  /// so do the outputs of a program of several lanes, tangents or constants.
  Program(const Graph&, const Ids& inputs, const Ids& outputs, int lanes);
  ~Program();
  Program(Program&&) noexcept;
  Program& operator=(Program&&) noexcept;

  /// inputs[k] points at the numbers of input k, outputs[k] at room for those of output k.
  void run(std::span<const double* const> inputs, std::span<double* const> outputs, Workspace&) const;

  int lanes() const;
  std::size_t steps() const;  ///< for tests and curiosity: loops and whole-array operations in one run

  struct Plan;  ///< core/expr/plan.h

 private:
  friend Array evaluate_constant(const Graph&, Id);
  explicit Program(Plan);
  std::unique_ptr<const Plan> plan_;
};

/// The value of a node that depends on no input. Throws ShapeError when it does.
Array evaluate_constant(const Graph&, Id);

}  // namespace argscope::expr
