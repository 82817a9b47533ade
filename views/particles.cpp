#include "views/particles.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "views/format.h"
#include "views/packing.h"

namespace argscope::views {

namespace {

/// Chosen by the scene, or fitted. 0: nothing to draw.
double chosen_scale(const Frame& f, const Packing& p, const Vec& derivative) {
  return f.told("arrow_scale").value_or(fitted_arrow_scale(p, derivative));
}

const live::Field* arrows_of(const Frame& f) {
  const live::Field* told = f.field("arrows");
  const live::Field* show = f.field("show");
  return told != nullptr && show != nullptr && told->value.size() == show->value.size() ? told : show;
}

/// Fill of every particle: by the scene's numbers, or two tones by size.
std::vector<Color> tones(const Frame& f, const Packing& p) {
  std::vector<Color> colors(static_cast<std::size_t>(p.count), f.theme->large);
  const live::Field* told = f.field("color");
  if (told != nullptr && told->value.size() == p.count) {
    const Colormap map = fit_colormap({told->value.data(), colors.size()}, f.coloring());
    for (Index i = 0; i < p.count; ++i)
      colors[static_cast<std::size_t>(i)] =
          std::isfinite(told->value[i]) ? map.color(told->value[i]) : f.theme->missing;
    return colors;
  }
  const double most = p.diameters.maxCoeff(), middle = p.diameters.mean();
  for (Index i = 0; i < p.count; ++i)
    if (p.diameters[i] < middle - 1e-9 * most) colors[static_cast<std::size_t>(i)] = f.theme->small;
  return colors;
}

/// True where no other particle touches; empty when nothing can be said.
std::vector<bool> loose(const Packing& p, const std::vector<Contact>& touching) {
  if (!p.sized || p.dimension != 2) return {};
  std::vector<bool> free(static_cast<std::size_t>(p.count), true);
  for (const Contact& c : touching) free[static_cast<std::size_t>(c.i)] = free[static_cast<std::size_t>(c.j)] = false;
  return free;
}

/// Calls visit(x, y) for a disc and its images that reach into a periodic box.
template <class Visit>
void for_images(const Packing& p, double x, double y, double radius, Visit visit) {
  visit(x, y);
  if (!p.periodic) return;
  const auto shift = [radius](double v, double edge) { return v < radius ? edge : v > edge - radius ? -edge : 0; };
  const double sx = shift(x, p.box[0]), sy = shift(y, p.box[1]);
  if (sx != 0) visit(x + sx, y);
  if (sy != 0) visit(x, y + sy);
  if (sx != 0 && sy != 0) visit(x + sx, y + sy);
}

Rect box_on_screen(const Packing& p, const Map& map) {
  const Point a = map.at(0, 0), b = map.at(p.box[0], p.box[1]);
  return {a.x, b.y, b.x, a.y};
}

void draw_contacts(const Frame& f, const Packing& p, const std::vector<Contact>& touching, const Map& map, Drawing& d) {
  double most = 0;
  for (const Contact& c : touching) most = std::max(most, c.overlap);
  for (const Contact& c : touching) {
    const double part = c.overlap / most;
    const Pen pen{f.theme->rim.faded(0.25 + 0.45 * part), f.px(0.6 + 2.6 * part), Dash::Solid};
    const double x = p.place(c.i, 0), y = p.place(c.i, 1), u = p.place(c.j, 0), v = p.place(c.j, 1);
    d.line(map.at(x, y), map.at(x + c.dx, y + c.dy), pen);
    const bool across =
        std::abs(x + c.dx - u) > 1e-9 * p.diameters[c.i] || std::abs(y + c.dy - v) > 1e-9 * p.diameters[c.i];
    if (across) d.line(map.at(u, v), map.at(u - c.dx, v - c.dy), pen);
  }
}

void draw_arrows(const Frame& f, const Packing& p, const Map& map, Drawing& d) {
  const live::Field* of = arrows_of(f);
  const std::optional<Vec> J = of == nullptr ? std::nullopt : f.arrows(*of);
  if (!J) return;
  const double scale = chosen_scale(f, p, *J);
  const Pen pen{f.theme->arrow, f.px(p.count > 2000 ? 1.1 : 1.7), Dash::Solid};
  const Pen halo{f.theme->background.faded(0.55), pen.width + f.px(1.6), Dash::Solid};
  for (Index i = 0; i < p.count && scale > 0; ++i) {
    const double x = p.place(i, 0), y = p.place(i, 1);
    const Point from = map.at(x, y), to = map.at(x + scale * (*J)[2 * i], y + scale * (*J)[2 * i + 1]);
    if (length(to - from) < f.px(1.5)) continue;
    if (p.count <= 2000) d.line(from, to, halo);
    d.arrow(from, to, pen);
  }
}

void draw_ghost(const Frame& f, const Packing& p, const Map& map, Drawing& d) {
  const live::Field* then = f.ghost_field("show");
  const live::Field* now = f.field("show");
  if (then == nullptr) return;
  const Pen pen{f.theme->ghost, f.px(1.4), Dash::Dashed};
  for (Index i = 0; i < p.count; ++i) {
    const double dx = then->value[2 * i] - now->value[2 * i], dy = then->value[2 * i + 1] - now->value[2 * i + 1];
    if (!(std::hypot(dx, dy) * map.scale() > f.px(1.5))) continue;
    for_images(p, p.place(i, 0) + dx, p.place(i, 1) + dy, p.diameters[i] / 2, [&](double x, double y) {
      d.disc(map.at(x, y), p.diameters[i] / 2 * map.scale(), {0, 0, 0, 0}, pen);
    });
  }
}

}  // namespace

bool Particles::is_3d(const Frame& f) const {
  const live::Field* show = f.field("show");
  return show != nullptr && show->shape.rank() == 2 && show->shape[1] == 3;
}

void Particles::refit() {
  across_.forget();
  up_.forget();
}

std::vector<LegendEntry> Particles::legend(const Frame& f) const {
  using Symbol = LegendEntry::Symbol;
  std::vector<LegendEntry> entries;
  const Packing p = packing(f);
  if (p.count == 0) return entries;
  if (p.diameters.maxCoeff() > p.diameters.minCoeff() && f.field("color") == nullptr) {
    entries.push_back({Symbol::Disc, f.theme->small, "smaller", f.theme->rim});
    entries.push_back({Symbol::Disc, f.theme->large, "larger", f.theme->rim});
  }
  const std::vector<bool> free = loose(p, contacts(p));
  if (std::count(free.begin(), free.end(), true) > 0) entries.push_back({Symbol::Ring, f.theme->rim, "no contact"});
  const live::Field* of = arrows_of(f);
  if (const std::optional<Vec> J = f.arrows(*of)) {
    const double scale = chosen_scale(f, p, *J);
    const std::string name = partial(f.caption(of == f.field("show") ? "show" : "arrows"), f.parameter());
    entries.push_back(
        {Symbol::Arrow, f.theme->arrow, scale > 0 ? fmt::format("{} × {}", name, number(scale)) : name + " = 0"});
  }
  if (f.ghost_field("show") != nullptr) entries.push_back({Symbol::DashedRing, f.theme->ghost, "predicted"});
  return entries;
}

void Particles::draw(const Frame& f, Drawing& d) { is_3d(f) ? draw_above(f, d) : draw_flat(f, d); }

void Particles::draw_flat(const Frame& f, Drawing& d) {
  content_ = f.pane.inset(f.px(8));
  const Packing p = packing(f);
  if (p.count == 0 || content_.empty()) return;
  if (!p.box.empty()) {
    map_ = looked_at_equal(content_, {0, p.box[0]}, {0, p.box[1]}, f.camera);
  } else {
    Eigen::Map<const Eigen::Matrix<double, Eigen::Dynamic, 2, Eigen::RowMajor>> places(p.places.data(), p.count, 2);
    const double room = p.diameters.maxCoeff() / 2;
    across_.cover(places.col(0).minCoeff() - room, places.col(0).maxCoeff() + room, 0.05);
    up_.cover(places.col(1).minCoeff() - room, places.col(1).maxCoeff() + room, 0.05);
    map_ = looked_at_equal(content_, across_.axis(), up_.axis(), f.camera);
  }
  const Rect box = p.box.empty() ? content_ : box_on_screen(p, map_);
  const std::vector<Contact> touching = contacts(p);
  const std::vector<bool> free = loose(p, touching);
  const std::vector<Color> fills = tones(f, p);
  if (p.periodic) d.push_clip(box);
  for (Index i = 0; i < p.count; ++i) {
    const auto k = static_cast<std::size_t>(i);
    const bool hollow = !free.empty() && free[k];
    const double radius = p.diameters[i] / 2, pixels = radius * map_.scale();
    const double rim = pixels > f.px(5) || hollow ? f.px(1) : 0;
    for_images(p, p.place(i, 0), p.place(i, 1), radius, [&](double x, double y) {
      d.disc(map_.at(x, y), std::max(0.4, pixels - rim / 2), hollow ? Color{0, 0, 0, 0} : fills[k],
             {f.theme->rim.faded(hollow ? 1 : 0.75), rim, Dash::Solid});
    });
  }
  if (p.count <= 4000) draw_contacts(f, p, touching, map_, d);
  draw_ghost(f, p, map_, d);
  if (p.periodic) d.pop_clip();
  if (!p.box.empty()) d.frame(box, {f.theme->axis, f.px(1.2), Dash::Solid});
  d.push_clip(f.pane);  // title and legend stay readable
  draw_arrows(f, p, map_, d);
  d.pop_clip();
}

void Particles::draw_solid(const Frame& f, Solid& solid) {
  const Packing p = packing(f);
  const std::vector<Color> fills = p.count > 0 ? tones(f, p) : std::vector<Color>();
  for (Index i = 0; i < p.count; ++i) {
    const Color c = fills[static_cast<std::size_t>(i)];
    for (int a = 0; a < 3; ++a) solid.centers.push_back(static_cast<float>(p.place(i, a)));
    solid.radii.push_back(static_cast<float>(p.diameters[i] / 2));
    solid.sphere_rgba.insert(solid.sphere_rgba.end(), {c.r, c.g, c.b, c.a});
  }
}

void Particles::draw_above(const Frame& f, Drawing& d) {
  content_ = f.pane.inset(f.px(8));
  const Packing p = packing(f);
  if (p.count == 0 || content_.empty()) return;
  Point3 low{}, high{};
  for (int a = 0; a < 3; ++a) {
    const auto k = static_cast<std::size_t>(a);
    high[k] = p.box.empty() ? -INFINITY : p.box[k];
    low[k] = p.box.empty() ? INFINITY : 0;
    for (Index i = 0; p.box.empty() && i < p.count; ++i) {
      low[k] = std::min(low[k], p.place(i, a) - p.diameters[i] / 2);
      high[k] = std::max(high[k], p.place(i, a) + p.diameters[i] / 2);
    }
  }
  projection_ = Projection(content_, low, high, f.camera);
  for (int edge = 0; edge < 12 && !p.box.empty(); ++edge) {
    const int axis = edge / 4, one = (axis + 1) % 3, two = (axis + 2) % 3;
    Point3 from = low;
    from[static_cast<std::size_t>(one)] = edge & 1 ? high[static_cast<std::size_t>(one)] : 0;
    from[static_cast<std::size_t>(two)] = edge & 2 ? high[static_cast<std::size_t>(two)] : 0;
    Point3 to = from;
    to[static_cast<std::size_t>(axis)] = high[static_cast<std::size_t>(axis)];
    d.line(projection_.at(from), projection_.at(to), {f.theme->axis, f.px(1), Dash::Solid});
  }
  const live::Field* then = f.ghost_field("show");
  const live::Field* now = f.field("show");
  const std::optional<Vec> J = f.arrows(*arrows_of(f));
  const double scale = J ? chosen_scale(f, p, *J) : 0;
  for (Index i = 0; i < p.count; ++i) {
    const Point3 at{p.place(i, 0), p.place(i, 1), p.place(i, 2)};
    const Point from = projection_.at(at);
    const auto moved = [&](auto by) { return projection_.at({at[0] + by(0), at[1] + by(1), at[2] + by(2)}); };
    if (scale > 0) d.arrow(from, moved([&](int a) { return scale * (*J)[3 * i + a]; }), {f.theme->arrow, f.px(1.7)});
    if (then == nullptr) continue;
    const Point ghost = moved([&](int a) { return then->value[3 * i + a] - now->value[3 * i + a]; });
    if (length(ghost - from) > f.px(1.5))
      d.disc(ghost, p.diameters[i] / 2 * projection_.scale(), {0, 0, 0, 0}, {f.theme->ghost, f.px(1.4), Dash::Dashed});
  }
}

std::optional<Hover> Particles::hover(const Frame& f, Point cursor) const {
  const Packing p = packing(f);
  const bool solid = is_3d(f);
  Index best = -1;
  double nearest = INFINITY;
  for (Index i = 0; i < p.count; ++i) {
    const double radius = p.diameters[i] / 2;
    if (solid) {
      const Point3 at{p.place(i, 0), p.place(i, 1), p.place(i, 2)};
      if (length(projection_.at(at) - cursor) > radius * projection_.scale()) continue;
      if (-projection_.depth(at) < nearest) nearest = -projection_.depth(at), best = i;
      continue;
    }
    for_images(p, p.place(i, 0), p.place(i, 1), radius, [&](double x, double y) {
      const double away = length(map_.at(x, y) - cursor) / (radius * map_.scale());
      if (away <= 1 && away < nearest) nearest = away, best = i;
    });
  }
  if (best < 0) return std::nullopt;
  const auto tuple = [&](const Vec& v) {
    std::string s;
    for (int a = 0; a < p.dimension; ++a) s += (a ? ", " : "") + number(v[best * p.dimension + a]);
    return "(" + s + ")";
  };
  std::string text = fmt::format("particle {}  {} = {}", best, f.caption("show"), tuple(f.field("show")->value));
  if (p.sized) text += fmt::format("  diameter {}", number(p.diameters[best]));
  const live::Field* of = arrows_of(f);
  if (const std::optional<Vec> J = f.derivative(*of)) text += fmt::format("  ∂/∂{} = {}", f.parameter(), tuple(*J));
  return Hover{text, 0, best * p.dimension};
}

}  // namespace argscope::views
