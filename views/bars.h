#pragma once
/// A bar for each number about a zero line, blue below and orange above; the derivative as an arrow from the bar's tip;
/// the ghost as a dashed outline. A matrix gives one group of bars a row.

#include "views/layer.h"
#include "views/plot.h"

namespace argscope::views {

class Bars : public Layer {
 public:
  std::vector<LegendEntry> legend(const Frame&) const override;
  void draw(const Frame&, Drawing&) override;
  std::optional<Hover> hover(const Frame&, Point) const override;
  void refit() override { held_.forget(); }

 private:
  void draw_bars(const Frame&, const live::Field&, Drawing&) const;
  void draw_labels(const Frame&, const live::Field&, Drawing&) const;

  Held held_;
  Map map_;
};

}  // namespace argscope::views
