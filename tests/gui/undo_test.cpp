// Whatever a person does to a scene is undone step by step to where it began, and redone to where it ended.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "app/array_grid.h"
#include "app/window_actions.h"
#include "tests/gui/hands.h"

namespace argscope::app {
namespace {

using test::wait_for;

/// A scene with numbers, a logarithmic one and a matrix.
const char* const mixed = R"toml(title = "Mixed"
summary = "Numbers and a matrix"
[parameters.a]
value = 1.0
range = [0.01, 100]
scale = "log"
[parameters.b]
value = 0.5
range = [-1, 1]
[parameters.M]
value = [[1.0, 2.0], [3.0, 4.0]]
range = [-9, 9]
[variables.x]
shape = [2, 2]
[problem]
minimize = "0.5*sum((x - M)**2) + 0.5*a*sum((x - b)**2)"
[[views]]
kind = "heatmap"
show = "x"
)toml";

/// What undo has to bring back: θ and the method.
struct State {
  Vec theta;
  Method method;
  bool operator==(const State& other) const { return theta == other.theta && method == other.method; }
};

State state_of(const Study& study) { return {study.theta(), method_of(*study.scene())}; }

/// One thing that a person may do, chosen at random.
class Person {
 public:
  Person(MainWindow& window, unsigned seed) : window_(window), random_(seed) {}

  void act() {
    Study& study = window_.study();
    const Index knob = static_cast<Index>(random_() % std::size_t(study.theta().size()));
    switch (random_() % 7) {
      case 0: return drag(knob);
      case 1: return type(knob);
      case 2: return study.reset(knob);
      case 3: return window_.actions().trigger("reset");
      case 4: return edit_matrix();
      case 5: return press_key(knob);
      default: return change_method();
    }
  }

 private:
  ParameterRow& row(Index knob) { return *window_.parameters().rows()[static_cast<std::size_t>(knob)]; }
  double uniform(double low, double high) { return std::uniform_real_distribution<double>(low, high)(random_); }

  void drag(Index knob) {
    Study& study = window_.study();
    const int number = study.begin_drag();
    for (int k = 0; k < 5; ++k) study.move(knob, uniform(0.1, 0.9), number);
    study.end_drag();
  }
  void type(Index knob) {
    ValueField& field = row(knob).field();
    field.setFocus();
    field.selectAll();
    QTest::keyClicks(&field, QString::number(uniform(0.02, 20), 'g', 5));
    QTest::keyClick(&field, Qt::Key_Return);
  }
  void press_key(Index knob) {
    const Qt::Key keys[]{Qt::Key_Left, Qt::Key_Right, Qt::Key_PageUp, Qt::Key_Home, Qt::Key_End};
    QTest::keyClick(&row(knob).slider(), keys[random_() % 5]);
  }
  void edit_matrix() {
    ArrayGridModel model(window_.study(), 2, nullptr);
    model.setData(model.index(int(random_() % 2), int(random_() % 2)), uniform(-5, 5), Qt::EditRole);
  }
  void change_method() {
    const char* const solvers[]{"auto", "newton", "lbfgs"};
    QComboBox& box = window_.method().box("solver");
    box.setCurrentIndex(box.findData(QString::fromLatin1(solvers[random_() % 3])));
    const ScenePtr before = window_.study().scene();
    const std::string wanted = box.currentData().toString().toStdString();
    const bool new_one = before->solve.solver != wanted;
    emit box.activated(box.currentIndex());
    if (new_one) EXPECT_TRUE(wait_for([&] { return window_.study().scene() != before; }));
  }

