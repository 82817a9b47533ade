#pragma once
/// A function of two entries of x as filled contours with isolines, or as a lit surface; the minimiser, where it has
/// been, where its derivative points, and where it is predicted.

#include <deque>

#include "views/colormap.h"
#include "views/layer.h"
#include "views/plot.h"

namespace argscope::views {

class Landscape : public Layer {
 public:
  std::vector<LegendEntry> legend(const Frame&) const override;
  void draw(const Frame&, Drawing&) override;
  std::optional<Hover> hover(const Frame&, Point) const override;
  bool is_3d(const Frame&) const override;
  void draw_solid(const Frame&, Solid&) override;
  void refit() override { trail_.clear(); }
  const Projection* projection() const override { return &projection_; }

 private:
  void draw_map(const Frame&, const live::Grid&, Drawing&);
  void draw_box(const Frame&, const live::Grid&, Drawing&);
  /// Minimiser, trail, arrow and ghost, placed by a map from the plane to pixels.
  template <class Place>
  void draw_state(const Frame&, const live::Grid&, Place, Drawing&) const;
  void remember(const Frame&, const live::Grid&);
  std::optional<Point> under(const Frame&, const live::Grid&, Point cursor) const;

  Map map_;
  Projection projection_;
  std::deque<Point> trail_;  ///< the last minimisers, oldest first
};

}  // namespace argscope::views
