/// Gradient descent by samples.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/io/scene.h"
#include "core/solve/sampled_steps.h"

namespace argscope::solve {
namespace {

using ::testing::HasSubstr;

struct Regression {
  io::Scene scene;
  optimality::ModelPtr model;
  Vec theta;
  Memory memory;

  explicit Regression(const std::string& minimize)
      : scene(io::parse_scene(fmt::format(R"toml(
[data.X]
random = "normal"
shape = [40, 3]
seed = 3
[data.y]
random = "normal"
shape = [40]
seed = 4
[parameters.theta]
value = 0.3
range = [0.1, 1]
[variables.w]
shape = [3]
[problem]
minimize = "{}"
)toml",
                                          minimize),
                              {}, io::Paths::standard())),
        model(optimality::build_model(scene.statement)),
        theta(model->initial_parameters()) {}

  Solution by(const Options& options) {
    return solve({model, scene.statement, theta, model->start(theta)}, options, memory, {}, {});
  }
  double distance(const Options& options) { return (by(options).x - by({}).x).norm(); }
};

Options sgd(double step, int iterations) {
  Options o;
  o.solver = "sgd";
  o.step = step;
  o.iterations = iterations;
  return o;
}

const std::string mean = "mean((X @ w - y)**2) + 0.5*theta*sum(w**2)";

TEST(Sgd, WithASingleStepMovesAgainstTheSlopeOfOneSample) {
  Regression r(mean);
  const Solution s = r.by(sgd(0.01, 1));
  EXPECT_EQ(s.status, Status::IterationLimit);
  EXPECT_EQ(s.iterations, 1);
  const SampledSteps steps(*r.model, r.theta, sgd(0.01, 1));
  const Vec expected = -0.01 * steps.slope(0).value_at(Vec::Zero(3), r.theta);
  EXPECT_EQ((s.x - expected).norm(), 0);
  EXPECT_GT(s.x.norm(), 0);
}

TEST(Sgd, OfConstantStepsEndsAtADistanceThatTheyDecideAndSaysSo) {
  Regression r(mean);
  double near = 0, far = 0;
  for (unsigned seed = 0; seed < 20; ++seed) {
    Options o = sgd(0.01, 2000);
    o.seed = seed;
    far += r.distance(o);
    o.step = 0.01 / 16;
    o.iterations = 20000;
    near += r.distance(o);
  }
  EXPECT_NEAR(far / near, 4, 1.2);  // the root of 16; means of 20 distances vary by about a tenth
  Options o = sgd(0.03, 2000);
  EXPECT_THAT(r.by(o).message, HasSubstr("steps of constant length end at a distance"));
}

TEST(Sgd, OfShrinkingStepsComesNearer) {
  Regression r(mean);
  Options o = sgd(0.2, 50000);
  const double constant = r.distance(o);
  o.decay = 0.8;
  EXPECT_LT(r.distance(o), 0.2 * constant);
}

TEST(Sgd, MovesAlikeForOneSeedAndOtherwiseForAnother) {
  Regression r(mean);
  Options o = sgd(0.03, 300);
  const Vec x = r.by(o).x;
  EXPECT_EQ((r.by(o).x - x).norm(), 0);
  o.seed = 1;
  EXPECT_GT((r.by(o).x - x).norm(), 1e-4);
}

TEST(Sgd, FindsAStepThatNoSampleFindsTooLong) {
  Regression r(mean);
  Options o;
  o.solver = "sgd";
  const Solution s = r.by(o);
  EXPECT_EQ(s.status, Status::IterationLimit) << name(s.status);
  EXPECT_LT((s.x - r.by({}).x).norm(), 1);
}

TEST(Sgd, DrawsAllBatchesAboutEquallyOften) {
  Regression r(mean);
  const SampledSteps steps(*r.model, r.theta, sgd(0.1, 1));
  ASSERT_EQ(steps.batches(), 40);
  std::map<const optimality::Function*, int> counts;
  for (int t = 0; t < 40000; ++t) ++counts[&steps.slope(t)];
  ASSERT_EQ(counts.size(), 40u);
  for (const auto& [batch, count] : counts) EXPECT_NEAR(count, 1000, 160);  // five standard deviations
  EXPECT_DOUBLE_EQ(steps.length(7), 0.1);
}

TEST(Sgd, TakesSumsToo) {
  Regression sum("0.5*sum((X @ w - y)**2) + 0.5*theta*sum(w**2)");
  Options o = sgd(2e-3, 100000);
  o.decay = 0.5;
  const Vec exact = sum.by({}).x;
  EXPECT_LT((sum.by(o).x - exact).norm(), 0.03);  // of a start one away
}

TEST(Sgd, NeedsSamples) {
  Regression r("norm(X @ w - y) + theta*sum(w**2)");
  EXPECT_EQ(unsuitable("sgd", *r.model),
            "the solver 'sgd' needs a smooth objective that is a mean or a sum over the rows of data");
  EXPECT_EQ(r.by(sgd(0.1, 10)).status, Status::Stalled);
}

}  // namespace
}  // namespace argscope::solve
