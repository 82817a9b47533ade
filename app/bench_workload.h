#pragma once
/// Rows b, c and e of the benchmark, and any other that is a scene with peers: one parameter is dragged, a thousandth a
/// round, and after each step x* and what is wanted of its derivatives are found anew.

#include <functional>

#include "app/bench.h"
#include "app/bench_follower.h"
#include "app/bench_script.h"

namespace argscope::app {

/// The same derivatives straight on LAPACK: what is possible, and an independent reference.
class HandWritten {
 public:
  virtual ~HandWritten() = default;
  virtual std::string name() const = 0;
  /// Milliseconds with the dragged parameter scaled. Throws std::runtime_error when it gives up.
  virtual double update(double scale) = 0;
  virtual Vec answer() const = 0;  ///< as Follower::derivatives()
};

struct Workload {
  std::string row, what;
  std::string goal;   ///< of the update
  std::string scene;  ///< text; the parameter that is dragged stands first
  Wanted wanted;
  std::vector<Index> arguments;  ///< of the scripts: the sizes
  std::vector<Script> scripts;
  std::function<std::unique_ptr<HandWritten>(const io::Scene&)> by_hand;  ///< empty: nobody wrote it
};

/// b: ten prototypes of so many pixels teach a classifier, which `samples` others judge.
Workload distillation(Index samples, Index pixels);
/// c: as many atoms as features.
Workload sparse_coding(Index samples, Index atoms);
/// e: n unknowns, n/2 equalities, n inequalities.
Workload quadratic_program(Index n);

/// One line a peer, the first of them with our time; what a peer lacks stands in its line.
std::vector<BenchRow> compare(const Workload&, int rounds);
/// b, c and e in the sizes of the table.
std::vector<BenchRow> bench_workloads(int rounds);

}  // namespace argscope::app
