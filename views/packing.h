#pragma once
/// What a picture of particles must know of them: places, sizes, box, who touches whom.

#include <vector>

#include "views/frame.h"

namespace argscope::views {

struct Contact {
  Index i = 0, j = 0;
  double overlap = 0;     ///< 1 − r/σ, positive
  double dx = 0, dy = 0;  ///< from i to j, by minimum image
};

struct Packing {
  Index count = 0;
  int dimension = 2;        ///< 2 or 3
  Vec places;               ///< count × dimension, row-major; wrapped into a periodic box
  Vec diameters;            ///< one a particle
  bool sized = false;       ///< the scene gives diameters
  std::vector<double> box;  ///< an edge an axis; empty: none
  bool periodic = false;
  double place(Index i, int axis) const { return places[i * dimension + axis]; }
};

/// Empty (count = 0) when the frame's field is missing or is not (k, 2) or (k, 3).
Packing packing(const Frame&);

/// Overlapping pairs of a flat packing, each once, by cells: linear in the number of particles.
std::vector<Contact> contacts(const Packing&);

/// Arrow length for a derivative of 1: the 95th percentile becomes one mean diameter, rounded to 1, 2 or 5 times a
/// power of ten. 0: no arrow would be seen.
double fitted_arrow_scale(const Packing&, const Vec& derivative);

}  // namespace argscope::views
