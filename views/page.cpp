#include "views/page.h"

#include <algorithm>
#include <cmath>

namespace argscope::views {

namespace {

constexpr double ascent = 0.928, line_height = 1.164;  // of DejaVu Sans, in ems

Point3 place(const std::vector<float>& xyz, std::size_t k) { return {xyz[3 * k], xyz[3 * k + 1], xyz[3 * k + 2]}; }

Color color_at(const std::vector<std::uint8_t>& rgba, std::size_t k) {
  return {rgba[4 * k], rgba[4 * k + 1], rgba[4 * k + 2], rgba[4 * k + 3]};
}

/// How much of a triangle faces the eye, 0 to 1: from its projected area against its own.
double facing(const Point3& a, const Point3& b, const Point3& c, const Projection& p) {
  const Point u = p.at(b) - p.at(a), v = p.at(c) - p.at(a);
  Point3 d{}, e{};
  for (std::size_t k = 0; k < 3; ++k) d[k] = b[k] - a[k], e[k] = c[k] - a[k];
  const Point3 n{d[1] * e[2] - d[2] * e[1], d[2] * e[0] - d[0] * e[2], d[0] * e[1] - d[1] * e[0]};
  const double own = std::sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2]) * p.scale() * p.scale();
  return own > 0 ? std::min(1.0, std::abs(u.x * v.y - u.y * v.x) / own) : 0;
}

}  // namespace

Baseline baseline(const Text& t, const Type& type) {
  const double height = type.size(t.style.size), width = type.width(t.text, t.style.size), em = height / line_height;
  const double left = t.style.across == Across::Left ? 0 : t.style.across == Across::Center ? width / 2 : width;
  const double above = t.style.down == Down::Top ? 0 : t.style.down == Down::Center ? height / 2 : height;
  const double down = ascent * em - above;
  if (t.style.upright) return {{t.at.x + down, t.at.y + left}, em};
  return {{t.at.x - left, t.at.y + down}, em};
}

void flatten(const Solid& s, const Projection& p, Drawing& d) {
  struct Piece {
    double depth;
    std::size_t index;
    bool sphere;
  };
  std::vector<Piece> pieces;
  for (std::size_t k = 0; k + 2 < s.corners.size(); k += 3) {
    double depth = 0;
    for (std::size_t c = k; c < k + 3; ++c) depth += p.depth(place(s.xyz, static_cast<std::size_t>(s.corners[c]))) / 3;
    pieces.push_back({depth, k, false});
  }
  for (std::size_t k = 0; k < s.radii.size(); ++k) pieces.push_back({p.depth(place(s.centers, k)), k, true});
  std::sort(pieces.begin(), pieces.end(), [](const Piece& a, const Piece& b) { return a.depth < b.depth; });
  const Color black{0, 0, 0, 255};
  for (const Piece& piece : pieces) {
    if (piece.sphere) {
      const Color fill = color_at(s.sphere_rgba, piece.index);
      d.disc(p.at(place(s.centers, piece.index)), s.radii[piece.index] * p.scale(), fill,
             {mix(fill, black, 0.45), 1, Dash::Solid});
      continue;
    }
    Point corners[3];
    Point3 at[3];
    for (std::size_t c = 0; c < 3; ++c) {
      at[c] = place(s.xyz, static_cast<std::size_t>(s.corners[piece.index + c]));
      corners[c] = p.at(at[c]);
    }
    const Color color = color_at(s.rgba, static_cast<std::size_t>(s.corners[piece.index]));
    d.tile(corners, mix(black, color, std::min(1.0, 0.35 + 0.7 * facing(at[0], at[1], at[2], p))));
  }
}

}  // namespace argscope::views
