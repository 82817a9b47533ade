#pragma once
/// Small discs as pictures of discs: two triangles each where a polygon with softened edges takes forty. One atlas
/// holds white discs of growing radius, and a plain white cell for all that is no disc.

#include <optional>
#include <vector>

#include "views/drawing.h"

namespace argscope::views {

struct Sprite {
  double u0, v0, u1, v1;  ///< its cell of the atlas, 0 to 1, v upwards
  double reach;           ///< half the side of the square that it fills, pixels
};

/// The picture of a disc of that radius in pixels, its edge falling over one pixel; none: too large for a picture.
std::optional<Sprite> sprite_of(double radius);

/// Where the atlas is white.
Point plain_place();

struct Atlas {
  int width = 0, height = 0;
  std::vector<unsigned char> rgba;  ///< rows from the bottom; white, of the discs' opacity
};
const Atlas& sprite_atlas();

}  // namespace argscope::views
