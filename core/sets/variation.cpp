#include "core/sets/variation.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace argscope::sets {

namespace {

struct Knot {
  Index at;
  double height;
};

/// The taut string: its knots, the ends included.
class String {
 public:
  String(ConstVec z, double s) : sums_(Vec::Zero(z.size() + 1)), s_(s) {
    for (Index k = 0; k < z.size(); ++k) sums_[k + 1] = sums_[k] + z[k];
    knots_.push_back({0, 0});
    while (knots_.back().at < z.size()) knots_.push_back(next());
  }

  const std::vector<Knot>& knots() const { return knots_; }
  double sum(Index k) const { return sums_[k]; }

 private:
  double radius(Index k) const { return k == sums_.size() - 1 ? 0 : s_; }

  /// The farthest point that a straight piece from the last knot reaches without leaving the tube.
  Knot next() const {
    const Knot from = knots_.back();
    double low = -std::numeric_limits<double>::infinity(), high = -low;
    Knot lower = from, upper = from;
    for (Index k = from.at + 1; k < sums_.size(); ++k) {
      const double length = static_cast<double>(k - from.at);
      const double floor = sums_[k] - radius(k), ceiling = sums_[k] + radius(k);
      const double to_floor = (floor - from.height) / length, to_ceiling = (ceiling - from.height) / length;
      if (to_floor > high) return upper;
      if (to_ceiling < low) return lower;
      if (to_floor >= low) low = to_floor, lower = {k, floor};
      if (to_ceiling <= high) high = to_ceiling, upper = {k, ceiling};
    }
    return lower;  // the end, where floor and ceiling meet
  }

  Vec sums_;
  double s_;
  std::vector<Knot> knots_;
};

}  // namespace

Jumps total_variation_jumps(ConstVec z, double s) {
  const Index n = z.size();
  const double undefined = std::numeric_limits<double>::quiet_NaN();
  Jumps jumps{Vec::Constant(std::max<Index>(n - 1, 0), undefined), Vec::Zero(std::max<Index>(n - 1, 0))};
  if (!z.allFinite() || !(s >= 0)) return jumps;
  const String string(z, s);
  const auto& knots = string.knots();
  const auto slope = [&](std::size_t k) {
    return (knots[k + 1].height - knots[k].height) / static_cast<double>(knots[k + 1].at - knots[k].at);
  };
  for (std::size_t k = 0; k + 1 < knots.size(); ++k) {
    for (Index i = knots[k].at + 1; i < knots[k + 1].at; ++i) {
      const double height = knots[k].height + slope(k) * static_cast<double>(i - knots[k].at);
      jumps.strictness[i - 1] = std::min(std::abs(height - string.sum(i)) - s, 0.0);
    }
    if (k == 0) continue;
    const double jump = slope(k) - slope(k - 1);
    jumps.strictness[knots[k].at - 1] = std::abs(jump);
    jumps.direction[knots[k].at - 1] = jump > 0 ? 1 : -1;
  }
  return jumps;
}

}  // namespace argscope::sets
