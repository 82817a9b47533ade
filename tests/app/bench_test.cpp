#include "app/bench.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <Eigen/Cholesky>

#include "app/bench_follower.h"
#include "app/bench_machine.h"
#include "app/bench_packing.h"
#include "app/bench_packing_peer.h"
#include "app/bench_ridge.h"
#include "app/bench_ridge_peer.h"
#include "app/bench_scenes.h"
#include "tests/app/command_line_tools.h"

namespace argscope::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Bench, TakesTheMiddleOfOddAndEvenCounts) {
  EXPECT_EQ(median({3, 1, 2}), 2);
  EXPECT_EQ(median({4, 1, 3, 2}), 3);
  EXPECT_TRUE(std::isnan(median({})));
}

TEST(Bench, LetsContestantsTakeTurnsAndDoesNotCountTheWarmUp) {
  std::vector<int> calls;
  const auto contestant = [&](int id) {
    return [&calls, id](int round) { return calls.push_back(id * 10 + round), round == 0 ? 1e9 : 1.0 * id; };
  };
  EXPECT_THAT(medians(2, {contestant(1), contestant(2)}), ElementsAre(1, 2));
  EXPECT_THAT(calls, ElementsAre(10, 20, 11, 21, 12, 22));
}

TEST(Bench, PrintsADashForWhatWasNotMeasured) {
  BenchRow row;
  row.name = "a", row.workload = "work", row.ours_ms = 2, row.peer_ms = 4, row.peer_name = "peer";
  const auto table = lines(format_table({row, BenchRow{}}));
  ASSERT_EQ(table.size(), 3u);
  EXPECT_THAT(table[1], HasSubstr("0.5"));
  EXPECT_THAT(table[2], HasSubstr("-"));
}

double relative(const Mat& a, const Mat& b) { return (a - b).norm() / b.norm(); }

TEST(RidgePeer, SolvesTheNormalEquationsAndTheirDerivative) {
  const Mat X = Mat::Random(40, 7);
  const Vec y = Vec::Random(40), theta = Vec::LinSpaced(7, 1, 2);
  RidgePeer peer(X, y);
  peer.update(theta);
  Mat H = X.transpose() * X;
  H.diagonal() += theta;
  const Vec w = H.ldlt().solve(X.transpose() * y);
  const Mat J = -H.ldlt().solve(Mat(w.asDiagonal()));
  // condition number of H is below 1e3: both are exact to some 1e-13
  EXPECT_LT(relative(peer.w(), w), 1e-12);
  EXPECT_LT(relative(peer.J(), J), 1e-12);
  peer.update_scalar(2.0);
  H = X.transpose() * X + 2 * Mat::Identity(7, 7);
  EXPECT_LT(relative(peer.J(), -H.ldlt().solve(H.ldlt().solve(X.transpose() * y))), 1e-12);
}

TEST(RidgePeer, RefusesWhatIsNotPositiveDefinite) {
  Mat A = -Mat::Identity(3, 3);
  EXPECT_THROW(factorize_spd(A), std::runtime_error);
}

TEST(SciPyRidge, WorksOnTheSameNumbers) {
  ScriptPeer scipy(scipy_ridge(), {30, 4, 0});
  if (!scipy.available()) GTEST_SKIP() << "no SciPy here";
  Follower ours(io::parse_scene(ridge_scene(30, 4, false), {}, io::Paths::standard()));
  EXPECT_GT(scipy.update(1.0), 0);
  EXPECT_LT(relative(ours.J().reshaped(), scipy.answer()), 1e-9);  // the solver's tolerance
}

/// A packing at rest: ours, found by the program.
class Packing : public testing::Test {
 protected:
  static constexpr Index particles = 32;
  Follower ours{io::parse_scene(packing_scene(particles), {}, io::Paths::standard())};
  PackingPeer peer{particles, packing_box(particles)};
};

TEST_F(Packing, ByHandAgreesWithTheProgram) {
  peer.prepare(ours.x());
  const Vec J = peer.jacobian(ours.x(), ours.theta()[0]);
  // two factorizations of one matrix of condition 1e3 at most, at an x* solved to 1e-10
  EXPECT_LT(relative(ours.J().col(0), J), 1e-7);
}

TEST_F(Packing, ByHandFollowsAMove) {
  peer.prepare(ours.x());
  const double D = ours.theta()[0], step = 1e-6;
  const Vec before = ours.x();
  Vec after = before;
  const Vec J = peer.update(after, D + step, 1e-13);
  // one-sided difference: its error is the step times the curvature, some 1e-6 of J times a few hundred
  EXPECT_LT(relative((after - before) / step, J), 1e-3);
}

TEST_F(Packing, IsFollowedAlongItsParameter) {
  const Vec theta = ours.theta();
  EXPECT_GT(ours.update(theta.array() + 1e-5), 0);
  EXPECT_EQ(ours.theta()[0], theta[0] + 1e-5);
  const Mat J = ours.J();
  EXPECT_GT(ours.differentiate(), 0);
  EXPECT_LT(relative(ours.J(), J), 1e-9);  // the same matrix factorized again
  EXPECT_LT(ours.against_differences(1), 1e-5);
}

TEST(BenchMachine, MeasuresLimitsThatArePositive) {
  const BlasThreads one(1);
  const MachineLimits m = measure_limits();
  for (const double x : {m.gemm_one, m.gemm_all, m.triad_one, m.triad_all, m.cholesky_500_ms}) EXPECT_GT(x, 0);
  EXPECT_FALSE(m.blas_core.empty());
  EXPECT_THAT(format_limits(m), HasSubstr(m.blas_core));
}

TEST(BenchScenes, TimesAnySceneByName) {
  const Scratch scratch;
  const auto rows = bench_scene(scratch.file("shrink.toml", shrink_scene), 2);
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_THAT(rows[2].workload, HasSubstr("J 3 x 3"));
  for (const BenchRow& row : rows) EXPECT_GT(row.ours_ms, 0);
}

}  // namespace
}  // namespace argscope::app
