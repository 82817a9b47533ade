#include "views/images.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "views/format.h"

namespace argscope::views {

namespace {

constexpr double gap = 0.08;  // between images, of an image's side

}  // namespace

Images::Stack Images::stack(const Frame& f, double aspect) {
  Stack s;
  const live::Field* show = f.field("show");
  if (show == nullptr || show->value.size() == 0) return s;
  const expr::Shape& shape = show->shape;
  const Index size = show->value.size();
  const auto rows = static_cast<Index>(f.told("rows").value_or(0)),
             cols = static_cast<Index>(f.told("columns").value_or(0));
  if (rows > 0 && cols > 0)
    s.rows = rows, s.cols = cols;
  else if (shape.rank() >= 2)
    s.rows = shape[shape.rank() - 2], s.cols = shape[shape.rank() - 1];
  if (s.rows * s.cols == 0 || size % (s.rows * s.cols) != 0) return Stack();
  s.count = size / (s.rows * s.cols);
  const auto told = static_cast<Index>(f.told("across").value_or(0));
  double largest = 0;
  for (Index across = 1; across <= s.count; ++across) {  // the layout with the largest pixels
    const Index rows_of_images = (s.count + across - 1) / across;
    const double down = static_cast<double>(rows_of_images), side = static_cast<double>(across);
    const double pixel =
        std::min(aspect / (side * static_cast<double>(s.cols)), 1 / (down * static_cast<double>(s.rows)));
    if (told > 0 ? across == std::min(told, s.count) : pixel > largest) largest = pixel, s.across = across;
  }
  return s;
}

std::vector<LegendEntry> Images::legend(const Frame& f) const {
  const live::Field* show = f.field("show");
  if (show == nullptr || !f.arrows(*show)) return {};
  const std::string slope = partial(f.caption("show"), f.parameter());
  const bool moves = f.arrows(*show)->cwiseAbs().maxCoeff() > 0;
  return {{LegendEntry::Symbol::None, f.theme->ink,
           moves ? fmt::format("{} and {}", f.caption("show"), slope) : slope + " = 0"}};
}

void Images::draw(const Frame& f, Drawing& d) {
  content_ = f.pane;
  const live::Field* show = f.field("show");
  stack_ = Stack();
  has_slopes_ = false;
  if (show == nullptr || f.pane.empty()) return;
  const std::optional<Vec> J = f.arrows(*show);
  const bool moves = J && J->cwiseAbs().maxCoeff() > 0;
  const bool pending = f.look.arrows && !f.snapshot->has_jacobian;  // images stay while J is on its way
  split_ = moves || (pending && split_);
  const bool wide = f.pane.width() > 1.3 * f.pane.height();
  Rect first = f.pane.inset(f.px(4)), second = first;
  if (split_) {
    (wide ? first.x1 : first.y1) = wide ? first.center().x - f.px(8) : first.center().y - f.px(4);
    (wide ? second.x0 : second.y0) = wide ? second.center().x + f.px(8) : second.center().y + f.px(4);
  }
  const double beside = first.width() >= f.px(130) ? f.px(70) : 0;  // the colour bars
  stack_ = stack(f, (first.width() - beside) / std::max(1.0, first.height()));
  if (stack_.count == 0) return;
  const std::span<const double> values(show->value.data(), static_cast<std::size_t>(show->value.size()));
  draw_panel(d, f, first, show->value, fit_colormap(values, f.coloring()), f.caption("show"), values_);
  content_ = values_.area;
  if (!moves) return;
  Coloring slopes;
  slopes.tint = Tint::Signed;
  slopes.dark = f.look.dark;
  const std::span<const double> numbers(J->data(), static_cast<std::size_t>(J->size()));
  draw_panel(d, f, second, *J, fit_colormap(numbers, slopes), partial(f.caption("show"), f.parameter()), slopes_);
  has_slopes_ = true;
}

void Images::draw_panel(Drawing& d, const Frame& f, const Rect& room, const Vec& values, const Colormap& colors,
                        const std::string& name, Map& map) const {
  Rect area = room;
  const bool roomy = room.width() >= f.px(130);  // else the images have all of it
  if (roomy) area.x1 -= color_bar_room(f, colors) + f.px(10);
  map.area = area;
  if (area.empty()) return;
  const double w = static_cast<double>(stack_.cols), h = static_cast<double>(stack_.rows),
               between = gap * std::max(w, h);
  const double wide = static_cast<double>(stack_.across) * (w + between) - between;
  const double tall = static_cast<double>(stack_.down()) * (h + between) - between;
  const double pixels = std::min(area.width() / wide, area.height() / tall);
  area = {area.x0, area.y0, area.x0 + pixels * wide, area.y0 + pixels * tall};
  map = looked_at_equal(area, {0, wide}, {-tall, 0}, f.camera);
  d.push_clip(area.inset(-f.px(1)));
  for (Index k = 0; k < stack_.count; ++k) {
    const Index row = k / stack_.across, column = k % stack_.across;
    const double x = static_cast<double>(column) * (w + between), y = -static_cast<double>(row) * (h + between);
    const Point a = map.at(x, y), b = map.at(x + w, y - h);
    const auto size = static_cast<std::size_t>(stack_.rows * stack_.cols);
    draw_cells(d, f, {a.x, a.y, b.x, b.y}, {values.data() + static_cast<std::size_t>(k) * size, size}, stack_.rows,
               stack_.cols, colors);
    d.frame({a.x, a.y, b.x, b.y}, {f.theme->axis.faded(0.6), f.px(1), Dash::Solid});
  }
  d.pop_clip();
  if (!roomy) return;
  const double bar = std::min(area.height(), f.px(280));
  draw_color_bar(d, f, {area.x1 + f.px(12), area.y0 + f.px(2), room.x1, area.y0 + bar - f.px(2)}, colors, name);
}

std::optional<Hover> Images::hover(const Frame& f, Point cursor) const {
  const live::Field* show = f.field("show");
  if (show == nullptr || stack_.count == 0) return std::nullopt;
  const bool second = has_slopes_ && slopes_.area.contains(cursor);
  if (!second && !values_.area.contains(cursor)) return std::nullopt;
  const Point at = (second ? slopes_ : values_).value(cursor);
  const double w = static_cast<double>(stack_.cols), h = static_cast<double>(stack_.rows),
               between = gap * std::max(w, h);
  const double x = at.x / (w + between), y = -at.y / (h + between);
  const auto column = static_cast<Index>(std::floor(x)), row = static_cast<Index>(std::floor(y));
  const auto c = static_cast<Index>(std::floor((x - std::floor(x)) * (w + between)));
  const auto r = static_cast<Index>(std::floor((y - std::floor(y)) * (h + between)));
  const Index image = row * stack_.across + column;
  const bool on =
      column >= 0 && column < stack_.across && row >= 0 && image < stack_.count && c < stack_.cols && r < stack_.rows;
  if (!on) return std::nullopt;
  const Index k = (image * stack_.rows + r) * stack_.cols + c;
  if (k >= show->value.size()) return std::nullopt;
  std::string text =
      fmt::format("image {}, row {}, column {}  {} = {}", image, r, c, f.element("show", k), number(show->value[k]));
  if (const auto J = f.derivative(*show)) text += fmt::format("  ∂/∂{} = {}", f.parameter(), number((*J)[k]));
  return Hover{text, 0, k};
}

}  // namespace argscope::views
