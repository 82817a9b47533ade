// Which parameter's column is looked at: sliders, heat map, picture and docks agree, in every scene that follows.
#include <gtest/gtest.h>

#include <QSignalSpy>
#include <QTemporaryDir>
#include <fstream>

#include "app/heat_map.h"
#include "app/saved_session.h"
#include "tests/gui/hands.h"

namespace argscope::app {
namespace {

using test::wait_for;

void click(QWidget& widget, const QPoint& place) { QTest::mouseClick(&widget, Qt::LeftButton, Qt::NoModifier, place); }

/// Where the heat map shows that column: by the columns that clicks along its middle pick.
QPoint place_of(HeatMap& map, Index column) {
  Index picked = -1;
  const auto heard = QObject::connect(&map, &HeatMap::column_picked, &map, [&](Index k) { picked = k; });
  QPoint found(-1, -1);
  for (int x = 0; x < map.width() && found.x() < 0; x += 4) {
    picked = -1;
    click(map, QPoint(x, map.height() / 2));
    if (picked == column) found = QPoint(x, map.height() / 2);
  }
  QObject::disconnect(heard);
  return found;
}

TEST(TheColumnLookedAt, IsThatOfTheSliderInHand) {
  const auto window = test::window_on(test::ridge_line);
  for (const int row : {1, 0, 1}) {
    test::drag_slider(window->parameters().rows()[std::size_t(row)]->slider(), 0.1, 3, Qt::NoModifier);
    EXPECT_EQ(window->viewport().look().column, row);
    EXPECT_EQ(window->parameters().chosen_knob(), row);
  }
}

TEST(TheColumnLookedAt, PickedInTheHeatMapGivesWayToTheNextSlider) {
  const auto window = test::window_on(test::ridge_line);
  auto& map = *window->jacobian().findChild<HeatMap*>();
  const QPoint second = place_of(map, 1);
  ASSERT_GE(second.x(), 0);
  click(map, second);
  EXPECT_EQ(window->viewport().look().column, 1);
  EXPECT_EQ(window->parameters().chosen_knob(), 1);
  test::drag_slider(window->parameters().rows()[0]->slider(), 0.1, 3, Qt::NoModifier);
  EXPECT_EQ(window->viewport().look().column, 0);
}

TEST(TheColumnLookedAt, StaysTheSameForAllWhenTheTextIsApplied) {
  const auto window = test::window_on(test::ridge_line);
  test::drag_slider(window->parameters().rows()[1]->slider(), 0.1, 3, Qt::NoModifier);
  test::show_text(*window, QString::fromUtf8(test::ridge_line).replace("x - 2", "x - 3").toStdString());
  EXPECT_EQ(window->viewport().look().column, window->parameters().chosen_knob());
  test::drag_slider(window->parameters().rows()[0]->slider(), 0.1, 3, Qt::NoModifier);
  EXPECT_EQ(window->viewport().look().column, 0) << "the slider in hand is not the one looked at";
}

TEST(TheColumnLookedAt, IsTheFirstWhereTheNextSceneHasNoSuch) {
  const auto window = test::window_on(test::twelve);
  window->study().move(11, 0.3, -1);
  emit window->parameters().rows()[0]->chosen(11);
  EXPECT_EQ(window->viewport().look().column, 11);
  test::show_text(*window, test::ridge_line);
  EXPECT_EQ(window->viewport().look().column, 0);
  EXPECT_EQ(window->parameters().chosen_knob(), 0);
}

TEST(TheColumnLookedAt, PlaysWhenSpaceIsPressed) {
  const auto window = test::window_on(test::ridge_line);
  auto& map = *window->jacobian().findChild<HeatMap*>();
  click(map, place_of(map, 1));
  QTest::keyClick(&window->viewport(), Qt::Key_Space);
  EXPECT_EQ(window->player().playing(), 1);
  QTest::keyClick(&window->viewport(), Qt::Key_Space);
}

/// Opens sessions in one window, whatever they hold, and looks whether there is a picture.
struct OddSessions : testing::Test {
  static void SetUpTestSuite() { window = test::window_on(test::ridge_line); }
  static void TearDownTestSuite() { window.reset(); }
  static inline std::unique_ptr<MainWindow> window;
  QTemporaryDir folder;
  SavedSession session;

  void SetUp() override { session.text = test::ridge_line; }

  void expect_survived() {
    const QString path = folder.filePath("odd.json");
    std::ofstream(path.toStdString()) << to_json(session);
    const QSignalSpy opened(&window->study(), &Study::opened);
    window->open(path);
    ASSERT_TRUE(wait_for([&] { return opened.count() == 1 && window->study().answered(); }));
    test::settle(60);
    const views::Look& look = window->viewport().look();
    EXPECT_GE(look.column, 0);
    EXPECT_LT(look.column, 2);
    EXPECT_GE(look.view, -1);
    EXPECT_LT(look.view, 1);
    const QImage picture = window->viewport().grabFramebuffer();
    int inks = 0;
    for (int x = 0; x < picture.width(); x += 2)
      for (int y = 0; y < picture.height(); y += 2) inks += picture.pixel(x, y) != picture.pixel(2, 2);
    EXPECT_GT(inks, 100) << "nothing is drawn";
  }
};

TEST_F(OddSessions, OpenWithALookThatFits) {
  for (const Index column : {-5, 7, 1'000'000})
    for (const int view : {-9, 3}) {
      session.look.column = column;
      session.look.view = view;
      expect_survived();
    }
}

TEST_F(OddSessions, OpenWithACameraThatSeesSomething) {
  for (const char* camera : {"nonsense", "1e300 1e300 1e-300 0 0", "0 0 1e300 0 0", "0 0 -1 0 0", "; ; ;"}) {
    session.camera = camera;
    expect_survived();
  }
}

TEST_F(OddSessions, OpenWithParametersThatAreNotTheScenes) {
  for (const std::vector<double>& theta : {std::vector<double>{}, {1.0}, {1, 2, 3}, {1e-9, 1e9}}) {
    session.theta = theta;
    expect_survived();
  }
}

}  // namespace
}  // namespace argscope::app
