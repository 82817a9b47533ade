// Drags that go anywhere: what is kept from one answer to the next (factors, eigenvectors, active sets, pieces of the
// way) changes how fast the next one comes, not what it is.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "core/live/engine.h"

namespace argscope::live {
namespace {

/// Parameters that wander through their ranges by steps of all sizes.
class Wanderer {
 public:
  Wanderer(const optimality::Model& model, unsigned seed) : theta(model.initial_parameters()), random_(seed) {
    low_ = high_ = theta;
    for (const auto& slot : model.parameters())
      for (const auto& p : model.statement().parameters)
        if (p.name == slot.name) {
          low_.segment(slot.offset, slot.size()).setConstant(p.low);
          high_.segment(slot.offset, slot.size()).setConstant(p.high);
        }
  }

  void move() {
    const Vec span = (high_ - low_) * std::pow(10, between(-6, -0.3));
    if (between(0, 1) < 0.7) {
      const auto k = static_cast<Index>(between(0, 1) * double(theta.size()));
      theta[k] += between(-1, 1) * span[k];
    } else {
      for (Index k = 0; k < theta.size(); ++k) theta[k] += between(-1, 1) * span[k];
    }
    theta = theta.cwiseMax(low_).cwiseMin(high_);
  }

  Vec theta;

 private:
  double between(double a, double b) { return std::uniform_real_distribution(a, b)(random_); }

  Vec low_, high_;
  std::mt19937 random_;
};

Snapshot answered(Engine& engine, const Vec& theta) {
  Snapshot s = engine.solve(theta, {}, {});
  engine.trust(s);
  if (s.trust.defined) engine.whole_jacobian(s) ? engine.differentiate(s, {}) : engine.differentiate_column(s, 0, {});
  return s;
}

// Solutions end at residuals of 1e-10; conditions are 1e4 at worst.
constexpr double near = 1e-5;

void expect_near(const Vec& a, const Vec& b) {
  ASSERT_EQ(a.size(), b.size());
  if (b.size() == 0) return;
  EXPECT_LE((a - b).lpNorm<Eigen::Infinity>(), near * (1e-3 + b.lpNorm<Eigen::Infinity>()));
}

class Walk : public ::testing::TestWithParam<std::string> {};

TEST_P(Walk, EndsWhereAFreshSolveFromThereStays) {
  const auto scene = std::make_shared<const io::Scene>(io::read_scene(GetParam(), io::Paths::standard()));
  SessionOptions options;
  options.threads = 1;
  options.model = optimality::build_model(scene->statement);
  Wanderer wanderer(*options.model, 11);
  Engine walking(scene, options);
  for (int stop = 0; stop < 8; ++stop, wanderer.move()) {
    SCOPED_TRACE(stop);
    const Snapshot here = answered(walking, wanderer.theta);
    options.start = here.solution.x.head(options.model->start(wanderer.theta).size());
    Engine fresh(scene, options);
    const Snapshot again = answered(fresh, wanderer.theta);
    EXPECT_EQ(here.solution.status, again.solution.status) << here.solution.message << again.solution.message;
    EXPECT_EQ(here.trust.defined, again.trust.defined) << here.trust.reason << again.trust.reason;
    ASSERT_EQ(here.fields.size(), again.fields.size());
    for (std::size_t k = 0; k < here.fields.size(); ++k) {
      SCOPED_TRACE(here.fields[k].name);
      expect_near(here.fields[k].value, again.fields[k].value);
      expect_near(here.fields[k].derivative.reshaped(), again.fields[k].derivative.reshaped());
    }
  }
}

TEST(WalkOfDiscs, LeavesThemInTheirBox) {
  const auto scene =
      std::make_shared<const io::Scene>(io::read_scene("packing-constant-fraction", io::Paths::standard()));
  SessionOptions options;
  options.threads = 1;
  options.model = optimality::build_model(scene->statement);
  for (unsigned seed = 1; seed < 8; ++seed) {
    Wanderer wanderer(*options.model, seed);
    Engine walking(scene, options);
    for (int stop = 0; stop < 12; ++stop, wanderer.move())  // in units of the box, which they fill from 0 to 1
      ASSERT_LT(answered(walking, wanderer.theta).solution.x.lpNorm<Eigen::Infinity>(), 1.5) << seed << ", " << stop;
  }
}

std::vector<std::string> scenes() {
  std::vector<std::string> names;
  for (const auto& path : io::built_in_scenes(io::Paths::standard())) names.push_back(path.stem().string());
  return names;
}

INSTANTIATE_TEST_SUITE_P(ThroughEveryScene, Walk, ::testing::ValuesIn(scenes()), [](const auto& test) {
  std::string name = test.param;
  std::ranges::replace(name, '-', '_');
  return name;
});

}  // namespace
}  // namespace argscope::live
