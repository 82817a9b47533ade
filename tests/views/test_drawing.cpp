#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "views/drawing.h"
#include "views/triangles.h"

namespace argscope::views {
namespace {

const Rect page{0, 0, 100, 80};

TEST(Drawing, CutsAFillAtTheClipRectangle) {
  Drawing d(page);
  d.push_clip({10, 10, 20, 20});
  d.box({0, 0, 50, 15}, {1, 2, 3, 255});
  ASSERT_EQ(d.marks().size(), 1U);
  for (const Point p : d.points(d.marks()[0])) EXPECT_TRUE(d.clip().contains(p));
}

TEST(Drawing, CutsALineThatLeavesAndReturnsIntoTwo) {
  Drawing d(page);
  const Point zigzag[] = {{10, 40}, {50, -40}, {90, 40}};
  d.line(zigzag, {});
  ASSERT_EQ(d.marks().size(), 2U);
  for (const Mark& m : d.marks())
    for (const Point p : d.points(m)) EXPECT_GE(p.y, -1e-9);
}

TEST(Drawing, LeavesOutWhatIsNotFinite) {
  Drawing d(page);
  const Point broken[] = {{1, 1}, {NAN, 5}, {9, 9}, {20, 20}};
  d.fill(broken, {});
  d.disc({NAN, 3}, 4, {}, {});
  d.line(broken, {});
  ASSERT_EQ(d.marks().size(), 1U);  // the last segment of the line
  EXPECT_EQ(d.points(d.marks()[0]).size(), 2U);
}

TEST(Drawing, DropsTextsAnchoredOutsideTheClip) {
  Drawing d(page);
  d.text({-20, 5}, "outside", {});
  d.text({20, 5}, "inside", {});
  ASSERT_EQ(d.texts().size(), 1U);
  EXPECT_EQ(d.texts()[0].text, "inside");
}

TEST(Drawing, TurnsADiscAtTheEdgeIntoACutPolygon) {
  Drawing d(page);
  d.disc({0, 40}, 10, {9, 9, 9, 255}, {{0, 0, 0, 255}, 1, Dash::Solid});
  for (const Mark& m : d.marks()) {
    EXPECT_NE(m.kind, Mark::Kind::Disc);
    for (const Point p : d.points(m)) EXPECT_GE(p.x, -1e-9);
  }
}

TEST(Drawing, GivesNoArrowShorterThanAPixel) {
  Drawing d(page);
  d.arrow({5, 5}, {5.5, 5}, {});
  EXPECT_TRUE(d.marks().empty());
  d.arrow({5, 5}, {35, 5}, {});
  EXPECT_EQ(d.marks().size(), 2U);
}

TEST(Drawing, KeepsEveryMarkInsideForRandomShapes) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> where(-60, 160);
  for (int trial = 0; trial < 500; ++trial) {
    Drawing d(page);
    d.push_clip({20, 20, 70, 60});
    const Point shape[] = {
        {where(random), where(random)}, {where(random), where(random)}, {where(random), where(random)}};
    d.fill(shape, {});
    d.outline(shape, {});
    for (const Mark& m : d.marks())
      for (const Point p : d.points(m)) ASSERT_TRUE(d.clip().inset(-1e-6).contains(p));  // rounding of the cut
  }
}

double area_of(const Triangles& t) {
  double area = 0;
  const auto at = [&](std::int32_t v, int axis) { return double(t.xyz[static_cast<std::size_t>(3 * v + axis)]); };
  const auto opacity = [&](std::int32_t v) { return t.rgba[static_cast<std::size_t>(4 * v + 3)] / 255.0; };
  for (std::size_t k = 0; k < t.corners.size(); k += 3) {
    const std::int32_t a = t.corners[k], b = t.corners[k + 1], c = t.corners[k + 2];
    const double twice = (at(b, 0) - at(a, 0)) * (at(c, 1) - at(a, 1)) - (at(c, 0) - at(a, 0)) * (at(b, 1) - at(a, 1));
    area += std::abs(twice) / 2 * (opacity(a) + opacity(b) + opacity(c)) / 3;
  }
  return area;
}

TEST(Triangles, CoverAsMuchAsTheShape) {
  // a softened edge loses as much inside as it gains outside; corners differ by less than a pixel each
  const auto covered = [](auto draw) {
    Drawing d(page);
    draw(d);
    Triangles t;
    triangulate(d, page, Discs::Polygons, t);
    return area_of(t);
  };
  EXPECT_NEAR(covered([](Drawing& d) { d.box({10, 10, 50, 40}, {}); }), 1200, 4);
  EXPECT_NEAR(covered([](Drawing& d) { d.line({10, 10}, {60, 10}, {{}, 3, Dash::Solid}); }), 150, 3);
  EXPECT_NEAR(covered([](Drawing& d) {
                d.disc({50, 40}, 20, {}, {{0, 0, 0, 0}, 0, Dash::Solid});
              }),
              M_PI * 400, 11);  // chords 0.12 pixels inside the circle: two thirds of that around it
  const double dashed = covered([](Drawing& d) { d.line({0, 10}, {100, 10}, {{}, 2, Dash::Dashed}); });
  const DashLengths lengths = dash_lengths({{}, 2, Dash::Dashed});
  EXPECT_NEAR(dashed, 200 * lengths.on / (lengths.on + lengths.off), 16);  // one dash more or less at the end
}

TEST(Triangles, KeepAStrokeItsWidthThroughSharpCorners) {
  Drawing d(page);
  const Point zigzag[] = {{10, 70}, {16, 10}, {22, 70}, {28, 10}, {34, 70}};
  d.line(zigzag, {{}, 2, Dash::Solid});
  Triangles t;
  triangulate(d, page, Discs::Polygons, t);
  EXPECT_NEAR(area_of(t), 2 * 4 * std::hypot(6, 60), 12);  // three corners, each rounded off by a few square pixels
}

TEST(Triangles, MakeAStrokeNoWiderWhereItsPointsRepeat) {
  const auto covered = [](std::vector<Point> points, bool closed) {
    Drawing d(page);
    closed ? d.outline(points, {{}, 4, Dash::Solid}) : d.line(points, {{}, 4, Dash::Solid});
    Triangles t;
    triangulate(d, page, Discs::Polygons, t);
    return area_of(t);
  };
  const Point a{10, 10}, b{60, 10}, c{60, 50};
  EXPECT_DOUBLE_EQ(covered({a, a, b, b, b, c, c}, false), covered({a, b, c}, false));
  EXPECT_DOUBLE_EQ(covered({a, a, b, c, c, a}, true), covered({a, b, c}, true));
  EXPECT_EQ(covered({a, a, a}, false), 0) << "no place to go";
}

TEST(Triangles, PointIntoTheirVertices) {
  Drawing d(page);
  d.disc({50, 40}, 7, {1, 2, 3, 255}, {{4, 5, 6, 255}, 2, Dash::Solid});
  d.hatch({5, 5, 40, 30}, {9, 9, 9, 255}, {});
  Triangles t;
  triangulate(d, page, Discs::Polygons, t);
  ASSERT_FALSE(t.corners.empty());
  EXPECT_EQ(t.rgba.size() / 4, t.xyz.size() / 3);
  for (const std::int32_t c : t.corners) ASSERT_LT(c, t.vertices());
}

}  // namespace
}  // namespace argscope::views
