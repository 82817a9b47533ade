#include "views/cells.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace argscope::views {

namespace {

/// Of a block of cells, the number that stands for it: the largest in size; not-a-number wins.
double representative(std::span<const double> values, Index cols, Index r0, Index r1, Index c0, Index c1) {
  double best = 0;
  for (Index r = r0; r < r1; ++r)
    for (Index c = c0; c < c1; ++c) {
      const double v = values[static_cast<std::size_t>(r * cols + c)];
      if (std::isnan(v)) return v;
      if (std::abs(v) > std::abs(best)) best = v;
    }
  return best;
}

/// Neighbouring missing cells of a row are hatched as one.
void hatch_missing(Drawing& d, const Frame& f, const Rect& rect, std::span<const double> values, Index rows,
                   Index cols) {
  const double w = rect.width() / static_cast<double>(cols), h = rect.height() / static_cast<double>(rows);
  for (Index r = 0; r < rows; ++r)
    for (Index c = 0; c < cols; ++c) {
      const Index first = c;
      while (c < cols && !std::isfinite(values[static_cast<std::size_t>(r * cols + c)])) ++c;
      if (c == first) continue;
      const double x = rect.x0 + static_cast<double>(first) * w, y = rect.y0 + static_cast<double>(r) * h;
      d.hatch({x, y, rect.x0 + static_cast<double>(c) * w, y + h}, f.theme->missing, f.theme->hatching);
    }
}

}  // namespace

void draw_cells(Drawing& d, const Frame& f, const Rect& rect, std::span<const double> values, Index rows, Index cols,
                const Colormap& map) {
  const auto most = [](double pixels) {  // each cell has a pixel of its own
    return static_cast<Index>(std::clamp(std::floor(pixels), 1.0, 4096.0));
  };
  const Index down = std::min(rows, most(rect.height())), across = std::min(cols, most(rect.width()));
  if (rect.empty() || rows < 1 || cols < 1) return;
  std::vector<Color> colors(static_cast<std::size_t>(down * across), f.theme->missing);
  for (Index r = 0; r < down; ++r)
    for (Index c = 0; c < across; ++c) {
      const double v = representative(values, cols, r * rows / down, (r + 1) * rows / down, c * cols / across,
                                      (c + 1) * cols / across);
      if (std::isfinite(v)) colors[static_cast<std::size_t>(r * across + c)] = map.color(v);
    }
  d.raster(rect, static_cast<int>(down), static_cast<int>(across), std::move(colors));
  if (down == rows && across == cols) hatch_missing(d, f, rect, values, rows, cols);
}

double color_bar_room(const Frame& f, const Colormap& map) {
  double widest = 0;
  for (const Tick& t : ticks({map.low, map.high, false}, 5))
    widest = std::max(widest, f.type->width(t.label, TextSize::Small));
  return f.px(12 + 12 + 8) + widest + f.px(4) + f.type->size(TextSize::Small);
}

void draw_color_bar(Drawing& d, const Frame& f, const Rect& rect, const Colormap& map, const std::string& name) {
  const double wide = f.px(12), point = f.px(9);
  Rect bar{rect.x0, rect.y0 + (map.cut_high ? point : 0), rect.x0 + wide, rect.y1 - (map.cut_low ? point : 0)};
  if (bar.height() < f.px(20)) return;
  constexpr int steps = 64;
  std::vector<Color> colors;
  colors.reserve(steps);
  for (int k = 0; k < steps; ++k) colors.push_back(map.color(map.high + (map.low - map.high) * (k + 0.5) / steps));
  d.raster(bar, steps, 1, colors);
  std::vector<Point> rim{{bar.x0, bar.y0}, {bar.x0, bar.y1}, {bar.x1, bar.y1}, {bar.x1, bar.y0}};
  if (map.cut_low) {
    const std::array<Point, 3> tip{{{bar.x0, bar.y1}, {bar.x1, bar.y1}, {bar.x0 + wide / 2, rect.y1}}};
    d.fill(tip, map.color(map.low));
    rim.insert(rim.begin() + 2, tip[2]);
  }
  if (map.cut_high) {
    const std::array<Point, 3> tip{{{bar.x0, bar.y0}, {bar.x1, bar.y0}, {bar.x0 + wide / 2, rect.y0}}};
    d.fill(tip, map.color(map.high));
    rim.push_back(tip[2]);
  }
  d.outline(rim, {f.theme->axis, f.px(1), Dash::Solid});
  double widest = 0;
  for (const Tick& t : ticks({map.low, map.high, false}, std::clamp(static_cast<int>(bar.height() / f.px(34)), 2, 7))) {
    const double y = bar.y1 - (t.value - map.low) / (map.high - map.low) * bar.height();
    d.line({bar.x1, y}, {bar.x1 + f.px(4), y}, {f.theme->axis, f.px(1), Dash::Solid});
    d.text({bar.x1 + f.px(7), y}, t.label, {f.theme->muted, TextSize::Small, Across::Left, Down::Center, false});
    widest = std::max(widest, f.type->width(t.label, TextSize::Small));
  }
  const double x = bar.x1 + f.px(11) + widest + f.type->size(TextSize::Small) / 2;
  d.text({x, rect.center().y}, f.type->shortened(name, TextSize::Small, rect.height()),
         {f.theme->ink, TextSize::Small, Across::Center, Down::Center, true});
}

}  // namespace argscope::views
