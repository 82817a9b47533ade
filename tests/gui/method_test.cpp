// The Method dock: choices of core's tables, each an undoable step; estimators compared; derivatives of two sides.
#include <gtest/gtest.h>

#include <cmath>

#include "app/comparison.h"
#include "app/method_dock.h"
#include "app/names.h"
#include "app/one_sided.h"
#include "app/window_actions.h"
#include "core/optimality/conditions.h"
#include "tests/gui/hands.h"

namespace argscope::app {
namespace {

using test::wait_for;

void pick(MethodDock& dock, const QString& choice, const QString& entry) {
  QComboBox& box = dock.box(choice);
  const int index = box.findData(entry);
  ASSERT_GE(index, 0) << entry.toStdString();
  box.setCurrentIndex(index);
  emit box.activated(index);
}

QString shown(MethodDock& dock, const QString& choice) { return dock.box(choice).currentData().toString(); }

TEST(TheMethodDock, OffersWhatTheTablesOfCoreHold) {
  const auto window = test::window_on(test::ridge_line);
  MethodDock& dock = window->method();
  const std::pair<QString, std::size_t> sizes[] = {{"condition", optimality::condition_names().size()},
                                                   {"solver", solve::solver_names().size()},
                                                   {"estimator", sensitivity::estimators().size()},
                                                   {"linear solver", linear::method_names().size()}};
  for (const auto& [choice, size] : sizes)
    EXPECT_EQ(static_cast<std::size_t>(dock.box(choice).count()), size) << choice.toStdString();
  EXPECT_EQ(shown(dock, "estimator"), "implicit");
  EXPECT_TRUE(dock.box("condition").currentText().contains("stationary"));  // what "auto" has come to
}

TEST(TheMethodDock, AnotherSolverIsOneUndoableStep) {
  const auto window = test::window_on(test::ridge_line);
  Study& study = window->study();
  const ScenePtr before = study.scene();
  pick(window->method(), "solver", "lbfgs");
  ASSERT_TRUE(wait_for([&] { return study.scene() != before && study.answered(); }));
  EXPECT_EQ(study.scene()->solve.solver, "lbfgs");
  EXPECT_EQ(study.history().count(), 1);
  EXPECT_NEAR(study.snapshot()->solution.x(0), 1, 1e-9);  // the relative tolerance is 1e-10
  study.history().undo();
  ASSERT_TRUE(wait_for([&] { return study.answered(); }));
  EXPECT_EQ(study.scene(), before);
  EXPECT_EQ(shown(window->method(), "solver"), "auto");
}

TEST(TheMethodDock, ACombinationThatCannotBeSaysWhyAndLeavesTheStateAlone) {
  const auto window = test::window_on(test::ridge_line);
  Study& study = window->study();
  test::settle(200);
  const live::SnapshotPtr before = study.snapshot();
  MethodDock& dock = window->method();
  pick(dock, "solver", "sinkhorn");
  ASSERT_TRUE(wait_for([&] { return !dock.complaint().isEmpty(); }));
  EXPECT_TRUE(dock.complaint().contains("sinkhorn")) << dock.complaint().toStdString();
  EXPECT_TRUE(window->strip().spoken().contains("sinkhorn")) << window->strip().spoken().toStdString();
  EXPECT_EQ(shown(dock, "solver"), "auto");
  EXPECT_EQ(study.history().count(), 0);
  EXPECT_EQ(study.snapshot(), before);
  pick(dock, "condition", "fixed_point");
  ASSERT_TRUE(wait_for([&] { return dock.complaint().contains("fixed_point"); })) << dock.complaint().toStdString();
  EXPECT_EQ(shown(dock, "condition"), "auto");
}

TEST(TheMethodDock, EveryEntryTakesEffectOrSaysWhyNot) {
  const auto window = test::window_on(test::soft_threshold);
  Study& study = window->study();
  MethodDock& dock = window->method();
  for (const char* choice : {"condition", "solver", "estimator", "linear solver"}) {
    const QString natural = shown(dock, choice);
    for (int k = 0; k < dock.box(choice).count(); ++k) {
      const QString entry = dock.box(choice).itemData(k).toString();
      if (entry == shown(dock, choice)) continue;
      const ScenePtr before = study.scene();
      pick(dock, choice, entry);
      const auto settled = [&] {
        return !dock.complaint().isEmpty() || (study.scene() != before && study.snapshot()->scene == study.scene());
      };
      ASSERT_TRUE(wait_for(settled)) << choice << " " << entry.toStdString();
      EXPECT_EQ(shown(dock, choice) == entry, dock.complaint().isEmpty()) << choice << " " << entry.toStdString();
    }
    if (shown(dock, choice) != natural) pick(dock, choice, natural);
    ASSERT_TRUE(wait_for([&] { return shown(dock, choice) == natural && study.answered(); })) << choice;
  }
}

TEST(TheMethodDock, ATypedToleranceAndAnEstimatorReachTheSolution) {
  const auto window = test::window_on(test::soft_threshold);
  Study& study = window->study();
  MethodDock& dock = window->method();
  emit dock.tolerance().typed(1e-6);
  ASSERT_TRUE(wait_for([&] { return study.scene()->solve.tolerance == 1e-6 && study.answered(); }));
  emit dock.tolerance().typed(-1);
  EXPECT_FALSE(dock.complaint().isEmpty());
  pick(dock, "estimator", "finite-differences");
  ASSERT_TRUE(
      wait_for([&] { return study.scene()->differentiate.method == "finite-differences" && study.answered(); }));
  EXPECT_TRUE(dock.complaint().isEmpty());
  EXPECT_NEAR(study.snapshot()->J(0, 0), -1, 1e-4);  // solves to 1e-6, over steps of 1e-2 or more
  EXPECT_EQ(study.history().count(), 2);
}

TEST(TheMethodDock, FewIterationsLeaveAnUnfinishedSolution) {
  const auto window = test::window_on(test::ridge_line);
  Study& study = window->study();
  pick(window->method(), "solver", "gradient_descent");
  ASSERT_TRUE(wait_for([&] { return study.history().count() == 1 && study.answered(); }));
  window->method().iterations().setValue(1);
  ASSERT_TRUE(
      wait_for([&] { return study.scene()->solve.iterations == 1 && study.snapshot()->scene == study.scene(); }));
  EXPECT_NE(study.snapshot()->solution.status, solve::Status::Converged);
  EXPECT_TRUE(wait_for([&] { return window->strip().spoken().contains("iteration limit"); }))
      << window->strip().spoken().toStdString();
}

TEST(TheMethodDock, AChangeDoesNotMoveAMinimiserToAnotherValley) {
  std::string text = test::ridge_line;  // x**4 - 2 x**2 + θ x has two minima; from 0.9 the right one is found
  text.replace(text.find("0.5*(x - 2)**2 + 0.5*theta*x**2"), 31, "x**4 - 2*x**2 + 0.3*theta*x");
  text.replace(text.find("start = \"0.0\""), 13, "start = \"-0.9\"");
  const auto window = test::window_on(text);
  Study& study = window->study();
  for (double theta = 1; theta > -6; theta -= 0.5) {  // beyond the fold the left minimum is gone
    study.move(0, theta, -1);
    ASSERT_TRUE(wait_for([&] { return study.answered(); }));
  }
  study.move(0, 1, -1);
  ASSERT_TRUE(wait_for([&] { return study.answered(); }));
  const double x = study.snapshot()->solution.x(0);
  ASSERT_GT(x, 0);
  pick(window->method(), "solver", "lbfgs");
  ASSERT_TRUE(wait_for([&] { return study.scene()->solve.solver == "lbfgs" && study.answered(); }));
  EXPECT_NEAR(study.snapshot()->solution.x(0), x, 1e-7);
}

TEST(Comparing, FillsARowForEveryEstimatorWithItsErrorAgainstTheImplicitJacobian) {
  const auto window = test::window_on(test::soft_threshold);
  MethodDock& dock = window->method();
  dock.steps().setValue(400);
  window->actions().trigger("estimators");
  const int all = static_cast<int>(sensitivity::estimators().size());
  ASSERT_TRUE(wait_for([&] { return dock.table().rowCount() == all && dock.compare_button().text() == "Compare"; }));
  EXPECT_TRUE(dock.table().item(0, 0)->text().startsWith("implicit"));
  EXPECT_EQ(dock.table().item(0, 1)->text(), "0");
  EXPECT_FALSE(dock.outdated());
  window->study().move(0, 1.2, -1);
  EXPECT_TRUE(dock.outdated());
}

TEST(Comparing, MeasuresWhatIsKnownInClosedForm) {
  Study study(nullptr);
  study.open(test::scene_from(test::soft_threshold), std::nullopt);
  ASSERT_TRUE(wait_for([&] { return study.answered(); }));
  std::map<std::string, Comparison> rows;
  compare_estimators(contest_of(study.snapshot(), 0, 400), {}, [&](const Comparison& c) { rows[c.estimator] = c; });
  EXPECT_EQ(rows.at("implicit").error, 0);
  // x ← prox(x − η∇f) contracts at least as fast as 1 − η for a unit curvature; 400 steps reach rounding
  EXPECT_LT(rows.at("unrolled-forward").error, 1e-9);
  EXPECT_LT(rows.at("unrolled-reverse").error, 1e-9);
  EXPECT_LT(rows.at("finite-differences").error, 1e-6);
  EXPECT_EQ(rows.at("unrolled-forward").steps, 400);
  for (const auto& [name, row] : rows) EXPECT_GE(row.seconds, 0) << name;
}

TEST(Comparing, BoundsTheErrorOfTheImplicitJacobianWhereItsConstantsAreKnown) {
  const auto bound_in = [](const char* scene) {
    Study study(nullptr);
    study.open(test::scene_from(scene), std::nullopt);
    EXPECT_TRUE(wait_for([&] { return study.answered(); }));
    double bound = 0;
    compare_estimators(contest_of(study.snapshot(), 0, 3), {}, [&](const Comparison& c) {
      if (c.estimator == "implicit") bound = c.bound;
    });
    return bound;
  };
  const double known = bound_in(R"toml([parameters.t]
value = 2.0
[variables.x]
shape = [3]
[problem]
minimize = "sum((1 + t)*x**2 - x)"
)toml");
  EXPECT_LT(known, 1e-9);  // x* is solved for to 1e-10, and the condition number is one
  EXPECT_GE(known, 0);
  EXPECT_TRUE(std::isnan(bound_in(test::soft_threshold)));
}

TEST(Comparing, EndsWhenItIsStopped) {
  Study study(nullptr);
  study.open(test::scene_from(test::twelve), std::nullopt);
  ASSERT_TRUE(wait_for([&] { return study.answered(); }));
  std::stop_source stop;
  int rows = 0;
  compare_estimators(contest_of(study.snapshot(), 0, 10), stop.get_token(), [&](const Comparison&) {
    if (++rows == 2) stop.request_stop();
  });
  EXPECT_EQ(rows, 2);
  ComparisonRun run(nullptr);
  run.start(contest_of(study.snapshot(), 0, 100000));
  EXPECT_TRUE(run.running());
  run.cancel();
  EXPECT_FALSE(run.running());
}

TEST(Comparing, ComparesOneColumnOfMany) {
  auto state = std::make_shared<live::Snapshot>();
  state->theta = Vec::Zero(500);
  const Contest contest = contest_of(state, 17, 3);
  EXPECT_EQ(contest.first, 17);
  EXPECT_EQ(contest.count, 1);
}

TEST(AtAKink, BothSidesAreSaidInWordsAndNothingElseIsShown) {
  const auto window = test::window_on(test::soft_threshold);
  Study& study = window->study();
  EXPECT_FALSE(window->strip().spoken().contains("One-sided"));
  study.move(0, 2, -1);  // where x_1 = sign(c_1)(|c_1| − θ)₊ just becomes 0
  ASSERT_TRUE(wait_for([&] { return study.answered(); }));
  ASSERT_TRUE(study.snapshot()->trust.at_kink);
  ASSERT_TRUE(wait_for([&] { return window->strip().spoken().contains("One-sided"); }));
  const QString words = window->strip().spoken();
  EXPECT_TRUE(words.contains("∂x[1]/∂theta = 1 as theta falls, 0 as it grows")) << words.toStdString();
  EXPECT_TRUE(words.contains("2 alike on both sides")) << words.toStdString();
  EXPECT_TRUE(window->jacobian().reason().contains("as theta falls"));
  EXPECT_EQ(study.snapshot()->J.size(), 0);  // no number to draw an arrow from
  study.move(0, 1.5, -1);
  ASSERT_TRUE(wait_for([&] { return study.answered(); }));
  EXPECT_FALSE(window->strip().spoken().contains("One-sided"));
  EXPECT_FALSE(window->jacobian().reason().contains("as theta falls"));
}

TEST(AtAKink, TheWordsTellAgreementFromTheLackOfAnySide) {
  const ScenePtr scene = test::scene_from(test::soft_threshold);
  const live::SnapshotPtr state = live::solve_now(scene, Vec::Constant(1, 2.0), {});
  const double none = std::nan("");
  const auto words = [&](const Vec& falling, const Vec& growing) {
    return side_words(*state, {Mat(falling), Mat(growing)}, 0, 2);
  };
  const Vec nothing = Vec::Constant(3, none), slope{{-1.0, 1.0, 0.5}};
  EXPECT_EQ(words(slope, slope), "Along theta alone both sides agree");
  EXPECT_EQ(words(nothing, nothing), "Neither side has a derivative along theta");
  EXPECT_TRUE(words(nothing, slope).contains("∂x[0]/∂theta = none as theta falls, −1 as it grows"))
      << words(nothing, slope).toStdString();
  EXPECT_TRUE(words(nothing, slope).endsWith("1 more differ"));
  EXPECT_TRUE(words(slope, Vec{{-1.0, 0.0, 0.5}}).endsWith("2 alike on both sides"));
}

}  // namespace
}  // namespace argscope::app
