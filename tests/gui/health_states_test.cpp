// What is said of every state that a solution and its derivative may be in: strip, message, log and text agree.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "app/exports.h"
#include "app/health.h"
#include "app/log_dock.h"
#include "app/numbers.h"
#include "tests/gui/hands.h"

namespace argscope::app {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN(), infinite = std::numeric_limits<double>::infinity();

enum Item { Solution, Linear, Condition, Rank, Kink, Differences };

/// A state in which all is well.
live::Snapshot healthy() {
  live::Snapshot state;
  state.solution.status = solve::Status::Converged;
  state.solution.solver = "newton";
  state.solution.relative_residual = 1e-13;
  state.solution.x = Vec::Ones(3);
  state.has_jacobian = true;
  state.trust.defined = true;
  state.trust.linear_solver = "cholesky";
  state.trust.linear_residual = 1e-15;
  state.trust.condition_number = 12.5;
  state.trust.rank = 3;
  state.trust.kink.value = infinite;
  return state;
}

struct Row {
  const char* what;
  void (*change)(live::Snapshot&);
  Item item;
  Icon icon;
  const char* value;  ///< a part of what is shown; empty: any
};

const Row rows[]{
    {"all is well", [](live::Snapshot&) {}, Solution, Icon::Good, "1e−13"},
    {"a rough residual", [](live::Snapshot& s) { s.solution.relative_residual = 1e-6; }, Solution, Icon::Warn, "1e−06"},
    {"a poor residual", [](live::Snapshot& s) { s.solution.relative_residual = 0.1; }, Solution, Icon::Bad, "0.1"},
    {"an unknown residual", [](live::Snapshot& s) { s.solution.relative_residual = nan; }, Solution, Icon::Bad,
     "undefined"},
    {"stopped early", [](live::Snapshot& s) { s.solution.status = solve::Status::IterationLimit; }, Solution, Icon::Bad,
     ""},
    {"a stall", [](live::Snapshot& s) { s.solution.status = solve::Status::Stalled; }, Solution, Icon::Bad, ""},
    {"a good linear solve", [](live::Snapshot&) {}, Linear, Icon::Good, "1e−15"},
    {"a rough linear solve", [](live::Snapshot& s) { s.trust.linear_residual = 1e-6; }, Linear, Icon::Warn, "1e−06"},
    {"a poor linear solve", [](live::Snapshot& s) { s.trust.linear_residual = 1e-2; }, Linear, Icon::Bad, "0.01"},
    {"no linear residual", [](live::Snapshot& s) { s.trust.linear_residual = nan; }, Linear, Icon::Bad, "undefined"},
    {"no derivative", [](live::Snapshot& s) { s.trust.defined = false; }, Linear, Icon::Bad, "undefined"},
    {"a good condition", [](live::Snapshot&) {}, Condition, Icon::Good, "12.5"},
    {"a large condition", [](live::Snapshot& s) { s.trust.condition_number = 1e10; }, Condition, Icon::Warn, "1e+10"},
    {"a hopeless condition", [](live::Snapshot& s) { s.trust.condition_number = 1e15; }, Condition, Icon::Bad, "1e+15"},
    {"an infinite condition", [](live::Snapshot& s) { s.trust.condition_number = infinite; }, Condition, Icon::Bad,
     "∞"},
    {"no condition", [](live::Snapshot& s) { s.trust.condition_number.reset(); }, Condition, Icon::Unknown, "–"},
    {"full rank", [](live::Snapshot&) {}, Rank, Icon::Good, "3 of 3"},
    {"free directions", [](live::Snapshot& s) { s.trust.rank = 1, s.trust.null_modes = 2; }, Rank, Icon::Warn,
     "1 of 3, 2 free"},
    {"free and undefined", [](live::Snapshot& s) { s.trust.rank = 0, s.trust.null_modes = 3, s.trust.defined = false; },
     Rank, Icon::Bad, "3 free"},
    {"no kink", [](live::Snapshot&) {}, Kink, Icon::Good, "none"},
    {"a far kink", [](live::Snapshot& s) { s.trust.kink.value = 0.5; }, Kink, Icon::Good, "0.5"},
    {"a near kink", [](live::Snapshot& s) { s.trust.kink.value = 1e-5; }, Kink, Icon::Warn, "1e−05"},
    {"on the kink", [](live::Snapshot& s) { s.trust.kink.value = 0; }, Kink, Icon::Bad, "0"},
    {"not compared", [](live::Snapshot&) {}, Differences, Icon::Unknown, "not asked"},
    {"differences agree", [](live::Snapshot& s) { s.trust.difference_agreement = 1e-8; }, Differences, Icon::Good,
     "1e−08"},
    {"differences agree roughly", [](live::Snapshot& s) { s.trust.difference_agreement = 1e-3; }, Differences,
     Icon::Warn, "0.001"},
    {"differences disagree", [](live::Snapshot& s) { s.trust.difference_agreement = 0.5; }, Differences, Icon::Bad,
     "0.5"},
    {"no differences", [](live::Snapshot& s) { s.trust.difference_agreement = nan; }, Differences, Icon::Warn,
     "no answer"},
};

TEST(HealthOf, EveryStateHasItsIconAndWords) {
  for (const Row& row : rows) {
    live::Snapshot state = healthy();
    row.change(state);
    const std::vector<HealthItem> items = health_of(&state);
    ASSERT_EQ(items.size(), 6u);
    EXPECT_EQ(items[row.item].icon, row.icon) << row.what;
    EXPECT_TRUE(items[row.item].value.contains(QString::fromUtf8(row.value)))
        << row.what << ": " << items[row.item].value.toStdString();
  }
}

TEST(HealthOf, AStateChangesNoOtherItemThanItsOwn) {
  const std::vector<HealthItem> well = [] {
    const live::Snapshot state = healthy();
    return health_of(&state);
  }();
  for (const Row& row : rows) {
    live::Snapshot state = healthy();
    row.change(state);
    if (!state.trust.defined) continue;  // which speaks of more than one
    const std::vector<HealthItem> items = health_of(&state);
    for (std::size_t k = 0; k < items.size(); ++k)
      if (static_cast<int>(k) != row.item) EXPECT_EQ(items[k].icon, well[k].icon) << row.what << " and item " << k;
  }
}

TEST(HealthOf, EveryItemHasANameAValueAndAnExplanationAlways) {
  std::vector<std::string> names;
  for (const HealthItem& item : health_of(nullptr)) names.push_back(item.name.toStdString());
  for (const Row& row : rows)
    for (const bool differentiated : {true, false}) {
      live::Snapshot state = healthy();
      row.change(state);
      state.has_jacobian = differentiated;
      if (!state.trust.defined) state.trust.reason = "nothing is determined";
      const std::vector<HealthItem> items = health_of(&state);
      for (std::size_t k = 0; k < items.size(); ++k) {
        EXPECT_EQ(items[k].name.toStdString(), names[k]) << row.what;
        EXPECT_FALSE(items[k].value.isEmpty()) << row.what << k;
        EXPECT_FALSE(items[k].explanation.isEmpty()) << row.what << k;
      }
    }
}

TEST(HealthMessage, SaysTheWorstFirst) {
  live::Snapshot state = healthy();
  EXPECT_TRUE(health_message(&state).isEmpty());
  state.trust.warnings = {"a null mode", "another"};
  EXPECT_EQ(health_message(&state), "a null mode");
  state.solution.message = "steps became short";
  EXPECT_EQ(health_message(&state), "steps became short");
  state.trust.defined = false;
  state.trust.reason = "a tie";
  EXPECT_TRUE(health_message(&state).contains("a tie"));
  state.error = "the objective is not finite";
  EXPECT_EQ(health_message(&state), "the objective is not finite");
}

TEST(LogLines, SayWhatHappenedAndNothingBeforeItDid) {
  live::Snapshot state = healthy();
  for (const char* part : {"newton", "converged", "residual"}) EXPECT_TRUE(line_about(state).contains(part)) << part;
  state.trust.defined = false;
  state.trust.reason = "a tie";
  EXPECT_TRUE(line_about(state).contains("a tie"));
  state.has_jacobian = false;
  EXPECT_TRUE(line_about(state).isEmpty()) << "the derivative follows";
  state.error = "lost";
  EXPECT_TRUE(line_about(state).contains("lost"));
}

/// The strip of a window whose scene is in a state that is not all good.
QString spoken_of(const std::string& text, const QString& awaited) {
  MainWindow window;
  window.show();
  test::show_text(window, text);
  EXPECT_TRUE(test::wait_for([&] { return window.strip().spoken().contains(awaited); }))
      << window.strip().spoken().toStdString();
  return window.strip().spoken();
}

TEST(TheStrip, SpeaksOfAKinkAndBothItsSides) {
  std::string text = test::soft_threshold;
  text.replace(text.find("value = 1.0"), 11, "value = 2.0");
  const QString spoken = spoken_of(text, "No derivative here");
  EXPECT_TRUE(spoken.contains("Linear solve: undefined, bad")) << spoken.toStdString();
  EXPECT_TRUE(spoken.contains("Solution")) << spoken.toStdString();
}

TEST(TheStrip, SpeaksOfASolverThatWasStopped) {
  const std::string text =
      std::string(test::ridge_line) + "[solve]\nsolver = \"gradient_descent\"\nstep = 1e-6\niterations = 3\n";
  const QString spoken = spoken_of(text, "iteration limit");
  EXPECT_TRUE(spoken.contains("Solution: iteration limit, bad")) << spoken.toStdString();
}

TEST(TheStrip, SpeaksOfADirectionThatNothingHolds) {
  std::string text = test::ridge_line;
  text.replace(text.find(" + 0.5*(y - shift)**2"), 21, "");
  const QString spoken = spoken_of(text, "free");
  EXPECT_TRUE(spoken.contains("1 of 2, 1 free")) << spoken.toStdString();
}

TEST(StatesAsText, HoldEveryNumberExactlyAndNoneWithoutASolution) {
  const ScenePtr scene = test::scene_from(test::twelve);
  const Vec theta = Vec::LinSpaced(12, -1.0 / 3, 1.7);
  live::Snapshot state = *live::solve_now(scene, theta, {});
  const QString text = state_as_text(state);
  for (const double value : theta) EXPECT_TRUE(text.contains(exact(value))) << value;
  EXPECT_TRUE(text.contains("x* = ["));
  state.solution.status = solve::Status::IterationLimit;
  EXPECT_FALSE(state_as_text(state).contains("x*"));
  EXPECT_TRUE(state_as_text(state).contains("no solution: iteration limit"));
}

}  // namespace
}  // namespace argscope::app
