#include "views/furniture.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "views/format.h"

namespace argscope::views {

namespace {

double symbol_room(const Frame& f, const LegendEntry& e) {
  return e.symbol == LegendEntry::Symbol::None ? 0 : f.px(26);
}

void draw_symbol(Drawing& d, const Frame& f, const LegendEntry& e, Point left) {
  using Symbol = LegendEntry::Symbol;
  const double r = f.px(5);
  const Point middle{left.x + f.px(9), left.y}, end{left.x + f.px(18), left.y};
  const Pen none{{0, 0, 0, 0}, 0, Dash::Solid};
  switch (e.symbol) {
    case Symbol::None: break;
    case Symbol::Disc: d.disc(middle, r, e.color, {e.rim, f.px(1), Dash::Solid}); break;
    case Symbol::Ring: d.disc(middle, r, {0, 0, 0, 0}, {e.color, f.px(1.2), Dash::Solid}); break;
    case Symbol::DashedRing: d.disc(middle, r, {0, 0, 0, 0}, {e.color, f.px(1.3), Dash::Dashed}); break;
    case Symbol::Dashed: d.line(left, end, {e.color, f.px(1.6), Dash::Dashed}); break;
    case Symbol::Line: d.line(left, end, {e.color, f.px(2), Dash::Solid}); break;
    case Symbol::Arrow: d.arrow(left, end, {e.color, f.px(1.8), Dash::Solid}); break;
    case Symbol::Square: d.box({middle.x - r, middle.y - r, middle.x + r, middle.y + r}, e.color); break;
    case Symbol::Dot: d.disc(middle, f.px(3.5), e.color, none); break;
  }
}

}  // namespace

Heading heading(const Frame& f, const Rect& view, const std::vector<LegendEntry>& legend) {
  Heading h;
  if (!f.look.overlay) return h;
  const double line = f.type->size(TextSize::Small) + f.px(5), room = view.width() - f.px(24);
  if (!f.spec->title.empty()) h.title = f.type->size(TextSize::Title) + f.px(8);
  double used = room;
  for (const LegendEntry& e : legend) {
    const double width = symbol_room(f, e) + f.type->width(e.text, TextSize::Small) + f.px(16);
    if (used + width > room + f.px(16)) {
      h.rows.emplace_back();
      used = 0;
    }
    h.rows.back().push_back(e);
    used += width;
  }
  h.legend = static_cast<double>(h.rows.size()) * line + (h.rows.empty() ? 0 : f.px(2));
  if (h.title + h.legend > view.height() / 2) h = Heading();  // a picture comes before its words
  return h;
}

void draw_heading(Drawing& d, const Frame& f, const Rect& view, const Heading& h) {
  const double left = view.x0 + f.px(12), line = f.type->size(TextSize::Small) + f.px(5);
  double y = view.y0;
  if (h.title > 0) {
    const double room = view.width() - f.px(24);
    const bool fits = f.type->width(f.spec->title, TextSize::Title) <= room;
    const TextSize size = fits ? TextSize::Title : TextSize::Normal;  // a smaller title says more than half of one
    const std::string title = f.type->shortened(f.spec->title, size, room);
    d.text({left, y + h.title / 2 + f.px(2)}, title, {f.theme->ink, size, Across::Left, Down::Center, false});
    y += h.title;
  }
  for (const auto& row : h.rows) {
    double x = left;
    for (const LegendEntry& e : row) {
      draw_symbol(d, f, e, {x, y + line / 2});
      x += symbol_room(f, e);
      const std::string words = f.type->shortened(e.text, TextSize::Small, view.x1 - f.px(6) - x);
      d.text({x, y + line / 2}, words, {f.theme->ink, TextSize::Small, Across::Left, Down::Center, false});
      x += f.type->width(e.text, TextSize::Small) + f.px(16);
    }
    y += line;
  }
}

namespace {

struct StripRow {
  std::vector<HealthItem> items;
};

double item_width(const HealthItem& item, const Type& type) {
  return type.width(item.words, TextSize::Small) + (17 + 18) * type.scale();
}

std::string latency_words(const Look& look) {
  return look.latency_ms > 0 ? fmt::format("{} ms", fixed(look.latency_ms, look.latency_ms < 10 ? 1 : 0)) : "";
}

std::vector<StripRow> strip_rows(const live::Snapshot& s, const Look& look, const Type& type, double width) {
  const double margin = 24 * type.scale(), clock = type.width(latency_words(look), TextSize::Small) + margin;
  std::vector<StripRow> rows(1);
  double used = clock;
  for (const HealthItem& item : health_items(s)) {
    const double next = item_width(item, type);
    if (!rows.back().items.empty() && used + next > width - margin) {
      rows.emplace_back();
      used = 0;
    }
    rows.back().items.push_back(item);
    used += next;
  }
  return rows;
}

double strip_line(const Type& type) { return type.size(TextSize::Small) + 9 * type.scale(); }

}  // namespace

double strip_height(const live::Snapshot& s, const Look& look, const Type& type, double width) {
  return static_cast<double>(strip_rows(s, look, type, width).size()) * strip_line(type) + 4 * type.scale();
}

void draw_strip(Drawing& d, const live::Snapshot& s, const Look& look, const Type& type, const Rect& r) {
  const Theme& t = theme(look.dark);
  const double scale = type.scale(), line = strip_line(type);
  d.box(r, t.panel);
  d.line({r.x0, r.y0 + 0.5}, {r.x1, r.y0 + 0.5}, {t.grid, scale, Dash::Solid});
  double y = r.y0 + 2 * scale + line / 2;
  const TextStyle style{t.ink, TextSize::Small, Across::Left, Down::Center, false};
  for (const StripRow& row : strip_rows(s, look, type, r.width())) {
    double x = r.x0 + 12 * scale;
    for (const HealthItem& item : row.items) {
      draw_health_icon(d, item.health, {x + 6 * scale, y}, 5.5 * scale, t);
      d.text({x + 17 * scale, y}, type.shortened(item.words, TextSize::Small, r.x1 - x - 20 * scale), style);
      x += item_width(item, type);
    }
    y += line;
  }
  d.text({r.x1 - 12 * scale, r.y0 + 2 * scale + line / 2}, latency_words(look),
         {t.muted, TextSize::Small, Across::Right, Down::Center, false});
}

namespace {

/// A panel with an icon and wrapped words above `bottom`; returns its upper edge.
double banner(Drawing& d, const Look& look, const Type& type, const Rect& window, double bottom, Health health,
              const std::string& head, const std::string& words) {
  const Theme& t = theme(look.dark);
  const double scale = type.scale(), line = type.size(TextSize::Normal) + 3 * scale;
  const double room = std::min(window.width() - 24 * scale, 560 * scale);
  if (room < 60 * scale) return bottom;
  const auto heads = type.wrapped(head, TextSize::Normal, room - 48 * scale);
  const auto lines =
      words.empty() ? std::vector<std::string>() : type.wrapped(words, TextSize::Normal, room - 48 * scale);
  const double height = line * static_cast<double>(heads.size() + lines.size()) + 16 * scale;
  const double left = window.center().x - room / 2;
  const Rect r{left, bottom - height, left + room, bottom};
  d.box(r, t.panel.faded(0.96));
  const Color color = health == Health::Bad ? t.bad : health == Health::Warn ? t.warn : t.muted;
  d.frame(r, {color, 1.5 * scale, Dash::Solid});
  draw_health_icon(d, health, {r.x0 + 20 * scale, r.y0 + 8 * scale + line / 2}, 8 * scale, t);
  double y = r.y0 + 8 * scale + line / 2;
  const auto print = [&](const std::vector<std::string>& text, Color ink) {
    for (const std::string& l : text) {
      d.text({r.x0 + 38 * scale, y}, l, {ink, TextSize::Normal, Across::Left, Down::Center, false});
      y += line;
    }
  };
  print(heads, color);
  print(lines, t.ink);
  return r.y0 - 6 * scale;
}

}  // namespace

void draw_banners(Drawing& d, const live::Snapshot& s, const Look& look, const Type& type, const Rect& window) {
  double bottom = window.y1 - 8 * type.scale();  // titles and legends stay readable
  if (!s.error.empty())
    bottom = banner(d, look, type, window, bottom, Health::Bad, "The last change could not be solved", s.error);
  if (s.has_jacobian && !s.trust.defined)
    bottom = banner(d, look, type, window, bottom, Health::Bad, "The derivative is not defined here", s.trust.reason);
  if (look.stale) {
    const Theme& t = theme(look.dark);
    const std::string words = "updating …";
    const double scale = type.scale(), width = type.width(words, TextSize::Small) + 32 * scale;
    const Rect r{window.x1 - width - 10 * scale, window.y0 + 8 * scale, window.x1 - 10 * scale,
                 window.y0 + 8 * scale + type.size(TextSize::Small) + 8 * scale};
    d.box(r, t.panel);
    d.frame(r, {t.warn, 1.2 * scale, Dash::Solid});
    draw_health_icon(d, Health::Unknown, {r.x0 + 12 * scale, r.center().y}, 5.5 * scale, t);
    d.text({r.x0 + 23 * scale, r.center().y}, words, {t.warn, TextSize::Small, Across::Left, Down::Center, false});
  }
}

}  // namespace argscope::views
