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

TEST(ColorRange, EndsAtTheGreatestEntryUnlessAFewAreFarGreater) {
  EXPECT_EQ(color_range(Mat{{1, -3}, {2, 0}}).greatest, 3);
  EXPECT_EQ(color_range(Mat()).greatest, 0);
  Mat many = Mat::Constant(40, 50, 0.5);
  many(3, 7) = -1;
  EXPECT_EQ(color_range(many).greatest, 1);  // not far greater
  EXPECT_FALSE(color_range(many).clipped);
  many(3, 7) = -400;
  EXPECT_EQ(color_range(many).greatest, 0.5);
  EXPECT_TRUE(color_range(many).clipped);
  many(0, 0) = std::nan("");
  EXPECT_EQ(color_range(many).greatest, 0.5);
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

/// min ½‖x − p‖² with x₁ + x₂ ≤ θ, p = (1, 1): below θ = 2 the multiplier is (2 − θ)/2, above it the slack θ − 2.
const char* const half_plane = R"toml(title = "Half-plane"
summary = "The nearest point below a line"
[parameters.theta]
value = 1.0
range = [0, 4]
[variables.x]
start = "zeros(2)"
[problem]
minimize = "0.5*sum((x - 1)**2)"
subject_to = ["x[0] + x[1] <= theta"]
[[views]]
kind = "bars"
show = "x"
)toml";

live::SnapshotPtr half_plane_at(double theta) {
  return live::solve_now(test::scene_from(half_plane), Vec::Constant(1, theta), {});
}

TEST(Constraints, HaveTheMultiplierOrTheSlackOfTheLesson) {
  const auto below = constraint_rows(*half_plane_at(1));
  ASSERT_EQ(below.size(), 1u);
  EXPECT_NEAR(below[0].multiplier, 0.5, 1e-8);  // solved to a relative 1e-10
  EXPECT_NEAR(below[0].slack, 0, 1e-8);
  EXPECT_EQ(below[0].state, ConstraintRow::State::Active);
  EXPECT_EQ(below[0].text, "x[0] + x[1] <= theta");
  const auto above = constraint_rows(*half_plane_at(3));
  EXPECT_NEAR(above[0].slack, 1, 1e-8);
  EXPECT_NEAR(above[0].multiplier, 0, 1e-8);
  EXPECT_EQ(above[0].state, ConstraintRow::State::Inactive);
}

TEST(Constraints, AreATabOfTheWindowWhereThereAreSome) {
  const auto window = test::window_on(half_plane);
  auto* tabs = window->jacobian().findChild<QTabWidget*>();
  const auto shown = [&](const char* name) {
    for (int k = 0; k < tabs->count(); ++k)
      if (tabs->tabText(k) == name && tabs->isTabVisible(k)) return k;
    return -1;
  };
  ASSERT_GE(shown("Constraints"), 0);
  tabs->setCurrentIndex(shown("Constraints"));
  const ConstraintsModel& model = window->jacobian().constraints();
  ASSERT_TRUE(test::wait_for([&] { return model.rowCount() == 1; }));
  EXPECT_EQ(model.data(model.index(0, 1), Qt::DisplayRole).toString(), "0.5");
  EXPECT_EQ(model.data(model.index(0, 3), Qt::DisplayRole).toString(), "active");
  EXPECT_EQ(model.data(model.index(0, 4), Qt::DisplayRole).toString(), "x[0] + x[1] <= theta");
  test::show_text(*window, test::ridge_line);
  ASSERT_TRUE(test::wait_for([&] { return window->study().answered(); }));
  EXPECT_LT(shown("Constraints"), 0);
  EXPECT_EQ(model.rowCount(), 0);
}

}  // namespace
}  // namespace argscope::app
