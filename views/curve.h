#pragma once
/// Values along the range of one parameter, the present state on them, the tangent that its derivative predicts (at a
/// kink half a one to each side), and the predicted state.

#include "views/layer.h"
#include "views/plot.h"

namespace argscope::views {

class Curve : public Layer {
 public:
  std::vector<LegendEntry> legend(const Frame&) const override;
  void draw(const Frame&, Drawing&) override;
  std::optional<Hover> hover(const Frame&, Point) const override;
  void refit() override;

 private:
  /// The axis parameter: where it stands in θ, and its sweep when that is known.
  struct Knob {
    std::string name, label;
    Index element = 0;  ///< flat index into θ
    Axis range;
    const live::Sweep* sweep = nullptr;
    bool outdated = false;       ///< the sweep is of other values of the other parameters
    const Mat* sides = nullptr;  ///< Sweep::sides, of as many rows as the field has; null: no kink here
  };
  /// A line through the present state for so much of the axis, where its value changes with so much of the parameter.
  struct Tangent {
    int from, to;  ///< sixteenths of its reach
    Vec slopes;
  };
  /// The last sweep that was known: a state that has none yet is drawn with it.
  struct Kept {
    std::shared_ptr<const io::Scene> scene;
    live::Sweep sweep;
    Vec others;  ///< θ without the axis parameter
  };
  std::optional<Knob> knob(const Frame&) const;
  void keep(const Frame&, const Knob&);
  static std::vector<Tangent> tangents(const Frame&, const Knob&, const live::Field&);
  static std::string line_name(const Frame&, Index k);
  void draw_lines(const Frame&, const Knob&, Drawing&) const;
  void draw_present(const Frame&, const Knob&, const live::Field&, Drawing&) const;

  Held held_;
  std::optional<Kept> kept_;
  Map map_;
};

}  // namespace argscope::views
