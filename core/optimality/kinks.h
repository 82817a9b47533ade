#pragma once
/// Where the derivative of an expression may switch: comparisons, maxima, absolute values.

#include "core/optimality/function.h"

namespace argscope::optimality {

class Kinks {
 public:
  /// Every switch that `outs` depend on and whose operands depend on a variable or parameter. Grows the graph.
  Kinks(ProblemPtr, const expr::Ids& outs);
  /// `terms`: the size of the terms of the optimality mapping. A multiplier or slack that is rounding beside them is 0.
  KinkMargin nearest(ConstVec x, ConstVec theta, double terms) const;
  Vec gaps(ConstVec x, ConstVec theta) const;  ///< left − right, switch by switch
  std::string name(Index gap) const;

 private:
  struct Switch {
    std::string name;
    const ProximalStep* step;  ///< whose operator switches; null: none
    expr::Shape shape;
    expr::Id left, right;  ///< right −1: compared with zero
    bool of_multiplier = false;
    Index left_at = 0, right_at = 0;
    const FoundPairs* pairs = nullptr;  ///< of which it has one element each; null: of none
  };

  std::string place(const Switch&, Index element) const;
  Vec operands(ConstVec x, ConstVec theta) const;

  ProblemPtr problem_;
  std::vector<Switch> switches_;
  Index count_ = 0;
  Lazy<PointProgram> program_;
};

}  // namespace argscope::optimality
