#include "views/triangles.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <numbers>

#include "views/sprites.h"

namespace argscope::views {

void Triangles::clear() {
  xyz.clear();
  uv.clear();
  rgba.clear();
  corners.clear();
}

namespace {

constexpr double soft = 0.5;  // half the width of an edge's fall, pixels

/// Points of the unit circle for each number of corners that is used.
const std::vector<Point>& unit_circle(int corners) {
  static const auto tables = [] {
    std::array<std::vector<Point>, 97> made;
    for (int n = 3; n < static_cast<int>(made.size()); ++n)
      for (int k = 0; k < n; ++k) {
        const double a = 2 * std::numbers::pi * k / n;
        made[static_cast<std::size_t>(n)].push_back({std::cos(a), std::sin(a)});
      }
    return made;
  }();
  return tables[static_cast<std::size_t>(corners)];
}

/// The unit normal of a segment, pointing to the right of its direction on a screen whose y grows downwards.
Point normal(Point p, Point q) {
  const Point d = q - p;
  const double size = length(d);
  return size > 0 ? Point{-d.y / size, d.x / size} : Point{0, 0};
}

/// Where two offset edges meet, for an offset of 1; sharp corners are cut at twice the offset.
Point miter(Point a, Point b) {
  const Point sum = a + b;
  const double square = sum.x * sum.x + sum.y * sum.y;
  if (square < 1e-9) return a;
  const double stretch = std::min(2 / square, 2 / std::sqrt(square));
  return stretch * sum;
}

class Builder {
 public:
  Builder(Triangles& out, const Rect& viewport, Discs discs)
      : out_(out), x0_(viewport.x0), y1_(viewport.y1), sprites_(discs == Discs::Sprites) {}

  void fill(std::span<const Point> p, Color color) {
    const std::size_t n = p.size();
    double area = 0;
    for (std::size_t i = 0; i < n; ++i) area += p[i].x * p[(i + 1) % n].y - p[(i + 1) % n].x * p[i].y;
    const double outward = area > 0 ? -soft : soft;
    const std::int32_t base = out_.vertices();
    for (std::size_t i = 0; i < n; ++i) {
      const Point m = miter(normal(p[(i + n - 1) % n], p[i]), normal(p[i], p[(i + 1) % n]));
      vertex(p[i] - outward * m, color);
      vertex(p[i] + outward * m, clear_of(color));
    }
    const auto count = static_cast<std::int32_t>(n);
    for (std::int32_t i = 2; i < count; ++i) triangle(base, base + 2 * (i - 1), base + 2 * i);
    for (std::int32_t i = 0; i < count; ++i) band(base + 2 * i, base + 2 * ((i + 1) % count), 1);
  }

  void tile(std::span<const Point> p, Color color) {
    const std::int32_t base = out_.vertices();
    for (const Point q : p) vertex(q, color);
    for (std::int32_t i = 2; i < static_cast<std::int32_t>(p.size()); ++i) triangle(base, base + i - 1, base + i);
  }

  void stroke(std::span<const Point> p, const Pen& pen, bool closed) {
    if (pen.dash == Dash::Solid) return solid(p, pen, closed);
    dashes(p, pen, closed, dash_lengths(pen));
  }

  void disc(Point c, double r, Color fill, const Pen& pen) {
    const bool ring = pen.color.a > 0 && pen.width > 0;
    if (sprites_ && pictured(c, r, fill, pen, ring)) return;
    const int n = std::clamp(static_cast<int>(std::numbers::pi / std::acos(1 - std::min(0.9, 0.12 / r))), 8, 96);
    const std::vector<Point>& unit = unit_circle(n);
    if (fill.a > 0) {
      const double edge = ring ? std::max(0.0, r - pen.width / 2) : std::max(0.0, r - soft);
      const std::int32_t base = out_.vertices();
      for (const Point u : unit) vertex(c + edge * u, fill);
      for (std::int32_t i = 2; i < n; ++i) triangle(base, base + i - 1, base + i);
      if (!ring) fringe(c, r + soft, unit, fill, base);
    }
    if (ring) annulus(c, r, unit, pen);
  }

 private:
  /// A rim is the rest of a larger disc below an opaque one.
  bool pictured(Point c, double r, Color fill, const Pen& pen, bool ring) {
    const auto outer = sprite_of(ring ? r + pen.width / 2 : r), inner = sprite_of(ring ? r - pen.width / 2 : r);
    if (!outer || !inner || fill.a == 0 || (ring && fill.a < 255)) return false;
    if (ring) square(c, *outer, pen.color);
    square(c, *inner, fill);
    return true;
  }

  void square(Point c, const Sprite& s, Color color) {
    const std::int32_t base = out_.vertices();
    for (const Point corner : {Point{-1, 1}, {1, 1}, {1, -1}, {-1, -1}}) {
      vertex(c + s.reach * corner, color);
      out_.uv[out_.uv.size() - 2] = static_cast<float>(corner.x < 0 ? s.u0 : s.u1);
      out_.uv[out_.uv.size() - 1] = static_cast<float>(corner.y > 0 ? s.v0 : s.v1);
    }
    triangle(base, base + 1, base + 2);
    triangle(base, base + 2, base + 3);
  }

  static Color clear_of(Color c) { return {c.r, c.g, c.b, 0}; }

