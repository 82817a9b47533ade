#pragma once
/// The colours of the pictures, light and dark. Every text colour has a contrast of at least 4.5 : 1 against the
/// background and the panels; nothing relies on red against green.

#include <array>

#include "views/drawing.h"

namespace argscope::views {

struct Theme {
  Color background, panel;  ///< panel: behind words that float in the picture
  Color ink, muted;         ///< text; text of less weight
  Color axis, grid;
  Color small, large, rim;          ///< discs by size, and their outline
  Color arrow, ghost;               ///< derivative; prediction
  Color good, warn, bad;            ///< always with an icon and words
  Color missing, hatching;          ///< not-a-number
  std::array<Color, 7> categories;  ///< colour-blind safe (Okabe and Ito, 2008)
};

const Theme& theme(bool dark);

/// Contrast ratio of the Web Content Accessibility Guidelines, 1 to 21.
double contrast(Color, Color);

}  // namespace argscope::views
