// Known numbers at known places have known colours: what the cursor is told and what is painted there are the same.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>

#include "tests/views/samples.h"
#include "views/colormap.h"
#include "views/composition.h"

namespace argscope::views {
namespace {

using samples::Sample;

constexpr int width = 480, height = 360;

/// A picture painted by the processor, and the composition that answers for it.
struct Painted {
  Composition composition;
  std::vector<unsigned char> rgba;

  Painted(const Sample& s, const live::Ghost* ghost, const Look& look) {
    composition.update(s, ghost, look);
    composition.compose(width, height);
    rgba = paint_to_pixels(s, ghost, look, width, height);
  }
  explicit Painted(const Sample& s) : Painted(s, nullptr, Look()) {}

  Color at(int x, int y) const {
    const auto k = static_cast<std::size_t>(4 * (y * width + x));
    return {rgba[k], rgba[k + 1], rgba[k + 2], rgba[k + 3]};
  }
  Index count(Color c) const {
    Index found = 0;
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x) found += at(x, y) == c;
    return found;
  }
  /// How many pixels of a column have that colour.
  Index column(int x, Color c) const {
    Index found = 0;
    for (int y = 0; y < height; ++y) found += at(x, y) == c;
    return found;
  }
};

Look bare() {
  Look look;
  look.overlay = false;
  return look;
}

Sample bars_of(const Vec& values) {
  Sample s;
  s.view("bars", "");
  s.field("show", "w", {values.size()}, values, Mat::Zero(values.size(), 1));
  return s;
}

/// The middle of the stretch over which the cursor finds that element, at mid height.
int middle_of(const Painted& p, Index element) {
  int first = width, last = -1;
  for (int x = 0; x < width; ++x)
    if (const auto h = p.composition.hover(x, height / 2.0); h && h->element == element)
      first = std::min(first, x), last = std::max(last, x);
  EXPECT_LT(first, last) << "the cursor never finds element " << element;
  return std::clamp((first + last) / 2, 0, width - 1);
}

TEST(PaintedBars, AreAsTallAsTheirNumbers) {
  const Vec values{{1.0, 2.0, -1.0, 0.5, -2.0}};
  const Painted p(bars_of(values), nullptr, bare());
  const Theme& t = theme(false);
  const Color above = mix(t.categories[1], {255, 255, 255, 255}, 0.25),
              below = mix(t.categories[0], {255, 255, 255, 255}, 0.2);
  std::vector<double> tall;
  for (Index k = 0; k < values.size(); ++k) {
    const int x = middle_of(p, k);
    EXPECT_EQ(p.column(x, values[k] > 0 ? below : above), 0) << "the other sign's colour in bar " << k;
    tall.push_back(static_cast<double>(p.column(x, values[k] > 0 ? above : below)));
  }
  const double unit = tall[1] / 2;
  EXPECT_GT(unit, 40);
  for (std::size_t k = 0; k < tall.size(); ++k)  // softened ends, the zero line and grid lines take some pixels
    EXPECT_NEAR(tall[k], unit * std::abs(values[static_cast<Index>(k)]), 4) << k;
}

TEST(PaintedBars, HatchTheBarThatHasNoNumber) {
  const Painted p(bars_of(Vec{{1.0, NAN, 2.0}}), nullptr, bare());
  EXPECT_GT(p.column(middle_of(p, 1), theme(false).missing) + p.column(middle_of(p, 1), theme(false).hatching), 30);
  EXPECT_EQ(p.column(middle_of(p, 0), theme(false).missing), 0);
}

TEST(PaintedBars, GrowWithTheirNumbersAndNothingElseDoes) {
  Index before = 0;
  for (const double last : {0.25, 0.5, 1.0, 2.0}) {
    Sample s = bars_of(Vec{{2.0, last}});
    s.scene->views[0].numbers = {{"low", 0}, {"high", 2}};
    const Painted p(s, nullptr, bare());
    const Color above = mix(theme(false).categories[1], {255, 255, 255, 255}, 0.25);
    const Index now = p.column(middle_of(p, 1), above);
    EXPECT_GT(now, before);
    before = now;
  }
}

Sample table_of(const Vec& values, Index rows, Index cols) {
  Sample s;
  s.view("heatmap", "");
  s.field("show", "C", {rows, cols}, values, Mat::Zero(values.size(), 1));
  return s;
}

/// Every pixel of a picture that the cursor names an element at, away from the edges of its cell.
void expect_colours(const Painted& p, const Vec& values, const std::function<Color(double)>& color, Index least) {
  std::map<Index, Index> seen;
  for (int y = 2; y + 2 < height; y += 3)
    for (int x = 2; x + 2 < width; x += 3) {
      std::set<Index> around;
      for (const auto& [dx, dy] : {std::pair{0, 0}, {-2, 0}, {3, 0}, {0, -2}, {0, 3}}) {
        const auto h = p.composition.hover(x + dx, y + dy);
        around.insert(h ? h->element : -1);
      }
      if (around.size() != 1 || *around.begin() < 0 || !std::isfinite(values[*around.begin()])) continue;
      const Index k = *around.begin();
      ++seen[k];
      ASSERT_EQ(p.at(x, y), color(values[k])) << "element " << k << " at " << x << ", " << y;
    }
  EXPECT_GE(static_cast<Index>(seen.size()), least) << "elements that the cursor found";
}

TEST(PaintedCells, HaveTheColourOfTheNumberThatTheCursorReads) {
  const Vec values = 3 * Vec::Random(48);
  for (const bool dark : {false, true}) {
    Look look = bare();
    look.dark = dark;
    const Colormap map = fit_colormap({values.data(), 48}, {{}, {}, {}, dark});
    expect_colours(
        Painted(table_of(values, 6, 8), nullptr, look), values, [&](double v) { return map.color(v); }, 48);
  }
}

TEST(PaintedCells, OfMagnitudesAreViridis) {
  const Vec values = Vec::Random(30).cwiseAbs();
  const Colormap map = fit_colormap({values.data(), 30}, {});
  EXPECT_EQ(map.tint, Tint::Magnitude);
  expect_colours(
      Painted(table_of(values, 5, 6), nullptr, bare()), values, [&](double v) { return map.color(v); }, 30);
}

TEST(PaintedCells, OfATableLargerThanItsPixelsShowTheLargestOfEachBlock) {
  Vec values = Vec::Zero(3000 * 4);
  values[1500 * 4 + 2] = -1;  // one entry among thousands
  const Painted p(table_of(values, 3000, 4), nullptr, bare());
  EXPECT_GT(p.count(Colormap{}.color(-1)), 0);
}

TEST(PaintedImages, HaveTheColourOfTheNumberThatTheCursorReads) {
  Sample s;
  const Vec values = Vec::Random(4 * 20);
  s.view("images", "");
  s.field("show", "p", {4, 4, 5}, values, Mat::Zero(80, 1));
  const Colormap map = fit_colormap({values.data(), 80}, {});
  expect_colours(
      Painted(s, nullptr, bare()), values, [&](double v) { return map.color(v); }, 80);
}

TEST(PaintedParticles, AreWhereTheCursorFindsThem) {
  Sample s;
  s.view("particles", "");
  s.field("show", "x", {3, 2}, Vec{{1, 1, 3, 1, 1, 3}}, Mat::Zero(6, 1));
  s.field("diameter", "d", {3}, Vec{{1.2, 1.2, 0.6}}, Mat::Zero(3, 1));
  s.field("box", "L", {}, Vec::Constant(1, 4), Mat::Zero(1, 1));
  s.field("color", "c", {3}, Vec{{0, 1, 2}}, Mat::Zero(3, 1));
  const Painted p(s, nullptr, bare());
  const double numbers[] = {0, 1, 2};
  const Colormap map = fit_colormap(numbers, {});
  // none touches another, so all are hollow: rings of the rim's colour around the ground's
  std::map<Index, Index> inside;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      if (const auto h = p.composition.hover(x, y)) ++inside[h->element / 2];
  ASSERT_EQ(inside.size(), 3U);
  EXPECT_NEAR(double(inside[0]) / double(inside[2]), 4, 0.1) << "areas go as the squares of diameters";
  EXPECT_NEAR(double(inside[0]) / double(inside[1]), 1, 0.02);
  EXPECT_EQ(p.count(map.color(1)), 0);
}

constexpr int small_width = 200, small_height = 150;

/// A small picture alone.
std::vector<unsigned char> small(const Sample& s, const live::Ghost* ghost, const Look& look) {
  return paint_to_pixels(s, ghost, look, small_width, small_height);
}

TEST(PaintedGround, IsTheThemes) {
  for (const bool dark : {false, true})
    for (const auto& [name, sample] : samples::all()) {
      Look look;
      look.dark = dark;
      const auto rgba = small(sample, nullptr, look);
      const auto k = static_cast<std::size_t>(4 * (small_width + 1));
      EXPECT_EQ((Color{rgba[k], rgba[k + 1], rgba[k + 2], rgba[k + 3]}), theme(dark).background) << name;
    }
}

TEST(PaintedGround, IsNothingWhereItIsToBeClear) {
  for (const auto& [name, sample] : samples::all()) {
    Look look;
    look.transparent = true;
    const auto rgba = small(sample, nullptr, look);
    EXPECT_EQ(rgba[4 * (small_width + 1) + 3], 0) << name;
    Index opaque = 0;
    for (std::size_t k = 3; k < rgba.size(); k += 4) opaque += rgba[k] == 255;
    EXPECT_GT(opaque, 100) << name;
  }
}

TEST(PaintedGhost, OfTheSameStateIsNotSeen) {
  for (const auto& [name, sample] : samples::all()) {
    const live::Ghost still = samples::ghost_of(*sample.snapshot, 0);
    EXPECT_EQ(small(sample, &still, bare()), small(sample, nullptr, bare())) << name;  // a legend would tell of it
  }
}

}  // namespace
}  // namespace argscope::views
