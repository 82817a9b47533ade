#include "views/line.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "views/format.h"
#include "views/scale.h"

namespace argscope::views {

Line::Course Line::course(const Frame& f, const Vec& values) {
  Course c;
  const live::Field* show = f.field("show");
  if (show == nullptr || values.size() != show->value.size() || values.size() == 0) return c;
  const expr::Shape& shape = show->shape;
  c.plane = shape.rank() >= 2 && shape[shape.rank() - 1] == 2;
  c.points = c.plane ? shape[shape.rank() - 2] : shape.rank() == 0 ? 1 : shape[shape.rank() - 1];
  const Index width = c.points * (c.plane ? 2 : 1);
  c.lines = width > 0 ? values.size() / width : 0;
  const live::Field* x = f.field("x");
  const bool placed = x != nullptr && x->value.size() == c.points;
  for (Index k = 0; k < c.lines * c.points; ++k) {
    const Index along = k % c.points;
    const double abscissa = placed ? x->value[along] : static_cast<double>(along);
    c.at.push_back(c.plane ? Point{values[2 * k], values[2 * k + 1]} : Point{abscissa, values[k]});
  }
  return c;
}

double Line::arrow_length(const Course& c, const Vec& J) {
  double reach[2][2] = {{INFINITY, -INFINITY}, {INFINITY, -INFINITY}};
  for (const Point p : c.at) {
    reach[0][0] = std::min(reach[0][0], p.x), reach[0][1] = std::max(reach[0][1], p.x);
    reach[1][0] = std::min(reach[1][0], p.y), reach[1][1] = std::max(reach[1][1], p.y);
  }
  const double tall = reach[1][1] - reach[1][0], wide = reach[0][1] - reach[0][0];
  const double size = c.plane ? std::hypot(wide, tall) : tall > 0 ? tall : 1;
  Vec sizes(static_cast<Index>(c.at.size()));
  for (Index k = 0; k < sizes.size(); ++k) sizes[k] = c.plane ? std::hypot(J[2 * k], J[2 * k + 1]) : std::abs(J[k]);
  return arrow_scale(std::move(sizes), 0.12 * (size > 0 ? size : 1));
}

std::vector<LegendEntry> Line::legend(const Frame& f) const {
  using Symbol = LegendEntry::Symbol;
  std::vector<LegendEntry> entries;
  const live::Field* show = f.field("show");
  if (show == nullptr) return entries;
  const Course c = course(f, show->value);
  if (const auto J = f.flag("arrows", true) ? f.arrows(*show) : std::nullopt) {
    const double scale = arrow_length(c, *J);
    const std::string name = partial(f.caption("show"), f.parameter());
    entries.push_back(
        {Symbol::Arrow, f.theme->arrow, scale > 0 ? fmt::format("{} × {}", name, number(scale)) : name + " = 0"});
  }
  if (f.ghost_field("show") != nullptr) entries.push_back({Symbol::Dashed, f.theme->ghost, "predicted"});
  return entries;
}

void Line::refit() {
  across_.forget();
  up_.forget();
}

void Line::draw(const Frame& f, Drawing& d) {
  const live::Field* show = f.field("show");
  if (show == nullptr) return;
  const Course now = course(f, show->value);
  const live::Field* ghost = f.ghost_field("show");
  const Course then = ghost != nullptr ? course(f, ghost->value) : Course();
  const std::optional<Vec> J = f.flag("arrows", true) ? f.arrows(*show) : std::nullopt;
  const std::vector<Point> tips = J ? arrow_tips(now, *J) : std::vector<Point>();
  double x0 = INFINITY, x1 = -INFINITY, y0 = INFINITY, y1 = -INFINITY;
  for (const auto* points : {&now.at, &tips})
    for (const Point p : *points) {
      if (!std::isfinite(p.x) || !std::isfinite(p.y)) continue;
      x0 = std::min(x0, p.x), x1 = std::max(x1, p.x), y0 = std::min(y0, p.y), y1 = std::max(y1, p.y);
    }
  if (!(x0 <= x1)) return;
  across_.cover(x0, x1, 0.06);
  up_.cover(y0, y1, 0.1);
  const std::string name = f.caption("show");
  const AxisNames names{now.plane                 ? name + "[:, 0]"
                        : f.field("x") != nullptr ? f.caption("x")
                                                  : "index",
                        now.plane ? name + "[:, 1]" : name, true};
  content_ = plot_area(f, across_.axis(), up_.axis(), names);
  if (content_.empty()) return;
  const bool equal = f.flag("equal", now.plane);
  map_ = equal ? looked_at_equal(content_, across_.axis(), up_.axis(), f.camera)
               : looked_at(content_, across_.axis(), up_.axis(), f.camera);
  draw_axes(d, f, map_, names);
  d.push_clip(content_);
  draw_course(f, now, d);
  draw_ghost(f, now, then, d);
  const auto every = std::max<std::size_t>(1, tips.size() / 120);
  for (std::size_t k = 0; k < tips.size(); k += every)
    d.arrow(map_.at(now.at[k]), map_.at(tips[k]), {f.theme->arrow, f.px(1.6), Dash::Solid});
  d.pop_clip();
}

void Line::draw_course(const Frame& f, const Course& c, Drawing& d) const {
  for (Index l = 0; l < c.lines; ++l) {
    const Color color = f.theme->categories[static_cast<std::size_t>(l) % f.theme->categories.size()];
    std::vector<Point> points;
    for (Index k = 0; k < c.points; ++k) points.push_back(map_.at(c.at[static_cast<std::size_t>(l * c.points + k)]));
    const Pen pen{color, f.px(2), Dash::Solid};
    if (f.flag("closed", false))
      d.outline(points, pen);
    else
      d.line(points, pen);
    const bool dense = c.points > 200 || (points.size() > 1 && length(points[1] - points[0]) < f.px(5));
    if (!f.flag("markers", true) || dense) continue;
    for (const Point p : points) d.disc(p, f.px(3.6), color, {f.theme->background, f.px(1.2), Dash::Solid});
  }
}

void Line::draw_ghost(const Frame& f, const Course& now, const Course& then, Drawing& d) const {
  double most = 0;
  for (std::size_t k = 0; k < std::min(now.at.size(), then.at.size()); ++k)
    most = std::max(most, length(map_.at(then.at[k]) - map_.at(now.at[k])));
  for (Index l = 0; l < then.lines && most > f.px(1.5); ++l) {
    std::vector<Point> points;
    for (Index k = 0; k < then.points; ++k)
      points.push_back(map_.at(then.at[static_cast<std::size_t>(l * then.points + k)]));
    d.line(points, {f.theme->ghost, f.px(1.6), Dash::Dashed});
  }
}

std::vector<Point> Line::arrow_tips(const Course& c, const Vec& J) {
  const double scale = arrow_length(c, J);
  std::vector<Point> tips;
  for (std::size_t k = 0; k < c.at.size() && scale > 0; ++k) {
    const auto i = static_cast<Index>(k);
    tips.push_back(c.at[k] + scale * (c.plane ? Point{J[2 * i], J[2 * i + 1]} : Point{0, J[i]}));
  }
  return tips;
}

std::optional<Hover> Line::hover(const Frame& f, Point cursor) const {
  const live::Field* show = f.field("show");
  if (show == nullptr || !map_.area.contains(cursor)) return std::nullopt;
  const Course c = course(f, show->value);
  double nearest = f.px(14);
  Index best = -1;
  for (std::size_t k = 0; k < c.at.size(); ++k)
    if (const double away = length(map_.at(c.at[k]) - cursor); away < nearest)
      nearest = away, best = static_cast<Index>(k);
  if (best < 0) return std::nullopt;
  const Index first = c.plane ? 2 * best : best;
  const auto J = f.derivative(*show);
  const Point at = c.at[static_cast<std::size_t>(best)];
  std::string text = c.plane
                         ? fmt::format("point {}  {} = ({}, {})", best, f.caption("show"), number(at.x), number(at.y))
                         : fmt::format("{} = {} at {}", f.element("show", first), number(at.y), number(at.x));
  if (J && c.plane)
    text += fmt::format("  ∂/∂{} = ({}, {})", f.parameter(), number((*J)[first]), number((*J)[first + 1]));
  if (J && !c.plane) text += fmt::format("  ∂/∂{} = {}", f.parameter(), number((*J)[first]));
  return Hover{text, 0, first};
}

}  // namespace argscope::views
