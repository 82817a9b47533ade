#include "core/solve/particles.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace argscope::solve {

double spacing(const optimality::Model& model, ConstVec x) {
  double least = std::numeric_limits<double>::infinity();
  for (const auto& pairs : model.statement().pairs)
    for (const auto& slot : model.variables()) {
      if (slot.name != pairs.of || slot.size() < 2) continue;
      const auto positions = x.segment(slot.offset, slot.size());
      const double extent = positions.maxCoeff() - positions.minCoeff();
      const double along_edge = std::pow(double(slot.shape.rows()), 1.0 / double(slot.shape.width()));
      if (extent > 0) least = std::min(least, extent / along_edge);
    }
  return least;
}

}  // namespace argscope::solve
