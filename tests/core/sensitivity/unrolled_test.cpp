/// Iterations differentiated step by step: closed forms, both directions, memory and refusals.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/core/sensitivity/contracting.h"

namespace argscope::sensitivity {
namespace {

using testing::by;
using testing::contracting;
using ::testing::HasSubstr;
using testing::Lesson;
using testing::relative;
using testing::Stated;

TEST(Unrolled, ErrsByTheClosedFormOfLessonTwo) {
  for (const Lesson& lesson : {Lesson{}, Lesson{2, -3, 0.5}})
    for (double eta_h : {0.3, 1.0, 1.9}) {
      const double eta = eta_h / lesson.h();
      Stated s = lesson.stated(eta);
      for (int k = 1; k <= 40; ++k)
        for (const char* method : {"unrolled-forward", "unrolled-reverse"}) {
          const double J = by(s, method, k).jacobian({})(0, 0);
          // Forty roundings of numbers below ten.
          EXPECT_NEAR(std::abs(J - lesson.J()), lesson.error_after(k, eta), 1e-12) << method << " " << k;
        }
    }
}

TEST(Unrolled, ErrsMoreBeforeItErrsLessWhereStepsAreLong) {
  const Lesson lesson;
  const double eta = 1.9 / lesson.h();
  Stated s = lesson.stated(eta);
  const auto error = [&](int k) { return std::abs(by(s, "unrolled-forward", k).jacobian({})(0, 0) - lesson.J()); };
  EXPECT_GT(error(10), 6.5 * error(0));  // sevenfold, as the lesson says
  EXPECT_LT(error(300), 1e-9);
}

TEST(Unrolled, ApproachesTheImplicitDerivativeAsStepsAreAdded) {
  for (const auto& [name, text] : contracting()) {
    Stated s(text + "[solve]\ntolerance = 1e-13\n");
    const Mat J = by(s, "implicit").jacobian({});
    const int enough = int(by(s, "unrolled-forward").trust().steps);
    const auto error = [&](int k) { return relative(by(s, "unrolled-reverse", k).jacobian({}), J); };
    EXPECT_LT(error(enough), 1e-8) << name;
    EXPECT_LT(error(enough / 2), error(enough / 8)) << name;
    EXPECT_GT(error(1), 1e-3) << name;
  }
}

TEST(Unrolled, IsTheSameForwardAndBackward) {
  for (const auto& [name, text] : contracting()) {
    Stated s(text);
    for (int steps : {0, 1, 2, 3, 10, 37, 100, 101}) {
      const Mat forward = by(s, "unrolled-forward", steps).jacobian({});
      const Mat backward = by(s, "unrolled-reverse", steps).jacobian({});
      EXPECT_LE((forward - backward).norm(), 1e-12 * forward.norm()) << name << " after " << steps;
    }
  }
}

TEST(Unrolled, RemembersTheRootOfItsStepsBackward) {
  Stated s(contracting("ridge"));
  const double bytes = double(by(s, "unrolled-reverse", 10000).trust().memory_bytes);
  EXPECT_LE(bytes, 4 * 100 * 5 * 8);  // a mark every √T and a stretch of √T, within a factor of two each
}

TEST(Unrolled, OfTooFewStepsIsNotDefined) {
  Stated s(contracting("ridge"));
  const auto d = by(s, "unrolled-forward", 3);
  EXPECT_FALSE(d.trust().defined);
  EXPECT_THAT(d.trust().reason, HasSubstr("not at the solution after 3 steps"));
  EXPECT_EQ(d.trust().steps, 3);
  EXPECT_GT(d.trust().linear_residual, 1e-3);
  EXPECT_TRUE(d.jacobian({}).allFinite());  // it was forced
}

TEST(Unrolled, OfStepsThatAreTooLongSaysSo) {
  Stated s = Lesson{}.stated(1.5);  // ηh = 3
  const auto d = by(s, "unrolled-forward");
  EXPECT_FALSE(d.trust().defined);
  EXPECT_THAT(d.trust().reason, HasSubstr("take a smaller step"));
}

/// Few columns of unrolled-forward are known from the moment they are judged.
TEST(Unrolled, IsEmptyWhenStopped) {
  Stated s(contracting("ridge"));
  std::stop_source stop;
  stop.request_stop();
  for (const char* method : {"unrolled-reverse", "truncated", "neumann"})
    EXPECT_EQ(by(s, method, 50).jacobian(stop.get_token()).size(), 0) << method;
}

TEST(Truncated, IsTheWholeOfAShortIterationAndTheEndOfALongOne) {
  for (const auto& [name, text] : contracting()) {
    Stated s(text);
    const auto J = [&](const char* method, int steps) { return by(s, method, steps).jacobian({}); };
    EXPECT_LE((J("truncated", 20) - J("unrolled-reverse", 20)).norm(), 1e-14 * J("truncated", 20).norm()) << name;
    // At the solution its last 20 steps are 20 terms of the series.
    EXPECT_LT(relative(J("truncated", 3000), J("neumann", 20)), 1e-8) << name;
  }
}

}  // namespace
}  // namespace argscope::sensitivity
