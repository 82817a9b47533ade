#include "views/drawing.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace argscope::views {

double length(Point p) { return std::sqrt(p.x * p.x + p.y * p.y); }

Rect intersection(const Rect& a, const Rect& b) {
  return {std::max(a.x0, b.x0), std::max(a.y0, b.y0), std::min(a.x1, b.x1), std::min(a.y1, b.y1)};
}

Color Color::faded(double alpha) const {
  return {r, g, b, static_cast<std::uint8_t>(std::lround(std::clamp(alpha, 0.0, 1.0) * a))};
}

Color mix(Color from, Color to, double t) {
  const auto channel = [t](std::uint8_t a, std::uint8_t b) {
    return static_cast<std::uint8_t>(std::lround(a + t * (b - a)));
  };
  return {channel(from.r, to.r), channel(from.g, to.g), channel(from.b, to.b), channel(from.a, to.a)};
}

DashLengths dash_lengths(const Pen& pen) {
  const double width = std::max(pen.dash == Dash::Dashed ? 1.2 : 1.5, pen.width);
  return pen.dash == Dash::Dashed ? DashLengths{4 * width, 2.5 * width}
                                  : DashLengths{std::max(1.5, pen.width), 2 * width};
}

namespace {

/// Keeps the side of a convex polygon where inside(p) ≥ 0 (Sutherland and Hodgman's rule for one edge).
template <class Side>
std::vector<Point> cut(const std::vector<Point>& polygon, Side side) {
  std::vector<Point> kept;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const Point p = polygon[i], q = polygon[(i + 1) % polygon.size()];
    const double a = side(p), b = side(q);
    if (a >= 0) kept.push_back(p);
    if ((a >= 0) != (b >= 0)) kept.push_back(p + (a / (a - b)) * (q - p));
  }
  return kept;
}

std::vector<Point> cut_to(const Rect& r, std::span<const Point> convex) {
  std::vector<Point> p(convex.begin(), convex.end());
  p = cut(p, [&](Point q) { return q.x - r.x0; });
  p = cut(p, [&](Point q) { return r.x1 - q.x; });
  p = cut(p, [&](Point q) { return q.y - r.y0; });
  return cut(p, [&](Point q) { return r.y1 - q.y; });
}

/// The part [t0, t1] of a segment inside a rectangle (Liang and Barsky); false: none.
bool part_inside(const Rect& r, Point p, Point q, double& t0, double& t1) {
  t0 = 0, t1 = 1;
  const double direction[4] = {p.x - q.x, q.x - p.x, p.y - q.y, q.y - p.y};
  const double room[4] = {p.x - r.x0, r.x1 - p.x, p.y - r.y0, r.y1 - p.y};
  for (int k = 0; k < 4; ++k) {
    if (direction[k] == 0) {
      if (room[k] < 0) return false;
      continue;
    }
    const double t = room[k] / direction[k];
    if (direction[k] < 0)
      t0 = std::max(t0, t);
    else
      t1 = std::min(t1, t);
  }
  return t0 < t1;
}

std::vector<Point> circle(Point center, double radius) {
  std::vector<Point> points(std::clamp(static_cast<int>(radius * 2), 16, 96));
  for (std::size_t k = 0; k < points.size(); ++k) {
    const double a = 2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(points.size());
    points[k] = {center.x + radius * std::cos(a), center.y + radius * std::sin(a)};
  }
  return points;
}

bool finite(std::span<const Point> points) {
  return std::all_of(points.begin(), points.end(), [](Point p) { return std::isfinite(p.x) && std::isfinite(p.y); });
}

}  // namespace

void Drawing::push_clip(const Rect& r) { clips_.push_back(intersection(clip(), r)); }

void Drawing::pop_clip() {
  if (clips_.size() > 1) clips_.pop_back();
}

bool Drawing::inside(std::span<const Point> points, double margin) const {
  const Rect r = clip().inset(margin);
  return std::all_of(points.begin(), points.end(), [&](Point p) { return r.contains(p); });
}

void Drawing::add(Mark m, std::span<const Point> points) {
  m.first = static_cast<std::uint32_t>(points_.size());
  m.count = static_cast<std::uint32_t>(points.size());
  points_.insert(points_.end(), points.begin(), points.end());
  marks_.push_back(m);
}

void Drawing::fill(std::span<const Point> convex, Color color) { clipped_fill(convex, color, false); }
void Drawing::tile(std::span<const Point> convex, Color color) { clipped_fill(convex, color, true); }

void Drawing::clipped_fill(std::span<const Point> convex, Color color, bool tile) {
  if (clip().empty() || convex.size() < 3 || !finite(convex)) return;
  Mark m;
  m.fill = color;
  m.tile = tile;
  if (inside(convex, 0)) return add(m, convex);
  const std::vector<Point> kept = cut_to(clip(), convex);
  if (kept.size() >= 3) add(m, kept);
}

