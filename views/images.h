#pragma once
/// Images in a grid and, in a second panel of the same layout, their derivative.

#include "views/cells.h"
#include "views/layer.h"

namespace argscope::views {

class Images : public Layer {
 public:
  std::vector<LegendEntry> legend(const Frame&) const override;
  void draw(const Frame&, Drawing&) override;
  std::optional<Hover> hover(const Frame&, Point) const override;

 private:
  struct Stack {
    Index count = 0, rows = 0, cols = 0;  ///< images, and the pixels of each
    Index across = 1;                     ///< images side by side
    Index down() const { return (count + across - 1) / across; }
  };
  static Stack stack(const Frame&, double aspect);
  void draw_panel(Drawing&, const Frame&, const Rect&, const Vec&, const Colormap&, const std::string& name,
                  Map&) const;

  Stack stack_;
  Map values_, slopes_;
  bool has_slopes_ = false;
  bool split_ = false;  ///< room is kept for the derivative beside the values
};

}  // namespace argscope::views
