// What must not leave a picture, and what a picture must not make up.
#include <gtest/gtest.h>
#include <imgui.h>

#include <cmath>

#include "tests/views/samples.h"
#include "views/composition.h"
#include "views/type.h"

namespace argscope::views {
namespace {

using samples::Sample;

struct Composed {
  Composition composition;

  explicit Composed(const Sample& s) {
    composition.update(s, nullptr, Look());
    composition.compose(800, 600);
  }
  const Pane& pane() const { return composition.panes().at(0); }
  std::string words() const {
    std::string all;
    for (const Text& t : pane().drawing.texts()) all += t.text + "\n";
    return all;
  }
};

TEST(Bars, KeepTheTipsOfTheirArrowsInside) {
  for (const double slope : {3.0, -3.0, 0.7, 1e4, 1e-6}) {
    Sample s;
    s.view("bars", "w");
    s.field("show", "w", {3}, Vec{{1.0, -0.4, 0.9}}, Vec{{slope, slope / 2, -slope}});
    const Composed c(s);
    const Rect area = c.pane().layer->content();
    int heads = 0;
    for (const Mark& m : c.pane().drawing.marks()) {
      const bool head = m.kind == Mark::Kind::Fill && m.count == 3;
      if (!head || c.pane().drawing.points(m)[0].y < c.pane().frame.pane.y0) continue;  // the legend has one too
      ++heads;
      for (const Point p : c.pane().drawing.points(m)) {
        EXPECT_GT(p.y, area.y0 + 1) << slope;  // a clipped head would end on the edge
        EXPECT_LT(p.y, area.y1 - 1) << slope;
      }
    }
    EXPECT_EQ(heads, 3) << slope;
  }
}

/// x(θ) along 41 points, with the line's own present value and slope at θ = 1.
Sample curve_of(const std::function<double(double)>& x) {
  Sample s = samples::curve();
  s.snapshot->fields[0].value = Vec::Constant(4, 0.0);
  s.snapshot->fields[0].derivative = Mat::Zero(4, 1);
  live::Sweep& sweep = s.snapshot->sweeps[0];
  for (std::size_t k = 0; k < sweep.at.size(); ++k) sweep.fields[k].value = Vec::Constant(4, x(std::log(sweep.at[k])));
  return s;
}

Index dotted(const Composed& c) {
  Index count = 0;
  for (const Mark& m : c.pane().drawing.marks()) count += m.pen.dash == Dash::Dotted;
  return count;
}

TEST(Curve, HasAGapWhereTheSolutionJumps) {
  const auto smooth = [](double t) { return std::sin(t); };
  const auto kinked = [](double t) { return std::max(t, 0.0); };
  const auto steep = [](double t) { return std::tanh(8 * t); };
  const auto jump = [](double t) { return t < 0.3 ? 0.1 * t : 2 + 0.1 * t; };
  const Index none = dotted(Composed(curve_of(smooth)));  // the line of the present θ
  EXPECT_EQ(dotted(Composed(curve_of(kinked))), none);
  EXPECT_EQ(dotted(Composed(curve_of(steep))), none);
  EXPECT_EQ(dotted(Composed(curve_of(jump))), none + 4);  // one a line
}

TEST(Curve, HasHalfATangentToEachSideOfAKink) {
  Sample s = samples::curve();
  s.snapshot->trust.defined = false;
  const double none = std::nan("");
  s.snapshot->sweeps[0].sides = (Mat(4, 2) << -0.25, -1, -0.2, 0, 0.1, none, none, none).finished();
  const Composed c(s);
  const Rect area = c.pane().layer->content();
  const double present = area.x0 + area.width() * 0.5;  // θ = 1 of 0.1 … 10, on a logarithmic axis
  Index left = 0, right = 0;
  for (const Mark& m : c.pane().drawing.marks()) {
    if (m.kind != Mark::Kind::Line || m.pen.dash != Dash::Dashed || m.count < 10) continue;
    const auto points = c.pane().drawing.points(m);
    const auto [first, last] = std::minmax(points.front().x, points.back().x);
    EXPECT_TRUE(first >= present - 1 || last <= present + 1) << first << " to " << last;
    ++(first >= present - 1 ? right : left);
  }
  EXPECT_EQ(left, 3);
  EXPECT_EQ(right, 2);
  const auto legend = c.pane().layer->legend(c.pane().frame);
  EXPECT_TRUE(std::ranges::any_of(legend, [](const LegendEntry& e) { return e.text == "tangent of each side"; }));
}

TEST(Banner, LeavesTheAxisOfACurveReadable) {
  Sample s = samples::curve();
  s.snapshot->trust.defined = false;
  s.snapshot->trust.reason = "x is at a kink";
  const Composed c(s);
  const auto& texts = c.composition.overlay().texts();
  const auto reason = std::ranges::find(texts, "x is at a kink", &Text::text);
  ASSERT_NE(reason, texts.end());
  EXPECT_LT(reason->at.y + 8, c.pane().layer->content().y1);
}

TEST(Curve, StaysWhileTheNextOneIsOnItsWay) {
  Sample s = samples::curve();
  Composition c;
  const auto lines_of = [&](const Sample& sample) {
    c.update(sample, nullptr, Look());
    c.compose(800, 600);
    Index solid = 0, faded = 0;
    for (const Mark& m : c.panes().at(0).drawing.marks())
      if (m.kind == Mark::Kind::Line && m.pen.dash == Dash::Solid && m.count > 30)
        ++(m.pen.color.a == 255 ? solid : faded);
    return std::pair(solid, faded);
  };
  EXPECT_EQ(lines_of(s), std::pair(Index{4}, Index{0}));
  Sample next = s;  // its own parameter was moved: the curve is still true
  next.snapshot = std::make_shared<live::Snapshot>(*s.snapshot);
  next.snapshot->sweeps.clear();
  next.snapshot->theta[0] = 1.5;
  EXPECT_EQ(lines_of(next), std::pair(Index{4}, Index{0}));
  Sample other = next;  // another parameter was: it is only how things were
  other.snapshot = std::make_shared<live::Snapshot>(*next.snapshot);
  other.snapshot->theta = Vec{{1.5, 2.0}};
  EXPECT_EQ(lines_of(other), std::pair(Index{0}, Index{4}));
  Sample another = other;  // of another scene it says nothing
  another.snapshot = std::make_shared<live::Snapshot>(*other.snapshot);
  another.snapshot->scene = std::make_shared<io::Scene>(*other.snapshot->scene);
  EXPECT_EQ(lines_of(another), std::pair(Index{0}, Index{0}));
}

TEST(Arrows, AreNotDrawnOfRounding) {
  for (const auto& [slope, moves] : {std::pair(1e-17, false), std::pair(1e-3, true)}) {
    Sample s;
    s.view("bars", "w");
    s.field("show", "w", {3}, Vec{{1.0, -0.4, 0.9}}, Vec{{slope, 0.0, -slope}});
    const bool still = Composed(s).words().find(" = 0") != std::string::npos;
    EXPECT_EQ(still, !moves) << slope;
  }
}

TEST(Images, ShowOnePanelOfWhatDoesNotMove) {
  Sample still = samples::images();
  still.snapshot->fields[0].derivative.setZero();
  const Composed moving(samples::images()), fixed(still);
  EXPECT_NE(fixed.words().find(" = 0"), std::string::npos) << fixed.words();
  EXPECT_EQ(moving.words().find(" = 0"), std::string::npos);
  EXPECT_GT(fixed.pane().layer->content().width() * fixed.pane().layer->content().height(),
            1.3 * moving.pane().layer->content().width() * moving.pane().layer->content().height());
}

TEST(Surface, TellsWhatIsUnderTheCursorAndHasLinesOfEqualHeight) {
  const Composed c(samples::landscape(true));
  const auto hover = c.composition.hover(400, 330);
  ASSERT_TRUE(hover);
  EXPECT_NE(hover->text.find("f = "), std::string::npos) << hover->text;
  EXPECT_NE(hover->text.find("x[0] = "), std::string::npos) << hover->text;
  EXPECT_FALSE(c.composition.hover(5, 595));
  const std::size_t grid = 61 * 61;
  EXPECT_GT(c.pane().solid.xyz.size() / 3, grid);  // ribbons stand beside the grid's vertices
  for (const float number : c.pane().solid.xyz) EXPECT_TRUE(std::isfinite(number));
}

TEST(Type, HasTheLettersOfMathematics) {
  if (Type::file(TextSize::Normal).empty()) GTEST_SKIP() << "DejaVu Sans is not installed";
  const Type type(1);
  for (const TextSize size : {TextSize::Small, TextSize::Normal, TextSize::Title})
    for (const char16_t letter : u"ℓℝθ∂‖₊≤") {
      if (letter != 0) {
        EXPECT_NE(type.font(size)->FindGlyphNoFallback(letter), nullptr) << int{letter};
      }
    }
}

}  // namespace
}  // namespace argscope::views
