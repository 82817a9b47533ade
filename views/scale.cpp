#include "views/scale.h"

#include <algorithm>
#include <cmath>

namespace argscope::views {

double round_scale(double v) {
  if (!(v > 0) || !std::isfinite(v)) return 0;
  const double power = std::pow(10.0, std::floor(std::log10(v)));
  for (const double m : {1.0, 2.0, 5.0})
    if (v < 1.5 * m * power) return m * power;
  return 10 * power;
}

double arrow_scale(Vec sizes, double length) {
  if (sizes.size() == 0) return 0;
  sizes = sizes.cwiseAbs();
  const auto rank = static_cast<Index>(0.95 * static_cast<double>(sizes.size() - 1));
  std::nth_element(sizes.begin(), sizes.begin() + rank, sizes.end());
  const double typical = sizes[rank] > 0 ? sizes[rank] : sizes.maxCoeff();
  return typical > 1e-300 ? round_scale(length / typical) : 0;
}

}  // namespace argscope::views
