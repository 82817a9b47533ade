// Numbers on their way in: tracks of any range, fields, ranges and keys, over what a person may type or press.
#include <gtest/gtest.h>

#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <cmath>
#include <limits>
#include <random>

#include "app/numbers.h"
#include "app/player.h"
#include "app/range_dialog.h"
#include "app/track.h"
#include "tests/gui/hands.h"

namespace argscope::app {
namespace {

constexpr double huge = std::numeric_limits<double>::max(), tiny = std::numeric_limits<double>::denorm_min();

/// Ranges from the narrowest to the widest that doubles have.
const Track tracks[]{{0, 1, false},
                     {-1, 1, false},
                     {1e-3, 1e4, true},
                     {-huge, huge, false},
                     {-1e308, 1e307, false},
                     {0, huge, false},
                     {1e-300, 1e300, true},
                     {1e-307, huge, true},
                     {5, std::nextafter(5, 6), false},
                     {1, 1 + 1e-9, true},
                     {-1e-300, 1e-300, false},
                     {1e15, 1e15 + 8, false},
                     {-3e-7, 2e9, false},
                     {2, 2.5, true}};

TEST(Tracks, OfAnyRangeGoFromEndToEndWithoutAStepBack) {
  for (const Track& track : tracks) {
    EXPECT_EQ(track.number_at(0), track.low);
    EXPECT_EQ(track.number_at(1), track.high);
    EXPECT_EQ(track.place_of(track.low), 0);
    EXPECT_EQ(track.place_of(track.high), 1);
    double before = track.low;
    for (int k = 0; k <= 1000; ++k) {
      const double number = track.number_at(k / 1000.0);
      ASSERT_TRUE(std::isfinite(number)) << track.low << " " << track.high << " at " << k;
      EXPECT_GE(number, before - 1e-12 * std::abs(before)) << k;  // exp rounds
      before = number;
    }
  }
}

TEST(Tracks, FindThePlaceOfTheNumberThere) {
  std::mt19937 random(2);
  std::uniform_real_distribution<double> uniform(0, 1);
  for (const Track& track : tracks) {
    const double size = std::max(std::abs(track.low), std::abs(track.high));
    const double grain = track.by_ratio ? 0 : 4e-16 * size / (track.high / 2 - track.low / 2);
    if (grain > 1e-3) continue;  // no numbers between the ends
    for (int k = 0; k < 200; ++k) {
      const double place = uniform(random);
      const double slack = track.by_ratio ? 1e-12 + 1e-15 / std::log(track.high / track.low) : 1e-14 + grain;
      EXPECT_NEAR(track.place_of(track.number_at(place)), place, slack) << track.low << " " << track.high;
    }
  }
}

TEST(Tracks, ClampWhatLiesOutside) {
  for (const Track& track : tracks)
    for (const double beyond : {-huge, -1e300, -tiny}) {
      EXPECT_GE(track.place_of(beyond), 0);
      EXPECT_LE(track.place_of(-beyond), 1);
      if (beyond < track.low) EXPECT_EQ(track.place_of(beyond), 0);
      if (-beyond > track.high) EXPECT_EQ(track.place_of(-beyond), 1);
    }
}

TEST(Players, WalkAlongTheSameTrackAsTheSlider) {
  for (const Track& track : tracks) {
    Knob knob;
    knob.low = track.low, knob.high = track.high, knob.log_scale = track.by_ratio;
    for (const double place : {0.0, 0.25, 0.5, 1.0}) {
      EXPECT_EQ(number_at(knob, place), track.number_at(place));
      EXPECT_EQ(place_of(knob, track.number_at(place)), track.place_of(track.number_at(place)));
    }
  }
}

TEST(SliderKeys, MoveByWhatTheyPromiseOnEveryTrack) {
  const std::pair<int, double> keys[]{{Qt::Key_Right, 0.01}, {Qt::Key_Up, 0.01},    {Qt::Key_Left, -0.01},
                                      {Qt::Key_Down, -0.01}, {Qt::Key_PageUp, 0.1}, {Qt::Key_PageDown, -0.1},
                                      {Qt::Key_End, 1},      {Qt::Key_Home, -1}};
  const std::pair<Qt::KeyboardModifiers, double> pressed[]{
      {Qt::NoModifier, 1}, {Qt::ShiftModifier, 10}, {Qt::ShiftModifier | Qt::ControlModifier, 100}};
  for (const Track& track : {Track{0, 1, false}, Track{-huge, huge, false}, Track{1e-3, 1e3, true}})
    for (const auto& [key, step] : keys)
      for (const auto& [modifiers, slowness] : pressed) {
        DoubleSlider slider(nullptr);
        slider.set_range(track.low, track.high, track.by_ratio);
        slider.set_number(track.number_at(0.5));
        QTest::keyClick(&slider, static_cast<Qt::Key>(key), modifiers);
        const bool to_an_end = std::abs(step) == 1;
        const double expected = to_an_end ? (step > 0 ? 1 : 0) : 0.5 + step / slowness;
        EXPECT_NEAR(slider.fraction_of(slider.number()), expected, 1e-12) << key << " " << slowness;
      }
}

TEST(SliderKeys, StopAtTheEndsAndSayNothingThere) {
  DoubleSlider slider(nullptr);
  slider.set_range(-2, 3, false);
  slider.set_number(3);
  const QSignalSpy moves(&slider, &DoubleSlider::moved);
  for (const Qt::Key key : {Qt::Key_Right, Qt::Key_End, Qt::Key_PageUp}) QTest::keyClick(&slider, key);
  EXPECT_EQ(slider.number(), 3);
  EXPECT_EQ(moves.count(), 0);
}

TEST(SliderNumbers, BeyondTheRangeStayUntilMoved) {
  DoubleSlider slider(nullptr);
  slider.set_range(0, 1, false);
  for (const double outside : {-5.0, 7.0, huge, -huge}) {
    slider.set_number(outside);
    EXPECT_EQ(slider.number(), outside);
    EXPECT_EQ(slider.fraction_of(outside), outside > 0 ? 1 : 0);
  }
  QTest::keyClick(&slider, Qt::Key_Right);
  EXPECT_NEAR(slider.number(), 0.01, 1e-15);
}

TEST(Sliders, ArePaintedWithEverythingOnTheirTrackAtAnySize) {
  for (const Track& track : tracks) {
    DoubleSlider slider(nullptr);
    slider.set_range(track.low, track.high, track.by_ratio);
    slider.set_number(track.number_at(0.3));
    slider.set_default(track.high);
    slider.set_sensitivity(std::numeric_limits<double>::infinity());
    slider.set_trusted(std::pair(-huge, huge));
    slider.set_switches({{track.number_at(0.7), "here"}, {-huge, "far"}});
    for (const QSize size : {QSize(300, 22), QSize(17, 22), QSize(1, 1), QSize(16, 3)}) {
      slider.resize(size);
      EXPECT_FALSE(slider.grab().isNull());
    }
  }
}

std::optional<double> parsed(const QString& text) {
  const auto result = parse_number(text);
  const double* value = std::get_if<double>(&result);
  return value ? std::optional(*value) : std::nullopt;
}

TEST(TypedNumbers, AreTakenOrRefusedWithAReason) {
  const std::pair<const char*, std::optional<double>> rows[]{
      {"1e-3", 1e-3},   {".5", 0.5},        {"5.", 5.0},       {"−2", -2.0},   {"+3", 3.0},   {"\t 7 ", 7.0},
      {"1e308", 1e308}, {"(1 + 2)*3", 9.0}, {"2**10", 1024.0}, {"−(−1)", 1.0}, {"1e400", {}}, {"-1e400", {}},
      {"inf", {}},      {"nan", {}},        {"1,000", {}},     {"1,5", {}},    {"1 000", {}}, {"1.2.3", {}},
      {"--", {}},       {"1e", {}},         {"x", {}},         {"1 2", {}},    {"", {}},      {"sqrt(-1)", {}},
      {"0/0", {}},      {"\"1\"", {}},      {"((((", {}}};
  for (const auto& [text, expected] : rows) {
    const auto value = parsed(QString::fromUtf8(text));
    EXPECT_EQ(value.has_value(), expected.has_value()) << text;
    if (value && expected) EXPECT_NEAR(*value, *expected, 1e-15 * std::abs(*expected)) << text;
    const auto result = parse_number(QString::fromUtf8(text));
    if (const QString* why = std::get_if<QString>(&result)) EXPECT_FALSE(why->isEmpty()) << text;
  }
}

TEST(TypedNumbers, OfAnyLengthAndDepthAreAnswered) {
  EXPECT_FALSE(parsed(QString(100000, u'(')).has_value()) << "a message, not a crash";
  EXPECT_FALSE(parsed(QString(100000, u'-')).has_value());
  EXPECT_EQ(parsed(QString(5000, u'0') + QStringLiteral("1")), 1);
}

TEST(TypedNumbers, ReadBackFromEveryWayOfWritingThem) {
  std::mt19937 random(6);
  std::uniform_real_distribution<double> exponent(-300, 300), mantissa(-9, 9);
  for (int k = 0; k < 2000; ++k) {
    const double value = mantissa(random) * std::pow(10.0, exponent(random));
    EXPECT_EQ(parsed(exact(value)), value);
    EXPECT_EQ(parsed(readable(value, 17)), value);
    EXPECT_NEAR(parsed(readable(value, 6)).value_or(0) / value, 1, 5e-6);
  }
}

TEST(Fields, KeepWhatIsBeingTypedWhenTheNumberChanges) {
  QWidget window;
  ValueField field(&window);
  window.show();
  (void)QTest::qWaitForWindowExposed(&window);
  window.activateWindow();
  field.setFocus();
  ASSERT_TRUE(test::wait_for([&] { return field.hasFocus(); }));
  QTest::keyClicks(&field, "12");
  field.set_number(99);
  EXPECT_EQ(field.text(), "12");
  const QSignalSpy typed(&field, &ValueField::typed);
  QTest::keyClick(&field, Qt::Key_Return);
  EXPECT_EQ(field.number(), 12);
  EXPECT_EQ(typed.count(), 1);
  QTest::keyClick(&field, Qt::Key_Return);
  EXPECT_EQ(typed.count(), 1) << "nothing new was typed";
}

/// A range dialog with texts in its fields, as after typing.
struct Ranging : testing::Test {
  Knob knob;
  std::unique_ptr<RangeDialog> dialog;
  QList<ValueField*> fields;
  QPushButton* ok = nullptr;