  void vertex(Point p, Color c) {
    out_.xyz.insert(out_.xyz.end(), {static_cast<float>(p.x - x0_), static_cast<float>(y1_ - p.y), 0.0F});
    out_.rgba.insert(out_.rgba.end(), {c.r, c.g, c.b, c.a});
    if (sprites_) out_.uv.insert(out_.uv.end(), {static_cast<float>(plain_.x), static_cast<float>(plain_.y)});
  }
  void triangle(std::int32_t a, std::int32_t b, std::int32_t c) { out_.corners.insert(out_.corners.end(), {a, b, c}); }
  /// The quadrilateral between vertices (a, a + step) and (b, b + step).
  void band(std::int32_t a, std::int32_t b, std::int32_t step) {
    triangle(a, a + step, b);
    triangle(b, a + step, b + step);
  }

  void fringe(Point c, double radius, const std::vector<Point>& unit, Color fill, std::int32_t base) {
    const auto n = static_cast<std::int32_t>(unit.size());
    for (const Point u : unit) vertex(c + radius * u, clear_of(fill));
    for (std::int32_t i = 0; i < n; ++i) band(base + i, base + (i + 1) % n, n);
  }

  void annulus(Point c, double r, const std::vector<Point>& unit, const Pen& pen) {
    const double half = std::max(pen.width, 1.0) / 2;
    const Color color = pen.color.faded(std::min(1.0, pen.width));
    const double radii[4] = {r - half - soft, r - half + soft, r + half - soft, r + half + soft};
    const Color colors[4] = {clear_of(color), color, color, clear_of(color)};
    const auto n = static_cast<std::int32_t>(unit.size());
    const std::int32_t base = out_.vertices();
    for (int k = 0; k < 4; ++k)
      for (const Point u : unit) vertex(c + std::max(0.0, radii[k]) * u, colors[k]);
    for (std::int32_t k = 0; k < 3; ++k)
      for (std::int32_t i = 0; i < n; ++i) band(base + k * n + i, base + k * n + (i + 1) % n, n);
  }

  /// Without points that repeat the one before: between two at one place a stroke has no direction.
  std::span<const Point> apart(std::span<const Point> p, bool closed) {
    const auto same = [](Point a, Point b) { return a.x == b.x && a.y == b.y; };
    apart_.clear();
    std::ranges::unique_copy(p, std::back_inserter(apart_), same);
    while (closed && apart_.size() > 1 && same(apart_.front(), apart_.back())) apart_.pop_back();
    return apart_;
  }

  void solid(std::span<const Point> given, const Pen& pen, bool closed) {
    const std::span<const Point> p = apart(given, closed);
    const std::size_t n = p.size();
    if (n < 2) return;
    const double half = std::max(pen.width, 1.0) / 2;
    const Color color = pen.color.faded(std::min(1.0, pen.width));
    const std::int32_t base = out_.vertices();
    std::int32_t ribs = 0;
    const auto rib = [&](Point at, Point across) {
      vertex(at - (half + soft) * across, clear_of(color));
      vertex(at - (half - soft) * across, color);
      vertex(at + (half - soft) * across, color);
      vertex(at + (half + soft) * across, clear_of(color));
      ++ribs;
    };
    for (std::size_t i = 0; i < n; ++i) {
      const bool first = i == 0 && !closed, last = i + 1 == n && !closed;
      const Point before = first ? normal(p[i], p[i + 1]) : normal(p[(i + n - 1) % n], p[i]);
      const Point after = last ? before : normal(p[i], p[(i + 1) % n]);
      if (before.x * after.x + before.y * after.y >= -0.5) {
        rib(p[i], miter(before, after));
      } else {  // a cut miter would thin the stroke on its way into a sharp corner
        rib(p[i], before);
        rib(p[i], after);
      }
    }
    for (std::int32_t i = 0; i + (closed ? 0 : 1) < ribs; ++i)
      for (std::int32_t k = 0; k < 3; ++k) band(base + 4 * i + k, base + 4 * ((i + 1) % ribs) + k, 1);
  }

  void dashes(std::span<const Point> p, const Pen& pen, bool closed, DashLengths lengths) {
    bool drawing = true;
    double left = lengths.on;
    dash_.assign(1, p[0]);
    const std::size_t segments = p.size() - (closed ? 0 : 1);
    for (std::size_t i = 0; i < segments; ++i) {
      Point from = p[i];
      const Point to = p[(i + 1) % p.size()];
      double rest = length(to - from);
      while (rest > left) {
        from = from + (left / rest) * (to - from);
        rest -= left;
        if (drawing) {
          dash_.push_back(from);
          solid(dash_, pen, false);
        }
        drawing = !drawing;
        left = drawing ? lengths.on : lengths.off;
        dash_.assign(1, from);
      }
      left -= rest;
      if (drawing) dash_.push_back(to);
    }
    if (drawing && dash_.size() > 1) solid(dash_, pen, false);
  }

  Triangles& out_;
  double x0_, y1_;
  bool sprites_;
  Point plain_ = plain_place();
  std::vector<Point> dash_, apart_;
};

}  // namespace

void triangulate(const Drawing& drawing, const Rect& viewport, Discs discs, Triangles& out) {
  Builder builder(out, viewport, discs);
  for (const Mark& m : drawing.marks()) {
    const std::span<const Point> p = drawing.points(m);
    switch (m.kind) {
      case Mark::Kind::Fill: m.tile ? builder.tile(p, m.fill) : builder.fill(p, m.fill); break;
      case Mark::Kind::Line: builder.stroke(p, m.pen, m.closed); break;
      case Mark::Kind::Disc: builder.disc(p[0], m.radius, m.fill, m.pen); break;
    }
  }
}

}  // namespace argscope::views
