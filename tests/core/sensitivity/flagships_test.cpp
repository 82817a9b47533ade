// The flagship scenes: their hypergradients against differences, and the optima that following them reaches.
#include "tests/core/sensitivity/flagships.h"

#include <gtest/gtest.h>

namespace argscope::testing {
namespace {

double difference(Flagship& s, const std::string& output, const Vec& direction, double h) {
  const Vec here = s.theta;
  s.move_to(here + h * direction);
  const double above = s.output(output);
  s.move_to(here - h * direction);
  const double below = s.output(output);
  s.move_to(here);
  return (above - below) / (2 * h);
}

/// ∂output/∂θ against central differences of re-solved outputs, extrapolated to h⁴, along its own direction.
void expect_slope(Flagship& s, const std::string& output, double h, double tolerance) {
  const Vec gradient = s.hypergradient(output), direction = gradient / gradient.norm();
  const double coarse = difference(s, output, direction, h), fine = difference(s, output, direction, h / 2);
  EXPECT_NEAR(gradient.norm(), (4 * fine - coarse) / 3, tolerance * gradient.norm()) << output;
}

/// Adam (Kingma & Ba 2015) on some of the parameters.
class Adam {
 public:
  Adam(double rate, Index size) : rate_(rate), m_(Vec::Zero(size)), v_(Vec::Zero(size)) {}
  Vec step(const Vec& gradient) {
    ++t_;
    m_ = 0.9 * m_ + 0.1 * gradient;
    v_ = 0.999 * v_ + 0.001 * gradient.cwiseAbs2();
    const Vec mean = m_ / (1 - std::pow(0.9, t_)), square = v_ / (1 - std::pow(0.999, t_));
    return -rate_ * mean.array() / (square.array().sqrt() + 1e-8);
  }

 private:
  double rate_;
  int t_ = 0;
  Vec m_, v_;
};

TEST(T12, FindsTheHypergradientOfDistillation) {
  for (const Index start : {0, 1, 2}) {
    Flagship s("distillation", {{"start", start}});
    expect_slope(s, "train_loss", 1e-3, 1e-8);  // h⁴ and rounding/h are 1e-12
  }
}

TEST(T12, DrawsTheHypergradientThatTheAdjointSolveFinds) {
  for (const Index start : {0, 1, 2}) {
    Flagship s("distillation", {{"start", start}});
    EXPECT_LT((s.value("descent") + s.hypergradient("train_loss").tail(640)).norm(), 1e-14);  // rounding of about 0.1
  }
}

TEST(T12, DistillsTenImagesThatTeachTheirDigits) {
  Flagship s("distillation");
  Adam adam(0.02, 640);
  for (int i = 0; i < 200; ++i) {
    Vec theta = s.theta;
    theta.tail(640) += adam.step(s.hypergradient("train_loss").tail(640));
    s.move_to(theta);
    ASSERT_EQ(s.solution.status, solve::Status::Converged) << s.solution.message;
  }
  EXPECT_NEAR(s.output("train_loss"), 1.4204, 0.001) << "mathematics.md, 5.5";
  EXPECT_NEAR(s.output("test_accuracy"), 0.864, 0.006);
  Flagship ended("distillation", {{"start", 2}});
  EXPECT_NEAR(ended.output("train_loss"), s.output("train_loss"), 2e-4) << "the images that the scene ships";
  EXPECT_LT(ended.value("descent").norm(), 1e-4);
}

}  // namespace
}  // namespace argscope::testing
