// A real window on a real display: what a person does, and what is then on the screen.
#include <gtest/gtest.h>

#include <QClipboard>
#include <QLabel>
#include <QTemporaryDir>
#include <cmath>
#include <numbers>

#include "app/command_palette.h"
#include "app/exports.h"
#include "app/window_actions.h"
#include "tests/gui/hands.h"

namespace argscope::app {
namespace {

using namespace test;

TEST(Window, DraggingASliderChangesValueRevisionAndPixels) {
  const auto window = window_on(ridge_line);
  Study& study = window->study();
  const QImage before = window->viewport().grabFramebuffer();
  const std::uint64_t revision = study.snapshot()->revision;
  drag_slider(window->parameters().rows()[0]->slider(), 0.2, 12, Qt::NoModifier);
  ASSERT_TRUE(wait_for([&] { return study.answered(); }));
  settle(100);
  EXPECT_GT(study.theta()(0), 1.5);
  EXPECT_GT(study.snapshot()->revision, revision);
  EXPECT_NEAR(study.snapshot()->solution.x(0), 2 / (1 + study.theta()(0)), 1e-9);
  EXPECT_GT(differing_pixels(before, window->viewport().grabFramebuffer()), 20);
}

TEST(Window, OneDragIsOneUndoStep) {
  const auto window = window_on(ridge_line);
  drag_slider(window->parameters().rows()[0]->slider(), 0.2, 12, Qt::NoModifier);
  EXPECT_EQ(window->study().history().count(), 1);
  window->actions().trigger("undo");
  EXPECT_EQ(window->study().theta()(0), 1);
  EXPECT_EQ(window->parameters().rows()[0]->slider().number(), 1);
  window->actions().trigger("redo");
  EXPECT_GT(window->study().theta()(0), 1.5);
}

TEST(Window, TypingTwoPiSetsTwoPi) {
  const auto window = window_on(ridge_line);
  ValueField& field = window->parameters().rows()[0]->field();
  field.setFocus();
  field.selectAll();
  QTest::keyClicks(&field, "2*pi");
  QTest::keyClick(&field, Qt::Key_Return);
  EXPECT_EQ(window->study().theta()(0), 2 * std::numbers::pi);
  EXPECT_EQ(window->parameters().rows()[0]->slider().number(), 2 * std::numbers::pi);
}

TEST(Window, ATypedValueBeyondTheRangeWidensIt) {
  const auto window = window_on(ridge_line);
  ValueField& field = window->parameters().rows()[1]->field();
  field.setFocus();
  field.selectAll();
  QTest::keyClicks(&field, "3");
  QTest::keyClick(&field, Qt::Key_Return);
  EXPECT_EQ(window->study().theta()(1), 3);
  EXPECT_EQ(window->parameters().rows()[1]->slider().high(), 3);
}

TEST(Window, WhatIsNotANumberStaysInTheFieldWithAReason) {
  const auto window = window_on(ridge_line);
  ValueField& field = window->parameters().rows()[0]->field();
  field.setFocus();
  field.selectAll();
  QTest::keyClicks(&field, "2*");
  QTest::keyClick(&field, Qt::Key_Return);
  EXPECT_EQ(window->study().theta()(0), 1);
  EXPECT_EQ(field.text(), "2*");
  EXPECT_FALSE(field.toolTip().isEmpty());
  QTest::keyClick(&field, Qt::Key_Escape);
  EXPECT_EQ(field.text(), "1");
}

TEST(Window, ALargeArrayHasOneRowWithAChosenElement) {
  const auto window = window_on(twelve);
  ASSERT_EQ(window->parameters().rows().size(), 1u);
  EXPECT_EQ(window->parameters().rows()[0]->count(), 12);
}

TEST(Window, SensitivityIsKnownAfterTheFirstAnswer) {
  const auto window = window_on(ridge_line);
  EXPECT_TRUE(window->parameters().rows()[0]->slider().toolTip().contains("0.5"));
}

TEST(Window, ClosesDuringASolve) {
  auto window = std::make_unique<MainWindow>();
  window->show();
  show_text(*window, endless);
  settle(100);
  EXPECT_FALSE(window->study().answered());
  EXPECT_TRUE(window->close());
  window.reset();
}

TEST(Window, ReplacesASceneDuringItsSolve) {
  auto window = std::make_unique<MainWindow>();
  window->show();
  show_text(*window, endless);
  settle(50);
  show_text(*window, ridge_line);
  EXPECT_TRUE(wait_for([&] { return window->study().answered(); }));
}

TEST(Window, SurvivesAPictureOfOnePixel) {
  const auto window = window_on(ridge_line);
  Viewport alone(window->study(), nullptr);
  alone.resize(1, 1);
  alone.show();
  (void)QTest::qWaitForWindowExposed(&alone);
  settle(100);
  EXPECT_FALSE(alone.grabFramebuffer().isNull());
  alone.resize(3, 400);
  settle(100);
  EXPECT_FALSE(alone.grabFramebuffer().isNull());
}

TEST(Window, SurvivesAResizeInTheMiddleOfADrag) {
  const auto window = window_on(ridge_line);
  const int drag = window->study().begin_drag();
  for (int k = 0; k < 10; ++k) {
    window->study().move(0, 1 + 0.1 * k, drag);
    window->resize(700 + 40 * (k % 3), 500 + 30 * (k % 4));
    settle(10);
  }
  window->study().end_drag();
  EXPECT_TRUE(wait_for([&] { return window->study().answered(); }));
}

TEST(Window, DarkModeDarkensThePictureAndTheWindow) {
  const auto window = window_on(ridge_line);
  window->set_theme(Theme::Light);
  settle(100);
  const QImage light = window->viewport().grabFramebuffer();
  window->set_theme(Theme::Dark);
  settle(100);
  const QImage dark = window->viewport().grabFramebuffer();
  window->set_theme(Theme::Light);
  EXPECT_GT(QColor(light.pixel(3, light.height() - 3)).lightness(), 180);
  EXPECT_LT(QColor(dark.pixel(3, dark.height() - 3)).lightness(), 80);
}

TEST(Window, ThePictureIsOpaque) {
  const auto window = window_on(ridge_line);
  const QImage picture = window->viewport().grabFramebuffer().convertToFormat(QImage::Format_ARGB32);
  EXPECT_EQ(qAlpha(picture.pixel(5, 5)), 255);
}

TEST(Window, DoubleClickOnNothingUndoesAPan) {
  const auto window = window_on(ridge_line);
  Viewport& viewport = window->viewport();
  const std::string camera = viewport.camera();
  QTest::mousePress(&viewport, Qt::LeftButton, Qt::NoModifier, QPoint(200, 200));
  QTest::mouseMove(&viewport, QPoint(220, 230));
  QTest::mouseMove(&viewport, QPoint(260, 240));
  QTest::mouseRelease(&viewport, Qt::LeftButton, Qt::NoModifier, QPoint(260, 240));
  viewport.reset_camera(-1);
  settle(50);
  EXPECT_EQ(viewport.camera(), camera);
}

TEST(Window, VtksOwnKeysDoNothing) {
  const auto window = window_on(ridge_line);
  for (const Qt::Key key : {Qt::Key_E, Qt::Key_Q, Qt::Key_W, Qt::Key_S, Qt::Key_3})
    QTest::keyClick(&window->viewport(), key);
  settle(50);
  EXPECT_TRUE(window->isVisible());
}

TEST(Window, SpacePlaysAndTheWholePlayIsOneStep) {
  const auto window = window_on(ridge_line);
  QTest::keyClick(&window->viewport(), Qt::Key_Space);
  EXPECT_EQ(window->player().playing(), 0);
  wait_for([&] { return window->study().theta()(0) != 1; });  // a busy machine may take long for the first step
  QTest::keyClick(&window->viewport(), Qt::Key_Space);
  EXPECT_EQ(window->player().playing(), -1);
  EXPECT_NE(window->study().theta()(0), 1);
  EXPECT_EQ(window->study().history().count(), 1);
}

TEST(Window, TheProblemDockShowsWhereAMistakeIsAndMends) {
  const auto window = window_on(ridge_line);
  ProblemDock& dock = window->problem();
  QString wrong = QString::fromUtf8(ridge_line);
  wrong.replace("theta*x**2", "thta*x**2");
  dock.editor().setPlainText(wrong);
  ASSERT_TRUE(wait_for([&] { return dock.error_line() > 0; }));
  const QStringList lines = wrong.split(u'\n');
  EXPECT_TRUE(lines[dock.error_line() - 1].contains("thta"));
  EXPECT_TRUE(dock.message().contains("thta"));
  EXPECT_FALSE(dock.apply_possible());
  EXPECT_FALSE(dock.editor().extraSelections().isEmpty());
  dock.editor().setPlainText(QString::fromUtf8(ridge_line).replace("x - 2", "x - 3"));
  ASSERT_TRUE(wait_for([&] { return dock.apply_possible(); }));
  EXPECT_EQ(dock.error_line(), 0);
}

TEST(Window, ApplyKeepsParametersAndCamera) {
  const auto window = window_on(ridge_line);
  window->study().move(0, 4, -1);
  window->viewport().zoom_by(1.7);
  settle(50);
  const std::string camera = window->viewport().camera();
  show_text(*window, QString::fromUtf8(ridge_line).replace("x - 2", "x - 3").toStdString());
  ASSERT_TRUE(wait_for([&] { return window->study().answered(); }));
  settle(50);
  EXPECT_EQ(window->study().theta()(0), 4);
  EXPECT_NEAR(window->study().snapshot()->solution.x(0), 3.0 / 5, 1e-9);
  EXPECT_EQ(window->viewport().camera(), camera);
}

TEST(Window, ASavedPictureOpensAsItsSession) {
  const QTemporaryDir folder;
  const QString path = folder.filePath("picture.png");
  const auto window = window_on(ridge_line);
  window->study().move(0, 4.5, -1);
  ASSERT_TRUE(wait_for([&] { return window->study().answered(); }));
  const live::SnapshotPtr state = window->study().snapshot();
  views::render_to_file(state, window->viewport().look(), 320, 240, path.toStdString(),
                        metadata_of(*state, window->documents().present()));
  show_text(*window, twelve);
  window->open(path);
  ASSERT_TRUE(wait_for([&] { return window->study().theta().size() == 2 && window->study().answered(); }));
  EXPECT_EQ(window->study().theta()(0), 4.5);
}

TEST(Window, EveryCommandHasANameAndIsInThePalette) {
  const auto window = window_on(ridge_line);
  const QList<QAction*> actions = window->actions().all();
  EXPECT_GT(actions.size(), 25);
  for (const QAction* action : actions) EXPECT_FALSE(action->text().isEmpty());
  CommandPalette palette(actions, window.get());
  palette.setAttribute(Qt::WA_DeleteOnClose, false);
  palette.show();
  QTest::keyClicks(&palette.search(), "dark");
  QTest::keyClick(&palette.search(), Qt::Key_Return);
  settle(50);
  EXPECT_TRUE(is_dark(QApplication::palette()));
  window->set_theme(Theme::Light);
}

TEST(Window, ShortcutsAreNotAmbiguous) {
  const auto window = window_on(ridge_line);
  QStringList seen;
  for (const QAction* action : window->actions().all()) {
    for (const QKeySequence& key : action->shortcuts()) {
      EXPECT_FALSE(seen.contains(key.toString())) << key.toString().toStdString();
      seen << key.toString();
    }
  }
}

TEST(Window, CopiesTheCommandThatGivesTheSameJacobian) {
  const auto window = window_on(ridge_line);
  window->actions().trigger("copy-command");
  EXPECT_TRUE(QApplication::clipboard()->text().startsWith("argscope jacobian"));
  window->actions().trigger("copy-state");
  EXPECT_TRUE(QApplication::clipboard()->text().contains("theta = 1"));
}

TEST(Window, EverythingThatTakesTheFocusHasAName) {
  const auto window = window_on(ridge_line);
  for (const QWidget* widget : window->findChildren<QWidget*>()) {
    const bool ours = QString::fromLatin1(widget->metaObject()->className()).startsWith("argscope");
    if (!ours || widget->focusPolicy() == Qt::NoFocus) continue;
    EXPECT_FALSE(widget->accessibleName().isEmpty()) << widget->metaObject()->className();
  }
}

TEST(Window, TheHealthStripSaysInWordsWhatItShows) {
  const auto window = window_on(ridge_line);
  EXPECT_TRUE(window->strip().spoken().contains("Solution"));
  EXPECT_TRUE(window->strip().spoken().contains("good"));
}

TEST(Window, TheHealthStripStandsOnceAndTellsOfTheComparison) {
  const auto window = window_on(ridge_line);
  EXPECT_TRUE(window->strip().spoken().contains("not asked"));
  window->actions().trigger("compare");
  EXPECT_TRUE(window->strip().spoken().contains("comparing"));
  ASSERT_TRUE(wait_for([&] { return window->study().snapshot()->trust.difference_agreement.has_value(); }));
  EXPECT_FALSE(window->strip().spoken().contains("not asked"));
  EXPECT_TRUE(window->strip().spoken().contains("Differences"));
}

TEST(Window, NoNumberOfTheHealthStripIsCutOffAtAnyWidth) {
  const auto window = window_on(ridge_line);
  for (const int width : {1500, 1100, 950, 820}) {
    window->resize(width, 640);
    settle(80);
    for (const QLabel* label : window->strip().findChildren<QLabel*>()) {
      if (label->parentWidget() == &window->strip()) continue;  // the message, which a tooltip holds in full
      EXPECT_GE(label->width(), label->sizeHint().width()) << width << ": " << label->text().toStdString();
      EXPECT_LE(label->mapTo(window.get(), QPoint(label->width(), 0)).x(), window->width()) << width;
    }
  }
}

TEST(Window, NothingInTheHealthStripMovesInADrag) {
  const auto window = window_on(ridge_line);
  settle(80);
  const auto places = [&] {
    std::vector<int> all;
    for (const QLabel* label : window->strip().findChildren<QLabel*>())
      all.push_back(label->mapTo(&window->strip(), QPoint()).x());
    return all;
  };
  const std::vector<int> before = places();
  for (const double value : {0.3, 0.71, 1.9, 2.0}) {
    window->study().move(0, value, -1);
    ASSERT_TRUE(wait_for([&] { return window->study().answered(); }));
    settle(50);
    EXPECT_EQ(places(), before) << value;
  }
}

TEST(Window, NoNameOfAParameterIsCutOff) {
  const auto window = window_on(std::string(ridge_line) + R"toml(
[parameters.a_name_of_many_words_without_a_space_between_them]
value = 1.0
label = "a label that says at length what this number does to the answer"
unit = "metres per second"
)toml");
  for (const QSize size : {QSize(900, 600), QSize(1280, 820), QSize(1920, 1080)}) {
    window->resize(size);
    settle(50);
    for (ParameterRow* row : window->parameters().rows()) {
      for (const QLabel* name : row->findChildren<QLabel*>()) {
        EXPECT_GE(name->height(), name->heightForWidth(name->width())) << name->text().toStdString();
        EXPECT_LE(name->minimumSizeHint().width(), name->width()) << name->text().toStdString();
      }
    }
  }
}

TEST(Window, LayoutCanBeRestored) {
  const auto window = window_on(ridge_line);
  window->jacobian().hide();
  window->parameters().hide();
  window->restore_layout();
  EXPECT_FALSE(window->jacobian().isHidden());
  EXPECT_FALSE(window->parameters().isHidden());
}

TEST(Window, AMissingFileIsSaidAndTheWindowLives) {
  const auto window = window_on(ridge_line);
  window->open("no/such/scene.toml");
  EXPECT_TRUE(window->log().text().contains("no/such/scene.toml"));
  EXPECT_TRUE(window->study().answered());
}

}  // namespace
}  // namespace argscope::app
