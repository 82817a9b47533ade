#pragma once
/// Plots: axes, ticks, and the map between data and pixels.

#include <optional>
#include <string>
#include <vector>

#include "views/drawing.h"
#include "views/frame.h"

namespace argscope::views {

struct Axis {
  double low = 0, high = 1;  ///< low < high; log: low > 0
  bool log = false;
  double part(double value) const;  ///< 0 at low, 1 at high; not-a-number where a logarithm has none
  double value(double part) const;
  Axis seen(double shift, double zoom) const;
};

struct Tick {
  double value;
  std::string label;  ///< empty: a small tick between
};
/// Round values inside an axis, at most about `wanted` with labels.
std::vector<Tick> ticks(const Axis&, int wanted);

/// Values that a range must show, kept from frame to frame: it grows at once and shrinks only when much too wide, so
/// that axes stand still while a slider moves.
class Held {
 public:
  void cover(double low, double high, double margin);
  void forget() { set_ = false; }
  Axis axis() const { return {low_, high_, false}; }

 private:
  double low_ = 0, high_ = 1;
  bool set_ = false;
};

/// From data to pixels and back.
struct Map {
  Rect area;
  Axis x, y;
  Point at(double vx, double vy) const;
  Point at(Point v) const { return at(v.x, v.y); }
  Point value(Point pixel) const;
  double scale() const { return area.width() / (x.high - x.low); }  ///< pixels a unit of a linear x
};

/// The axes as the camera shows them.
Map looked_at(const Rect& area, const Axis& x, const Axis& y, const Camera&);
/// The same with one scale for both axes: the shorter side is widened about its middle.
Map looked_at_equal(const Rect& area, const Axis& x, const Axis& y, const Camera&);

struct AxisNames {
  std::string x, y;
  bool x_ticks = true;
  bool grid = true;  ///< lines across the area
};
/// The rectangle that is left between the axes' numbers and names.
Rect plot_area(const Frame&, const Axis& x, const Axis& y, const AxisNames&);
/// Grid, ticks, numbers and names around map.area.
void draw_axes(Drawing&, const Frame&, const Map&, const AxisNames&);

}  // namespace argscope::views
