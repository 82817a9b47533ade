#pragma once
/// Level sets of numbers on a grid, by triangles: two a cell, neighbours of one level joined.

#include <vector>

#include "core/live/session.h"
#include "views/drawing.h"

namespace argscope::views {

/// A piece of the plane, in the grid's own coordinates: columns and rows from 0.
struct Band {
  int level = 0;               ///< between levels[level − 1] and levels[level]
  std::vector<Point> corners;  ///< convex
};
struct Isoline {
  int level = 0;
  Point from, to;
};

/// Levels that divide the values evenly after a compression (fourth root of the height above the lowest), so that
/// the neighbourhood of a minimum is resolved.
std::vector<double> contour_levels(const live::Grid&, int count);
/// Triangles with a value that is not finite are left out.
std::vector<Band> bands(const live::Grid&, const std::vector<double>& levels);
std::vector<Isoline> isolines(const live::Grid&, const std::vector<double>& levels);

/// Bilinear between the grid's values at grid coordinates; not-a-number outside.
double sample(const live::Grid&, Point);

}  // namespace argscope::views
