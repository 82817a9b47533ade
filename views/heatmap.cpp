#include "views/heatmap.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/optimality/model.h"
#include "views/format.h"

namespace argscope::views {

namespace {

/// Offset and size of a named parameter in θ, or of a variable in x.
template <class Parts, class ShapeOf>
std::pair<Index, Index> stretch(const Parts& parts, const std::string& name, ShapeOf shape_of, Index all) {
  Index first = 0;
  for (const auto& p : parts) {
    const Index size = shape_of(p).size();
    if (p.name == name) return {first, size};
    first += size;
  }
  return {0, all};
}

}  // namespace

Heatmap::Table Heatmap::table(const Frame& f) {
  Table t;
  t.jacobian = f.word("show") == "jacobian";
  if (const live::Field* show = f.field("show"); show != nullptr && !t.jacobian) {
    t.rows = show->shape.rank() == 2 ? show->shape[0] : show->shape.rank() < 2 ? 1 : show->shape.rows();
    t.cols = t.rows > 0 ? show->value.size() / t.rows : 0;
    t.values.assign(show->value.begin(), show->value.end());
    t.name = f.caption("show");
    return t;
  }
  if (!t.jacobian || !f.derivative_known()) return t;
  const std::string of = f.word("of"), wrt = f.word("wrt");
  const live::Snapshot& s = *f.snapshot;
  const live::Field* field = of.empty() ? nullptr : find(s.fields, of);
  const Mat& J = field != nullptr ? field->derivative : s.J;
  Index rows = J.rows(), cols = J.cols();
  t.lone_col = cols == s.theta.size() ? -1 : s.only_column;
  if (s.scene && s.scene->statement) {
    const auto& statement = *s.scene->statement;
    if (cols == s.theta.size())
      std::tie(t.first_col, cols) = stretch(
          statement.parameters, wrt, [](const auto& p) { return p.value.shape; }, cols);
    if (field == nullptr)
      std::tie(t.first_row, rows) = stretch(
          statement.variables, of, [](const auto& v) { return v.start.shape; }, rows);
  }
  if (t.first_row + rows > J.rows() || t.first_col + cols > J.cols()) return t;
  t.rows = rows, t.cols = cols;
  t.of = field != nullptr ? of : "";
  t.name = partial(of.empty() ? "x" : of, wrt.empty() ? "θ" : wrt);
  for (Index r = 0; r < rows; ++r)
    for (Index c = 0; c < cols; ++c) t.values.push_back(J(t.first_row + r, t.first_col + c));
  return t;
}

std::string Heatmap::row_name(const Frame& f, const Table& t, Index r) {
  if (std::string told = f.listed("row_labels", r); !told.empty()) return told;
  if (!t.jacobian) return fmt::format("{}", r);
  if (const live::Field* field = t.of.empty() ? nullptr : find(f.snapshot->fields, t.of))
    return optimality::element_name({{t.of, field->shape, 0}}, r);
  if (f.snapshot->model) return optimality::element_name(f.snapshot->model->variables(), t.first_row + r);
  return fmt::format("x[{}]", t.first_row + r);
}

std::string Heatmap::column_name(const Frame& f, const Table& t, Index c) {
  if (std::string told = f.listed("column_labels", c); !told.empty()) return told;
  if (!t.jacobian) return fmt::format("{}", c);
  return parameter_name(*f.snapshot, t.lone_col >= 0 ? t.lone_col : t.first_col + c);
}

std::vector<LegendEntry> Heatmap::legend(const Frame& f) const {
  const Table t = table(f);
  const bool missing = std::any_of(t.values.begin(), t.values.end(), [](double v) { return !std::isfinite(v); });
  std::vector<LegendEntry> entries;
  if (missing) entries.push_back({LegendEntry::Symbol::Square, f.theme->hatching, "hatched: not a number"});
  return entries;
}

void Heatmap::draw(const Frame& f, Drawing& d) {
  const Table t = table(f);
  if (t.rows == 0 || t.cols == 0) {
    const bool waiting = t.jacobian && !f.snapshot->has_jacobian;
    const std::string words =
        t.jacobian ? waiting ? "derivative not computed yet" : "no derivative to show" : "nothing to show";
    d.text(f.pane.center(), f.type->shortened(words, TextSize::Normal, f.pane.width()),
           {f.theme->muted, TextSize::Normal, Across::Center, Down::Center, false});
    content_ = map_.area = f.pane;
    return;
  }
  Coloring coloring = f.coloring();
  if (t.jacobian && !coloring.tint) coloring.tint = Tint::Signed;
  const Colormap colors = fit_colormap(t.values, coloring);
  double left = 0;
  for (Index r = 0; r < std::min<Index>(t.rows, 64); ++r)
    left = std::max(left, f.type->width(row_name(f, t, r), TextSize::Small));
  const double foot = f.type->size(TextSize::Small) + f.px(10), bar = color_bar_room(f, colors) + f.px(14);
  Rect area{f.pane.x0 + std::min(left, f.pane.width() / 3) + f.px(12), f.pane.y0 + f.px(6), f.pane.x1 - bar,
            f.pane.y1 - foot};
  if (area.empty()) return;
  const double w = area.width() / static_cast<double>(t.cols), h = area.height() / static_cast<double>(t.rows);
  const bool strip = std::max(t.rows, t.cols) >= 6 * std::min(t.rows, t.cols);
  const double longest = strip ? 8 : 2.5;  // a cell's longer side against its shorter one
  const double least = f.px(48);           // of a table with thousands of rows or columns
  const auto side = [&](double all, double wanted) { return std::min(all, std::max(wanted, least)); };
  if (w > longest * h) area.x1 = area.x0 + side(area.width(), longest * h * static_cast<double>(t.cols));
  if (h > longest * w) area.y1 = area.y0 + side(area.height(), longest * w * static_cast<double>(t.rows));
  content_ = area;
  map_ = looked_at(area, {0, static_cast<double>(t.cols)}, {0, static_cast<double>(t.rows)}, f.camera);
  const Point a = map_.at(0, static_cast<double>(t.rows)), b = map_.at(static_cast<double>(t.cols), 0);
  d.push_clip(area);
  draw_cells(d, f, {a.x, a.y, b.x, b.y}, t.values, t.rows, t.cols, colors);
  d.pop_clip();
  d.frame(area, {f.theme->axis, f.px(1), Dash::Solid});
  draw_names(f, t, d);
  draw_color_bar(d, f, {area.x1 + f.px(14), area.y0, f.pane.x1, std::min(area.y1, area.y0 + f.px(320))}, colors,
                 t.name);
}

void Heatmap::draw_names(const Frame& f, const Table& t, Drawing& d) const {
  const Rect& area = map_.area;
  const double small = f.type->size(TextSize::Small);
  const TextStyle beside{f.theme->muted, TextSize::Small, Across::Right, Down::Center, false};
  const TextStyle below{f.theme->muted, TextSize::Small, Across::Center, Down::Top, false};
  const double h = map_.at(0, 0).y - map_.at(0, 1).y, w = map_.at(1, 0).x - map_.at(0, 0).x;
  const auto skip = [](double room, double needed) {
    return static_cast<Index>(std::max(1.0, std::ceil(needed / room)));
  };
  for (Index r = 0; r < t.rows; r += skip(h, small + f.px(1))) {
    const double y = map_.at(0, static_cast<double>(t.rows - r) - 0.5).y;
    const std::string name = f.type->shortened(row_name(f, t, r), TextSize::Small, area.x0 - f.pane.x0 - f.px(8));
    if (y > area.y0 && y < area.y1) d.text({area.x0 - f.px(6), y}, name, beside);
  }
  double widest = 0;
  for (Index c = 0; c < std::min<Index>(t.cols, 64); ++c)
    widest = std::max(widest, f.type->width(column_name(f, t, c), TextSize::Small));
  for (Index c = 0; c < t.cols; c += skip(w, widest + f.px(6))) {
    const double x = map_.at(static_cast<double>(c) + 0.5, 0).x;
    if (x > area.x0 && x < area.x1) d.text({x, area.y1 + f.px(5)}, column_name(f, t, c), below);
  }
}

std::optional<Hover> Heatmap::hover(const Frame& f, Point cursor) const {
  const Table t = table(f);
  if (t.rows == 0 || t.cols == 0 || !map_.area.contains(cursor)) return std::nullopt;
  const Point at = map_.value(cursor);
  const auto c = static_cast<Index>(std::floor(at.x)), r = t.rows - 1 - static_cast<Index>(std::floor(at.y));
  if (c < 0 || r < 0 || c >= t.cols || r >= t.rows) return std::nullopt;
  const Index k = r * t.cols + c;
  const std::string value = number(t.values[static_cast<std::size_t>(k)]);
  if (t.jacobian) return Hover{fmt::format("{} = {}", partial(row_name(f, t, r), column_name(f, t, c)), value), 0, k};
  std::string text = fmt::format("{} = {}", f.element("show", k), value);
  const live::Field* show = f.field("show");
  if (const auto J = f.derivative(*show)) text += fmt::format("  ∂/∂{} = {}", f.parameter(), number((*J)[k]));
  return Hover{text, 0, k};
}

}  // namespace argscope::views
