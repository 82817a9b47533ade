// The parts that need no window: knobs, plays, latencies, the palette's search.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "app/command_palette.h"
#include "app/health.h"
#include "app/knob.h"
#include "app/latency.h"
#include "app/player.h"
#include "app/theme.h"
#include "tests/gui/hands.h"

namespace argscope::app {
namespace {

TEST(Knobs, NameEveryElementOfAnArray) {
  const ScenePtr scene = test::scene_from(test::twelve);
  const std::vector<Knob> knobs = knobs_of(*scene->statement);
  ASSERT_EQ(knobs.size(), 12u);
  EXPECT_EQ(knobs[3].name, "p[3]");
  EXPECT_EQ(knobs[3].index, 3);
  EXPECT_EQ(knobs[3].low, -2);
  EXPECT_DOUBLE_EQ(reset_values(knobs)(6), 0.5);
}

TEST(Knobs, WidenToHoldAValueAndLeaveTheLogarithmAtZero) {
  Knob knob;
  knob.low = 1;
  knob.high = 10;
  knob.log_scale = true;
  widen(knob, 20);
  EXPECT_EQ(knob.high, 20);
  EXPECT_TRUE(knob.log_scale);
  widen(knob, -1);
  EXPECT_EQ(knob.low, -1);
  EXPECT_FALSE(knob.log_scale);
}

TEST(Plays, StayWithinTheRangeForEveryWayAndTime) {
  std::mt19937 random(8);
  std::uniform_real_distribution<double> uniform(0, 1);
  for (int k = 0; k < 1000; ++k) {
    for (const Player::Way way : {Player::Way::Loop, Player::Way::PingPong, Player::Way::Once}) {
      const double place = place_of_play(way, uniform(random), 50 * uniform(random));
      EXPECT_GE(place, 0);
      EXPECT_LE(place, 1);
    }
  }
}

TEST(Plays, LoopJumpsPingPongTurnsOnceStops) {
  EXPECT_NEAR(place_of_play(Player::Way::Loop, 0.5, 0.75), 0.25, 1e-15);
  EXPECT_NEAR(place_of_play(Player::Way::PingPong, 0.5, 0.75), 0.75, 1e-15);
  EXPECT_EQ(place_of_play(Player::Way::Once, 0.5, 0.75), 1);
}

TEST(Latencies, AreMeasuredFromTheEventToTheFirstAnswerThatIsNewEnough) {
  LatencyMeter meter;
  const Clock::time_point start = Clock::now();
  meter.moved(start);
  meter.ghost_ready();
  meter.asked(1);
  meter.moved(start);
  meter.asked(2);
  meter.solved(1, start + std::chrono::milliseconds(10));
  EXPECT_EQ(meter.solution().count, 1u);
  EXPECT_DOUBLE_EQ(meter.solution().median, 10);
  meter.solved(2, start + std::chrono::milliseconds(30));
  EXPECT_EQ(meter.solution().count, 2u);
  EXPECT_DOUBLE_EQ(meter.solution().p95, 30);
  EXPECT_DOUBLE_EQ(meter.last_solution_ms(), 30);
  meter.drawn(1, 0.004);
  EXPECT_EQ(meter.solution_on_screen().count, 1u);
  EXPECT_EQ(meter.ghost_on_screen().count, 1u);
  EXPECT_DOUBLE_EQ(meter.drawing().median, 4);
}

TEST(AnswerTimes, AreThoseOfTheFirstAnswerHoweverOftenItIsPublished) {
  AnswerTimes times;
  const Clock::time_point start{};
  const auto at = [&](int ms) { return start + std::chrono::milliseconds(ms); };
  times.add(1, at(5)), times.add(1, at(30)), times.add(2, at(40)), times.add(2, at(41));
  EXPECT_EQ(times.take(), (std::vector<AnswerTimes::Answer>{{1, at(5)}, {2, at(40)}}));
  EXPECT_TRUE(times.take().empty());
}

TEST(Latencies, OfNothingAreUndefined) {
  EXPECT_TRUE(std::isnan(LatencyMeter().ghost().median));
  EXPECT_EQ(LatencyMeter().ghost().count, 0u);
}

TEST(Latencies, PercentilesAreNearestRanks) {
  std::vector<double> hundred(100);
  for (int k = 0; k < 100; ++k) hundred[static_cast<std::size_t>(k)] = 100 - k;
  EXPECT_EQ(percentiles(hundred).median, 50);
  EXPECT_EQ(percentiles(hundred).p95, 95);
}

TEST(CommandSearch, WantsTheLettersInOrderAndLikesBeginningsOfWords) {
  EXPECT_EQ(fit_of("xyz", "Export picture"), -1);
  EXPECT_EQ(fit_of("pe", "Export"), -1);
  EXPECT_GT(fit_of("ep", "Export picture"), fit_of("ep", "Keep it"));
  EXPECT_GE(fit_of("", "Anything"), 0);
  EXPECT_GT(fit_of("EXPORT", "export"), 0);
}

double luminance(const QColor& color) {
  const auto linear = [](double c) { return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
  return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

double contrast(const QColor& a, const QColor& b) {
  const double p = luminance(a), q = luminance(b);
  return (std::max(p, q) + 0.05) / (std::min(p, q) + 0.05);
}

TEST(Themes, TextHasContrastInLightAndDark) {
  for (const Theme theme : {Theme::Light, Theme::Dark}) {
    apply_theme(*qApp, theme);
    const QPalette palette = QApplication::palette();
    EXPECT_EQ(is_dark(palette), theme == Theme::Dark);
    const Colors colors = colors_of(palette);
    for (const QPalette::ColorRole ground : {QPalette::Window, QPalette::Base}) {
      for (const QColor& text : {palette.color(QPalette::Text), colors.faint_text, colors.good, colors.warn, colors.bad,
                                 colors.keyword, colors.string, colors.number, colors.comment})
        EXPECT_GE(contrast(text, palette.color(ground)), 4.5)
            << text.name().toStdString() << name_of(theme).toStdString();
    }
    EXPECT_GE(contrast(palette.color(QPalette::HighlightedText), palette.color(QPalette::Highlight)), 4.5);
  }
  apply_theme(*qApp, Theme::Light);
}

TEST(Themes, SignedColoursDifferInHueNotInRedAgainstGreen) {
  for (const bool dark : {false, true}) {
    EXPECT_GT(signed_color(-1, dark).blue(), signed_color(-1, dark).red());
    EXPECT_GT(signed_color(1, dark).red(), signed_color(1, dark).blue());
    EXPECT_EQ(signed_color(5, dark), signed_color(1, dark));
    EXPECT_NE(signed_color(std::nan(""), dark), signed_color(0, dark));
  }
}

TEST(Themes, NamesComeBack) {
  for (const Theme theme : {Theme::System, Theme::Light, Theme::Dark}) EXPECT_EQ(theme_named(name_of(theme)), theme);
}

TEST(Health, SaysOfNothingThatItIsNotKnown) {
  for (const HealthItem& item : health_of(nullptr)) EXPECT_EQ(item.icon, Icon::Unknown);
  EXPECT_TRUE(health_message(nullptr).isEmpty());
}

TEST(Health, OfAnUndefinedDerivativeIsBadAndSaysWhy) {
  live::Snapshot state;
  state.solution.status = solve::Status::Converged;
  state.solution.x = Vec::Zero(3);
  state.has_jacobian = true;
  state.trust.defined = false;
  state.trust.reason = "nothing is determined";
  state.trust.null_modes = 3;
  const std::vector<HealthItem> items = health_of(&state);
  EXPECT_EQ(items[0].icon, Icon::Good);
  EXPECT_EQ(items[1].icon, Icon::Bad);
  EXPECT_EQ(items[3].icon, Icon::Bad);
  EXPECT_TRUE(health_message(&state).contains("nothing is determined"));
}

TEST(Health, OfANotConvergedSolutionIsBadInWords) {
  live::Snapshot state;
  state.solution.status = solve::Status::IterationLimit;
  EXPECT_EQ(health_of(&state)[0].icon, Icon::Bad);
  EXPECT_EQ(health_of(&state)[0].value.toStdString(), solve::name(solve::Status::IterationLimit));
}

}  // namespace
}  // namespace argscope::app