  MainWindow& window_;
  std::mt19937 random_;
};

/// One window, and the scene afresh for each.
struct Undo : testing::Test {
  static void SetUpTestSuite() { window = test::window_on(mixed); }
  static void TearDownTestSuite() { window.reset(); }
  void SetUp() override {
    window->study().open(test::scene_from(mixed), std::nullopt);
    ASSERT_TRUE(wait_for([] { return window->study().answered(); }));
  }
  static inline std::unique_ptr<MainWindow> window;
};

TEST_F(Undo, BringsBackEveryStateAndRedoEveryOther) {
  Study& study = window->study();
  ASSERT_EQ(window->parameters().rows().size(), 6u);
  for (const unsigned seed : {1U, 2U, 3U}) {
    Person person(*window, seed);
    std::vector<State> states{state_of(study)};
    const int first = study.history().index();
    for (int k = 0; k < 25; ++k) {
      person.act();
      const int steps = study.history().index() - first;
      ASSERT_LE(steps, static_cast<int>(states.size())) << "one act is one step at most";
      if (steps == static_cast<int>(states.size())) states.push_back(state_of(study));
      ASSERT_EQ(state_of(study), states.back());
    }
    ASSERT_GT(states.size(), 10u);
    for (std::size_t k = states.size() - 1; k-- > 0;) {
      window->actions().trigger("undo");
      ASSERT_EQ(state_of(study), states[k]) << "undo to step " << k;
    }
    for (std::size_t k = 1; k < states.size(); ++k) {
      window->actions().trigger("redo");
      ASSERT_EQ(state_of(study), states[k]) << "redo to step " << k;
    }
    ASSERT_TRUE(wait_for([&] { return study.answered(); }));
    // x = (M + ab)/(1 + a) to the solver's relative tolerance of 1e-10, or lbfgs's
    const Vec t = study.theta();
    EXPECT_NEAR(study.snapshot()->solution.x(3), (t(5) + t(0) * t(1)) / (1 + t(0)), 1e-7 * (1 + std::abs(t(5))));
  }
}

TEST_F(Undo, ShowsWhatItBringsBackInEveryField) {
  Study& study = window->study();
  study.move(0, 10, -1);
  study.move(5, -3.5, -1);
  for (int k = 0; k < 2; ++k) window->actions().trigger("undo");
  for (std::size_t row = 0; row < 6; ++row) {
    ParameterRow& shown = *window->parameters().rows()[row];
    EXPECT_EQ(shown.slider().number(), study.theta()(Index(row))) << row;
    EXPECT_EQ(shown.field().number(), study.theta()(Index(row))) << row;
  }
}

TEST_F(Undo, NamesTheStepInItsMenu) {
  QAction* undo = window->actions().find("undo");
  QAction* redo = window->actions().find("redo");
  EXPECT_FALSE(undo->isEnabled());
  EXPECT_FALSE(redo->isEnabled());
  window->study().move(1, 0.75, -1);
  EXPECT_TRUE(undo->isEnabled());
  EXPECT_TRUE(undo->text().contains("b")) << undo->text().toStdString();
  undo->trigger();
  EXPECT_FALSE(undo->isEnabled());
  EXPECT_TRUE(redo->isEnabled());
}

TEST_F(Undo, InTheMiddleOfADragStartsANewStep) {
  Study& study = window->study();
  const int drag = study.begin_drag();
  study.move(0, 2, drag);
  study.move(0, 3, drag);
  study.history().undo();
  EXPECT_EQ(study.theta()(0), 1);
  study.move(0, 4, drag);
  study.end_drag();
  EXPECT_EQ(study.theta()(0), 4);
  study.history().undo();
  EXPECT_EQ(study.theta()(0), 1);
}

TEST_F(Undo, DuringAPlayStopsNothingAndLosesNothing) {
  Study& study = window->study();
  window->player().play(0, Player::Way::Loop);
  ASSERT_TRUE(wait_for([&] { return study.theta()(0) != 1; }));
  window->actions().trigger("undo");
  window->player().stop();
  while (study.history().canUndo()) study.history().undo();
  EXPECT_EQ(study.theta()(0), 1);
}

TEST_F(Undo, OfNothingChangesNothing) {
  Study& study = window->study();
  study.move(0, study.theta()(0), -1);
  study.move_all(study.theta(), "nothing", -1);
  study.reset(1);
  window->actions().trigger("reset");
  window->actions().trigger("undo");
  EXPECT_EQ(study.history().count(), 0);
}

}  // namespace
}  // namespace argscope::app
