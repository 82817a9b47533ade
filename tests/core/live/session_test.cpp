#include "core/live/session.h"

#include <gtest/gtest.h>

#include <latch>
#include <set>
#include <thread>

#include "tests/core/live/scenes.h"

namespace argscope::live {
namespace {

using namespace std::chrono_literals;
using testing::options_with;
using testing::scene_of;
using testing::vec;
constexpr auto patience = 60s;  // far beyond what any answer takes

void expect_consistent(const Snapshot& s) {
  ASSERT_TRUE(s.has_jacobian);
  ASSERT_TRUE(s.trust.defined) << s.trust.reason;
  ASSERT_EQ(s.J.cols(), s.theta.size());
  const auto at = s.model->optimality().linearize(s.solution.x, s.theta);
  const Mat B = at.dtheta->dense();
  EXPECT_LT((at.dx->dense() * s.J + B).norm(), 1e-10 * B.norm());  // rounding times a mild condition
  EXPECT_LT(s.model->optimality().value_at(s.solution.x, s.theta).norm(), 1e-9);
}

TEST(Session, AnswersWithASolutionAndItsJacobianAtTheSameParameters) {
  const auto model = testing::pulled();
  Session session(scene_of(model), options_with(model), {});
  EXPECT_EQ(session.latest(), nullptr);
  for (double theta : {1.0, 2.0, 0.3}) {
    const Vec asked = vec({theta, 0.5});
    const auto s = session.wait(session.submit(asked, 0), patience);
    ASSERT_NE(s, nullptr);
    EXPECT_EQ(s->theta, asked);
    EXPECT_NEAR(s->solution.x[0], testing::pulled_answer(asked), 1e-14);
    EXPECT_TRUE(s->error.empty());
    expect_consistent(*s);
  }
}

TEST(Session, PublishesWithGrowingRevisionsAndTellsTheListener) {
  const auto model = testing::pulled();
  std::atomic<int> calls = 0;
  Session session(scene_of(model), options_with(model), [&](const Snapshot&) { ++calls; });
  std::uint64_t last = 0;
  for (int k = 0; k < 5; ++k) {
    const auto request = session.submit(vec({1.0 + k, 0}), 0);
    const auto s = session.wait(request, patience);
    EXPECT_GE(s->request, request);
    EXPECT_GT(s->revision, last);
    last = s->revision;
  }
  EXPECT_GE(calls, 5);
}

TEST(Session, AnswersTheNewestAndSkipsWhatItReplaced) {
  std::latch first_begun(1), go(1);
  std::set<double> seen;  // the worker's until it is idle
  const auto model = std::make_shared<testing::WatchedModel>(testing::quartic(), [&](const Vec& theta) {
    if (seen.insert(theta[0]).second && seen.size() == 1) {
      first_begun.count_down();
      go.wait();
    }
  });
  Session session(scene_of(model), options_with(model), {});
  session.submit(vec({1}), 0);
  first_begun.wait();
  std::uint64_t request = 0;
  for (int k = 1; k <= 100; ++k) request = session.submit(vec({1 + 0.01 * k}), 0);
  go.count_down();
  const auto s = session.wait(request, patience);
  EXPECT_EQ(s->theta, vec({2}));
  EXPECT_EQ(s->request, request);
  expect_consistent(*s);
  EXPECT_EQ(seen.size(), 2u);  // the one that had begun, and the last
}

TEST(Session, CancelKeepsTheLastGoodSnapshot) {
  std::latch begun(1), cancelled(1);
  const auto model = std::make_shared<testing::WatchedModel>(testing::quartic(), [&](const Vec& theta) {
    if (theta[0] != 2) return;
    if (!begun.try_wait()) begun.count_down();
    cancelled.wait();
  });
  Session session(scene_of(model), options_with(model), {});
  const auto good = session.wait(session.submit(vec({1}), 0), patience);
  const auto request = session.submit(vec({2}), 0);
  begun.wait();
  session.cancel();
  cancelled.count_down();
  const auto after = session.wait(request, patience);
  EXPECT_EQ(after->theta, good->theta);
  EXPECT_TRUE(after->error.empty());
  EXPECT_EQ(session.wait(session.submit(vec({3}), 0), patience)->theta, vec({3}));  // it lives on
}

TEST(Session, CanBeDestroyedInTheMiddleOfASolve) {
  for (int k = 0; k < 20; ++k) {
    std::latch begun(1);
    std::atomic<bool> told = false;
    const auto model = std::make_shared<testing::WatchedModel>(testing::quartic(), [&](const Vec&) {
      if (!told.exchange(true)) begun.count_down();
      std::this_thread::sleep_for(100us);
    });
    Session session(scene_of(model), options_with(model), {});
    session.submit(vec({1}), 0);
    if (k % 2) begun.wait();
    session.submit(vec({2}), 0);
  }
}

TEST(Session, CanBeDestroyedWithoutEverBeingAsked) {
  const auto model = testing::pulled();
  Session session(scene_of(model), options_with(model), {});
}

TEST(Session, TurnsAnExceptionIntoTheSnapshotsErrorAndKeepsThePicture) {
  const auto model = std::make_shared<testing::WatchedModel>(testing::quartic(), [](const Vec& theta) {
    if (theta[0] > 5) throw std::runtime_error("the table of values ends at 5");
  });
  Session session(scene_of(model), options_with(model), {});
  const auto good = session.wait(session.submit(vec({1}), 0), patience);
  const auto request = session.submit(vec({6}), 0);
  const auto bad = session.wait(request, patience);
  EXPECT_EQ(bad->error, "the table of values ends at 5");
  EXPECT_EQ(bad->request, request);
  EXPECT_EQ(bad->theta, good->theta);
  EXPECT_EQ(bad->solution.x, good->solution.x);
  EXPECT_EQ(bad->J, good->J);
  EXPECT_GT(bad->revision, good->revision);
  const auto again = session.wait(session.submit(vec({2}), 0), patience);
  EXPECT_TRUE(again->error.empty());
  EXPECT_EQ(again->theta, vec({2}));
}

TEST(Session, ReportsAnErrorBeforeAnythingGoodToo) {
  const auto model =
      std::make_shared<testing::WatchedModel>(testing::quartic(), [](const Vec&) { throw std::runtime_error("no"); });
  Session session(scene_of(model), options_with(model), {});
  const auto s = session.wait(session.submit(vec({6}), 0), patience);
  ASSERT_NE(s, nullptr);
  EXPECT_EQ(s->error, "no");
  EXPECT_FALSE(s->has_jacobian);
}

TEST(Session, PublishesSolutionsThatDidNotConvergeWithTheReason) {
  const auto model = testing::rosenbrock();
  auto scene = scene_of(model);
  scene->solve.solver = "newton";
  scene->solve.iterations = 2;
  Session session(scene, options_with(model), {});
  const auto s = session.wait(session.submit(vec({100}), 0), patience);
  EXPECT_EQ(s->solution.status, solve::Status::IterationLimit);
  EXPECT_EQ(s->solution.iterations, 2);
  EXPECT_TRUE(s->has_jacobian);
  EXPECT_FALSE(s->trust.defined);
  EXPECT_FALSE(s->trust.reason.empty());
  EXPECT_EQ(s->J.size(), 0);
  EXPECT_EQ(predict(*s, vec({101})).x.size(), 0);
}

TEST(Session, WaitEndsWithItsPatience) {
  std::latch go(1);
  const auto model = std::make_shared<testing::WatchedModel>(testing::quartic(), [&](const Vec&) { go.wait(); });
  Session session(scene_of(model), options_with(model), {});
  const auto request = session.submit(vec({1}), 0);
  EXPECT_EQ(session.wait(request, 1ms), nullptr);
  EXPECT_TRUE(session.busy());
  go.count_down();
  EXPECT_NE(session.wait(request, patience), nullptr);
}

TEST(Session, BecomesIdleAndCountsIterations) {
  const auto model = testing::rosenbrock();
  Session session(scene_of(model), options_with(model), {});
  EXPECT_FALSE(session.busy());
  EXPECT_EQ(session.busy_seconds(), 0);
  const auto s = session.wait(session.submit(vec({100}), 0), patience);
  EXPECT_EQ(session.iteration(), s->solution.iterations);
  while (session.busy()) std::this_thread::yield();
  EXPECT_EQ(session.busy_seconds(), 0);
}

TEST(Session, NeverChangesASnapshotThatItHasGivenOut) {
  const auto model = testing::pulled();
  Session session(scene_of(model), options_with(model), {});
  const auto kept = session.wait(session.submit(vec({1, 0}), 0), patience);
  const Snapshot copy = *kept;
  for (int k = 0; k < 50; ++k) session.submit(vec({2.0 + k, 0}), 0);
  session.wait(session.submit(vec({3, 0}), 0), patience);
  EXPECT_EQ(kept->theta, copy.theta);
  EXPECT_EQ(kept->solution.x, copy.solution.x);
  EXPECT_EQ(kept->J, copy.J);
  EXPECT_EQ(kept->revision, copy.revision);
}

TEST(Session, ShowsOnlyConsistentSnapshotsToAnEagerReader) {
  const auto model = testing::pulled();
  Session session(scene_of(model), options_with(model), {});
  std::jthread reader([&](std::stop_token stop) {
    std::uint64_t last = 0;
    while (!stop.stop_requested()) {
      if (const auto s = session.latest()) {
        ASSERT_GE(s->revision, last);
        last = s->revision;
        ASSERT_NEAR(s->solution.x[0], testing::pulled_answer(s->theta), 1e-12);
        if (!s->has_jacobian) continue;
        if (const Index c = s->column_of(s->J, 1); c >= 0) {
          ASSERT_NEAR(s->J(0, c), 1 / (1 + s->theta[0]), 1e-12);
        }
      }
    }
  });
  std::uint64_t request = 0;
  for (int k = 0; k < 2000; ++k) request = session.submit(vec({1 + 1e-3 * k, 0}), 0);
  session.wait(request, patience);
}

TEST(Session, HasTheSameBitsForOneAndTwoThreads) {
  const auto drag = [](int threads) {
    const auto packing = std::make_shared<const testing::Packing>(24, 0.6, 0.98, 3);
    auto options = options_with(packing);
    options.threads = threads;
    Session session(scene_of(packing), options, {});
    std::vector<SnapshotPtr> all;
    for (int k = 0; k < 4; ++k) all.push_back(session.wait(session.submit(vec({0.6 + 1e-3 * k}), 0), patience));
    return all;
  };
  const auto one = drag(1), two = drag(2);
  for (std::size_t k = 0; k < one.size(); ++k) {
    EXPECT_EQ(one[k]->solution.x, two[k]->solution.x);
    EXPECT_EQ(one[k]->J, two[k]->J);
  }
}

TEST(Session, FollowsAPackingThroughALongDrag) {
  const auto packing = std::make_shared<const testing::Packing>(24, 0.6, 0.98, 1);
  Session session(scene_of(packing), options_with(packing), {});
  for (double D = 0.6; D < 0.7; D += 0.01) {
    const auto s = session.wait(session.submit(vec({D}), 0), patience);
    ASSERT_EQ(s->solution.status, solve::Status::Converged) << s->solution.message;
    expect_consistent(*s);
  }
}

TEST(Session, ChecksItselfAgainstDifferencesWhenAsked) {
  const auto model = testing::pulled();
  auto options = options_with(model);
  options.differences_check = true;
  Session session(scene_of(model), options, {});
  const auto s = session.wait(session.submit(vec({1, 0}), 0), patience);
  ASSERT_TRUE(s->trust.difference_agreement);
  EXPECT_LT(*s->trust.difference_agreement, 1e-8);
  ASSERT_TRUE(s->trust.condition_number);
  EXPECT_NEAR(*s->trust.condition_number, 1, 1);
}

void until_idle(const Session& session) {
  while (session.busy()) std::this_thread::yield();
}

TEST(Session, ComparesTheLastAnswerWithDifferencesOnDemand) {
  const auto model = testing::pulled();
  Session session(scene_of(model), options_with(model), {});
  session.compare();  // nothing to compare yet
  until_idle(session);
  EXPECT_EQ(session.latest(), nullptr);
  const auto answer = session.wait(session.submit(vec({1, 0.5}), 0), patience);
  EXPECT_FALSE(answer->trust.difference_agreement);
  session.compare();
  until_idle(session);
  const auto compared = session.latest();
  ASSERT_TRUE(compared->trust.difference_agreement);
  EXPECT_LT(*compared->trust.difference_agreement, 1e-8);  // fourth order, steps of 1e-5 of the range
  EXPECT_EQ(compared->request, answer->request);
  EXPECT_EQ(compared->theta, answer->theta);
  EXPECT_GT(compared->revision, answer->revision);
  EXPECT_FALSE(answer->trust.difference_agreement);  // what was given out stays as it was
  const auto next = session.wait(session.submit(vec({2, 0.5}), 0), patience);
  EXPECT_FALSE(next->trust.difference_agreement) << "another answer's agreement says nothing of this one";
}

TEST(Session, ANewerParameterEndsAComparison) {
  std::latch begun(1), replaced(1);
  std::atomic<bool> watching = false;
  const auto model = std::make_shared<testing::WatchedModel>(testing::quartic(), [&](const Vec& theta) {
    if (!watching || theta[0] == 1 || theta[0] == 2) return;
    if (!begun.try_wait()) begun.count_down();
    replaced.wait();
  });
  Session session(scene_of(model), options_with(model), {});
  session.wait(session.submit(vec({1}), 0), patience);
  until_idle(session);
  watching = true;
  session.compare();
  begun.wait();
  EXPECT_TRUE(session.busy());
  const auto request = session.submit(vec({2}), 0);
  watching = false;
  replaced.count_down();
  const auto s = session.wait(request, patience);
  until_idle(session);
  EXPECT_EQ(s->theta, vec({2}));
  EXPECT_EQ(session.latest()->theta, vec({2}));
  EXPECT_FALSE(session.latest()->trust.difference_agreement);
}

TEST(Session, BeginsInTheValleyWhereItIsToldToStart) {
  const char* const two_valleys = R"(title = "Two valleys"
[parameters.theta]
value = 0.2
range = [-1, 1]
[variables.x]
start = "-0.9"
[problem]
minimize = "x**4 - 2*x**2 + theta*x"
)";
  const auto scene = std::make_shared<const io::Scene>(io::parse_scene(two_valleys, {}, {}));
  for (const double side : {-1.0, 1.0}) {
    SessionOptions options;
    options.start = vec({0.9 * side});
    Session session(scene, options, {});
    const auto s = session.wait(session.submit(vec({0.2}), 0), patience);
    ASSERT_EQ(s->solution.status, solve::Status::Converged);
    EXPECT_GT(side * s->solution.x[0], 0.9);
  }
}

TEST(Session, CancelEndsAComparisonThatHasNotBegun) {
  std::latch begun(1), cancelled(1);
  const auto model = std::make_shared<testing::WatchedModel>(testing::quartic(), [&](const Vec& theta) {
    if (theta[0] != 2) return;
    if (!begun.try_wait()) begun.count_down();
    cancelled.wait();
  });
  Session session(scene_of(model), options_with(model), {});
  session.wait(session.submit(vec({1}), 0), patience);
  session.submit(vec({2}), 0);
  begun.wait();
  session.compare();
  session.cancel();
  cancelled.count_down();
  until_idle(session);
  EXPECT_FALSE(session.latest()->trust.difference_agreement);
}

}  // namespace
}  // namespace argscope::live
