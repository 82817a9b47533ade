#pragma once
/// Matrices of coloured cells and the bars that explain their colours, shared by images and heat maps.

#include "views/colormap.h"
#include "views/plot.h"

namespace argscope::views {

/// rows × cols numbers, row-major, row 0 at the top, painted into `rect`. What is not a number is hatched. Where cells
/// are smaller than a pixel, the entry of largest size in each block is shown.
void draw_cells(Drawing&, const Frame&, const Rect&, std::span<const double> values, Index rows, Index cols,
                const Colormap&);

/// Width that a colour bar takes at the right of a view.
double color_bar_room(const Frame&, const Colormap&);
/// Upright, along `rect`'s height, at its left edge; pointed where values are cut; numbers at its right.
void draw_color_bar(Drawing&, const Frame&, const Rect&, const Colormap&, const std::string& name);

}  // namespace argscope::views
