// Array parameters: a grid to type in and an image to paint on.
#include <gtest/gtest.h>

#include <QTableView>
#include <cmath>

#include "app/array_grid.h"
#include "app/array_painter.h"
#include "tests/gui/hands.h"

namespace argscope::app {
namespace {

using test::wait_for;

struct TwoImages : testing::Test {
  TwoImages() : study(nullptr) { study.open(test::scene_from(test::two_images), std::nullopt); }
  void SetUp() override {
    ASSERT_TRUE(wait_for([this] { return study.answered(); }));
    const auto tiles = tiles_of(*study.scene(), 0);
    ASSERT_TRUE(tiles);
    painter = std::make_unique<ArrayPainter>(study, 0, *tiles, nullptr);
    painter->resize(300, 200);
    painter->show();
  }
  QPoint middle(Index element) const { return painter->pixel(element).center(); }
  Study study;
  std::unique_ptr<ArrayPainter> painter;
};

TEST_F(TwoImages, AreLaidOutAsTheirViewSays) {
  const Tiles tiles = *tiles_of(*study.scene(), 0);
  EXPECT_EQ(tiles.count, 2);
  EXPECT_EQ(tiles.rows, 2);
  EXPECT_EQ(tiles.cols, 3);
  for (Index k = 0; k < 12; ++k) EXPECT_EQ(painter->element_at(QPointF(middle(k))), std::optional(k));
  EXPECT_FALSE(painter->element_at(QPointF(1, 1)));
  const QRect last = painter->pixel(2), next = painter->pixel(6);  // end of the first image, start of the second
  EXPECT_FALSE(painter->element_at(QPointF(last.right() + (next.left() - last.right()) / 2.0, last.center().y())));
}

TEST_F(TwoImages, AStrokeIsOneStepAndMovesTheSolution) {
  const std::uint64_t before = study.snapshot()->revision;
  painter->set_brush(0.75);
  QTest::mousePress(painter.get(), Qt::LeftButton, {}, middle(0));
  QTest::mouseMove(painter.get(), middle(2));  // a quick hand: the pixel between is met too
  QTest::mouseRelease(painter.get(), Qt::LeftButton, {}, middle(2));
  EXPECT_EQ(study.history().count(), 1);
  ASSERT_TRUE(wait_for([&] { return study.answered(); }));
  EXPECT_GT(study.snapshot()->revision, before);
  for (const Index k : {0, 1, 2}) EXPECT_NEAR(study.snapshot()->solution.x(k), 0.75, 1e-9);  // x* = p
  EXPECT_EQ(study.theta()(3), 0);
  QTest::mouseClick(painter.get(), Qt::RightButton, {}, middle(1));
  EXPECT_EQ(study.theta()(1), 0);
  EXPECT_EQ(study.theta()(2), 0.75);
  study.history().undo();
  study.history().undo();
  EXPECT_EQ(study.theta(), Vec::Zero(12));
}

TEST_F(TwoImages, AnEntryTypedInTheGridMovesTheSolution) {
  ArrayGridModel grid(study, 0, nullptr);
  EXPECT_EQ(grid.rowCount(), 2);
  EXPECT_EQ(grid.columnCount(), 6);
  const std::uint64_t before = study.snapshot()->revision;
  ASSERT_TRUE(grid.setData(grid.index(1, 2), "sqrt(2)/2", Qt::EditRole));
  ASSERT_TRUE(wait_for([&] { return study.answered(); }));
  EXPECT_GT(study.snapshot()->revision, before);
  EXPECT_NEAR(study.snapshot()->solution.x(8), std::sqrt(0.5), 1e-9);  // the relative tolerance is 1e-10
  EXPECT_EQ(study.history().count(), 1);
  EXPECT_FALSE(grid.setData(grid.index(0, 0), "three", Qt::EditRole));
  EXPECT_EQ(study.history().count(), 1);
}

TEST(Tiles, AreTheLastTwoAxesOfAMatrixAndNoneOfAVector) {
  std::string text = test::two_images;
  text.replace(text.find("rows = 2\ncolumns = 3\n"), 21, "");
  const auto matrix = tiles_of(*test::scene_from(text), 0);
  ASSERT_TRUE(matrix);
  EXPECT_EQ(matrix->count, 1);
  EXPECT_EQ(matrix->cols, 6);
  EXPECT_FALSE(tiles_of(*test::scene_from(test::twelve), 0));
}

TEST(TheArrayDialog, OffersAnImageWhereThereIsOne) {
  Study study(nullptr);
  study.open(test::scene_from(test::two_images), std::nullopt);
  ArrayGridDialog dialog(study, 0, nullptr);
  dialog.setAttribute(Qt::WA_DeleteOnClose, false);
  EXPECT_NE(dialog.findChild<ArrayPainter*>(), nullptr);
  EXPECT_NE(dialog.findChild<QTableView*>(), nullptr);
  study.open(test::scene_from(test::twelve), std::nullopt);
  ArrayGridDialog plain(study, 0, nullptr);
  plain.setAttribute(Qt::WA_DeleteOnClose, false);
  EXPECT_EQ(plain.findChild<ArrayPainter*>(), nullptr);
}

}  // namespace
}  // namespace argscope::app
