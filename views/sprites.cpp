#include "views/sprites.h"

#include <algorithm>
#include <cmath>

namespace argscope::views {

namespace {

constexpr int cell = 32, across = 8, down = 4, pictures = across * down - 1;  // the last cell is white
constexpr double smallest = 0.5, ratio = 1.1;  // neighbouring radii: an edge is at most 5 % too soft or too sharp
constexpr double room = 1;                     // around the disc, pixels

double radius_of(int picture) { return smallest * std::pow(ratio, picture); }

/// How much of a pixel at that distance the disc covers, taken as falling over one pixel.
double coverage(double radius, double distance) { return std::clamp(radius + 0.5 - distance, 0.0, 1.0); }

Atlas painted() {
  Atlas atlas{cell * across, cell * down, {}};
  atlas.rgba.assign(static_cast<std::size_t>(atlas.width * atlas.height) * 4, 255);
  for (int k = 0; k < pictures; ++k) {
    const double radius = radius_of(k), reach = radius + room;
    const auto place = [&](int texel) { return ((texel + 0.5 - 1) / (cell - 2) * 2 - 1) * reach; };
    for (int y = 0; y < cell; ++y)
      for (int x = 0; x < cell; ++x) {
        const int column = k % across * cell + x, row = k / across * cell + y;
        const double covered = coverage(radius, std::hypot(place(x), place(y)));
        atlas.rgba[static_cast<std::size_t>(row * atlas.width + column) * 4 + 3] =
            static_cast<unsigned char>(std::lround(255 * covered));
      }
  }
  return atlas;
}

}  // namespace

const Atlas& sprite_atlas() {
  static const Atlas atlas = painted();
  return atlas;
}

std::optional<Sprite> sprite_of(double radius) {
  const int k =
      std::max(0, static_cast<int>(std::lround(std::log(std::max(radius, 1e-9) / smallest) / std::log(ratio))));
  if (k >= pictures) return std::nullopt;
  const int column = k % across, row = k / across;
  const double x = column * cell, y = row * cell;
  const double wide = cell * across, tall = cell * down;
  return Sprite{(x + 1) / wide, (y + 1) / tall, (x + cell - 1) / wide, (y + cell - 1) / tall,
                radius * (radius_of(k) + room) / radius_of(k)};
}

Point plain_place() { return {1 - 0.5 / across, 1 - 0.5 / down}; }

}  // namespace argscope::views
