#pragma once
/// A page painted without a graphics card or a window: the same triangles and letters as on the screen.

#include <vector>

#include "views/page.h"

namespace argscope::views {

/// RGBA rows from the top, opacity not multiplied in.
std::vector<unsigned char> paint(const Page&);

/// True where VTK can open a window, off screen or not.
bool has_display();

}  // namespace argscope::views
