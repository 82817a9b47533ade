#include "views/contours.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace argscope::views {

namespace {

struct Vertex {
  Point at;
  double value = 0;
};
using Triangle = std::array<Vertex, 3>;

Vertex vertex(const live::Grid& g, Index r, Index c) {
  return {{static_cast<double>(c), static_cast<double>(r)}, g.values[static_cast<std::size_t>(r * g.cols + c)]};
}

/// The two triangles of a cell, where all values are finite.
template <class Visit>
void for_triangles(const live::Grid& g, Index r, Index c, Visit visit) {
  const auto offer = [&](const Triangle& t) {
    if (std::all_of(t.begin(), t.end(), [](const Vertex& v) { return std::isfinite(v.value); })) visit(t);
  };
  const Vertex a = vertex(g, r, c), h = vertex(g, r + 1, c + 1);
  offer({a, vertex(g, r, c + 1), h});
  offer({a, h, vertex(g, r + 1, c)});
}

Vertex between(const Vertex& p, const Vertex& q, double value) {
  const double t = (value - p.value) / (q.value - p.value);
  return {p.at + t * (q.at - p.at), value};
}

/// The part of a convex piece where sign · (value − level) ≥ 0.
std::vector<Vertex> cut(const std::vector<Vertex>& piece, double level, double sign) {
  std::vector<Vertex> kept;
  for (std::size_t i = 0; i < piece.size(); ++i) {
    const Vertex &p = piece[i], &q = piece[(i + 1) % piece.size()];
    const bool in = sign * (p.value - level) >= 0, next = sign * (q.value - level) >= 0;
    if (in) kept.push_back(p);
    if (in != next) kept.push_back(between(p, q, level));
  }
  return kept;
}

int level_of(const std::vector<double>& levels, double value) {
  return static_cast<int>(std::upper_bound(levels.begin(), levels.end(), value) - levels.begin());
}

}  // namespace

std::vector<double> contour_levels(const live::Grid& g, int count) {
  double low = INFINITY, high = -INFINITY;
  for (const double v : g.values)
    if (std::isfinite(v)) low = std::min(low, v), high = std::max(high, v);
  std::vector<double> levels;
  if (!(high > low)) return levels;
  for (int k = 1; k <= count; ++k) {
    const double t = static_cast<double>(k) / (count + 1);
    levels.push_back(low + (high - low) * t * t * t * t);
  }
  return levels;
}

namespace {

/// The level of all four corners of a cell; −1: they differ, or one is not finite.
int whole_cell(const live::Grid& g, Index r, Index c, const std::vector<double>& levels) {
  const double corners[4] = {vertex(g, r, c).value, vertex(g, r, c + 1).value, vertex(g, r + 1, c).value,
                             vertex(g, r + 1, c + 1).value};
  const int level = level_of(levels, corners[0]);
  for (const double v : corners)
    if (!std::isfinite(v) || level_of(levels, v) != level) return -1;
  return level;
}

void add_bands(const Triangle& t, const std::vector<double>& levels, std::vector<Band>& found) {
  const auto [low, high] = std::minmax({t[0].value, t[1].value, t[2].value});
  const int first = level_of(levels, low), last = level_of(levels, high);
  for (int k = first; k <= last; ++k) {
    std::vector<Vertex> piece(t.begin(), t.end());
    if (k > first) piece = cut(piece, levels[static_cast<std::size_t>(k - 1)], 1);
    if (k < last) piece = cut(piece, levels[static_cast<std::size_t>(k)], -1);
    if (piece.size() < 3) continue;
    Band band{k, {}};
    for (const Vertex& v : piece) band.corners.push_back(v.at);
    found.push_back(std::move(band));
  }
}

}  // namespace

std::vector<Band> bands(const live::Grid& g, const std::vector<double>& levels) {
  std::vector<Band> found;
  for (Index r = 0; r + 1 < g.rows; ++r)
    for (Index c = 0; c + 1 < g.cols;) {
      const Index first = c;
      const int level = whole_cell(g, r, c, levels);
      while (level >= 0 && c + 1 < g.cols && whole_cell(g, r, c, levels) == level) ++c;
      if (c > first) {  // neighbouring cells of one level are one rectangle
        const auto y = static_cast<double>(r), x0 = static_cast<double>(first), x1 = static_cast<double>(c);
        found.push_back({level, {{x0, y}, {x1, y}, {x1, y + 1}, {x0, y + 1}}});
        continue;
      }
      for_triangles(g, r, c, [&](const Triangle& t) { add_bands(t, levels, found); });
      ++c;
    }
  return found;
}

std::vector<Isoline> isolines(const live::Grid& g, const std::vector<double>& levels) {
  std::vector<Isoline> found;
  const auto cross = [&](const Triangle& t) {
    const auto [low, high] = std::minmax({t[0].value, t[1].value, t[2].value});
    for (int k = level_of(levels, low); k < level_of(levels, high); ++k) {
      const double level = levels[static_cast<std::size_t>(k)];
      std::vector<Point> ends;
      for (std::size_t i = 0; i < 3; ++i)
        if ((t[i].value >= level) != (t[(i + 1) % 3].value >= level))
          ends.push_back(between(t[i], t[(i + 1) % 3], level).at);
      if (ends.size() == 2) found.push_back({k, ends[0], ends[1]});
    }
  };
  for (Index r = 0; r + 1 < g.rows; ++r)
    for (Index c = 0; c + 1 < g.cols; ++c) for_triangles(g, r, c, cross);
  return found;
}

double sample(const live::Grid& g, Point p) {
  const auto c = static_cast<Index>(std::floor(p.x)), r = static_cast<Index>(std::floor(p.y));
  if (c < 0 || r < 0 || c >= g.cols || r >= g.rows) return NAN;
  const Index c1 = std::min(c + 1, g.cols - 1), r1 = std::min(r + 1, g.rows - 1);
  const double u = p.x - static_cast<double>(c), v = p.y - static_cast<double>(r);
  const auto at = [&](Index row, Index column) { return g.values[static_cast<std::size_t>(row * g.cols + column)]; };
  return (1 - v) * ((1 - u) * at(r, c) + u * at(r, c1)) + v * ((1 - u) * at(r1, c) + u * at(r1, c1));
}

}  // namespace argscope::views
