#include "core/live/training.h"

#include <gtest/gtest.h>

namespace argscope::live {
namespace {

/// w* = soft(θ, 1): ∂w*/∂θ is 1 beyond the threshold, 0 within, one-sided on it.
std::shared_ptr<const io::Scene> soft(const std::string& condition) {
  return std::make_shared<const io::Scene>(io::parse_scene(R"toml(title = "Soft thresholding"
[parameters.theta]
value = 3.0
range = [-4, 4]
[parameters.still]
value = 2.0
range = [0, 5]
[variables.w]
shape = []
[problem]
minimize = "0.5*(w - theta)**2 + 0*still"
penalty = "norm1(w)"
[outputs]
miss = "(w - 1)**2"
far = "still*(w + 9)"
)toml" + condition,
                                                           "soft.toml", io::Paths{}));
}

Training training_of(const std::string& output, double rate, double theta) {
  auto scene = soft("");
  const auto model = optimality::build_model(scene->statement);
  Vec start = model->initial_parameters();
  start[0] = theta;
  SessionOptions options;
  options.model = model;
  return Training(scene, options, {output, {model->parameters()[0]}, rate}, start);
}

TEST(Training, ReachesTheParameterThatIsWanted) {
  Training t = training_of("miss", 0.05, 3.0);
  for (int k = 0; k < 400; ++k) {
    t.solve({});
    ASSERT_TRUE(t.descend({})) << t.why();
  }
  EXPECT_NEAR(t.theta()[0], 2.0, 1e-3) << "w* = θ − 1; Adam's steps have shrunk to less than that";
  EXPECT_EQ(t.theta()[1], 2.0) << "this one was not to move";
  EXPECT_EQ(t.steps(), 400);
  EXPECT_EQ(t.steps_at_kinks(), 0);
}

TEST(Training, StaysWithinTheRange) {
  Training t = training_of("far", 1.0, 3.0);
  for (int k = 0; k < 10; ++k) {
    t.solve({});
    ASSERT_TRUE(t.descend({}));
    EXPECT_GE(t.theta()[0], -4);
  }
}

TEST(Training, TakesItsFirstStepAsLongAsTheRate) {
  Training t = training_of("far", 0.25, 3.0);
  t.solve({});
  ASSERT_TRUE(t.descend({}));
  EXPECT_NEAR(t.theta()[0], 2.75, 1e-8) << "Adam's first step is the rate, but for ε over the slope";
}

TEST(Training, CountsTheStepsThatItTakesAtKinks) {
  Training t = training_of("miss", 0.05, 1.0);
  t.solve({});
  ASSERT_TRUE(t.descend({})) << t.why();
  EXPECT_EQ(t.steps_at_kinks(), 1);
}

TEST(Training, SaysWhyItCannotStep) {
  auto scene = std::make_shared<const io::Scene>(io::parse_scene(R"toml(title = "Flat"
[parameters.theta]
value = 1.0
range = [0, 4]
[variables.w]
shape = []
[problem]
minimize = "0*w*theta"
[outputs]
value = "w + theta"
)toml",
                                                                 "flat.toml", io::Paths{}));
  const auto model = optimality::build_model(scene->statement);
  Training t(scene, {}, {"value", model->parameters(), 0.1}, model->initial_parameters());
  t.solve({});
  EXPECT_FALSE(t.descend({}));
  EXPECT_NE(t.why(), "");
  EXPECT_EQ(t.steps(), 0);
  EXPECT_EQ(t.theta()[0], 1.0);
}

}  // namespace
}  // namespace argscope::live
