#include "app/track.h"

#include <algorithm>
#include <cmath>

namespace argscope::app {
namespace {

double log_ratio(double above, double below) {
  const double ratio = above / below;
  return std::isfinite(ratio) ? std::log(ratio) : std::log(above) - std::log(below);
}

}  // namespace

double Track::place_of(double number) const {
  if (by_ratio) return std::clamp(log_ratio(std::max(number, low), low) / log_ratio(high, low), 0.0, 1.0);
  const double unit = std::isfinite(high - low) ? 1 : 0.5;  // half of the widest range is a number
  return std::clamp((unit * number - unit * low) / (unit * high - unit * low), 0.0, 1.0);
}

double Track::number_at(double place) const {
  if (place <= 0) return low;
  if (place >= 1) return high;
  if (!by_ratio) return std::lerp(low, high, place);
  const double ratio = std::exp(place * log_ratio(high, low));
  return std::isfinite(ratio) ? low * ratio : std::exp(std::log(low) + place * log_ratio(high, low));
}

}  // namespace argscope::app
