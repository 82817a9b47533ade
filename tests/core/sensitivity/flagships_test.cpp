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

/// θ of the scene "dictionary", by places: l1, l2, six atoms of 36 genes, six weights, one offset.
constexpr Index first_atom = 2, atom_numbers = 216, first_weight = first_atom + atom_numbers, weight_numbers = 7;

/// One step of Adam downhill in `output` for θ[first, first + adam's size); atoms stay in the unit ball.
void descend(Flagship& s, Adam& adam, const std::string& output, Index first, Index count) {
  Vec theta = s.theta;
  theta.segment(first, count) += adam.step(s.hypergradient(output).segment(first, count));
  Eigen::Map<Mat> atoms(theta.data() + first_atom, 36, 6);
  for (Index k = 0; k < 6; ++k) atoms.col(k) /= std::max(1.0, atoms.col(k).norm());
  s.move_to(theta);
}

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

TEST(T13, FindsTheHypergradientOfTheDictionary) {
  for (const Index start : {0, 1}) {
    Flagship s("dictionary", {{"start", start}});
    ASSERT_EQ(s.solution.status, solve::Status::Converged) << s.solution.message;
    fprintf(stderr, "%s %s it %d sec %g loss %g auc %g unexp %g zeros %g kink %g\n", s.scene.name.c_str(),
            s.solution.solver.c_str(), s.solution.iterations, s.solution.seconds, s.output("train_loss"),
            s.output("test_auc"), s.output("unexplained"), s.output("share_of_zeros"),
            s.sensitivity().trust().kink.value);
    expect_slope(s, "train_loss", 1e-4, 1e-8);  // no code changes its sign or wakes on so short a way
  }
}

TEST(T13, LearnsADictionaryThatDiagnosesFromOneThatOnlyExplains) {
  Flagship s("dictionary");
  Adam explain(0.02, atom_numbers), fit(0.05, weight_numbers), learn(0.02, atom_numbers + weight_numbers);
  for (int i = 0; i < 30; ++i) descend(s, explain, "unexplained", first_atom, atom_numbers);
  for (int i = 0; i < 60; ++i) descend(s, fit, "train_loss", first_weight, weight_numbers);
  const double only_explains = s.output("test_auc"), unexplained = s.output("unexplained");
  fprintf(stderr, "%g %g %g\n", only_explains, unexplained, s.output("train_loss"));
  for (int i = 0; i < 60; ++i) descend(s, learn, "train_loss", first_atom, atom_numbers + weight_numbers);
  fprintf(stderr, "%g %g %g\n", s.output("test_auc"), s.output("unexplained"), s.output("train_loss"));
  ASSERT_EQ(s.solution.status, solve::Status::Converged) << s.solution.message;
  EXPECT_GE(s.output("test_auc") - only_explains, 0.2) << "mathematics.md, T13";
  EXPECT_GE(s.output("unexplained"), unexplained) << "the price of the diagnosis";
}

}  // namespace
}  // namespace argscope::testing
