#include <gtest/gtest.h>

#include <QSignalSpy>
#include <cmath>

#include "app/heat_map.h"
#include "app/jacobian_model.h"
#include "app/spectrum.h"
#include "core/live/session.h"
#include "tests/gui/hands.h"

namespace argscope::app {
namespace {

live::SnapshotPtr solved(const char* text) {
  const ScenePtr scene = test::scene_from(text);
  return live::solve_now(scene, reset_values(knobs_of(*scene->statement)), {});
}

TEST(JacobianTable, ShowsEveryEntryUnderItsNames) {
  JacobianModel model(nullptr);
  const live::SnapshotPtr state = solved(test::ridge_line);
  model.show_state(state);
  ASSERT_EQ(model.rowCount(), 2);
  ASSERT_EQ(model.columnCount(), 2);
  EXPECT_EQ(model.headerData(0, Qt::Horizontal, Qt::DisplayRole).toString(), "theta");
  EXPECT_EQ(model.headerData(1, Qt::Vertical, Qt::DisplayRole).toString(), "y");
  EXPECT_EQ(model.data(model.index(0, 0), Qt::EditRole).toDouble(), state->J(0, 0));
}

TEST(JacobianTable, ScalesByThetaOverX) {
  JacobianModel model(nullptr);
  const live::SnapshotPtr state = solved(test::ridge_line);
  model.show_state(state);
  model.set_kind(JacobianModel::Kind::Scaled);
  EXPECT_NEAR(model.number(0, 0), -0.5, 1e-9);  // −½ · 1 / 1
  EXPECT_NEAR(model.number(1, 1), 1, 1e-9);
  live::Snapshot still = *state;
  still.solution.x(0) = 0;
  EXPECT_TRUE(std::isnan(scaled_entry(still, 0, 0)));
}

TEST(JacobianTable, ListsTheNormsOfItsColumns) {
  JacobianModel model(nullptr);
  model.show_state(solved(test::ridge_line));
  model.set_kind(JacobianModel::Kind::ColumnNorms);
  ASSERT_EQ(model.rowCount(), 2);
  ASSERT_EQ(model.columnCount(), 1);
  EXPECT_NEAR(model.number(0, 0), 0.5, 1e-9);
}

TEST(JacobianTable, OfNothingIsEmpty) {
  JacobianModel model(nullptr);
  model.show_state(solved(test::ridge_line));
  model.show_state(nullptr);
  EXPECT_EQ(model.rowCount(), 0);
  EXPECT_EQ(model.columnCount(), 0);
}

TEST(JacobianTable, CopiesAsTabsAndReadsBackExactly) {
  JacobianModel model(nullptr);
  const live::SnapshotPtr state = solved(test::ridge_line);
  model.show_state(state);
  const QStringList lines = as_tsv(model, {1, 0}, {0, 1}).split(u'\n');
  ASSERT_GE(lines.size(), 3);
  EXPECT_EQ(lines[0], "\ttheta\tshift");
  EXPECT_EQ(lines[1].section(u'\t', 0, 0), "y");
  EXPECT_EQ(lines[2].section(u'\t', 1, 1).toDouble(), state->J(0, 0));
}

TEST(JacobianTable, ANewStateOfTheSameSizeKeepsTheSelection) {
  JacobianModel model(nullptr);
  const live::SnapshotPtr first = solved(test::ridge_line);
  model.show_state(first);
  QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
  QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
  model.show_state(std::make_shared<const live::Snapshot>(*first));
  EXPECT_EQ(resets.count(), 0);
  EXPECT_EQ(changes.count(), 1);
}

TEST(SignedImage, IsBlueBelowZeroAndOrangeAbove) {
  Mat J(1, 3);
  J << -1, 0, 1;
  const QImage image = signed_image(J, 1, 100, 100, false);
  ASSERT_EQ(image.size(), QSize(3, 1));
  EXPECT_GT(qBlue(image.pixel(0, 0)), qRed(image.pixel(0, 0)));
  EXPECT_GT(qRed(image.pixel(2, 0)), qBlue(image.pixel(2, 0)));
}

TEST(SignedImage, ShowsTheLargestEntryWhereManyShareAPixel) {
  Mat J = Mat::Zero(1000, 1);
  J(577, 0) = -3;
  const QImage image = signed_image(J, 3, 10, 10, false);
  ASSERT_EQ(image.height(), 10);
  EXPECT_EQ(image.pixel(0, 5), signed_color(-1, false).rgb());
}

TEST(SignedImage, SurvivesNotANumberAndZero) {
  Mat J(2, 2);
  J << std::nan(""), 0, 0, std::nan("");
  const QImage image = signed_image(J, 0, 10, 10, true);
  EXPECT_NE(image.pixel(0, 0), image.pixel(1, 0));
}

TEST(Spectrum, OfADiagonalIsItsEntries) {
  const Mat J = Vec{{3.0, 1.0, 2.0}}.asDiagonal();
  const auto spectrum = spectrum_of(J);
  ASSERT_TRUE(spectrum);
  EXPECT_NEAR((spectrum->sigma - Vec{{3.0, 2.0, 1.0}}).norm(), 0, 1e-14);
  EXPECT_NEAR(std::abs(spectrum->V(0, 0)), 1, 1e-14);
}

TEST(Spectrum, OfATallMatrixIsThatOfItsTriangle) {
  srand(4);
  const Mat J = Mat::Random(60, 5);
  const auto spectrum = spectrum_of(J);
  ASSERT_TRUE(spectrum);
  // JV has orthogonal columns of lengths σ; a QR and an SVD of size 60 lose a few digits of sixteen
  const Mat gram = (J * spectrum->V).transpose() * (J * spectrum->V);
  const Mat expected = spectrum->sigma.array().square().matrix().asDiagonal();
  EXPECT_LT((gram - expected).norm(), 1e-12 * gram.norm());
}

TEST(Spectrum, DeclinesWhatIsEmptyNotFiniteOrTooLarge) {
  EXPECT_FALSE(spectrum_of(Mat()));
  EXPECT_FALSE(spectrum_of(Mat::Constant(2, 2, std::nan(""))));
  EXPECT_FALSE(spectrum_of(Mat::Zero(3000, 1000)));
}

}  // namespace
}  // namespace argscope::app
