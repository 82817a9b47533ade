#include <fmt/format.h>

#include <array>
#include <cmath>

#include "views/format.h"
#include "views/furniture.h"

namespace argscope::views {

namespace {

HealthItem solution_item(const live::Snapshot& s) {
  const double residual = s.solution.relative_residual;
  const bool converged = s.solution.status == solve::Status::Converged;
  if (converged) return {Health::Good, fmt::format("solution residual {}", number(residual))};
  const bool usable = s.solution.status == solve::Status::IterationLimit || s.solution.status == solve::Status::Stalled;
  return {usable ? Health::Warn : Health::Bad, fmt::format("not converged, residual {}", number(residual))};
}

HealthItem graded(const char* what, double value, double good, double bad) {
  const Health health = !std::isfinite(value) || value > bad ? Health::Bad : value > good ? Health::Warn : Health::Good;
  return {health, fmt::format("{} {}", what, number(value))};
}

HealthItem rank_item(const sensitivity::Trust& t) {
  if (t.null_modes == 0) return {Health::Good, fmt::format("rank {}, no zero modes", t.rank)};
  const auto modes = fmt::format("rank {}, {} zero mode{}", t.rank, t.null_modes, t.null_modes == 1 ? "" : "s");
  return {Health::Warn, modes};
}

HealthItem kink_item(const sensitivity::Trust& t) {
  if (std::isinf(t.kink.value)) return {Health::Good, "no kink near"};
  // one-sided beyond half the digits of a double; a warning while a small drag can still reach the switch
  const Health health = t.kink.value < 1e-8 ? Health::Bad : t.kink.value < 1e-3 ? Health::Warn : Health::Good;
  return {health, fmt::format("kink margin {}", number(t.kink.value))};
}

}  // namespace

std::vector<HealthItem> health_items(const live::Snapshot& s) {
  std::vector<HealthItem> items{solution_item(s)};
  if (!s.has_jacobian) {
    items.push_back({Health::Unknown, "derivative not computed yet"});
    return items;
  }
  const sensitivity::Trust& t = s.trust;
  if (!t.defined) {
    items.push_back({Health::Bad, "derivative undefined"});
    return items;
  }
  items.push_back(graded("linear residual", t.linear_residual, 1e-8, 1e-4));
  if (t.condition_number) items.push_back(graded("condition", *t.condition_number, 1e8, 1e13));
  items.push_back(rank_item(t));
  items.push_back(kink_item(t));
  if (t.difference_agreement) items.push_back(graded("differences agree to", *t.difference_agreement, 1e-5, 1e-2));
  return items;
}

void draw_health_icon(Drawing& d, Health health, Point c, double r, const Theme& t) {
  const Color inside = t.panel;
  const double width = std::max(1.2, r * 0.28);
  const auto at = [&](double x, double y) { return Point{c.x + r * x, c.y + r * y}; };
  const Pen none{{0, 0, 0, 0}, 0, Dash::Solid};
  if (health == Health::Good) {
    d.disc(c, r, t.good, none);
    const std::array<Point, 3> tick{at(-0.48, 0.05), at(-0.12, 0.42), at(0.5, -0.36)};
    d.line(tick, {inside, width, Dash::Solid});
  } else if (health == Health::Warn) {
    const std::array<Point, 3> triangle{at(0, -1.05), at(1.08, 0.88), at(-1.08, 0.88)};
    d.fill(triangle, t.warn);
    d.line(at(0, -0.42), at(0, 0.28), {inside, width, Dash::Solid});
    d.disc(at(0, 0.58), width * 0.55, inside, none);
  } else if (health == Health::Bad) {
    d.disc(c, r, t.bad, none);
    d.line(at(-0.4, -0.4), at(0.4, 0.4), {inside, width, Dash::Solid});
    d.line(at(0.4, -0.4), at(-0.4, 0.4), {inside, width, Dash::Solid});
  } else {
    d.disc(c, r * 0.9, {0, 0, 0, 0}, {t.muted, width * 0.8, Dash::Solid});
    for (const double x : {-0.4, 0.0, 0.4}) d.disc(at(x, 0), width * 0.5, t.muted, none);
  }
}

}  // namespace argscope::views
