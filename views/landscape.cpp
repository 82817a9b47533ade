#include "views/landscape.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/optimality/model.h"
#include "views/contours.h"
#include "views/format.h"
#include "views/scale.h"

namespace argscope::views {

namespace {

constexpr std::size_t longest_trail = 200;
constexpr double tallest = 0.55;  // height of the surface's box, of its width

const live::Grid* grid_of(const Frame& f) {
  const auto name = f.spec->expressions.find("show");
  for (const live::Grid& g : f.snapshot->grids) {
    const bool whole = g.rows > 1 && g.cols > 1 && static_cast<Index>(g.values.size()) == g.rows * g.cols;
    const bool spans = g.high[0] > g.low[0] && g.high[1] > g.low[1];
    if (whole && spans && name != f.spec->expressions.end() && g.name == name->second) return &g;
  }
  return nullptr;
}

/// The grid's two entries of a vector like x; none when it is too short or not finite.
std::optional<Point> in_plane(const live::Grid& g, const Vec& x) {
  if (g.first >= x.size() || g.second >= x.size()) return std::nullopt;
  const Point p{x[g.first], x[g.second]};
  return std::isfinite(p.x) && std::isfinite(p.y) ? std::optional(p) : std::nullopt;
}

std::optional<Point> slope(const Frame& f, const live::Grid& g) {
  if (!f.look.arrows || !f.derivative_known()) return std::nullopt;
  const Index column = f.snapshot->column_of(f.snapshot->J, f.look.column);
  if (column < 0 || column >= f.snapshot->J.cols()) return std::nullopt;
  return in_plane(g, f.snapshot->J.col(column));
}

double slope_scale(const live::Grid& g, Point J) {
  const double size = length(J), room = 0.16 * std::min(g.high[0] - g.low[0], g.high[1] - g.low[1]);
  if (!(size > 0)) return 0;
  return size < 1.5 * room && size > 0.25 * room ? 1 : round_scale(room / size);
}

Point to_grid(const live::Grid& g, Point p) {
  return {(p.x - g.low[0]) / (g.high[0] - g.low[0]) * static_cast<double>(g.cols - 1),
          (p.y - g.low[1]) / (g.high[1] - g.low[1]) * static_cast<double>(g.rows - 1)};
}

Point from_grid(const live::Grid& g, Point p) {
  return {g.low[0] + p.x / static_cast<double>(g.cols - 1) * (g.high[0] - g.low[0]),
          g.low[1] + p.y / static_cast<double>(g.rows - 1) * (g.high[1] - g.low[1])};
}

std::string entry_name(const Frame& f, Index k) {
  const live::Snapshot& s = *f.snapshot;
  if (s.model) return optimality::element_name(s.model->variables(), k);
  return fmt::format("x[{}]", k);
}

bool is_surface(const Frame& f) { return f.flag("surface", false) || f.word("mode") == "surface"; }

/// Colours of the bands: light where the function is low.
Color band_color(const Frame& f, int band, std::size_t bands) {
  const double t = static_cast<double>(band) / std::max<double>(1, static_cast<double>(bands));
  if (tint_named(f.word("colormap")) == Tint::Signed)
    return Colormap{Tint::Signed, -1, 1, false, false, f.look.dark}.color(2 * t - 1);
  const Colormap viridis{Tint::Magnitude, 0, 1, false, false, f.look.dark};
  if (is_surface(f)) return viridis.color(f.look.dark ? 0.2 + 0.8 * t : 1 - 0.85 * t);
  return f.look.dark ? mix(viridis.color(0.9 * t), f.theme->background, 0.25)
                     : mix(viridis.color(1 - 0.85 * t), f.theme->background, 0.3);
}

int level_count(const Frame& f) { return std::clamp(static_cast<int>(f.told("levels").value_or(12)), 1, 60); }

/// Height of the surface over a point, in units of the box: 0 at the bottom, 1 at the top.
double raised(const std::vector<double>& range, double value) {
  const double unit = std::isfinite(range[1] - range[0]) ? 1 : 0.5;  // half of the widest range is a number
  const double part = (unit * value - unit * range[0]) / (unit * range[1] - unit * range[0]);
  return std::pow(std::clamp(part, 0.0, 1.0), 0.5);
}

std::vector<double> value_range(const live::Grid& g) {
  std::vector<double> range{INFINITY, -INFINITY};
  for (const double v : g.values)
    if (std::isfinite(v)) range = {std::min(range[0], v), std::max(range[1], v)};
  if (!(range[1] > range[0])) range = {0, 1};
  return range;
}

/// A point of the surface in a box of unit width.
Point3 on_surface(const live::Grid& g, const std::vector<double>& range, Point p) {
  const Point at = to_grid(g, p);
  const double value = sample(g, {std::clamp(at.x, 0.0, static_cast<double>(g.cols - 1)),
                                  std::clamp(at.y, 0.0, static_cast<double>(g.rows - 1))});
  return {at.x / static_cast<double>(g.cols - 1), at.y / static_cast<double>(g.rows - 1),
          tallest * (std::isfinite(value) ? raised(range, value) : 0)};
}

/// Lines of equal height as narrow ribbons a little above the surface, so that what lies behind it hides them.
void add_isolines(const Frame& f, const live::Grid& g, const std::vector<double>& range, Solid& solid) {
  constexpr double half = 0.0015, lift = 0.004;  // of the box's width
  const std::vector<double> levels = contour_levels(g, level_count(f));
  for (const Isoline& line : isolines(g, levels)) {
    const Point3 a = on_surface(g, range, from_grid(g, line.from)), b = on_surface(g, range, from_grid(g, line.to));
    const double along = std::hypot(b[0] - a[0], b[1] - a[1]);
    if (!(along > 0)) continue;
    const double dx = -half * (b[1] - a[1]) / along, dy = half * (b[0] - a[0]) / along;
    const Color color = mix(band_color(f, line.level, levels.size()), f.theme->ink, 0.5);
    const auto base = static_cast<std::int32_t>(solid.xyz.size() / 3);
    for (const auto& [end, sign] : {std::pair(a, 1.0), std::pair(a, -1.0), std::pair(b, 1.0), std::pair(b, -1.0)}) {
      solid.xyz.insert(solid.xyz.end(), {static_cast<float>(end[0] + sign * dx), static_cast<float>(end[1] + sign * dy),
                                         static_cast<float>(end[2] + lift)});
      solid.rgba.insert(solid.rgba.end(), {color.r, color.g, color.b, std::uint8_t{255}});
    }
    for (const std::int32_t corner : {0, 1, 2, 2, 1, 3}) solid.corners.push_back(base + corner);
  }
}

}  // namespace

bool Landscape::is_3d(const Frame& f) const { return is_surface(f); }

std::vector<LegendEntry> Landscape::legend(const Frame& f) const {
  using Symbol = LegendEntry::Symbol;
  std::vector<LegendEntry> entries;
  const live::Grid* g = grid_of(f);
  if (g == nullptr) return entries;
  entries.push_back({Symbol::Dot, f.theme->ink, "minimiser of " + f.caption("show")});
  if (const auto J = slope(f, *g)) {
    const double scale = slope_scale(*g, *J);
    const std::string name = partial("x*", f.parameter());
    entries.push_back(
        {Symbol::Arrow, f.theme->arrow, scale > 0 ? fmt::format("{} × {}", name, number(scale)) : name + " = 0"});
  }
  if (f.ghost != nullptr && f.look.ghost && in_plane(*g, f.ghost->x))
    entries.push_back({Symbol::DashedRing, f.theme->ghost, "predicted"});
  return entries;
}

void Landscape::remember(const Frame& f, const live::Grid& g) {
  const auto now = in_plane(g, f.snapshot->solution.x);
  if (!now) return;
  if (!trail_.empty() && length(trail_.back() - *now) < 1e-3 * (g.high[0] - g.low[0])) return;
  trail_.push_back(*now);
  if (trail_.size() > longest_trail) trail_.pop_front();
}

void Landscape::draw(const Frame& f, Drawing& d) {
  const live::Grid* g = grid_of(f);
  content_ = f.pane;
  if (g == nullptr || f.pane.empty()) return;
  remember(f, *g);
  is_3d(f) ? draw_box(f, *g, d) : draw_map(f, *g, d);
}

void Landscape::draw_map(const Frame& f, const live::Grid& g, Drawing& d) {
  const Axis x{g.low[0], g.high[0], false}, y{g.low[1], g.high[1], false};
  const AxisNames names{entry_name(f, g.first), entry_name(f, g.second), true, false};
  content_ = plot_area(f, x, y, names);
  if (content_.empty()) return;
  const double wide = g.high[0] - g.low[0], tall = g.high[1] - g.low[1];
  const double pixels = std::min(content_.width() / wide, content_.height() / tall);
  if (wide < 4 * tall && tall < 4 * wide) {  // one scale on both axes, unless that wastes the room
    const Point middle = content_.center();
    content_.x0 = middle.x - pixels * wide / 2, content_.x1 = middle.x + pixels * wide / 2;
    content_.y0 = middle.y - pixels * tall / 2, content_.y1 = middle.y + pixels * tall / 2;
  }
  Frame inner = f;
  inner.pane.x0 = content_.x0 - (plot_area(f, x, y, names).x0 - f.pane.x0);
  inner.pane.y1 = content_.y1 + (f.pane.y1 - plot_area(f, x, y, names).y1);
  map_ = looked_at(content_, x, y, f.camera);
  const std::vector<double> levels = contour_levels(g, level_count(f));
  d.push_clip(content_);
  d.box(content_, f.theme->panel);
  const auto place = [&](Point p) { return map_.at(from_grid(g, p)); };
  for (const Band& band : bands(g, levels)) {
    std::vector<Point> corners;
    for (const Point p : band.corners) corners.push_back(place(p));
    d.tile(corners, band_color(f, band.level, levels.size()));
  }
  const Color line = (f.look.dark ? Color{255, 255, 255, 255} : Color{0, 0, 0, 255}).faded(0.28);
  for (const Isoline& i : isolines(g, levels)) d.line(place(i.from), place(i.to), {line, f.px(1), Dash::Solid});
  d.pop_clip();
  draw_axes(d, inner, map_, names);
  d.push_clip(content_);
  draw_state(
      f, g, [&](Point p) { return map_.at(p); }, d);
  d.pop_clip();
}

template <class Place>
void Landscape::draw_state(const Frame& f, const live::Grid& g, Place place, Drawing& d) const {
  const auto now = in_plane(g, f.snapshot->solution.x);
  if (f.flag("path", true))
    for (std::size_t k = 1; k < trail_.size(); ++k) {
      const double age = static_cast<double>(k) / static_cast<double>(trail_.size());
      d.line(place(trail_[k - 1]), place(trail_[k]), {f.theme->ink.faded(0.2 + 0.7 * age), f.px(2), Dash::Solid});
    }
  if (!now) return;
  const Pen rim{f.theme->background, f.px(1.5), Dash::Solid};
  if (const auto J = slope(f, g)) {
    const Point from = place(*now), to = place(*now + slope_scale(g, *J) * *J);
    d.line(from, to, {f.theme->background.faded(0.7), f.px(4.5), Dash::Solid});
    d.arrow(from, to, {f.theme->arrow, f.px(2.2), Dash::Solid});
  }
  d.disc(place(*now), f.px(5), f.theme->ink, rim);
  if (f.ghost == nullptr || !f.look.ghost) return;
  const auto then = in_plane(g, f.ghost->x);
  if (then && length(place(*then) - place(*now)) > f.px(1.5))
    d.disc(place(*then), f.px(6), {0, 0, 0, 0}, {f.theme->ghost, f.px(1.8), Dash::Dashed});
}

void Landscape::draw_box(const Frame& f, const live::Grid& g, Drawing& d) {
  content_ = f.pane.inset(f.px(16));
  if (content_.empty()) return;
  projection_ = Projection(content_, {0, 0, 0}, {1, 1, tallest}, f.camera);
  const std::vector<double> range = value_range(g);
  const Pen edge{f.theme->axis, f.px(1), Dash::Solid};
  for (const double y : {0.0, 1.0}) {
    d.line(projection_.at({0, y, 0}), projection_.at({1, y, 0}), edge);
    d.line(projection_.at({y, 0, 0}), projection_.at({y, 1, 0}), edge);
  }
  const TextStyle style{f.theme->ink, TextSize::Small, Across::Center, Down::Center, false};
  const double below = projection_.depth({0.5, 0, 0}) > projection_.depth({0.5, 1, 0}) ? -0.1 : 1.1;
  const double beside = projection_.depth({1, 0.5, 0}) > projection_.depth({0, 0.5, 0}) ? 1.1 : -0.1;
  d.text(projection_.at({0.5, below, 0}),
         fmt::format("{}, {} to {}", entry_name(f, g.first), number(g.low[0]), number(g.high[0])), style);
  d.text(projection_.at({beside, 0.5, 0}),
         fmt::format("{}, {} to {}", entry_name(f, g.second), number(g.low[1]), number(g.high[1])), style);
  draw_state(
      f, g, [&](Point p) { return projection_.at(on_surface(g, range, p)); }, d);
}

void Landscape::draw_solid(const Frame& f, Solid& solid) {
  const live::Grid* g = grid_of(f);
  if (g == nullptr) return;
  const std::vector<double> range = value_range(*g);
  constexpr int shades = 24;
  for (Index r = 0; r < g->rows; ++r)
    for (Index c = 0; c < g->cols; ++c) {
      const double value = g->values[static_cast<std::size_t>(r * g->cols + c)];
      const double height = std::isfinite(value) ? raised(range, value) : 0;
      const Color color = band_color(f, static_cast<int>(height * shades), shades);
      solid.xyz.insert(solid.xyz.end(), {static_cast<float>(static_cast<double>(c) / static_cast<double>(g->cols - 1)),
                                         static_cast<float>(static_cast<double>(r) / static_cast<double>(g->rows - 1)),
                                         static_cast<float>(tallest * height)});
      solid.rgba.insert(solid.rgba.end(), {color.r, color.g, color.b, std::uint8_t{255}});
    }
  const auto finite = [&](Index k) { return std::isfinite(g->values[static_cast<std::size_t>(k)]); };
  for (Index r = 0; r + 1 < g->rows; ++r)
    for (Index c = 0; c + 1 < g->cols; ++c) {
      const Index a = r * g->cols + c, b = a + 1, e = a + g->cols, h = e + 1;
      if (!finite(a) || !finite(b) || !finite(e) || !finite(h)) continue;
      for (const Index k : {a, b, h, a, h, e}) solid.corners.push_back(static_cast<std::int32_t>(k));
    }
  add_isolines(f, *g, range, solid);
}

/// The point of the surface under the cursor, in the grid's plane: of those near it on the screen, the foremost.
std::optional<Point> Landscape::under(const Frame& f, const live::Grid& g, Point cursor) const {
  if (!is_3d(f)) return map_.area.contains(cursor) ? std::optional(map_.value(cursor)) : std::nullopt;
  const std::vector<double> range = value_range(g);
  const double near = std::max(f.px(6), 0.8 * projection_.scale() / static_cast<double>(std::min(g.rows, g.cols)));
  std::optional<Point> found;
  double foremost = -INFINITY;
  for (Index k = 0; k < g.rows * g.cols; ++k) {
    const Index row = k / g.cols, column = k % g.cols;
    const Point p = from_grid(g, {static_cast<double>(column), static_cast<double>(row)});
    const Point3 at = on_surface(g, range, p);
    const double depth = projection_.depth(at);
    if (length(projection_.at(at) - cursor) > near || depth <= foremost) continue;
    foremost = depth;
    found = p;
  }
  return found;
}

std::optional<Hover> Landscape::hover(const Frame& f, Point cursor) const {
  const live::Grid* g = grid_of(f);
  const auto place = g != nullptr ? under(f, *g, cursor) : std::nullopt;
  if (!place) return std::nullopt;
  const Point at = *place;
  std::string text = fmt::format("{} = {}  at {} = {}, {} = {}", f.caption("show"), number(sample(*g, to_grid(*g, at))),
                                 entry_name(f, g->first), number(at.x), entry_name(f, g->second), number(at.y));
  const auto now = in_plane(*g, f.snapshot->solution.x);
  if (!now) return Hover{text, 0, -1};
  const Point dot = is_3d(f) ? projection_.at(on_surface(*g, value_range(*g), *now)) : map_.at(*now);
  if (length(dot - cursor) > f.px(9)) return Hover{text, 0, -1};
  text = fmt::format("x* = ({}, {})", number(now->x), number(now->y));
  if (const auto J = slope(f, *g)) text += fmt::format("  ∂/∂{} = ({}, {})", f.parameter(), number(J->x), number(J->y));
  return Hover{text, 0, g->first};
}

}  // namespace argscope::views
