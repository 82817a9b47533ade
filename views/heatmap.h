#pragma once
/// A matrix as coloured cells with a colour bar: an expression's values, or the Jacobian itself.

#include "views/cells.h"
#include "views/layer.h"

namespace argscope::views {

class Heatmap : public Layer {
 public:
  std::vector<LegendEntry> legend(const Frame&) const override;
  void draw(const Frame&, Drawing&) override;
  std::optional<Hover> hover(const Frame&, Point) const override;

 private:
  /// What is shown: names are made on demand from row and column.
  struct Table {
    Index rows = 0, cols = 0;
    std::vector<double> values;  ///< row-major
    std::string name;            ///< of the colour bar
    bool jacobian = false;
    Index first_row = 0, first_col = 0;  ///< of the Jacobian: offsets into x and θ
    Index lone_col = -1;                 ///< the entry of θ, when only that one's column is known
    std::string of;                      ///< the field whose derivative it is; empty: x
  };
  static Table table(const Frame&);
  static std::string row_name(const Frame&, const Table&, Index);
  static std::string column_name(const Frame&, const Table&, Index);
  void draw_names(const Frame&, const Table&, Drawing&) const;

  Map map_;
};

}  // namespace argscope::views
