// Every kind of view against numbers that no scene should have, cameras from nowhere and windows of any size: nothing
// that is drawn is without a place, nothing leaves its view, and the program lives.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "tests/views/samples.h"
#include "views/composition.h"

namespace argscope::views {
namespace {

using samples::Sample;

constexpr double huge = std::numeric_limits<double>::max();

bool finite(Point p) { return std::isfinite(p.x) && std::isfinite(p.y); }

/// Marks and texts have places, marks lie in their view and solids are made of numbers.
void expect_sound(const Composition& c, const std::string& of) {
  std::vector<const Drawing*> drawings{&c.overlay()};
  for (const Pane& p : c.panes()) {
    drawings.push_back(&p.drawing);
    for (const float number : p.solid.xyz) ASSERT_TRUE(std::isfinite(number)) << of;
    for (const Mark& m : p.drawing.marks())
      for (const Point at : p.drawing.points(m))
        ASSERT_TRUE(p.rect.inset(-1.5 - m.radius - m.pen.width).contains(at)) << of << " " << at.x << " " << at.y;
  }
  for (const Drawing* d : drawings) {
    ASSERT_LT(d->marks().size(), 200000U) << of;
    for (const Mark& m : d->marks()) {
      ASSERT_TRUE(std::isfinite(m.radius) && std::isfinite(m.pen.width)) << of;
      for (const Point at : d->points(m)) ASSERT_TRUE(finite(at)) << of;
    }
    for (const Text& t : d->texts()) ASSERT_TRUE(finite(t.at)) << of << " " << t.text;
    for (const Raster& r : d->rasters()) ASSERT_EQ(r.cells.size(), std::size_t(r.rows) * std::size_t(r.cols)) << of;
  }
}

void look_around(Composition& c, int width, int height, const std::string& of) {
  c.compose(width, height);
  expect_sound(c, of);
  for (const double x : {-1.0, 0.0, 0.3, 0.5, 0.9, 1.0})
    for (const double y : {0.0, 0.4, 0.7, 1.0}) c.hover(x * width, y * height);
}

/// What a snapshot may be made to hold.
struct Evil {
  const char* name;
  void (*spoil)(Vec&);
};

const Evil evils[]{
    {"all not a number", [](Vec& v) { v.setConstant(NAN); }},
    {"one not a number", [](Vec& v) { v[v.size() / 2] = NAN; }},
    {"all infinite", [](Vec& v) { v.setConstant(INFINITY); }},
    {"both infinities", [](Vec& v) { v[0] = INFINITY, v[v.size() - 1] = -INFINITY; }},
    {"all zero", [](Vec& v) { v.setZero(); }},
    {"all the same", [](Vec& v) { v.setConstant(-3.25); }},
    {"all the greatest", [](Vec& v) { v.setConstant(huge); }},
    {"from least to greatest", [](Vec& v) { v[0] = huge, v[v.size() - 1] = -huge; }},
    {"one far greater", [](Vec& v) { v[v.size() / 3] = 1e200; }},
    {"all tiny", [](Vec& v) { v *= 1e-300; }},
    {"denormal", [](Vec& v) { v.setConstant(std::numeric_limits<double>::denorm_min()); }},
    {"a hair apart", [](Vec& v) { v.setConstant(1e9), v[0] = std::nextafter(1e9, 2e9); }},
};

/// A sample of its own, so that it can be spoilt.
Sample copy_of(const Sample& s) {
  Sample own;
  *own.scene = *s.scene;
  *own.snapshot = *s.snapshot;
  own.snapshot->scene = own.scene;
  return own;
}

/// In a picture that has shown other things before.
void expect_drawn(Composition& c, const Sample& sample, const std::string& of) {
  const live::Ghost ghost = samples::ghost_of(*sample.snapshot, 0.3);
  for (const auto& [width, height] : {std::pair{320, 240}, {40, 90}, {1, 1}}) {
    c.update(sample, &ghost, Look());
    look_around(c, width, height, of);
  }
}

class Hostile : public testing::TestWithParam<int> {
 protected:
  const samples::Named named = samples::all()[static_cast<std::size_t>(GetParam())];
  Composition c;
};

TEST_P(Hostile, ValuesAreSurvived) {
  for (const Evil& evil : evils) {
    Sample spoilt = copy_of(named.sample);
    for (live::Field& f : spoilt.snapshot->fields)
      if (f.value.size() > 0) evil.spoil(f.value);
    for (live::Grid& g : spoilt.snapshot->grids) {
      Vec values = Eigen::Map<Vec>(g.values.data(), Index(g.values.size()));
      evil.spoil(values);
      std::copy(values.begin(), values.end(), g.values.begin());
    }
    for (live::Sweep& s : spoilt.snapshot->sweeps)
      for (live::Field& f : s.fields) evil.spoil(f.value);
    if (spoilt.snapshot->solution.x.size() > 0) evil.spoil(spoilt.snapshot->solution.x);
    expect_drawn(c, spoilt, evil.name);
  }
}

TEST_P(Hostile, DerivativesAreSurvived) {
  for (const Evil& evil : evils) {
    Sample spoilt = copy_of(named.sample);
    const auto spoil = [&](Mat& J) {
      if (J.size() == 0) return;
      Vec flat = J.reshaped();
      evil.spoil(flat);
      J = flat.reshaped(J.rows(), J.cols());
    };
    for (live::Field& f : spoilt.snapshot->fields) spoil(f.derivative);
    spoil(spoilt.snapshot->J);
    expect_drawn(c, spoilt, evil.name);
  }
}

TEST_P(Hostile, GhostsAreSurvived) {
  for (const Evil& evil : evils) {
    live::Ghost ghost = samples::ghost_of(*named.sample.snapshot, 0.1);
    for (live::Field& f : ghost.fields)
      if (f.value.size() > 0) evil.spoil(f.value);
    if (ghost.x.size() > 0) evil.spoil(ghost.x);
    evil.spoil(ghost.theta);
    c.update(named.sample, &ghost, Look());
    look_around(c, 300, 220, evil.name);
  }
}

TEST_P(Hostile, ParametersAndColumnsAreSurvived) {
  for (const double theta : {double(NAN), double(INFINITY), 0.0, -1.0, huge})
    for (const Index column : {Index{-1}, Index{0}, Index{1}, Index{1'000'000}}) {
      Sample spoilt = copy_of(named.sample);
      spoilt.snapshot->theta[0] = theta;
      Look look;
      look.column = column;
      c.update(spoilt, nullptr, look);
      look_around(c, 300, 220, "theta " + std::to_string(theta) + ", column " + std::to_string(column));
    }
}

TEST_P(Hostile, CamerasAreSurvived) {
  for (const char* camera :
       {"", ";;;", "1 2", "0 0 0 0 0", "0 0 -1 0 0", "1e300 -1e300 1e-300 0 0", "0 0 1e300 0 0", "0 0 1 1e300 1e300",
        "1e999 0 1 0 0", "nan nan nan nan nan", "0 0 1e-5 0 0", "1e6 1e6 1e4 0 90", "0.1 0.2 3 -500 200", "\xff\xfe"}) {
    c.update(named.sample, nullptr, Look());
    c.set_camera(camera);
    look_around(c, 300, 220, camera);
    for (int k = 0; k < 40; ++k) c.zoom(0, k % 2 ? 1e-3 : 0.5, 150, 110);
    look_around(c, 300, 220, camera);
    for (int k = 0; k < 40; ++k) c.zoom(0, 7, 3 * k, 5 * k);
    look_around(c, 300, 220, camera);
  }
}

TEST_P(Hostile, HandsOfAnyStrengthAreSurvived) {
  c.update(named.sample, nullptr, Look());
  c.compose(300, 220);
  for (const double by : {0.0, 1e3, -1e9, 1e300}) {
    for (const int view : {-7, -1, 0, 1, 99}) {
      c.pan(view, by, -by);
      c.rotate(view, by, by);
      c.zoom(view, by, by, 0);
      c.reset_camera(view == 99 ? 99 : 0);
    }
    look_around(c, 300, 220, std::to_string(by));
  }
  c.reset_camera(-1);
  look_around(c, 300, 220, "after all");
}

TEST_P(Hostile, WindowsOfAnySizeAndScaleAreSurvived) {
  for (const double scale : {0.0, 0.01, 2.5, double(NAN)})
    for (const auto& [width, height] : {std::pair{1, 1}, {2, 900}, {900, 2}, {64, 64}, {700, 500}}) {
      Look look;
      look.scale = scale;
      look.stale = true;
      Sample spoilt = copy_of(named.sample);
      spoilt.snapshot->error = "an error that is told at some length, so that it has to be broken into lines";
      c.update(spoilt, nullptr, look);
      look_around(c, width, height, std::to_string(scale) + " " + std::to_string(width));
    }
}

INSTANTIATE_TEST_SUITE_P(Kinds, Hostile, testing::Range(0, static_cast<int>(samples::all().size())),
                         [](const auto& test) {
                           std::string name = samples::all()[static_cast<std::size_t>(test.param)].name;
                           std::replace(name.begin(), name.end(), ' ', '_');
                           return name;
                         });

TEST(HostileScales, OfTextAreHeldWhereLettersCanBeMade) {
  Look look;
  look.scale = 1e9;
  Composition c;
  c.update(samples::bars(), nullptr, look);
  const auto type = c.type();
  look_around(c, 900, 700, "a scale of 1e9");
  c.update(samples::bars(), nullptr, look);
  EXPECT_EQ(c.type(), type) << "letters are made once";
}

/// A field with a shape of its own under every kind of view.
TEST(HostileShapes, AreDrawnOrLeftOutByEveryKind) {
  Composition c;
  const expr::Shape shapes[]{{},     {0},    {1},    {7},       {0, 3},       {3, 0},
                             {1, 1}, {4, 2}, {5, 3}, {2, 3, 4}, {2, 2, 2, 2}, {3, 300}};
  for (const char* kind : {"particles", "bars", "images", "curve", "line", "landscape", "heatmap"})
    for (const expr::Shape& shape : shapes) {
      Sample s;
      s.view(kind, "a title of some length that has to be shortened");
      s.field("show", "w", shape, Vec::Random(shape.size()), Mat::Random(shape.size(), 1));
      s.field("diameter", "d", shape, Vec::Random(shape.size()), Mat::Random(shape.size(), 1));
      s.field("box", "L", {}, Vec::Constant(1, 0), Mat::Zero(1, 1));
      expect_drawn(c, s, std::string(kind) + " of shape " + shape.str());
    }
}

TEST(HostileShapes, OfAFieldWithoutItsNumbersAreNotDrawn) {
  Composition c;
  for (const auto& [name, sample] : samples::all()) {
    Sample spoilt = copy_of(sample);
    for (live::Field& f : spoilt.snapshot->fields) f.value.conservativeResize(f.value.size() / 2);
    expect_drawn(c, spoilt, name);
    for (live::Field& f : spoilt.snapshot->fields) f.derivative.resize(3, 2);
    expect_drawn(c, spoilt, name);
  }
}

TEST(HostileScenes, OfAnyNumberOfViewsTileTheWindow) {
  Composition c;
  for (int views = 1; views <= 9; ++views) {
    Sample s;
    for (int v = 0; v < views; ++v) {
      s.view("bars", "view " + std::to_string(v));
      s.field("show", "w", {3}, Vec{{1.0, 2.0, 3.0}}, Mat::Zero(3, 1));
    }
    for (const auto& [width, height] : {std::pair{800, 600}, {1600, 200}, {203, 997}}) {
      Look look;
      look.overlay = false;
      c.update(s, nullptr, look);
      c.compose(width, height);
      ASSERT_EQ(c.panes().size(), std::size_t(views));
      double area = 0;
      for (const Pane& p : c.panes()) {
        area += p.rect.width() * p.rect.height();
        EXPECT_EQ(c.view_at(p.rect.center().x, p.rect.center().y), p.view);
      }
      EXPECT_EQ(area, width * height) << views << " views leave no gap and do not overlap";
    }
  }
}

}  // namespace
}  // namespace argscope::views
