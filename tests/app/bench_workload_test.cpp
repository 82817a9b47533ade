#include "app/bench_workload.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/bench_quadratic_peer.h"
#include "app/bench_unrolled.h"

namespace argscope::app {
namespace {

using testing::HasSubstr;

double relative(const Vec& a, const Vec& b) { return (a - b).norm() / b.norm(); }

io::Scene scene_of(const Workload& w) { return io::parse_scene(w.scene, {}, io::Paths::standard()); }

std::vector<Workload> small_workloads() { return {distillation(40, 30), sparse_coding(7, 12), quadratic_program(8)}; }

TEST(Workload, GivesEveryPeerTheNumbersThatTheSceneHas) {
  for (const Workload& w : small_workloads()) {
    const Follower ours(scene_of(w), w.wanted);
    for (const Script& script : w.scripts) {
      ScriptPeer peer(script, w.arguments);
      if (!peer.available()) continue;
      EXPECT_GT(peer.update(1.0), 0) << w.what << ", " << script.name;
      // both solve to rounding; the condition numbers of these small systems are below 1e4
      EXPECT_LT(relative(ours.derivatives(), peer.answer()), 1e-9) << w.what << ", " << script.name;
    }
  }
}

TEST(Workload, FollowsItsParameterAsThePeersDo) {
  for (const Workload& w : small_workloads()) {
    const auto rows = compare(w, 3);
    ASSERT_EQ(rows.size(), w.scripts.size() + (w.by_hand ? 1 : 0)) << w.what;
    EXPECT_EQ(rows.front().name, w.row);
    EXPECT_EQ(rows.front().workload, w.what);
    EXPECT_THAT(rows.front().accuracy, HasSubstr("differences"));
    for (const BenchRow& row : rows) EXPECT_GT(row.ours_ms, 0) << row.accuracy;
  }
}

TEST(Workload, SaysWhatIsWrongInItsOwnLine) {
  Workload w = quadratic_program(8);
  w.scene = "title = 3";
  const auto rows = compare(w, 1);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows.front().name, "e");
  EXPECT_THAT(rows.front().accuracy, HasSubstr("title"));
}

TEST(ScriptPeer, NamesThePackageWhenItIsNotThere) {
  const ScriptPeer peer({"Nothing", "python3-nothing", "import there_is_no_such_module", false}, {});
  EXPECT_FALSE(peer.available());
  EXPECT_EQ(peer.absence(), "Nothing is not there (apt-get install python3-nothing)");
}

TEST(ScriptPeer, IsGoneAfterItsScriptEnds) {
  constexpr std::string_view once = "def answer(scale):\n    return (2.5, [1, 2]) if scale == 1 else sys.exit()\n";
  ScriptPeer peer({"Once", "", once, true}, {});
  if (!peer.available()) GTEST_SKIP() << "no Python here";
  EXPECT_GE(peer.update(1.0), 0);
  EXPECT_EQ(peer.answer(), Vec({{2.5, 1.0, 2.0}}));
  EXPECT_TRUE(std::isnan(peer.update(2.0)));
  EXPECT_FALSE(peer.available());
  EXPECT_EQ(peer.answer().size(), 0);
}

TEST(QuadraticByHand, SatisfiesTheConditionsOfAnOptimum) {
  const Workload w = quadratic_program(20);
  const Follower ours(scene_of(w), w.wanted);
  QuadraticByHand peer(scene_of(w));
  // two direct methods on one system of condition below 1e4
  EXPECT_LT(relative(peer.z(), ours.x().head(20)), 1e-12);
  EXPECT_LT(relative(peer.answer(), ours.derivatives()), 1e-11);
}

TEST(Follower, DerivesOnlyWhatIsWanted) {
  const io::Scene scene = scene_of(sparse_coding(7, 12));
  Follower all(scene), one(scene, {1, {"error"}});
  EXPECT_EQ(one.J().cols(), 1);
  EXPECT_EQ(one.derivatives().size(), 7 * 12 + 1 + 12 * 12);
  EXPECT_LT(relative(one.J().col(0), all.J().col(0)), 1e-12);  // the same matrix, one solve instead of many
  Vec theta = one.theta();
  theta[0] *= 1.001;
  EXPECT_GT(one.update(theta), 0);
  theta[5] += 1e-4;  // a parameter whose column is not there
  EXPECT_GT(one.update(theta), 0);
  EXPECT_EQ(one.theta(), theta);
}

TEST(Unrolled, AgreesWithTheTheoremWithinWhatItsStepsLeave) {
  for (const BenchRow& row : bench_unrolled(1)) {
    EXPECT_THAT(row.accuracy, HasSubstr("they differ by"));
    EXPECT_GT(row.ours_ms, 0);
    EXPECT_GT(row.peer_ms, 0);
  }
}

}  // namespace
}  // namespace argscope::app
