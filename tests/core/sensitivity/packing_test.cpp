// The packing of mathematics.md section 5.6 over its twenty starts: invariants, because which minimum is reached may
// differ between processors.
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "core/io/scene.h"
#include "core/sensitivity/sensitivity.h"

namespace argscope::sensitivity {
namespace {

namespace fs = std::filesystem;

io::Scene packing(Index seed) {
  const fs::path root = ARGSCOPE_SOURCE_DIR, path = root / "scenes/packing.toml";
  const io::Paths paths{{root / "scenes"}, {root / "assets/data"}};
  return io::parse_scene(io::read_scene("packing", paths).text, path, paths, {{"seed", seed}});
}

class PackingFromStart : public testing::TestWithParam<int> {
 protected:
  io::Scene scene = packing(GetParam());
  optimality::ModelPtr model = optimality::build_model(scene.statement);
  Vec theta = model->initial_parameters();
  solve::Memory memory;

  solve::Solution solved(const Vec& at, const Vec& start) {
    return solve::solve({model, scene.statement, at, start}, {}, memory, {}, {});
  }
};

TEST_P(PackingFromStart, HasTheInvariantsOfARigidPacking) {
  const solve::Solution s = solved(theta, model->start(theta));
  ASSERT_EQ(s.status, solve::Status::Converged) << s.message;
  Sensitivity sensitivity(s, theta, {}, memory.factorizer);
  const Trust& trust = sensitivity.trust();
  ASSERT_TRUE(trust.defined) << trust.reason;

  Index rattlers = 0;  // each fixes its two coordinates nowhere
  for (const std::string& name : trust.null_mode_names) rattlers += name.find("rattler") != std::string::npos;
  EXPECT_GE(trust.null_modes, 2);
  EXPECT_EQ(trust.null_modes % 2, 0);
  if (trust.null_modes == 2) {
    EXPECT_EQ(rattlers, 0);
  }
  EXPECT_LE(trust.inconsistency, 1e-10);  // ‖U₀ᵀB‖ ≤ 1e-10 ‖B‖, as stated

  // Envelope: dE/dD of the minimum is the partial derivative, no J needed; with J it must come out the same.
  const auto* energy = s.model->function("energy");
  const Mat total = sensitivity.total(*energy, {});
  Mat partial(1, 1);
  energy->linearize(s.x, theta).dtheta->apply(Mat::Ones(1, 1), partial);
  EXPECT_NEAR(total(0, 0), partial(0, 0), 1e-7 * std::abs(partial(0, 0)));

  // Differences with h ≈ 1e-6 of tightly solved states agree to 1e-6 (4e-10 … 9e-8 where nothing switches between).
  Mat J = sensitivity.jacobian({});
  const Mat differences =
      central_differences({s.model, scene.statement, theta, s.x}, {}, 0, 1, s.model->symmetries(), {});
  const Mat& Z = s.model->symmetries();
  J -= Z * (Z.transpose() * J);
  EXPECT_LE((differences - J).norm(), 1e-6 * J.norm());
}

INSTANTIATE_TEST_SUITE_P(T14, PackingFromStart, testing::Range(0, 20));

}  // namespace
}  // namespace argscope::sensitivity
