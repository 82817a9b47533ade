#pragma once
/// Which particles are near each other. Found with a cell list, so the work grows with the number of particles.

#include <optional>

#include "core/types.h"

namespace argscope::optimality {

/// Unordered pairs, each image of a neighbour counted once: displacement = x_i − x_j − image ∘ box.
struct PairList {
  std::vector<double> i, j;   ///< indices, as numbers
  std::vector<double> image;  ///< pairs × dimension, row-major; whole numbers
  Index size() const { return static_cast<Index>(i.size()); }
};

/// positions: particles × dimension, row-major; any real numbers, also outside the box. box: one positive length an
/// axis; empty: open space. Pairs with distance ≤ cutoff, in ascending order of (i, j).
PairList find_pairs(const double* positions, Index particles, Index dimension, const Vec& box, double cutoff);

}  // namespace argscope::optimality
