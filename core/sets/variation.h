#pragma once
/// The proximal operator of total variation, argmin_w ½‖w − z‖² + s Σ|w_{i+1} − w_i|: the slopes of the shortest path
/// through a tube of radius s around the running sums of z (Davies & Kovac, Local extremes, runs, strings and
/// multiresolution, 2001).

#include "core/types.h"

namespace argscope::sets {

/// For each pair of neighbours: where w jumps.
struct Jumps {
  /// Positive: the size of the jump; negative: how far the path is from the tube's wall, where w does not jump.
  Vec strictness;
  Vec direction;  ///< 1: the jump goes up, −1: down; meaningless where there is none
};

Jumps total_variation_jumps(ConstVec z, double s);

}  // namespace argscope::sets
