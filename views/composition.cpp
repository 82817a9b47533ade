#include "views/composition.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <sstream>
#include <utility>

#include "views/furniture.h"

namespace argscope::views {

namespace {

constexpr double least_zoom = 0.05, most_zoom = 1e4;
constexpr double furthest = 1e6;  // of the fitted size: beyond it nothing can be seen any more

}  // namespace

Composition::Composition() : type_(std::make_shared<Type>(1.0)) {}
Composition::~Composition() = default;

void Composition::update(live::SnapshotPtr snapshot, const live::Ghost* ghost, const Look& look) {
  snapshot_ = std::move(snapshot);
  ghost_ = ghost != nullptr ? std::optional(*ghost) : std::nullopt;
  look_ = look;
  look_.scale = look_.scale > 0 ? std::clamp(look_.scale, Type::least_scale, Type::most_scale) : 1;
  if (type_->scale() != look_.scale) {
    type_ = std::make_shared<Type>(look_.scale);
    panes_.clear();
  }
  choose_views();
}

void Composition::choose_views() {
  static const std::vector<io::ViewSpec> none;
  const auto& specs = snapshot_ && snapshot_->scene ? snapshot_->scene->views : none;
  std::vector<std::string> kinds;
  kinds.reserve(specs.size());
  for (const io::ViewSpec& s : specs) kinds.push_back(s.kind);
  const bool same = kinds == kinds_;
  if (!same) {
    if (specs.empty()) wanted_camera_ = camera_text();  // a scene is still being solved: it is seen from here
    cameras_.assign(specs.size(), Camera());
    kinds_ = std::move(kinds);
    if (!cameras_.empty()) set_camera(std::exchange(wanted_camera_, ""));
  }
  std::vector<int> wanted;
  for (int v = 0; v < static_cast<int>(specs.size()); ++v)
    if (look_.view < 0 || look_.view >= static_cast<int>(specs.size()) || look_.view == v) wanted.push_back(v);
  const auto shown = [&](const Pane& p, int v) { return p.view == v; };
  if (!same || !std::equal(panes_.begin(), panes_.end(), wanted.begin(), wanted.end(), shown)) {
    panes_.clear();
    for (const int v : wanted) {
      panes_.emplace_back();
      panes_.back().view = v;
      panes_.back().layer = make_layer(specs[static_cast<std::size_t>(v)].kind);
    }
  }
  for (Pane& p : panes_) {
    p.frame.snapshot = snapshot_;
    p.frame.spec = &specs[static_cast<std::size_t>(p.view)];
  }
}

void Composition::arrange(const Rect& room) {
  const auto count = static_cast<int>(panes_.size());
  if (count == 0) return;
  int columns = 1;
  double best = INFINITY;
  for (int c = 1; c <= count; ++c) {
    const int rows = (count + c - 1) / c;
    const double aspect = (room.width() / c) / std::max(1.0, room.height() / rows);
    const double badness = std::abs(std::log(std::max(aspect, 1e-3) / 1.15)) + 0.35 * (rows * c - count);
    if (badness < best) best = badness, columns = c;
  }
  const int rows = (count + columns - 1) / columns;
  for (int k = 0; k < count; ++k) {
    const int row = k / columns, in_row = std::min(columns, count - row * columns), column = k % columns;
    const auto edge = [](double from, double extent, int part, int of) {
      return std::round(from + extent * part / of);
    };
    panes_[static_cast<std::size_t>(k)].rect = {
        edge(room.x0, room.width(), column, in_row), edge(room.y0, room.height(), row, rows),
        edge(room.x0, room.width(), column + 1, in_row), edge(room.y0, room.height(), row + 1, rows)};
  }
}

void Composition::draw(Pane& p) {
  Frame& f = p.frame;
  f.ghost = ghost_ ? &*ghost_ : nullptr;
  f.look = look_;
  f.theme = &theme(look_.dark);
  f.type = type_.get();
  f.camera = cameras_[static_cast<std::size_t>(p.view)];
  p.drawing = Drawing(p.rect);
  p.solid = Solid();
  p.is_3d = p.layer != nullptr && p.layer->is_3d(f);
  const auto legend = p.layer != nullptr ? p.layer->legend(f) : std::vector<LegendEntry>();
  const Heading head = heading(f, p.rect, legend);
  p.legend = std::max(p.legend, head.legend);
  const double margin = f.px(4);
  f.pane = {p.rect.x0 + margin, p.rect.y0 + head.title + p.legend + margin, p.rect.x1 - margin, p.rect.y1 - margin};
  if (f.pane.empty()) return;
  if (p.layer != nullptr) {
    p.layer->draw(f, p.drawing);
    if (p.is_3d) p.layer->draw_solid(f, p.solid);
  }
  draw_heading(p.drawing, f, p.rect, head);
}

void Composition::compose(int width, int height) {
  const Rect window{0, 0, static_cast<double>(width), static_cast<double>(height)};
  overlay_ = Drawing(window);
  if (width != width_ || height != height_)
    for (Pane& p : panes_) p.legend = 0;
  width_ = width, height_ = height;
  if (!snapshot_) return;
  Rect room = window;
  const double strip = look_.overlay && look_.health ? strip_height(*snapshot_, look_, *type_, room.width()) : 0;
  const bool roomy = strip > 0 && strip < 0.4 * window.height();
  if (roomy) room.y1 -= std::ceil(strip);
  arrange(room);
  for (Pane& p : panes_) draw(p);
  if (roomy) draw_strip(overlay_, *snapshot_, look_, *type_, {window.x0, room.y1, window.x1, window.y1});
  if (look_.overlay) draw_banners(overlay_, *snapshot_, look_, *type_, above_axes(room));
}

/// The room without what stands under the pictures of its lowest row: ticks and captions.
Rect Composition::above_axes(Rect room) const {
  const double floor = room.y1;
  for (const Pane& p : panes_)
    if (p.layer != nullptr && p.rect.y1 == floor && !p.layer->content().empty())
      room.y1 = std::min(room.y1, p.layer->content().y1);
  return room;
}

const Pane* Composition::pane_of(int view) const {
  for (const Pane& p : panes_)
    if (p.view == view) return &p;
  return nullptr;
}

int Composition::view_at(double px, double py) const {
  for (const Pane& p : panes_)
    if (p.rect.contains({px, py})) return p.view;
  return -1;
}

std::optional<Hover> Composition::hover(double px, double py) const {
  const Pane* p = pane_of(view_at(px, py));
  if (p == nullptr || p->layer == nullptr || p->frame.type == nullptr) return std::nullopt;
  std::optional<Hover> found = p->layer->hover(p->frame, {px, py});
  if (!found) return found;
  found->view = p->view;
  if (snapshot_->solution.status != solve::Status::Converged)
    found->text =
        fmt::format("not converged ({}): no number here is an answer", solve::name(snapshot_->solution.status));
  return found;
}

template <class Change>
void Composition::move(int view, Change change) {
  const Pane* p = pane_of(view);
  if (p == nullptr || p->layer == nullptr) return;
  const auto v = static_cast<std::size_t>(view);
  const bool linked = kinds_[v] == "particles" || kinds_[v] == "landscape";  // the same space, seen twice
  change(cameras_[v], p->layer->content());
  for (std::size_t k = 0; k < cameras_.size(); ++k)
    if (linked && kinds_[k] == kinds_[v]) cameras_[k] = cameras_[v];
}

void Composition::pan(int view, double dx, double dy) {
  move(view, [&](Camera& c, const Rect& content) {
    c.shift_x -= dx / (std::max(1.0, content.width()) * c.zoom);
    c.shift_y += dy / (std::max(1.0, content.height()) * c.zoom);
  });
}

void Composition::rotate(int view, double dx, double dy) {
  if (!is_3d(view)) return pan(view, dx, dy);
  move(view, [&](Camera& c, const Rect&) {
    c.azimuth = std::remainder(c.azimuth - 0.4 * dx, 360.0);
    c.elevation = std::clamp(c.elevation + 0.4 * dy, -89.0, 89.0);
  });
}

void Composition::zoom(int view, double factor, double px, double py) {
  if (!(factor > 0)) return;
  move(view, [&](Camera& c, const Rect& content) {
    const double x = (px - content.center().x) / std::max(1.0, content.width());
    const double y = (content.center().y - py) / std::max(1.0, content.height());
    const double zoom = std::clamp(c.zoom * factor, least_zoom, most_zoom);
    c.shift_x += x / c.zoom - x / zoom;
    c.shift_y += y / c.zoom - y / zoom;
    c.zoom = zoom;
  });
}

void Composition::reset_camera(int view) {
  for (Pane& p : panes_)
    if (p.layer != nullptr && (view < 0 || p.view == view)) p.layer->refit();
  if (view < 0) {
    cameras_.assign(cameras_.size(), Camera());
    wanted_camera_.clear();
  } else {
    move(view, [](Camera& c, const Rect&) { c = Camera(); });
  }
}

bool Composition::is_3d(int view) const {
  const Pane* p = pane_of(view);
  return p != nullptr && p->is_3d;
}

std::string Composition::camera_text() const {
  std::string text = wanted_camera_;
  for (const Camera& c : cameras_)
    text +=
        fmt::format("{}{} {} {} {} {}", text.empty() ? "" : "; ", c.shift_x, c.shift_y, c.zoom, c.azimuth, c.elevation);
  return text;
}

void Composition::set_camera(const std::string& text) {
  if (cameras_.empty()) wanted_camera_ = text;
  std::istringstream views(text);
  std::string one;
  for (std::size_t k = 0; k < cameras_.size() && std::getline(views, one, ';'); ++k) {
    std::istringstream numbers(one);
    Camera c;
    if (!(numbers >> c.shift_x >> c.shift_y >> c.zoom >> c.azimuth >> c.elevation)) continue;
    const bool near = std::abs(c.shift_x) <= furthest && std::abs(c.shift_y) <= furthest;
    if (near && c.zoom >= least_zoom && c.zoom <= most_zoom && std::isfinite(c.azimuth) && std::isfinite(c.elevation))
      cameras_[k] = c;
  }
}

}  // namespace argscope::views
