#pragma once
/// What frames the pictures: title and legend of a view, the health strip, the reason when a derivative is undefined,
/// the stale marker. Status is always an icon and words, never colour alone.

#include "views/layer.h"

namespace argscope::views {

/// The heights that title and legend take off a view.
struct Heading {
  double title = 0, legend = 0;
  std::vector<std::vector<LegendEntry>> rows;  ///< the legend, broken into lines
};
Heading heading(const Frame&, const Rect& view, const std::vector<LegendEntry>&);
void draw_heading(Drawing&, const Frame&, const Rect& view, const Heading&);

enum class Health { Good, Warn, Bad, Unknown };
struct HealthItem {
  Health health = Health::Unknown;
  std::string words;
};
/// The strip's contents: solution, linear solve, condition, rank and zero modes, kink margin, differences.
std::vector<HealthItem> health_items(const live::Snapshot&);

/// Height of the strip at the window's foot.
double strip_height(const live::Snapshot&, const Look&, const Type&, double width);
void draw_strip(Drawing&, const live::Snapshot&, const Look&, const Type&, const Rect&);

/// Error, undefined derivative, stale picture: banners at the top of `window`. None: nothing drawn.
void draw_banners(Drawing&, const live::Snapshot&, const Look&, const Type&, const Rect& window);

void draw_health_icon(Drawing&, Health, Point center, double radius, const Theme&);

}  // namespace argscope::views