  void SetUp() override {
    knob.name = "theta", knob.low = 1, knob.high = 10, knob.log_scale = true;
    dialog = std::make_unique<RangeDialog>(knob, nullptr);
    dialog->show();
    (void)QTest::qWaitForWindowExposed(dialog.get());
    fields = dialog->findChildren<ValueField*>();
    ASSERT_EQ(fields.size(), 2);
    ok = dialog->findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Ok);
  }
  void type(int which, const char* text) const {
    fields[which]->setFocus();
    fields[which]->selectAll();
    QTest::keyClicks(fields[which], text);
    QTest::keyClick(fields[which], Qt::Key_Return);
  }
};

TEST_F(Ranging, TakesARangeAndRefusesWhatIsNone) {
  const std::tuple<const char*, const char*, bool> rows[]{
      {"2", "20", true}, {"2*pi", "1e3", true}, {"20", "2", false},       {"3", "3", false},
      {"0", "5", false}, {"-1", "5", false},    {"1e-300", "1e300", true}};
  for (const auto& [low, high, fine] : rows) {
    SetUp();
    type(0, low);
    type(1, high);
    const bool accepted = dialog->result() == QDialog::Accepted || ok->isEnabled();
    EXPECT_EQ(accepted && dialog->low() < dialog->high() && dialog->low() > 0, fine) << low << " " << high;
  }
}

TEST_F(Ranging, StaysOpenOverWhatIsNotANumber) {
  for (const char* text : {"abc", "2*", "1,5", "nan"}) {
    SetUp();
    type(0, text);
    EXPECT_TRUE(dialog->isVisible()) << text;
    EXPECT_FALSE(ok->isEnabled()) << text;
    EXPECT_EQ(fields[0]->text(), text);
    type(0, "2");
    EXPECT_EQ(dialog->low(), 2);
  }
}

}  // namespace
}  // namespace argscope::app
