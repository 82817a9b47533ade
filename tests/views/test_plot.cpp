#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "views/colormap.h"
#include "views/contours.h"
#include "views/format.h"
#include "views/plot.h"
#include "views/scale.h"
#include "views/theme.h"

namespace argscope::views {
namespace {

TEST(Format, WritesATrueMinusAndFewDigits) {
  EXPECT_EQ(number(-0.125), "−0.125");
  EXPECT_EQ(number(1.23456e-13), "1.23e−13");
  EXPECT_EQ(number(0), "0");
  EXPECT_EQ(number(NAN), "not a number");
  EXPECT_EQ(number(-INFINITY), "−∞");
  EXPECT_EQ(power_of_ten(-3), "10⁻³");
  EXPECT_EQ(power_of_ten(0), "1");
  EXPECT_EQ(fixed(-0.0001, 2), "0.00");
}

TEST(Ticks, AreRoundAndInside) {
  std::mt19937 random(3);
  std::uniform_real_distribution<double> exponent(-6, 6), part(-1, 1);
  for (int trial = 0; trial < 300; ++trial) {
    const double size = std::pow(10.0, exponent(random)), low = size * part(random),
                 high = low + size * (1.01 + part(random));
    const auto found = ticks({low, high, false}, 6);
    ASSERT_GE(found.size(), 2U) << low << " " << high;
    ASSERT_LE(found.size(), 8U);
    for (const Tick& t : found) {
      EXPECT_GE(t.value, low - 1e-6 * size);
      EXPECT_LE(t.value, high + 1e-6 * size);
    }
  }
}

TEST(Ticks, OfALogarithmicAxisArePowersOfTen) {
  std::vector<std::string> labels;
  for (const Tick& t : ticks({1e-3, 1e4, true}, 9))
    if (!t.label.empty()) labels.push_back(t.label);
  EXPECT_EQ(labels, (std::vector<std::string>{"10⁻³", "10⁻²", "10⁻¹", "1", "10", "10²", "10³", "10⁴"}));
}

TEST(Ticks, SurviveARangeThatIsNoRange) {
  EXPECT_TRUE(ticks({1, 1, false}, 5).empty());
  EXPECT_TRUE(ticks({0, INFINITY, false}, 5).empty());
  EXPECT_TRUE(ticks({1e9, std::nextafter(1e9, 2e9), false}, 5).empty());
}

TEST(Map, GoesThereAndBack) {
  Camera c;
  c.shift_x = 0.2, c.shift_y = -0.1, c.zoom = 3;
  for (const bool log : {false, true}) {
    const Map m = looked_at({10, 20, 210, 120}, {0.1, 50, log}, {-3, 7, false}, c);
    const Point p = m.value(m.at(4, 2));
    EXPECT_NEAR(p.x, 4, 1e-12 * 4);  // a few roundings
    EXPECT_NEAR(p.y, 2, 1e-12 * 4);
  }
}

TEST(Map, KeepsOneScaleWhenAskedTo) {
  const Map m = looked_at_equal({0, 0, 300, 100}, {0, 1, false}, {0, 1, false}, Camera());
  const Point a = m.at(0, 0), b = m.at(1, 1);
  EXPECT_NEAR(b.x - a.x, 100, 1e-9);
  EXPECT_NEAR(a.y - b.y, 100, 1e-9);
  EXPECT_NEAR((a.x + b.x) / 2, 150, 1e-9);
}

TEST(Held, GrowsAtOnceAndShrinksOnlyWhenMuchTooWide) {
  Held h;
  h.cover(0, 1, 0);
  h.cover(0.1, 0.8, 0);
  EXPECT_EQ(h.axis().high, 1);
  h.cover(0, 2, 0);
  EXPECT_EQ(h.axis().high, 2);
  h.cover(0, 0.5, 0);
  EXPECT_EQ(h.axis().high, 0.5);
  h.cover(NAN, 3, 0);
  EXPECT_EQ(h.axis().high, 0.5);
  h.forget();
  h.cover(5, 5, 0.1);
  EXPECT_LT(h.axis().low, 5);
  EXPECT_GT(h.axis().high, 5);
}

TEST(Colormap, IsSymmetricAboutZeroForSignedNumbers) {
  const double values[] = {-1, 0.5, NAN};
  const Colormap m = fit_colormap(values, {});
  EXPECT_EQ(m.tint, Tint::Signed);
  EXPECT_EQ(m.low, -1);
  EXPECT_EQ(m.high, 1);
  const Color below = m.color(-1), above = m.color(1);
  EXPECT_GT(below.b, below.r);  // blue
  EXPECT_GT(above.r, above.b);  // orange
}

TEST(Colormap, SaysWhereItCuts) {
  const double values[] = {0, 1, 7};
  Coloring told;
  told.high = 5;
  const Colormap m = fit_colormap(values, told);
  EXPECT_EQ(m.tint, Tint::Magnitude);
  EXPECT_TRUE(m.cut_high);
  EXPECT_FALSE(m.cut_low);
  EXPECT_EQ(m.color(7), m.color(5));
}

TEST(Colormap, SurvivesNothingAndConstants) {
  EXPECT_LT(fit_colormap({}, {}).low, fit_colormap({}, {}).high);
  const double zeros[] = {0, 0}, same[] = {3, 3}, none[] = {NAN};
  for (const auto& values :
       {std::span<const double>(zeros), std::span<const double>(same), std::span<const double>(none)})
    EXPECT_LT(fit_colormap(values, {}).low, fit_colormap(values, {}).high);
}

TEST(Theme, HasReadableTextInLightAndDark) {
  for (const bool dark : {false, true}) {
    const Theme& t = theme(dark);
    for (const Color ground : {t.background, t.panel})
      for (const Color text : {t.ink, t.muted, t.good, t.warn, t.bad}) EXPECT_GE(contrast(text, ground), 4.5) << dark;
    for (const Color line : t.categories)
      EXPECT_GE(contrast(line, t.background), 3.0) << dark;  // WCAG 1.4.11, graphics
    EXPECT_GE(contrast(t.arrow, t.background), 3.0);
    EXPECT_GE(contrast(t.ghost, t.background), 3.0);
  }
  EXPECT_NEAR(contrast({0, 0, 0, 255}, {255, 255, 255, 255}), 21, 1e-9);
}

TEST(Scale, MakesTheTypicalArrowAboutAsLongAsAsked) {
  std::mt19937 random(1);
  std::normal_distribution<double> normal;
  for (const double size : {1e-8, 0.3, 4e5}) {
    Vec v(400);
    for (double& e : v) e = size * normal(random);
    Vec sorted = v.cwiseAbs();
    std::sort(sorted.begin(), sorted.end());
    const double typical = arrow_scale(v, 1) * sorted[380];
    EXPECT_GT(typical, 0.4);  // rounding to 1, 2 or 5 moves by at most a factor of 2
    EXPECT_LT(typical, 2.1);
  }
  EXPECT_EQ(arrow_scale(Vec::Zero(5), 1), 0);
  EXPECT_EQ(arrow_scale(Vec(), 1), 0);
}

live::Grid bowl() {
  live::Grid g{"f", 0, 1, {-1, -1}, {1, 1}, 21, 21, {}};
  for (Index r = 0; r < 21; ++r)
    for (Index c = 0; c < 21; ++c)
      g.values.push_back(std::pow(double(c) / 10 - 1, 2) + std::pow(double(r) / 10 - 1, 2));
  return g;
}

TEST(Contours, CoverThePlaneWithoutGaps) {
  const live::Grid g = bowl();
  double area = 0;
  for (const Band& b : bands(g, contour_levels(g, 8)))
    for (std::size_t k = 2; k < b.corners.size(); ++k) {
      const Point u = b.corners[k - 1] - b.corners[0], v = b.corners[k] - b.corners[0];
      area += std::abs(u.x * v.y - u.y * v.x) / 2;
    }
  EXPECT_NEAR(area, 400, 1e-9);
}

TEST(Contours, LieOnTheirLevel) {
  const live::Grid g = bowl();
  const auto levels = contour_levels(g, 8);
  const auto lines = isolines(g, levels);
  ASSERT_FALSE(lines.empty());
  for (const Isoline& i : lines)
    for (const Point p : {i.from, i.to}) {
      const double u = p.x / 10 - 1, v = p.y / 10 - 1;
      EXPECT_NEAR(u * u + v * v, levels[static_cast<std::size_t>(i.level)],
                  0.006);  // chord of x² over a cell: h²/4 an axis
    }
}

TEST(Contours, LeaveOutWhatIsNotFinite) {
  live::Grid g = bowl();
  g.values[220] = NAN;
  double area = 0;
  for (const Band& b : bands(g, {}))
    for (std::size_t k = 2; k < b.corners.size(); ++k) {
      const Point u = b.corners[k - 1] - b.corners[0], v = b.corners[k] - b.corners[0];
      area += std::abs(u.x * v.y - u.y * v.x) / 2;
    }
  EXPECT_NEAR(area, 397, 1e-9);  // six triangles of half a cell meet in the vertex
}

}  // namespace
}  // namespace argscope::views
