#include "views/plot.h"

#include <algorithm>
#include <cmath>

#include "views/format.h"

namespace argscope::views {

double Axis::part(double v) const { return log ? std::log(v / low) / std::log(high / low) : (v - low) / (high - low); }

double Axis::value(double t) const { return log ? low * std::pow(high / low, t) : low + t * (high - low); }

Axis Axis::seen(double shift, double zoom) const {
  const double middle = 0.5 + shift, half = 0.5 / zoom;
  return {value(middle - half), value(middle + half), log};
}

namespace {

std::vector<Tick> log_ticks(const Axis& axis, int wanted) {
  const double first = std::floor(std::log10(axis.low)), last = std::ceil(std::log10(axis.high));
  const int every = std::max(1, static_cast<int>(std::ceil((last - first) / std::max(1, wanted))));
  std::vector<Tick> found;
  for (double e = first; e <= last; ++e)
    for (int m = 1; m < 10; ++m) {
      const double v = m * std::pow(10.0, e);
      if (v < axis.low * (1 - 1e-9) || v > axis.high * (1 + 1e-9)) continue;
      const bool labelled = m == 1 && static_cast<long>(e) % every == 0;
      if (labelled || every == 1) found.push_back({v, labelled ? power_of_ten(static_cast<int>(e)) : ""});
    }
  return found;
}

double round_step(double span, int wanted) {
  const double rough = span / std::max(1, wanted), power = std::pow(10.0, std::floor(std::log10(rough)));
  for (const double m : {1.0, 2.0, 2.5, 5.0})
    if (m * power >= rough * (1 - 1e-9)) return m * power;
  return 10 * power;
}

std::string tick_label(double v, double step, double size) {
  if (std::abs(v) < 1e-9 * step) return "0";
  if (size >= 1e5 || size < 1e-3) {
    const int needed = 2 + static_cast<int>(std::ceil(std::log10(size / step) - 1e-9));  // a step may be 2.5 units
    return number(v, std::max(4, needed + 1));                                           // one less beside an exponent
  }
  int digits = std::max(0, static_cast<int>(-std::floor(std::log10(step) + 1e-9)));
  const double scaled = step * std::pow(10.0, digits);
  if (std::abs(scaled - std::round(scaled)) > 1e-6) ++digits;
  return fixed(v, digits);
}

}  // namespace

std::vector<Tick> ticks(const Axis& axis, int wanted) {
  if (!(axis.high > axis.low) || !std::isfinite(axis.high - axis.low)) return {};
  if (axis.log && axis.high / axis.low >= 20) return log_ticks(axis, wanted);
  const double step = round_step(axis.high - axis.low, wanted),
               size = std::max(std::abs(axis.low), std::abs(axis.high));
  if (!(step > 1e-13 * size)) return {};  // more digits than a number has, or no step at all
  std::vector<Tick> found;
  const double last = std::floor(axis.high / step + 1e-9);  // beside the greatest number there is no next
  for (double k = std::ceil(axis.low / step - 1e-9); k <= last; ++k)
    found.push_back({k * step, tick_label(k * step, step, size)});
  return found;
}

void Held::cover(double low, double high, double margin) {
  if (!std::isfinite(low) || !std::isfinite(high)) return;
  if (high - low < 1e-12 * std::max(1e-12, std::max(std::abs(low), std::abs(high)))) {
    const double room = std::max(std::abs(low) * 0.1, 1e-9);
    low -= room, high += room;
  }
  const bool outside = low < low_ || high > high_, wide = high - low < 0.45 * (high_ - low_);
  if (set_ && !outside && !wide) return;
  const double room = margin * (high - low);
  const bool keep = set_ && !wide;
  low_ = keep ? std::min(low_, low - room) : low - room;
  high_ = keep ? std::max(high_, high + room) : high + room;
  set_ = true;
}

Point Map::at(double vx, double vy) const {
  return {area.x0 + x.part(vx) * area.width(), area.y1 - y.part(vy) * area.height()};
}

Point Map::value(Point p) const {
  return {x.value((p.x - area.x0) / area.width()), y.value((area.y1 - p.y) / area.height())};
}

Map looked_at(const Rect& area, const Axis& x, const Axis& y, const Camera& c) {
  return {area, x.seen(c.shift_x, c.zoom), y.seen(c.shift_y, c.zoom)};
}

Map looked_at_equal(const Rect& area, const Axis& x, const Axis& y, const Camera& c) {
  Axis wide = x, tall = y;
  const double pixels = std::min(area.width() / (x.high - x.low), area.height() / (y.high - y.low));
  const auto widen = [&](Axis& a, double room) {
    const double middle = (a.low + a.high) / 2, half = room / pixels / 2;
    a.low = middle - half, a.high = middle + half;
  };
  widen(wide, area.width());
  widen(tall, area.height());
  return looked_at(area, wide, tall, c);
}

namespace {

int ticks_wanted(const Frame& f, double pixels, bool across) {
  return std::clamp(static_cast<int>(pixels / f.px(across ? 78 : 46)), 2, 9);
}

}  // namespace

Rect plot_area(const Frame& f, const Axis& x, const Axis& y, const AxisNames& names) {
  const Type& type = *f.type;
  const double small = type.size(TextSize::Small);
  Rect area = f.pane;
  area.y0 += f.px(6);
  area.y1 -= (names.x_ticks ? small + f.px(9) : f.px(6)) + (names.x.empty() ? 0 : small + f.px(6));
  double widest = f.px(14);  // of the ticks that a plot of this height has
  for (const Tick& t : ticks(y.seen(f.camera.shift_y, f.camera.zoom), ticks_wanted(f, area.height(), false)))
    widest = std::max(widest, type.width(t.label, TextSize::Small));
  area.x0 += widest + f.px(12) + (names.y.empty() ? 0 : small + f.px(6));
  double right = f.px(10);
  if (names.x_ticks) {
    const auto along = ticks(x.seen(f.camera.shift_x, f.camera.zoom), ticks_wanted(f, area.width() - right, true));
    if (!along.empty()) right = std::max(right, type.width(along.back().label, TextSize::Small) / 2 + f.px(4));
  }
  area.x1 -= right;
  return area;
}

void draw_axes(Drawing& d, const Frame& f, const Map& map, const AxisNames& names) {
  const Rect& a = map.area;
  if (a.empty()) return;
  const Theme& t = *f.theme;
  const Pen grid{t.grid, f.px(1), Dash::Solid}, axis{t.axis, f.px(1.2), Dash::Solid};
  const double small = f.type->size(TextSize::Small);
  if (names.x_ticks)
    for (const Tick& tick : ticks(map.x, ticks_wanted(f, a.width(), true))) {
      const double x = map.at(tick.value, map.y.low).x;
      if (names.grid && !tick.label.empty()) d.line({x, a.y0}, {x, a.y1}, grid);
      d.line({x, a.y1}, {x, a.y1 + f.px(tick.label.empty() ? 2.5 : 5)}, axis);
      d.text({x, a.y1 + f.px(7)}, tick.label, {t.muted, TextSize::Small, Across::Center, Down::Top, false});
    }
  for (const Tick& tick : ticks(map.y, ticks_wanted(f, a.height(), false))) {
    const double y = map.at(map.x.low, tick.value).y;
    if (names.grid && !tick.label.empty()) d.line({a.x0, y}, {a.x1, y}, grid);
    d.line({a.x0 - f.px(tick.label.empty() ? 2.5 : 5), y}, {a.x0, y}, axis);
    d.text({a.x0 - f.px(8), y}, tick.label, {t.muted, TextSize::Small, Across::Right, Down::Center, false});
  }
  d.line({a.x0, a.y0}, {a.x0, a.y1}, axis);
  d.line({a.x0, a.y1}, {a.x1, a.y1}, axis);
  const std::string below = f.type->shortened(names.x, TextSize::Small, a.width());
  const std::string beside = f.type->shortened(names.y, TextSize::Small, a.height());
  d.text({a.center().x, f.pane.y1 - f.px(2)}, below, {t.ink, TextSize::Small, Across::Center, Down::Bottom, false});
  d.text({f.pane.x0 + f.px(4) + small / 2, a.center().y}, beside,
         {t.ink, TextSize::Small, Across::Center, Down::Center, true});
}

}  // namespace argscope::views
