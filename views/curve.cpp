#include "views/curve.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/optimality/model.h"
#include "views/format.h"

namespace argscope::views {

namespace {

constexpr Index most_lines = 60;

const live::Field* at_point(const live::Sweep& s, std::size_t point, const std::string& name) {
  const bool known = point < s.fields.size() && (point >= s.converged.size() || s.converged[point]);
  return known && s.fields[point].name == name ? &s.fields[point] : nullptr;
}

double number_at(const live::Sweep& s, std::size_t point, const std::string& name, Index k) {
  const live::Field* at = point < s.at.size() ? at_point(s, point, name) : nullptr;
  return at != nullptr && k < at->value.size() ? at->value[k] : std::nan("");
}

/// Whether some line goes far between two neighbouring points and hardly moves on either side: x* jumps there, to
/// another minimum or another active set, and is nowhere in between.
bool jumps(const live::Sweep& s, const live::Field& show, std::size_t point, double span) {
  constexpr double far = 0.15, hardly = 1.0 / 8;
  for (Index k = 0; k < show.value.size() && point > 0; ++k) {
    const auto step = [&](std::size_t p) {
      return std::abs(number_at(s, p + 1, show.name, k) - number_at(s, p, show.name, k));
    };
    const double here = step(point);
    if (here > far * span && std::max(step(point - 1), step(point + 1)) < hardly * here) return true;
  }
  return false;
}

Vec others(const live::Snapshot& s, Index element) {
  Vec theta = s.theta;
  theta[element] = 0;
  return theta;
}

std::string number_of_side(double slope) { return std::isnan(slope) ? "none" : number(slope); }

Color line_color(const Frame& f, Index k) {
  return f.theme->categories[static_cast<std::size_t>(k) % f.theme->categories.size()];
}

}  // namespace

void Curve::refit() {
  held_.forget();
  kept_.reset();
}

/// While a drag goes on, the curves of each state come after the state, or not at all.
void Curve::keep(const Frame& f, const Knob& k) {
  if (k.sweep == nullptr || (kept_ && k.sweep == &kept_->sweep)) return;
  kept_ = Kept{f.snapshot->scene, *k.sweep, others(*f.snapshot, k.element)};
}

std::optional<Curve::Knob> Curve::knob(const Frame& f) const {
  const live::Snapshot& s = *f.snapshot;
  if (!s.scene || !s.scene->statement) return std::nullopt;
  const std::string wanted = f.word("parameter");
  Knob k;
  bool found = false;
  Index first = 0;
  for (const optimality::Parameter& p : s.scene->statement->parameters) {
    const Index size = p.value.shape.size();
    for (Index e = 0; e < size && !found; ++e) {
      k.name = optimality::element_name({{p.name, p.value.shape, 0}}, e);
      if (k.name != wanted && !(e == 0 && p.name == wanted)) continue;
      found = true;
      k.element = first + e;
      k.range = {p.low, p.high, p.log_scale};
      k.label = p.label.empty() || p.label == k.name ? k.name : fmt::format("{} ({})", k.name, p.label);
      if (!p.unit.empty()) k.label += ", " + p.unit;
    }
    first += size;
  }
  if (!found || k.element >= s.theta.size()) return std::nullopt;
  k.range.low = f.told("low").value_or(k.range.low);
  k.range.high = f.told("high").value_or(k.range.high);
  const auto name = f.spec->expressions.find("show");
  for (const live::Sweep& sweep : s.sweeps) {
    const bool named =
        !sweep.fields.empty() && name != f.spec->expressions.end() && sweep.fields[0].name == name->second;
    if (sweep.element != k.element || !named) continue;
    k.sweep = &sweep;
    k.sides = sweep.sides.rows() == sweep.fields[0].shape.size() && !f.derivative_known() ? &sweep.sides : nullptr;
  }
  if (k.sweep == nullptr && kept_ && kept_->scene == s.scene && kept_->sweep.element == k.element) {
    k.sweep = &kept_->sweep;
    k.outdated = kept_->others.size() != s.theta.size() || kept_->others != others(s, k.element);
  }
  const bool valid = k.range.high > k.range.low && (!k.range.log || k.range.low > 0);
  return valid ? std::optional(k) : std::nullopt;
}

std::vector<Curve::Tangent> Curve::tangents(const Frame& f, const Knob& k, const live::Field& show) {
  constexpr int reach = 16;
  if (!f.flag("tangent", true) || !f.look.arrows) return {};
  if (auto J = f.derivative(show, k.element)) return {{-reach, reach, std::move(*J)}};
  if (k.sides == nullptr || k.sides->rows() != show.value.size()) return {};
  return {{-reach, 0, k.sides->col(0)}, {0, reach, k.sides->col(1)}};
}

std::string Curve::line_name(const Frame& f, Index k) {
  const std::string told = f.listed("labels", k);
  return told.empty() ? f.element("show", k) : told;
}

std::vector<LegendEntry> Curve::legend(const Frame& f) const {
  using Symbol = LegendEntry::Symbol;
  std::vector<LegendEntry> entries;
  const live::Field* show = f.field("show");
  if (show == nullptr || !knob(f)) return entries;
  const Index lines = std::min<Index>(show->value.size(), 7);
  for (Index k = 0; k < lines && show->value.size() > 1; ++k)
    entries.push_back({Symbol::Line, line_color(f, k), line_name(f, k)});
  if (show->value.size() > lines)
    entries.push_back({Symbol::None, f.theme->ink, fmt::format("… {} lines", show->value.size())});
  if (const auto lines_drawn = tangents(f, *knob(f), *show); !lines_drawn.empty())
    entries.push_back({Symbol::Dashed, f.theme->ink, lines_drawn.size() == 1 ? "tangent" : "tangent of each side"});
  if (knob(f)->outdated) entries.push_back({Symbol::Line, f.theme->muted.faded(0.5), "as it was"});
  if (f.ghost_field("show") != nullptr) entries.push_back({Symbol::DashedRing, f.theme->ghost, "predicted"});
  return entries;
}

void Curve::draw(const Frame& f, Drawing& d) {
  const live::Field* show = f.field("show");
  const std::optional<Knob> k = knob(f);
  if (show == nullptr || !k) return;
  keep(f, *k);
  double low = INFINITY, high = -INFINITY;
  const auto cover = [&](const Vec& v) {
    for (const double value : v)
      if (std::isfinite(value)) low = std::min(low, value), high = std::max(high, value);
  };
  cover(show->value);
  for (std::size_t p = 0; k->sweep != nullptr && p < k->sweep->at.size(); ++p)
    if (const live::Field* at = at_point(*k->sweep, p, show->name)) cover(at->value);
  held_.cover(low, high, 0.06);
  const AxisNames names{k->label, f.caption("show"), true};
  content_ = plot_area(f, k->range, held_.axis(), names);
  if (content_.empty()) return;
  map_ = looked_at(content_, k->range, held_.axis(), f.camera);
  draw_axes(d, f, map_, names);
  d.push_clip(content_);
  if (map_.y.low < 0 && map_.y.high > 0)
    d.line({content_.x0, map_.at(map_.x.low, 0).y}, {content_.x1, map_.at(map_.x.low, 0).y},
           {f.theme->axis, f.px(1), Dash::Solid});
  draw_lines(f, *k, d);
  draw_present(f, *k, *show, d);
  d.pop_clip();
}

void Curve::draw_lines(const Frame& f, const Knob& knob, Drawing& d) const {
  const live::Field* show = f.field("show");
  if (knob.sweep == nullptr) return;
  const double width = f.px(show->value.size() > 12 ? 1.3 : 2);
  const std::size_t count = knob.sweep->at.size();
  std::vector<bool> breaks(count, false);
  for (std::size_t p = 0; p < count; ++p) breaks[p] = jumps(*knob.sweep, *show, p, map_.y.high - map_.y.low);
  for (Index k = 0; k < std::min(show->value.size(), most_lines); ++k) {
    std::vector<Point> run;
    const Color color = knob.outdated ? line_color(f, k).faded(0.3) : line_color(f, k);
    const auto end_run = [&] {
      d.line(run, {color, width, Dash::Solid});
      run.clear();
    };
    for (std::size_t p = 0; p < count; ++p) {
      const double value = number_at(*knob.sweep, p, show->name, k);
      if (!std::isfinite(value)) {
        end_run();
        continue;
      }
      run.push_back(map_.at(knob.sweep->at[p], value));
      if (!breaks[p]) continue;
      const Point from = run.back();
      end_run();
      const Point to = map_.at(knob.sweep->at[p + 1], number_at(*knob.sweep, p + 1, show->name, k));
      d.line(from, to, {color.faded(0.7), f.px(1.2), Dash::Dotted});
    }
    end_run();
  }
}

void Curve::draw_present(const Frame& f, const Knob& knob, const live::Field& show, Drawing& d) const {
  const double now = f.snapshot->theta[knob.element];
  const double x = map_.at(now, map_.y.low).x;
  d.line({x, map_.area.y0}, {x, map_.area.y1}, {f.theme->axis.faded(0.8), f.px(1), Dash::Dotted});
  const auto lines = tangents(f, knob, show);
  const live::Field* then = f.ghost_field("show");
  for (Index k = 0; k < std::min(show.value.size(), most_lines); ++k) {
    for (const Tangent& tangent : lines) {  // straight in θ, so curved on a logarithmic axis
      std::vector<Point> line;
      for (int p = tangent.from; p <= tangent.to && std::isfinite(tangent.slopes[k]); ++p) {
        const double t = map_.x.value(map_.x.part(now) + 0.18 * p / 16);
        line.push_back(map_.at(t, show.value[k] + tangent.slopes[k] * (t - now)));
      }
      d.line(line, {f.theme->ink, f.px(1.4), Dash::Dashed});
    }
    d.disc(map_.at(now, show.value[k]), f.px(4.2), line_color(f, k), {f.theme->background, f.px(1.4), Dash::Solid});
    if (then == nullptr || knob.element >= f.ghost->theta.size()) continue;
    const Point ghost = map_.at(f.ghost->theta[knob.element], then->value[k]);
    if (length(ghost - map_.at(now, show.value[k])) > f.px(1.5))
      d.disc(ghost, f.px(5), {0, 0, 0, 0}, {f.theme->ghost, f.px(1.5), Dash::Dashed});
  }
}

std::optional<Hover> Curve::hover(const Frame& f, Point cursor) const {
  const live::Field* show = f.field("show");
  const std::optional<Knob> k = knob(f);
  if (show == nullptr || !k || !map_.area.contains(cursor)) return std::nullopt;
  double nearest = f.px(12);
  std::optional<Hover> found;
  const auto offer = [&](double t, const live::Field& at, bool present) {
    for (Index e = 0; e < std::min(at.value.size(), most_lines); ++e) {
      const double away = length(map_.at(t, at.value[e]) - cursor) - (present ? f.px(4) : 0);
      if (!(away < nearest)) continue;
      nearest = away;
      std::string text = fmt::format("{} = {}  {} = {}", line_name(f, e), number(at.value[e]), k->name, number(t));
      if (const auto J = present ? f.derivative(*show, k->element) : std::nullopt)
        text += fmt::format("  ∂/∂{} = {}", k->name, number((*J)[e]));
      else if (present && k->sides != nullptr && e < k->sides->rows())
        text += fmt::format("  ∂/∂{} = {} falling, {} growing", k->name, number_of_side((*k->sides)(e, 0)),
                            number_of_side((*k->sides)(e, 1)));
      found = Hover{text, 0, e};
    }
  };
  for (std::size_t p = 0; k->sweep != nullptr && !k->outdated && p < k->sweep->at.size(); ++p)
    if (const live::Field* at = at_point(*k->sweep, p, show->name)) offer(k->sweep->at[p], *at, false);
  offer(f.snapshot->theta[k->element], *show, true);
  return found;
}

}  // namespace argscope::views