void Drawing::clipped_line(std::span<const Point> points, const Pen& pen, bool closed) {
  Mark m;
  m.kind = Mark::Kind::Line;
  m.pen = pen;
  m.closed = closed;
  if (finite(points) && inside(points, 0)) return add(m, points);
  m.closed = false;
  std::vector<Point> run;
  const auto flush = [&] {
    if (run.size() > 1) add(m, run);
    run.clear();
  };
  const std::size_t segments = points.size() - (closed ? 0 : 1);
  for (std::size_t i = 0; i < segments; ++i) {
    const Point ends[2] = {points[i], points[(i + 1) % points.size()]};
    double t0 = 0, t1 = 0;
    if (!finite(ends) || !part_inside(clip(), ends[0], ends[1], t0, t1)) {
      flush();
      continue;
    }
    if (t0 > 0) flush();
    if (run.empty()) run.push_back(ends[0] + t0 * (ends[1] - ends[0]));
    run.push_back(ends[0] + t1 * (ends[1] - ends[0]));
    if (t1 < 1) flush();
  }
  flush();
}

void Drawing::line(std::span<const Point> points, const Pen& pen) {
  if (!clip().empty() && points.size() > 1) clipped_line(points, pen, false);
}

void Drawing::line(Point from, Point to, const Pen& pen) {
  const Point ends[2] = {from, to};
  line(ends, pen);
}

void Drawing::outline(std::span<const Point> points, const Pen& pen) {
  if (!clip().empty() && points.size() > 2) clipped_line(points, pen, true);
}

void Drawing::disc(Point center, double radius, Color color, const Pen& pen) {
  const Rect reach{center.x - radius, center.y - radius, center.x + radius, center.y + radius};
  if (!(radius > 0) || !std::isfinite(center.x) || !std::isfinite(center.y)) return;
  if (intersection(reach, clip()).empty()) return;
  const Rect room = clip().inset(pen.width / 2);
  if (room.contains({reach.x0, reach.y0}) && room.contains({reach.x1, reach.y1}) && pen.dash == Dash::Solid) {
    Mark m;
    m.kind = Mark::Kind::Disc;
    m.fill = color;
    m.pen = pen;
    m.radius = radius;
    const Point at[1] = {center};
    return add(m, at);
  }
  const std::vector<Point> around = circle(center, radius);
  if (color.a > 0) fill(around, color);
  if (pen.color.a > 0) outline(around, pen);
}

void Drawing::text(Point at, std::string words, const TextStyle& style) {
  if (!words.empty() && clip().inset(-1).contains(at)) texts_.push_back({at, std::move(words), style, clip()});
}

void Drawing::raster(const Rect& rect, int rows, int cols, std::vector<Color> cells) {
  const bool fits =
      rows > 0 && cols > 0 && cells.size() == static_cast<std::size_t>(rows) * static_cast<std::size_t>(cols);
  if (fits && !intersection(rect, clip()).empty()) rasters_.push_back({rect, clip(), rows, cols, std::move(cells)});
}

void Drawing::box(const Rect& r, Color color) {
  const std::array<Point, 4> corners{{{r.x0, r.y0}, {r.x1, r.y0}, {r.x1, r.y1}, {r.x0, r.y1}}};
  fill(corners, color);
}

void Drawing::frame(const Rect& r, const Pen& pen) {
  const std::array<Point, 4> corners{{{r.x0, r.y0}, {r.x1, r.y0}, {r.x1, r.y1}, {r.x0, r.y1}}};
  outline(corners, pen);
}

void Drawing::arrow(Point from, Point to, const Pen& pen) {
  const Point along = to - from;
  const double size = length(along);
  if (!(size >= 1)) return;
  const Point u = (1 / size) * along, side{-u.y, u.x};
  const double head = std::min(size, 3.5 + 3 * pen.width);
  const Point neck = to - head * u;
  if (size > head) line(from, neck + (0.3 * head) * u, pen);
  const std::array<Point, 3> tip{{to, neck + (0.42 * head) * side, neck - (0.42 * head) * side}};
  fill(tip, pen.color);
}

void Drawing::hatch(const Rect& r, Color ground, Color lines) {
  box(r, ground);
  push_clip(r);
  constexpr double spacing = 6;
  const double first = std::ceil((r.x0 + r.y0) / spacing) * spacing;
  for (double sum = first; sum < r.x1 + r.y1; sum += spacing)
    line({sum - r.y1, r.y1}, {sum - r.y0, r.y0}, {lines, 1, Dash::Solid});
  pop_clip();
}

}  // namespace argscope::views
