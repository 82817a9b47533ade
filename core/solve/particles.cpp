#include "core/solve/particles.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace argscope::solve {

namespace {

/// Of numbers that fill an interval evenly its length; a few far away, as particles that have left for another image of
/// the box, do not count.
double extent_of_most(Vec numbers) {
  const Index left_out = numbers.size() / 10;
  const auto begin = numbers.begin(), low = begin + left_out, high = numbers.end() - 1 - left_out;
  std::nth_element(begin, low, numbers.end());
  std::nth_element(low + 1, high, numbers.end());
  return (*high - *low) * double(numbers.size() - 1) / double(high - low);
}

}  // namespace

double spacing(const optimality::Model& model, ConstVec x) {
  double least = std::numeric_limits<double>::infinity();
  for (const auto& pairs : model.statement().pairs)
    for (const auto& slot : model.variables()) {
      if (slot.name != pairs.of || slot.size() < 2) continue;
      const double extent = extent_of_most(x.segment(slot.offset, slot.size()));
      const double along_edge = std::pow(double(slot.shape.rows()), 1.0 / double(slot.shape.width()));
      if (extent > 0) least = std::min(least, extent / along_edge);
    }
  return least;
}

}  // namespace argscope::solve
