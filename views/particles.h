#pragma once
/// Discs (spheres in 3-D): two tones by size, hollow where nothing holds a particle, cut at the box and continued on
/// the other side; contacts as lines as strong as the overlap; arrows for the derivative; dashed rings for the ghost.

#include "views/layer.h"
#include "views/plot.h"

namespace argscope::views {

class Particles : public Layer {
 public:
  std::vector<LegendEntry> legend(const Frame&) const override;
  void draw(const Frame&, Drawing&) override;
  std::optional<Hover> hover(const Frame&, Point) const override;
  bool is_3d(const Frame&) const override;
  void draw_solid(const Frame&, Solid&) override;
  const Projection* projection() const override { return &projection_; }
  void refit() override;

 private:
  void draw_flat(const Frame&, Drawing&);
  void draw_above(const Frame&, Drawing&);

  Held across_, up_;
  Map map_;
  Projection projection_;
};

}  // namespace argscope::views
