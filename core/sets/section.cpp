#include "core/sets/section.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace argscope::sets {

double section_multiplier(ConstVec z, ConstVec l, ConstVec u, ConstVec w, double c) {
  const auto excess = [&](double tau) { return w.dot((z - tau * w).cwiseMax(l).cwiseMin(u)) - c; };
  std::vector<double> kinks;
  for (Index i = 0; i < z.size(); ++i)
    for (const double bound : {l[i], u[i]})
      if (w[i] != 0 && std::isfinite(bound)) kinks.push_back((z[i] - bound) / w[i]);
  std::sort(kinks.begin(), kinks.end());
  // the last kink that is not beyond the solution
  const auto next = std::partition_point(kinks.begin(), kinks.end(), [&](double tau) { return excess(tau) > 0; });
  const double infinity = std::numeric_limits<double>::infinity();
  const double left = next == kinks.begin() ? -infinity : *(next - 1), right = next == kinks.end() ? infinity : *next;
  const auto step = [](double from) { return std::max(1.0, 1e-3 * std::abs(from)); };  // more than its rounding
  const double inside = std::isinf(left)    ? (std::isinf(right) ? 0 : right - step(right))
                        : std::isinf(right) ? left + step(left)
                                            : 0.5 * (left + right);
  double slope = 0;
  for (Index i = 0; i < z.size(); ++i) {
    const double x = z[i] - inside * w[i];
    if (l[i] < x && x < u[i]) slope += w[i] * w[i];
  }
  const double anchor = std::isinf(right) ? inside : right;
  if (slope > 0) return anchor + excess(anchor) / slope;
  // nothing moves here: right if the sum is, which rounding may blur
  const double size = std::abs(c) + w.cwiseAbs().dot((z - anchor * w).cwiseMax(l).cwiseMin(u).cwiseAbs());
  return std::abs(excess(anchor)) <= 1e-12 * size ? anchor : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace argscope::sets
