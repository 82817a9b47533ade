#include "views/software.h"

#include <dlfcn.h>
#include <imgui.h>
#include <imgui_internal.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "views/triangles.h"

namespace argscope::views {

namespace {

using Corner = std::array<double, 2>;

/// Twice the signed area of (a, b, p).
double edge(const Corner& a, const Corner& b, const Corner& p) {
  return (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]);
}

/// Of two triangles at an edge, one owns the pixels exactly on it.
bool owns(const Corner& a, const Corner& b) { return a[1] == b[1] ? b[0] < a[0] : b[1] < a[1]; }

class Canvas {
 public:
  Canvas(int width, int height)
      : width_(width),
        height_(height),
        pixels_(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4) {}

  void blend(int x, int y, const std::array<double, 4>& rgba) {
    if (x < 0 || y < 0 || x >= width_ || y >= height_) return;
    unsigned char* p =
        pixels_.data() +
        (static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) + static_cast<std::size_t>(x)) * 4;
    const double a = rgba[3] / 255;
    for (std::size_t c = 0; c < 3; ++c) p[c] = static_cast<unsigned char>(std::lround(rgba[c] * a + p[c] * (1 - a)));
    p[3] = static_cast<unsigned char>(std::lround(rgba[3] + p[3] * (1 - a)));
  }
  void blend(int x, int y, Color c, double coverage) {
    blend(x, y, {double(c.r), double(c.g), double(c.b), c.a * coverage});
  }

  void triangles(const Triangles& t) {
    for (std::size_t k = 0; k < t.corners.size(); k += 3)
      triangle(t, {static_cast<std::size_t>(t.corners[k]), static_cast<std::size_t>(t.corners[k + 1]),
                   static_cast<std::size_t>(t.corners[k + 2])});
  }

  void raster(const Raster& r) {
    const Rect seen = intersection(r.rect, r.clip);
    for (int y = static_cast<int>(std::floor(seen.y0)); y < std::ceil(seen.y1); ++y)
      for (int x = static_cast<int>(std::floor(seen.x0)); x < std::ceil(seen.x1); ++x) {
        const auto cell = [](double part, int count) {
          return std::clamp(static_cast<int>(std::floor(part * count)), 0, count - 1);
        };
        const int row = cell((y + 0.5 - r.rect.y0) / r.rect.height(), r.rows),
                  col = cell((x + 0.5 - r.rect.x0) / r.rect.width(), r.cols);
        blend(x, y,
              r.cells[static_cast<std::size_t>(row) * static_cast<std::size_t>(r.cols) + static_cast<std::size_t>(col)],
              1);
      }
  }

  void text(const Text& t, const Type& type);

  std::vector<unsigned char> straight() && {
    for (std::size_t k = 0; k < pixels_.size(); k += 4)
      for (std::size_t c = k; c < k + 3 && pixels_[k + 3] > 0 && pixels_[k + 3] < 255; ++c)
        pixels_[c] = static_cast<unsigned char>(std::min(255, pixels_[c] * 255 / pixels_[k + 3]));
    return std::move(pixels_);
  }

 private:
  void triangle(const Triangles& t, std::array<std::size_t, 3> v) {
    const auto corner = [&](std::size_t k) { return Corner{t.xyz[3 * k], height_ - t.xyz[3 * k + 1]}; };
    if (edge(corner(v[0]), corner(v[1]), corner(v[2])) < 0) std::swap(v[1], v[2]);
    const Corner a = corner(v[0]), b = corner(v[1]), c = corner(v[2]);
    const double area = edge(a, b, c);
    if (!(area > 0)) return;
    const auto [x0, x1] = std::minmax({a[0], b[0], c[0]});
    const auto [y0, y1] = std::minmax({a[1], b[1], c[1]});
    for (int y = std::max(0, static_cast<int>(y0)); y < std::min<double>(height_, y1 + 1); ++y)
      for (int x = std::max(0, static_cast<int>(x0)); x < std::min<double>(width_, x1 + 1); ++x) {
        const Corner p{x + 0.5, y + 0.5};
        const double wa = edge(b, c, p), wb = edge(c, a, p), wc = edge(a, b, p);
        const bool in = (wa > 0 || (wa == 0 && owns(b, c))) && (wb > 0 || (wb == 0 && owns(c, a))) &&
                        (wc > 0 || (wc == 0 && owns(a, b)));
        if (!in) continue;
        std::array<double, 4> rgba{};
        for (std::size_t k = 0; k < 4; ++k)
          rgba[k] = (wa * t.rgba[4 * v[0] + k] + wb * t.rgba[4 * v[1] + k] + wc * t.rgba[4 * v[2] + k]) / area;
        blend(x, y, rgba);
      }
  }

