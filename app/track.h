#pragma once
/// Places along a range of numbers: 0 at its low end, 1 at its high end, evenly or by ratio between.

namespace argscope::app {

/// low < high, finite; `by_ratio` needs low > 0. Any such range, also one whose width or ratio no double holds.
struct Track {
  double low = 0, high = 1;
  bool by_ratio = false;

  double place_of(double number) const;  ///< clamped to the ends
  double number_at(double place) const;  ///< the ends exactly at and beyond 0 and 1
};

}  // namespace argscope::app
