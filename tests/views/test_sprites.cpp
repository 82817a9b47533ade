#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "tests/views/samples.h"
#include "views/software.h"
#include "views/sprites.h"
#include "views/triangles.h"

namespace argscope::views {
namespace {

/// Opacity of the atlas where a pixel at (dx, dy) from the disc's middle looks it up, without interpolation.
double opacity(const Sprite& s, double dx, double dy) {
  const Atlas& atlas = sprite_atlas();
  const double u = s.u0 + (dx / s.reach + 1) / 2 * (s.u1 - s.u0), v = s.v0 + (dy / s.reach + 1) / 2 * (s.v1 - s.v0);
  const auto x = static_cast<std::size_t>(u * atlas.width), y = static_cast<std::size_t>(v * atlas.height);
  return atlas.rgba[(y * static_cast<std::size_t>(atlas.width) + x) * 4 + 3] / 255.0;
}

TEST(Sprites, AreDiscsOfTheRadiusAskedFor) {
  for (double r = 0.5; r < 8; r *= 1.037) {
    const auto s = sprite_of(r);
    ASSERT_TRUE(s) << r;
    EXPECT_GT(s->reach, r + 0.5) << r;
    double area = 0;
    constexpr double fine = 0.05;
    for (double y = -s->reach + fine / 2; y < s->reach; y += fine)
      for (double x = -s->reach + fine / 2; x < s->reach; x += fine) area += opacity(*s, x, y) * fine * fine;
    // ∫ clamp(r + ½ − ρ) dA = π (r² + 1/12); a cell has 30 texels across, the soft edge may be 5 % off
    EXPECT_NEAR(area, std::numbers::pi * (r * r + 1.0 / 12), 0.05 * area + 0.02) << r;
  }
  EXPECT_FALSE(sprite_of(30));
}

TEST(Sprites, TakeTwoTrianglesADisc) {
  Drawing d({0, 0, 400, 400});
  const Pen none{{0, 0, 0, 0}, 0, Dash::Solid};
  for (int k = 0; k < 100; ++k) d.disc({20 + 3.5 * k, 200}, 3, {200, 0, 0, 255}, none);
  Triangles few, many;
  triangulate(d, {0, 0, 400, 400}, Discs::Sprites, few);
  triangulate(d, {0, 0, 400, 400}, Discs::Polygons, many);
  EXPECT_EQ(few.corners.size(), 100U * 2 * 3);
  EXPECT_GT(many.corners.size(), 8 * few.corners.size());
  EXPECT_EQ(few.uv.size(), 2 * few.xyz.size() / 3);
  EXPECT_TRUE(many.uv.empty());
  for (const float place : few.uv) {
    EXPECT_GE(place, 0);
    EXPECT_LE(place, 1);
  }
}

TEST(Sprites, ManyDiscsLookAsTheirPolygonsDo) {
  if (!has_display()) GTEST_SKIP() << "no display for VTK";
  constexpr int width = 500, height = 500;
  Look bare;
  bare.overlay = bare.arrows = false;
  const auto sample = samples::packing(2500, 4);
  const auto sprites = render_to_pixels(sample, nullptr, bare, width, height);
  const auto polygons = paint_to_pixels(sample, nullptr, bare, width, height);
  ASSERT_EQ(sprites.size(), polygons.size());
  double off = 0;
  for (std::size_t k = 0; k < sprites.size(); ++k) off += std::abs(sprites[k] - polygons[k]);
  EXPECT_LT(off / static_cast<double>(sprites.size()), 4);  // of 255; soft edges differ by a part of a pixel
}

}  // namespace
}  // namespace argscope::views
