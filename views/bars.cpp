#include "views/bars.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "views/format.h"
#include "views/scale.h"

namespace argscope::views {

namespace {

constexpr double bar_half = 0.36;  // of the distance between bars
constexpr double group_gap = 0.8;  // between the groups of a matrix

Index group_size(const live::Field& f) {
  return f.shape.rank() >= 2 ? std::max<Index>(1, f.shape.width()) : f.value.size();
}

double place(const live::Field& f, Index k) {
  const Index gaps_before = k / group_size(f);
  return static_cast<double>(k) + 0.5 + group_gap * static_cast<double>(gaps_before);
}

Axis across(const live::Field& f) { return {-0.1, place(f, f.value.size() - 1) + 0.6, false}; }

/// From the lowest to the highest bar's end, zero included.
std::pair<double, double> extent(const Vec& values) {
  double low = 0, high = 0;
  for (const double v : values)
    if (std::isfinite(v)) low = std::min(low, v), high = std::max(high, v);
  return {low, high};
}

/// Value per derivative of 1: the largest arrow takes about a quarter of the bars' extent; a scale of 1 is kept where
/// it fits.
double tip_scale(const Vec& values, const Vec& J) {
  const auto [low, high] = extent(values);
  const double most = J.size() > 0 ? J.cwiseAbs().maxCoeff() : 0, span = high > low ? 1.2 * (high - low) : 1;
  if (!(most > 0)) return 0;
  return most < 0.4 * span && most > 0.04 * span ? 1 : round_scale(0.22 * span / most);
}

}  // namespace

std::vector<LegendEntry> Bars::legend(const Frame& f) const {
  using Symbol = LegendEntry::Symbol;
  std::vector<LegendEntry> entries;
  const live::Field* show = f.field("show");
  if (show == nullptr) return entries;
  if (const auto J = f.arrows(*show)) {
    const double scale = tip_scale(show->value, *J);
    const std::string name = partial(f.caption("show"), f.parameter());
    entries.push_back(
        {Symbol::Arrow, f.theme->ink, scale > 0 ? fmt::format("{} × {}", name, number(scale)) : name + " = 0"});
  }
  if (f.ghost_field("show") != nullptr) entries.push_back({Symbol::Dashed, f.theme->ghost, "predicted"});
  return entries;
}

void Bars::draw(const Frame& f, Drawing& d) {
  const live::Field* show = f.field("show");
  if (show == nullptr || show->value.size() == 0) return;
  auto [low, high] = extent(show->value);
  if (const auto J = f.arrows(*show)) {  // the arrows' tips are seen too
    const auto [least, most] = extent(show->value + tip_scale(show->value, *J) * *J);
    low = std::min(low, least), high = std::max(high, most);
  }
  if (const live::Field* then = f.ghost_field("show")) {  // a prediction too, unless it is far off
    const double span = high > low ? high - low : 1;
    const auto [least, most] = extent(then->value);
    low = std::min(low, std::max(least, low - span)), high = std::max(high, std::min(most, high + span));
  }
  held_.cover(low, high, 0.12);
  Axis up = held_.axis();
  up.low = f.told("low").value_or(low < 0 ? up.low : 0);
  up.high = f.told("high").value_or(high > 0 ? up.high : 0);
  if (!(up.high > up.low)) up.high = up.low + 1;
  const AxisNames names{"", f.caption("show"), false};
  Frame inner = f;
  inner.pane.y1 -= f.type->size(TextSize::Small) + f.px(4);
  content_ = plot_area(inner, across(*show), up, names);
  if (content_.empty()) return;
  map_ = looked_at(content_, across(*show), up, f.camera);
  draw_axes(d, inner, map_, names);
  d.push_clip(content_);
  draw_bars(f, *show, d);
  d.pop_clip();
  draw_labels(f, *show, d);
}

void Bars::draw_bars(const Frame& f, const live::Field& show, Drawing& d) const {
  const live::Field* then = f.ghost_field("show");
  const std::optional<Vec> J = f.arrows(show);
  const double scale = J ? tip_scale(show.value, *J) : 0;
  const auto bar = [&](Index k, double v) {
    const Point a = map_.at(place(show, k) - bar_half, 0), b = map_.at(place(show, k) + bar_half, v);
    return Rect{a.x, std::min(a.y, b.y), b.x, std::max(a.y, b.y)};
  };
  const Color above = f.look.dark ? f.theme->categories[1] : mix(f.theme->categories[1], {255, 255, 255, 255}, 0.25);
  const Color below = f.look.dark ? f.theme->categories[0] : mix(f.theme->categories[0], {255, 255, 255, 255}, 0.2);
  const double zero = map_.at(0, 0).y;
  for (Index k = 0; k < show.value.size(); ++k) {
    const double v = show.value[k];
    if (!std::isfinite(v)) {
      const Rect whole = bar(k, 0);
      d.hatch({whole.x0, map_.area.y0, whole.x1, map_.area.y1}, f.theme->missing, f.theme->hatching);
      continue;
    }
    d.box(bar(k, v), v < 0 ? below : above);
    if (then != nullptr && std::abs(map_.at(0, then->value[k]).y - map_.at(0, v).y) > f.px(1.5))
      d.frame(bar(k, then->value[k]), {f.theme->ghost, f.px(1.5), Dash::Dashed});
  }
  d.line({map_.area.x0, zero}, {map_.area.x1, zero}, {f.theme->ink, f.px(1.2), Dash::Solid});
  for (Index k = 0; k < show.value.size() && scale > 0; ++k) {
    const double v = show.value[k], x = place(show, k);
    const double wide = map_.at(x + bar_half, 0).x - map_.at(x, 0).x;
    if (!std::isfinite(v)) continue;
    const Point tip = map_.at(x, v), end = map_.at(x, v + scale * (*J)[k]);
    const double weight = std::clamp(wide / 5, f.px(1), f.px(2));
    d.line(tip - Point{wide * 0.55, 0}, tip + Point{wide * 0.55, 0}, {f.theme->ink, weight, Dash::Solid});
    d.line(tip, end, {f.theme->background.faded(0.6), weight + f.px(2), Dash::Solid});
    d.arrow(tip, end, {f.theme->ink, weight, Dash::Solid});
  }
}

void Bars::draw_labels(const Frame& f, const live::Field& show, Drawing& d) const {
  const double y = map_.area.y1 + f.px(5);
  const double step = (map_.at(1, 0).x - map_.at(0, 0).x);
  const auto name = [&](Index k) {
    const std::string told = f.listed("labels", k);
    return told.empty() ? f.element("show", k) : told;
  };
  double widest = 1;
  for (Index k = 0; k < show.value.size(); ++k) widest = std::max(widest, f.type->width(name(k), TextSize::Small));
  const auto every = static_cast<Index>(std::max(1.0, std::ceil((widest + f.px(6)) / std::max(step, 1e-6))));
  for (Index k = 0; k < show.value.size(); k += every) {
    const double x = map_.at(place(show, k), 0).x;
    if (x < map_.area.x0 || x > map_.area.x1) continue;
    d.text({x, y}, name(k), {f.theme->muted, TextSize::Small, Across::Center, Down::Top, false});
  }
}

std::optional<Hover> Bars::hover(const Frame& f, Point cursor) const {
  const live::Field* show = f.field("show");
  if (show == nullptr || !map_.area.contains(cursor)) return std::nullopt;
  const double x = map_.value(cursor).x;
  for (Index k = 0; k < show->value.size(); ++k) {
    if (std::abs(x - place(*show, k)) > 0.5) continue;
    std::string text = fmt::format("{} = {}", f.element("show", k), number(show->value[k]));
    if (const auto J = f.derivative(*show)) text += fmt::format("  ∂/∂{} = {}", f.parameter(), number((*J)[k]));
    return Hover{text, 0, k};
  }
  return std::nullopt;
}

}  // namespace argscope::views
