#include "app/double_slider.h"

#include <gtest/gtest.h>

#include <QSignalSpy>
#include <cmath>
#include <random>

#include "tests/gui/hands.h"

namespace argscope::app {
namespace {

using test::drag_slider;

struct Shown : testing::Test {
  Shown() : slider(nullptr) {
    slider.resize(416, 24);  // a track of 400 pixels
    slider.show();
  }
  DoubleSlider slider;
};

TEST(DoubleSliderMapping, FractionsAndNumbersAreInverse) {
  std::mt19937 random(5);
  std::uniform_real_distribution<double> uniform(0, 1);
  for (int k = 0; k < 500; ++k) {
    DoubleSlider slider(nullptr);
    const bool log_scale = k % 2 == 0;
    const double low = std::pow(10, 8 * uniform(random) - 6), high = low * std::pow(10, 0.5 + 6 * uniform(random));
    slider.set_range(low, high, log_scale);
    const double fraction = uniform(random);
    // exp and log of at most 16 decades: a relative error of some tens of roundings
    EXPECT_NEAR(slider.fraction_of(slider.number_at(fraction)), fraction, 1e-13);
    EXPECT_EQ(slider.number_at(0), low);
    EXPECT_EQ(slider.number_at(1), high);
  }
}

TEST(DoubleSliderMapping, TheMiddleOfALogarithmicTrackIsTheGeometricMean) {
  DoubleSlider slider(nullptr);
  slider.set_range(1e-3, 1e3, true);
  EXPECT_NEAR(slider.number_at(0.5), 1, 1e-14);
}

TEST_F(Shown, KeepsAllDigitsOfItsNumber) {
  slider.set_range(0, 1, false);
  slider.set_number(1.0 / 3);
  EXPECT_EQ(slider.number(), 1.0 / 3);
  EXPECT_EQ(slider.value(), 333333);
}

TEST_F(Shown, ADragMovesByTheDistanceTravelled) {
  slider.set_range(0, 1, false);
  slider.set_number(0.5);
  drag_slider(slider, 0.25, 10, Qt::NoModifier);
  EXPECT_NEAR(slider.number(), 0.75, 1e-12);  // sums of ten steps in fractions of a pixel
}

TEST_F(Shown, ShiftDragsAtATenthAndCtrlShiftAtAHundredth) {
  slider.set_range(0, 1, false);
  slider.set_number(0.5);
  drag_slider(slider, 0.25, 10, Qt::ShiftModifier);
  EXPECT_NEAR(slider.number(), 0.525, 1e-12);
  slider.set_number(0.5);
  drag_slider(slider, 0.25, 10, Qt::ShiftModifier | Qt::ControlModifier);
  EXPECT_NEAR(slider.number(), 0.5025, 1e-12);
}

TEST_F(Shown, AFineDragIsFinerThanTheIntegerPosition) {
  slider.set_range(0, 1e-3, false);
  slider.set_number(5e-4);
  QSignalSpy moves(&slider, &DoubleSlider::moved);
  drag_slider(slider, 0.01, 20, Qt::ShiftModifier | Qt::ControlModifier);
  EXPECT_EQ(moves.count(), 20);
}

TEST_F(Shown, KeysStepByAHundredthATenthAndToTheEnds) {
  slider.set_range(0, 10, false);
  slider.set_number(5);
  QTest::keyClick(&slider, Qt::Key_Right);
  EXPECT_NEAR(slider.number(), 5.1, 1e-12);
  QTest::keyClick(&slider, Qt::Key_PageDown);
  EXPECT_NEAR(slider.number(), 4.1, 1e-12);
  QTest::keyClick(&slider, Qt::Key_Up, Qt::ShiftModifier);
  EXPECT_NEAR(slider.number(), 4.11, 1e-12);
  QTest::keyClick(&slider, Qt::Key_Home);
  EXPECT_EQ(slider.number(), 0);
  QTest::keyClick(&slider, Qt::Key_End);
  EXPECT_EQ(slider.number(), 10);
}

TEST_F(Shown, ADoubleClickAsksForAReset) {
  QSignalSpy asked(&slider, &DoubleSlider::reset_asked);
  QTest::mouseDClick(&slider, Qt::LeftButton);
  EXPECT_EQ(asked.count(), 1);
}

TEST_F(Shown, EnterAndControlClickAskToType) {
  QSignalSpy asked(&slider, &DoubleSlider::type_asked);
  QTest::keyClick(&slider, Qt::Key_Return);
  QTest::mouseClick(&slider, Qt::LeftButton, Qt::ControlModifier);
  EXPECT_EQ(asked.count(), 2);
}

TEST_F(Shown, SettingTheNumberIsSilent) {
  QSignalSpy moves(&slider, &DoubleSlider::moved);
  slider.set_number(0.7);
  slider.set_range(0, 2, false);
  EXPECT_EQ(moves.count(), 0);
}

TEST_F(Shown, AnAssistiveToolMovesItThroughTheIntegerPosition) {
  slider.set_range(1, 100, true);
  QSignalSpy moves(&slider, &DoubleSlider::moved);
  slider.setValue(DoubleSlider::ticks / 2);
  EXPECT_EQ(moves.count(), 1);
  EXPECT_NEAR(slider.number(), 10, 1e-13);
}

TEST_F(Shown, ANumberOutsideTheRangeRestsAtTheEnd) {
  slider.set_range(0, 1, false);
  slider.set_number(7);
  EXPECT_EQ(slider.number(), 7);
  EXPECT_EQ(slider.value(), DoubleSlider::ticks);
}

TEST_F(Shown, MarksWhereTheActiveSetChanges) {
  slider.set_range(0, 4, false);
  const QImage plain = slider.grab().toImage();
  slider.set_switches({{1, "x[1] under 'theta*norm1(x)'"}, {3, "x[0] under 'theta*norm1(x)'"}});
  const QImage marked = slider.grab().toImage();
  const auto changed_near = [&](int x) {
    for (int dx = -1; dx <= 1; ++dx)
      for (int y = 0; y < marked.height(); ++y)
        if (marked.pixel(x + dx, y) != plain.pixel(x + dx, y)) return true;
    return false;
  };
  EXPECT_TRUE(changed_near(8 + 100));
  EXPECT_TRUE(changed_near(8 + 300));
  EXPECT_FALSE(changed_near(8 + 200));
}

}  // namespace
}  // namespace argscope::app
