#include <gtest/gtest.h>

#include <algorithm>

#include "tests/views/samples.h"
#include "views/composition.h"
#include "views/furniture.h"
#include "views/packing.h"

namespace argscope::views {
namespace {

using samples::Sample;

/// A composed picture, with what tests ask of it.
struct Picture {
  Composition composition;

  Picture(const Sample& s, const live::Ghost* ghost, const Look& look, int width, int height) {
    composition.update(s, ghost, look);
    composition.compose(width, height);
  }
  explicit Picture(const Sample& s) : Picture(s, nullptr, Look(), 800, 600) {}

  const Drawing& drawing() const { return composition.panes().at(0).drawing; }
  Index painted(Color c) const {
    Index count = 0;
    for (const Pane& p : composition.panes())
      for (const Mark& m : p.drawing.marks()) count += m.fill == c || m.pen.color == c;
    return count;
  }
  std::string words() const {
    std::string all;
    for (const Pane& p : composition.panes())
      for (const Text& t : p.drawing.texts()) all += t.text + "\n";
    for (const Text& t : composition.overlay().texts()) all += t.text + "\n";
    return all;
  }
  bool says(const std::string& words_sought) const { return words().find(words_sought) != std::string::npos; }
};

const Theme& light = theme(false);

TEST(Layers, DrawSomethingForEveryKind) {
  for (const auto& [name, sample] : samples::all()) {
    const Picture p(sample);
    EXPECT_FALSE(p.drawing().marks().empty()) << name;
    EXPECT_TRUE(p.says("solution residual")) << name;
  }
}

TEST(Layers, ShowArrowsOnlyOfADefinedDerivative) {
  for (const auto& [name, sample] : samples::all()) {
    if (name != "particles" && name != "spheres" && name != "line" && name != "landscape") continue;
    EXPECT_GT(Picture(sample).painted(light.arrow), 0) << name;
    const Picture none(samples::undefined(sample));
    EXPECT_EQ(none.painted(light.arrow), 0) << name;
    EXPECT_TRUE(none.says("The derivative is not defined here")) << name;
    EXPECT_TRUE(none.says("∂₁F is singular")) << name;
    EXPECT_FALSE(none.says("condition 41")) << name;
    Look look;
    look.arrows = false;
    EXPECT_EQ(Picture(sample, nullptr, look, 800, 600).painted(light.arrow), 0) << name;
  }
}

TEST(Layers, ShowTheGhostOfWhatMovesVisibly) {
  for (const auto& [name, sample] : samples::all()) {
    if (name == "images" || name == "heatmap" || name == "surface") continue;  // no ghost, or it moves towards the eye
    const live::Ghost far = samples::ghost_of(*sample.snapshot, 0.3), near = samples::ghost_of(*sample.snapshot, 1e-9);
    const Index with = Picture(sample, &far, Look(), 800, 600).painted(light.ghost);
    const Index without = Picture(sample).painted(light.ghost);
    const Index still = Picture(sample, &near, Look(), 800, 600).painted(light.ghost);
    EXPECT_GT(with, still) << name;
    EXPECT_EQ(without, 0) << name;
    Look look;
    look.ghost = false;
    EXPECT_EQ(Picture(sample, &far, look, 800, 600).painted(light.ghost), 0) << name;
  }
}

TEST(Layers, HatchWhatIsNotANumber) {
  const Picture p(samples::heatmap());
  EXPECT_GT(p.painted(light.hatching), 4);
  EXPECT_TRUE(p.says("hatched: not a number"));
}

TEST(Layers, SurviveAnySizeAndAnEmptyOrBrokenSnapshot) {
  std::vector<samples::Named> all = samples::all();
  Sample hollow;
  for (const char* kind : {"particles", "bars", "images", "curve", "line", "landscape", "heatmap", "no such kind"})
    hollow.view(kind, kind);
  all.push_back({"hollow", hollow});
  Sample empty = samples::bars();
  empty.snapshot->fields[0] = {"view 0.show", {0}, Vec(), Mat()};
  all.push_back({"empty", empty});
  Sample broken = samples::packing(16, 1);
  broken.snapshot->fields[0].value[3] = NAN;
  all.push_back({"broken", broken});
  for (const auto& [name, sample] : all)
    for (const auto& [w, h] : {std::pair{1, 1}, {3, 200}, {200, 3}, {40, 40}, {120, 90}, {1600, 200}}) {
      Look look;
      look.stale = true;
      const live::Ghost ghost = samples::ghost_of(*sample.snapshot, 0.1);
      Picture p(sample, &ghost, look, w, h);
      p.composition.hover(w / 2.0, h / 2.0);
      p.composition.zoom(0, 2, w / 2.0, h / 2.0);
      p.composition.compose(w, h);
    }
}

TEST(Layers, KeepTheirPlaceUnderTheCursorWhenZoomed) {
  Picture p(samples::line());
  const auto before = p.composition.hover(400, 300);
  for (int k = 0; k < 3; ++k) p.composition.zoom(0, 1.5, 120, 90);
  p.composition.compose(800, 600);
  p.composition.zoom(0, 1 / (1.5 * 1.5 * 1.5), 120, 90);
  p.composition.compose(800, 600);
  const auto after = p.composition.hover(400, 300);
  EXPECT_EQ(before.has_value(), after.has_value());
}

TEST(Composition, FollowsTheHandByExactlyItsWay) {
  Picture p(samples::packing(25, 3));
  const auto first_disc = [&] {
    for (const Mark& m : p.drawing().marks())
      if (m.kind == Mark::Kind::Disc) return p.drawing().points(m)[0];
    return Point{};
  };
  p.composition.zoom(0, 0.5, 400, 300);  // all of the box in sight, before and after
  p.composition.compose(800, 600);
  const Point before = first_disc();
  p.composition.pan(0, 17, -9);
  p.composition.compose(800, 600);
  EXPECT_NEAR(first_disc().x - before.x, 17, 1e-6);
  EXPECT_NEAR(first_disc().y - before.y, -9, 1e-6);
}

TEST(Composition, ReadsItsCameraTextBack) {
  Picture p(samples::side_by_side());
  p.composition.zoom(1, 1.7, 300, 200);
  p.composition.pan(0, 10, 20);
  const std::string text = p.composition.camera_text();
  Picture other(samples::side_by_side());
  EXPECT_NE(other.composition.camera_text(), text);
  other.composition.set_camera(text);
  EXPECT_EQ(other.composition.camera_text(), text);
  other.composition.set_camera("nonsense; 1 2");
  EXPECT_EQ(other.composition.camera_text(), text);
  other.composition.reset_camera(-1);
  EXPECT_NE(other.composition.camera_text(), text);
}

TEST(Composition, TurnsOnlySolidViews) {
  Picture p(samples::spheres(20, 1));
  ASSERT_TRUE(p.composition.is_3d(0));
  const std::string before = p.composition.camera_text();
  p.composition.rotate(0, 30, 10);
  EXPECT_NE(p.composition.camera_text(), before);
  EXPECT_FALSE(Picture(samples::bars()).composition.is_3d(0));
}

TEST(Composition, SetsViewsBesideEachOtherOrOneAlone) {
  const Sample s = samples::side_by_side();
  Picture all(s);
  ASSERT_EQ(all.composition.panes().size(), 3U);
  for (std::size_t a = 0; a < 3; ++a)
    for (std::size_t b = a + 1; b < 3; ++b)
      EXPECT_TRUE(intersection(all.composition.panes()[a].rect, all.composition.panes()[b].rect).empty());
  Look one;
  one.view = 1;
  Picture alone(s, nullptr, one, 800, 600);
  ASSERT_EQ(alone.composition.panes().size(), 1U);
  EXPECT_EQ(alone.composition.view_at(400, 300), 1);
  EXPECT_EQ(alone.composition.view_at(-5, 300), -1);
}

TEST(Hover, NamesTheBarItsValueAndItsDerivative) {
  const Sample s = samples::bars();
  const Picture p(s);
  std::vector<std::string> found;
  for (int x = 0; x < 800; x += 4)
    if (const auto h = p.composition.hover(x, 300); h && (found.empty() || found.back() != h->text))
      found.push_back(h->text);
  ASSERT_EQ(found.size(), 10U);
  EXPECT_NE(found[3].find("w[3] = 0.2"), std::string::npos) << found[3];
  EXPECT_NE(found[3].find("∂/∂theta = "), std::string::npos) << found[3];
}

TEST(Hover, FindsTheParticleUnderTheCursorAcrossTheEdgeOfItsBox) {
  const Sample s = samples::packing(49, 2);
  const Picture p(s);
  Index seen = 0;
  for (const Mark& m : p.drawing().marks()) {
    if (m.kind != Mark::Kind::Disc || m.radius < 8) continue;
    const Point at = p.drawing().points(m)[0];
    const auto h = p.composition.hover(at.x, at.y);
    if (!h) continue;
    ++seen;
    EXPECT_EQ(h->text.rfind("particle ", 0), 0U);
    EXPECT_EQ(h->element % 2, 0);
  }
  EXPECT_GT(seen, 20);
}

TEST(Hover, SaysNothingBesideThings) {
  EXPECT_FALSE(Picture(samples::packing(9, 1)).composition.hover(2, 300));
  EXPECT_FALSE(Picture(samples::bars()).composition.hover(-10, -10));
}

TEST(Hover, GivesNoNumbersOfAnUnconvergedSolution) {
  const samples::Sample sample = samples::bars();
  sample.snapshot->solution.status = solve::Status::IterationLimit;
  const Picture p(sample);
  int seen = 0;
  for (int x = 0; x < 800; x += 20)
    if (const auto h = p.composition.hover(x, 300)) {
      ++seen;
      EXPECT_EQ(h->text.find('='), std::string::npos) << h->text;
      EXPECT_NE(h->text.find("not converged"), std::string::npos) << h->text;
    }
  EXPECT_GT(seen, 0);
}

TEST(Hover, KeepsSilentAboutAnUndefinedDerivative) {
  const Picture p(samples::undefined(samples::bars()));
  for (int x = 0; x < 800; x += 20)
    if (const auto h = p.composition.hover(x, 300)) {
      EXPECT_EQ(h->text.find("∂"), std::string::npos);
    }
}

TEST(Heatmap, ShowsTheJacobianItself) {
  Sample s;
  io::ViewSpec& v = s.view("heatmap", "J");
  v.words["show"] = "jacobian";
  s.snapshot->J = Mat::Random(6, 1);
  Picture p(s);
  ASSERT_EQ(p.drawing().rasters().size(), 2U);  // cells and colour bar
  EXPECT_EQ(p.drawing().rasters()[0].rows, 6);
  EXPECT_TRUE(p.says("∂x/∂θ"));
  EXPECT_TRUE(Picture(samples::undefined(s)).says("no derivative to show"));
}

TEST(Packing, FindsTheContactsThatAllPairsGive) {
  for (const unsigned seed : {1U, 2U, 3U}) {
    const Sample s = samples::packing(60, seed);
    Frame f;
    f.snapshot = s;
    f.spec = &s.scene->views[0];
    const Packing p = packing(f);
    ASSERT_EQ(p.count, 60);
    Index brute = 0;
    for (Index i = 0; i < p.count; ++i)
      for (Index j = i + 1; j < p.count; ++j) {
        double square = 0;
        for (int a = 0; a < 2; ++a) {
          double d = p.place(j, a) - p.place(i, a);
          d -= p.box[0] * std::round(d / p.box[0]);
          square += d * d;
        }
        brute += std::sqrt(square) < (p.diameters[i] + p.diameters[j]) / 2;
      }
    EXPECT_EQ(static_cast<Index>(contacts(p).size()), brute);
  }
}

TEST(Health, HasWordsForEveryItem) {
  const Sample s = samples::bars();
  const auto items = health_items(*s.snapshot);
  ASSERT_EQ(items.size(), 6U);
  for (const HealthItem& i : items) EXPECT_EQ(i.health, Health::Good) << i.words;
  s.snapshot->trust.kink.value = 1e-12;
  s.snapshot->trust.condition_number = 1e15;
  s.snapshot->trust.null_modes = 2;
  Index bad = 0, warned = 0;
  for (const HealthItem& i : health_items(*s.snapshot))
    bad += i.health == Health::Bad, warned += i.health == Health::Warn;
  EXPECT_EQ(bad, 2);
  EXPECT_EQ(warned, 1);
  s.snapshot->has_jacobian = false;
  EXPECT_EQ(health_items(*s.snapshot).size(), 2U);
}

TEST(Health, ShowsAnErrorAndAStalePicture) {
  Sample s = samples::bars();
  s.snapshot->error = "the objective is not finite at the start";
  Look look;
  look.stale = true;
  const Picture p(s, nullptr, look, 800, 600);
  EXPECT_TRUE(p.says("the objective is not finite at the start"));
  EXPECT_TRUE(p.says("updating"));
  look.overlay = false;
  EXPECT_FALSE(Picture(s, nullptr, look, 800, 600).says("updating"));
}

}  // namespace
}  // namespace argscope::views
