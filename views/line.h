#pragma once
/// Points joined by lines: a chain, a curve in the plane, a function of x; their derivative as arrows, the prediction
/// as a dashed line.

#include "views/layer.h"
#include "views/plot.h"

namespace argscope::views {

class Line : public Layer {
 public:
  std::vector<LegendEntry> legend(const Frame&) const override;
  void draw(const Frame&, Drawing&) override;
  std::optional<Hover> hover(const Frame&, Point) const override;
  void refit() override;

 private:
  /// The field's numbers as points of the plane, and how a derivative moves them.
  struct Course {
    Index lines = 0, points = 0;
    bool plane = false;     ///< places in the plane, not heights
    std::vector<Point> at;  ///< line by line
  };
  static Course course(const Frame&, const Vec& values);
  static std::vector<Point> arrow_tips(const Course&, const Vec& J);
  static double arrow_length(const Course&, const Vec& J);
  void draw_course(const Frame&, const Course&, Drawing&) const;
  /// Only where it differs visibly.
  void draw_ghost(const Frame&, const Course& now, const Course& then, Drawing&) const;

  Held across_, up_;
  Map map_;
};

}  // namespace argscope::views
