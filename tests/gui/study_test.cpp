#include "app/study.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/gui/hands.h"

namespace argscope::app {
namespace {

using test::wait_for;

struct OneStudy : testing::Test {
  OneStudy() : study(nullptr) {
    study.open(test::scene_from(test::ridge_line), std::nullopt);
    answered = wait_for([this] { return study.answered(); });
  }
  void SetUp() override { ASSERT_TRUE(answered); }
  Study study;
  bool answered;
};

TEST_F(OneStudy, AnswersWithTheClosedForm) {
  const live::Snapshot& state = *study.snapshot();
  // x* = 2/(1 + θ), ∂x* = −2/(1 + θ)² at θ = 1; the solver's relative tolerance is 1e-10
  EXPECT_NEAR(state.solution.x(0), 1, 1e-9);
  EXPECT_NEAR(state.J(0, 0), -0.5, 1e-9);
  EXPECT_NEAR(state.J(1, 1), 1, 1e-9);
}

TEST_F(OneStudy, AMoveDrawsTheGhostAtOnce) {
  study.move(0, 2, -1);
  ASSERT_NE(study.ghost(), nullptr);
  EXPECT_NEAR(study.ghost()->x(0), 0.5, 1e-9);  // 1 − ½·1, as the lesson says
  ASSERT_TRUE(wait_for([this] { return study.answered(); }));
  EXPECT_EQ(study.ghost(), nullptr);
  EXPECT_NEAR(study.snapshot()->solution.x(0), 2.0 / 3, 1e-9);
  EXPECT_NEAR(study.prediction_gap(), 0.5, 1e-6);  // missed 1/6 of a move of 1/3
}

TEST_F(OneStudy, OneDragIsOneStepAndUndoRestores) {
  const int drag = study.begin_drag();
  for (int k = 1; k <= 30; ++k) study.move(0, 1 + 0.01 * k, drag);
  study.end_drag();
  EXPECT_EQ(study.history().count(), 1);
  EXPECT_DOUBLE_EQ(study.theta()(0), 1.3);
  study.history().undo();
  EXPECT_EQ(study.theta()(0), 1);
  study.history().redo();
  EXPECT_DOUBLE_EQ(study.theta()(0), 1.3);
}

TEST_F(OneStudy, TwoDragsAreTwoSteps) {
  for (int d = 0; d < 2; ++d) {
    const int drag = study.begin_drag();
    study.move(0, 2 + d, drag);
    study.end_drag();
  }
  EXPECT_EQ(study.history().count(), 2);
}

TEST_F(OneStudy, AMoveBeyondTheRangeWidensIt) {
  study.move(1, 5, -1);
  EXPECT_EQ(study.knobs()[1].high, 5);
  EXPECT_EQ(study.theta()(1), 5);
}

TEST_F(OneStudy, ManualPaceOnlyPredicts) {
  study.set_pace(Study::Pace::Manual);
  test::settle(300);  // curves along the range are published after the answer
  const std::uint64_t before = study.snapshot()->revision;
  study.move(0, 3, -1);
  EXPECT_NE(study.ghost(), nullptr);
  test::settle(150);
  EXPECT_EQ(study.snapshot()->revision, before);
  EXPECT_TRUE(study.stale());
  study.solve_now();
  EXPECT_TRUE(wait_for([this] { return study.answered(); }));
  EXPECT_FALSE(study.stale());
}

TEST_F(OneStudy, OnReleaseSolvesWhenTheDragEnds) {
  study.set_pace(Study::Pace::OnRelease);
  const int drag = study.begin_drag();
  study.move(0, 3, drag);
  test::settle(50);
  EXPECT_FALSE(study.answered());
  study.end_drag();
  EXPECT_TRUE(wait_for([this] { return study.answered(); }));
}

TEST_F(OneStudy, TheReleaseOfADragComparesWithDifferences) {
  EXPECT_FALSE(study.snapshot()->trust.difference_agreement);
  const int drag = study.begin_drag();
  for (int k = 1; k <= 10; ++k) study.move(0, 1 + 0.1 * k, drag);
  EXPECT_FALSE(study.comparing());
  study.end_drag();
  EXPECT_TRUE(study.comparing());
  ASSERT_TRUE(
      wait_for([this] { return study.answered() && study.snapshot()->trust.difference_agreement.has_value(); }));
  EXPECT_LT(*study.snapshot()->trust.difference_agreement, 1e-6);  // solves to 1e-12 over steps of 1e-5 of the range
  EXPECT_TRUE(wait_for([this] { return !study.comparing(); }));
  study.move(0, 3, -1);
  ASSERT_TRUE(wait_for([this] { return study.answered(); }));
  EXPECT_FALSE(study.snapshot()->trust.difference_agreement);
}

TEST_F(OneStudy, ComparesOnDemandAndTellsWhenItBeginsAndEnds) {
  int told = 0;
  QObject::connect(&study, &Study::comparing_changed, &study, [&] { ++told; });
  study.compare();
  EXPECT_EQ(told, 1);
  ASSERT_TRUE(wait_for([&] { return told == 2; }));
  EXPECT_TRUE(study.snapshot()->trust.difference_agreement);
}

TEST_F(OneStudy, OpeningAnotherSceneStartsOver) {
  study.move(0, 3, -1);
  study.open(test::scene_from(test::twelve), std::nullopt);
  EXPECT_EQ(study.history().count(), 0);
  EXPECT_EQ(study.theta().size(), 12);
  EXPECT_EQ(study.snapshot(), nullptr);
  EXPECT_TRUE(wait_for([this] { return study.answered(); }));
}

TEST_F(OneStudy, TrustIsWiderForTheKnobThatIsLinear) {
  EXPECT_FALSE(study.trusted(0));
  study.move(0, 1.1, -1);
  ASSERT_TRUE(wait_for([this] { return study.answered(); }));
  const auto band = study.trusted(0);
  ASSERT_TRUE(band);
  EXPECT_LT(band->first, 1.1);
  EXPECT_GT(band->second, 1.1);
}

TEST_F(OneStudy, ResetGoesToWhatWasSetAsDefault) {
  study.move(0, 7, -1);
  study.set_default(0);
  study.move(0, 9, -1);
  study.reset(0);
  EXPECT_EQ(study.theta()(0), 7);
}

TEST(StudyOfALongSolve, CanBeCancelledAndClosed) {
  Study study(nullptr);
  study.open(test::scene_from(test::endless), std::nullopt);
  test::settle(200);
  EXPECT_FALSE(study.answered());
  EXPECT_TRUE(study.stale());
  study.cancel();
  study.close();
  EXPECT_EQ(study.scene(), nullptr);
}

}  // namespace
}  // namespace argscope::app