  int width_, height_;
  std::vector<unsigned char> pixels_;  // opacity multiplied in
};

void Canvas::text(const Text& t, const Type& type) {
  const ImFont* font = type.font(t.style.size);
  unsigned char* letters = nullptr;
  int wide = 0, tall = 0;
  type.atlas()->GetTexDataAsAlpha8(&letters, &wide, &tall);
  const double width = type.width(t.text, t.style.size), height = font->FontSize;
  const double left = t.style.across == Across::Left ? 0 : t.style.across == Across::Center ? width / 2 : width;
  const double above = t.style.down == Down::Top ? 0 : t.style.down == Down::Center ? height / 2 : height;
  double pen = 0;
  for (const char *s = t.text.data(), *end = s + t.text.size(); s < end;) {
    unsigned int code = 0;
    s += ImTextCharFromUtf8(&code, s, end);
    const ImFontGlyph* g = font->FindGlyph(static_cast<ImWchar>(code));
    if (g == nullptr) continue;
    const int columns = static_cast<int>(std::lround((g->U1 - g->U0) * wide)),
              rows = static_cast<int>(std::lround((g->V1 - g->V0) * tall));
    const auto u = static_cast<int>(std::lround(g->U0 * wide)), v = static_cast<int>(std::lround(g->V0 * tall));
    for (int r = 0; g->Visible && r < rows; ++r)
      for (int c = 0; c < columns; ++c) {
        const double dx = std::round(pen + g->X0) + c - std::round(left),
                     dy = std::round(g->Y0) + r - std::round(above);
        const double x = std::round(t.at.x) + (t.style.upright ? dy : dx),
                     y = std::round(t.at.y) + (t.style.upright ? -dx : dy);
        if (t.clip.contains({x, y}))
          blend(static_cast<int>(x), static_cast<int>(y), t.style.color, letters[(v + r) * wide + u + c] / 255.0);
      }
    pen += g->AdvanceX;
  }
}

}  // namespace

std::vector<unsigned char> paint(const Page& page) {
  Canvas canvas(page.width, page.height);
  for (int y = 0; page.background && y < page.height; ++y)
    for (int x = 0; x < page.width; ++x) canvas.blend(x, y, *page.background, 1);
  const Rect whole{0, 0, static_cast<double>(page.width), static_cast<double>(page.height)};
  Triangles triangles;
  for (const Drawing* d : page.drawings) {
    for (const Raster& r : d->rasters()) canvas.raster(r);
    triangles.clear();
    triangulate(*d, whole, Discs::Polygons, triangles);
    canvas.triangles(triangles);
    for (const Text& t : d->texts()) canvas.text(t, *page.type);
  }
  return std::move(canvas).straight();
}

bool has_display() {
  // VTK ends the program when it finds no X server, so it is asked for one first, through the library that VTK loads
  const auto open = reinterpret_cast<void* (*)(const char*)>(dlsym(RTLD_DEFAULT, "XOpenDisplay"));
  const auto close = reinterpret_cast<int (*)(void*)>(dlsym(RTLD_DEFAULT, "XCloseDisplay"));
  void* display = open != nullptr && close != nullptr ? open(nullptr) : nullptr;
  if (display != nullptr) close(display);
  return display != nullptr;
}

}  // namespace argscope::views
