#pragma once
/// Fills, strokes and discs as triangles whose edges fade over one pixel.

#include <cstdint>
#include <vector>

#include "views/drawing.h"

namespace argscope::views {

struct Triangles {
  std::vector<float> xyz;             ///< three a vertex; z = 0
  std::vector<std::uint8_t> rgba;     ///< four a vertex
  std::vector<float> uv;              ///< two a vertex, into sprite_atlas(); empty: without sprites
  std::vector<std::int32_t> corners;  ///< three a triangle

  void clear();
  std::int32_t vertices() const { return static_cast<std::int32_t>(xyz.size() / 3); }
};

enum class Discs { Polygons, Sprites };

/// Adds every mark of a drawing, in order; y is turned: 0 at viewport.y1, growing upwards. With sprites, small discs
/// are squares that show a picture of a disc.
void triangulate(const Drawing&, const Rect& viewport, Discs, Triangles&);

}  // namespace argscope::views
