#pragma once
/// What costs most at a point, found once: matrix products, solves and the like of x and θ, which F, its coefficients,
/// its scale, its switches and the outputs all ask for.

#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "core/expr/program.h"
#include "core/types.h"

namespace argscope::optimality {

class Problem;

/// A node that is worth remembering.
struct Costly {
  expr::Id node;
  Index size;
  std::vector<const Costly*> needs;  ///< inputs of `program` behind those of the problem
  expr::Program program;
};
using CostlyNodes = std::vector<const Costly*>;

/// (x, θ) and the costly nodes there, each found when first asked for. Callable from many threads.
class PointValues {
 public:
  PointValues(const Problem&, ConstVec x, ConstVec theta);
  bool is_at(ConstVec x, ConstVec theta) const;
  /// Pointers to the numbers of the problem's inputs and, behind them, of the nodes.
  std::vector<const double*> inputs(const CostlyNodes&);

 private:
  const double* value(const Costly&);

  const Problem& problem_;
  Vec x_, theta_;
  std::mutex finding_;
  std::map<const Costly*, std::unique_ptr<double[]>> values_;
};

/// The costly nodes of a problem, and the last few points where they are known.
class Remembered {
 public:
  /// Those that `outs` are made of, nodes behind `given` aside. To be asked under Problem::growing.
  CostlyNodes behind(const Problem&, const expr::Ids& outs, const expr::Ids& given);
  std::shared_ptr<PointValues> at(const Problem&, ConstVec x, ConstVec theta);

 private:
  std::map<expr::Id, Costly> known_;
  std::mutex recalling_;
  std::array<std::shared_ptr<PointValues>, 4> recent_;  ///< the latest first
};

/// A Program of a problem's nodes.
class PointProgram {
 public:
  /// To be made under Problem::growing.
  PointProgram(const Problem&, const expr::Ids& outs);
  /// outputs[k] receives output k.
  void run(const Problem&, ConstVec x, ConstVec theta, std::span<double* const> outputs) const;

 private:
  CostlyNodes costly_;
  expr::Program program_;
};

/// The inputs of a program that was made for the problem's inputs and, behind them, the costly nodes.
class PointInputs {
 public:
  PointInputs(const Problem&, const CostlyNodes&, ConstVec x, ConstVec theta);
  const std::vector<const double*>& pointers() const { return pointers_; }

 private:
  std::shared_ptr<PointValues> kept_;  ///< null where nothing is costly
  std::vector<const double*> pointers_;
};

/// The problem's inputs and the costly nodes, as nodes.
expr::Ids inputs_with(const Problem&, const CostlyNodes&);

}  // namespace argscope::optimality
