#pragma once
/// Drawings as documents: SVG with text as text, PDF with text as outlines of the typeface.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "views/drawing.h"
#include "views/solid.h"
#include "views/type.h"

namespace argscope::views {

struct Page {
  int width = 0, height = 0;             ///< pixels; one is a point of the PDF
  std::optional<Color> background;       ///< none: transparent
  std::vector<const Drawing*> drawings;  ///< from below to above
  const Type* type = nullptr;
  std::map<std::string, std::string> metadata;
};

std::string svg(const Page&);
/// Throws io::DataError when the typeface's file is not installed.
std::string pdf(const Page&);

/// Where a text begins: its first letter's baseline, and the em of its typeface, pixels.
struct Baseline {
  Point at;
  double em = 0;
};
Baseline baseline(const Text&, const Type&);

/// The surface and spheres of a 3-D view as flat tiles and discs, far ones first, lit from the eye.
void flatten(const Solid&, const Projection&, Drawing&);

}  // namespace argscope::views
