// Every solver on problems with known answers: from the answer, from far away, warm, cut short, cancelled, and
// poisoned.
#include "tests/core/solve/known.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace argscope::solve {
namespace {

using testing::Known;
using testing::Pairing;
using testing::pairings;
using testing::Ready;

/// Relative residuals of 1e-10 where condition numbers are below 1e2, with a margin for residuals measured by a step.
constexpr double close = 1e-7;

class KnownAnswer : public ::testing::TestWithParam<Pairing> {
 protected:
  const Known& problem = GetParam().problem;
  const std::string solver{GetParam().solver};
  Ready ready{problem.scene, GetParam().solver};
  bool constrained() const { return !ready.model->cones().empty(); }
  /// Methods whose steps are small from the beginning are not asked to come from 1e6 away.
  bool goes_far() const { return solver != "sgd" && problem.name != "simplex"; }
  /// What can be seen of any solution.
  void expect_honest(const Solution& s) const {
    EXPECT_EQ(s.message.empty(), s.status == Status::Converged) << name(s.status) << ": " << s.message;
    EXPECT_EQ(s.x.size(), ready.model->size());
    EXPECT_TRUE(s.model);
    EXPECT_GE(s.iterations, 0);
    if (s.status == Status::Converged) {
      EXPECT_TRUE(s.x.allFinite());
      EXPECT_LE(s.relative_residual, ready.options.tolerance);
      EXPECT_LE(ready.error(s, problem.solution), close);
    }
  }
};

TEST_P(KnownAnswer, IsFoundFromTheStart) {
  const Solution s = ready.from(ready.start());
  ASSERT_EQ(s.status, Status::Converged) << s.message;
  expect_honest(s);
}

TEST_P(KnownAnswer, IsLeftAtOnceWhereItIsGiven) {
  const Solution s = ready.from(ready.at(problem.solution));
  ASSERT_EQ(s.status, Status::Converged) << s.message;
  expect_honest(s);
  if (!constrained()) {
    EXPECT_LE(s.iterations, 1) << "the multipliers of constraints have to be found";
  }
}

TEST_P(KnownAnswer, IsFoundFromFarAway) {
  if (!goes_far()) GTEST_SKIP() << "small steps";
  for (const double far : {1e3, -1e6}) {
    const std::vector<double> away(problem.solution.size(), far);
    const Solution s = ready.from(ready.at(away));
    EXPECT_EQ(s.status, Status::Converged) << far << ": " << s.message;
    expect_honest(s);
  }
}

TEST_P(KnownAnswer, TakesNoMoreIterationsThanWereAskedFor) {
  for (const int most : {0, 1, 2, 5}) {
    ready.options.iterations = most;
    ready.memory = {};
    int seen = 0, last = 0;
    const Solution s = ready.from(ready.start(), {}, [&](const Iterate& i) { ++seen, last = i.iteration; });
    EXPECT_LE(s.iterations, most);
    EXPECT_LE(seen, most);
    EXPECT_LE(last, most);
    expect_honest(s);
    if (s.status == Status::Converged) continue;
    EXPECT_EQ(s.status, Status::IterationLimit) << most << ": " << s.message;
    if (most == 0 && !constrained() && solver != "lbfgsb") {
      EXPECT_EQ(s.x, ready.start());
    }
  }
}

TEST_P(KnownAnswer, IsNotSoughtWhenCancelledBefore) {
  std::stop_source stop;
  stop.request_stop();
  const Solution s = ready.from(ready.start(), stop.get_token(), {});
  EXPECT_EQ(s.status, Status::Cancelled) << s.message;
  EXPECT_EQ(s.x, ready.start());
  EXPECT_EQ(s.iterations, 0);
  expect_honest(s);
}

TEST_P(KnownAnswer, IsNotSoughtAnyFurtherWhenCancelled) {
  for (const int after : {1, 3}) {
    std::stop_source stop;
    ready.memory = {};
    int seen = 0;
    const Solution s = ready.from(ready.start(), stop.get_token(), [&](const Iterate&) {
      if (++seen == after) stop.request_stop();
    });
    expect_honest(s);
    EXPECT_TRUE(s.status == Status::Cancelled || s.status == Status::Converged) << name(s.status) << ": " << s.message;
    EXPECT_LE(seen, after + 2) << "what is under way may end";
  }
}

TEST_P(KnownAnswer, IsTheSameWithAMemoryOfOtherSolves) {
  const Vec theta = ready.theta;
  for (const double factor : {1.0, 0.9, 1.0}) {
    ready.theta = factor * theta;
    ready.from(ready.start());
  }
  ready.theta = theta;
  const Solution s = ready.from(ready.start());
  ASSERT_EQ(s.status, Status::Converged) << s.message;
  expect_honest(s);
}

TEST_P(KnownAnswer, IsNotPretendedFromAStartThatIsNotFinite) {
  for (const double bad : {std::nan(""), HUGE_VAL}) {
    Vec start = ready.start();
    start[0] = bad;
    const Solution s = ready.from(start);
    EXPECT_EQ(s.message.empty(), s.status == Status::Converged) << name(s.status);
    if (s.status == Status::Converged) {
      EXPECT_LE(ready.error(s, problem.solution), close);
    } else {
      EXPECT_FALSE(s.relative_residual <= 1e-9) << name(s.status) << ": " << s.message;
    }
  }
}

TEST_P(KnownAnswer, IsNotPretendedForAParameterThatIsNotFinite) {
  ready.theta[0] = std::nan("");
  const Solution s = ready.from(Ready(problem.scene).start());
  EXPECT_NE(s.status, Status::Converged);
  EXPECT_NE(s.message, "") << name(s.status);
  EXPECT_FALSE(s.relative_residual <= 1) << s.relative_residual;
}

INSTANTIATE_TEST_SUITE_P(All, KnownAnswer, ::testing::ValuesIn(pairings()), [](const auto& given) {
  return std::string(given.param.solver) + "_on_" + given.param.problem.name;
});

TEST(KnownAnswers, AreThereForEverySolver) {
  for (const std::string_view solver : solver_names())
    EXPECT_TRUE(std::ranges::any_of(pairings(), [&](const Pairing& p) { return p.solver == solver; })) << solver;
}

TEST(KnownAnswers, DoNotDependOnHyphens) {
  for (const Pairing& p : pairings()) {
    std::string hyphened(p.solver);
    std::replace(hyphened.begin(), hyphened.end(), '_', '-');
    EXPECT_EQ(solver_named(hyphened), solver_named(p.solver)) << hyphened;
  }
}

/// A solver either is for a problem, or refuses it with the start, words and no claim of success.
TEST(KnownAnswers, AreFoundOrRefusedByEverySolverOfEveryProblem) {
  std::vector<const Known*> problems;
  for (const Pairing& p : pairings())
    if (p.solver == "auto") problems.push_back(&p.problem);
  for (const std::string_view solver : solver_names())
    for (const Known* problem : problems) {
      Ready ready(problem->scene, solver);
      const std::string why = unsuitable(solver, *ready.model);
      const Solution s = ready.from(ready.start());
      if (why.empty()) {
        if (s.status == Status::Converged) {
          EXPECT_LE(ready.error(s, problem->solution), close) << solver << " " << problem->name;
        }
        EXPECT_EQ(s.message.empty(), s.status == Status::Converged);
        continue;
      }
      EXPECT_EQ(s.status, Status::Stalled) << solver << " " << problem->name;
      EXPECT_EQ(s.message, why);
      EXPECT_EQ(s.x, ready.start());
      EXPECT_FALSE(s.relative_residual <= 1);
    }
}

}  // namespace
}  // namespace argscope::solve
