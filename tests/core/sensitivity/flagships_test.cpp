// The flagship scenes: their hypergradients against differences, and the optima that following them reaches.
#include "tests/core/sensitivity/flagships.h"

#include <gtest/gtest.h>

#include <Eigen/SVD>

#include "core/solve/adam.h"

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

/// θ of the scene "dictionary", by places: l1, l2, six atoms of 36 genes, six weights, one offset.
constexpr Index first_atom = 2, atom_numbers = 216, first_weight = first_atom + atom_numbers, weight_numbers = 7;

/// One step of Adam downhill in `output` for θ[first, first + adam's size); atoms stay in the unit ball.
void descend(Flagship& s, solve::Adam& adam, const std::string& output, Index first, Index count) {
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
  solve::Adam adam(0.02, 640);
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
    expect_slope(s, "train_loss", 1e-4, 1e-8);  // no code changes its sign or wakes on so short a way
  }
}

TEST(T13, LearnsADictionaryThatDiagnosesFromOneThatOnlyExplains) {
  Flagship s("dictionary");
  solve::Adam explain(0.03, atom_numbers), fit(0.1, weight_numbers), learn(0.03, atom_numbers + weight_numbers);
  for (int i = 0; i < 20; ++i) descend(s, explain, "unexplained", first_atom, atom_numbers);
  for (int i = 0; i < 20; ++i) descend(s, fit, "train_loss", first_weight, weight_numbers);
  const double only_explains = s.output("test_auc"), unexplained = s.output("unexplained");
  for (int i = 0; i < 40; ++i) descend(s, learn, "train_loss", first_atom, atom_numbers + weight_numbers);
  ASSERT_EQ(s.solution.status, solve::Status::Converged) << s.solution.message;
  EXPECT_GE(s.output("test_auc") - only_explains, 0.2) << "mathematics.md, T13";
  EXPECT_GE(s.output("unexplained"), unexplained) << "the price of the diagnosis";
}

/// The derivatives of a scene at its start and wherever `settings` lead, against differences of solutions.
void expect_derivatives(const std::string& name, const io::Choices& choices,
                        const std::vector<std::map<std::string, double>>& settings, double tolerance) {
  for (const auto& setting : settings) {
    Flagship s(name, choices);
    for (const auto& [parameter, value] : setting) s.parameter(parameter) = value;
    s.move_to(Vec(s.theta));
    SCOPED_TRACE(name + " at " + (setting.empty() ? "its start" : setting.begin()->first));
    ASSERT_EQ(s.solution.status, solve::Status::Converged) << s.solution.message;
    const sensitivity::Sensitivity sensitivity = s.sensitivity();
    ASSERT_TRUE(sensitivity.trust().defined) << sensitivity.trust().reason;
    const Mat J = sensitivity.jacobian({});
    Mat D = sensitivity::central_differences({s.solution.model, s.scene.statement, s.theta, s.solution.x}, s.options, 0,
                                             s.theta.size(), Mat(s.solution.x.size(), 0), {});
    // what is not determined is at rest in J; in the differences it is wherever the solver left it: compare ∂F J
    const auto at = s.solution.model->optimality().linearize(s.solution.x, s.theta);
    EXPECT_LT((at.dx->dense() * (J - D)).norm(), tolerance * (1 + at.dtheta->dense().norm()));
  }
}

TEST(Flagships, HaveTheDerivativesOfTheirSolutions) {
  expect_derivatives("sinkhorn", {}, {{}, {{"eps", 0.1}, {"shift", 0.3}}}, 1e-7);
  expect_derivatives("barycenter", {}, {{}, {{"eps", 0.2}, {"weights", 0.3}}}, 1e-7);
  expect_derivatives("super-efficiency", {}, {{}, {{"mu", 0.2}}}, 1e-7);
  expect_derivatives("super-efficiency-logistic", {}, {{}, {{"mu", 0.2}}}, 1e-7);
  for (const Index p : {4, 6}) expect_derivatives("super-efficiency-p-norm", {{"p", p}}, {{}}, 1e-7);
  for (const Index toy : {0, 1, 2}) expect_derivatives("value-function", {{"toy", toy}}, {{}, {{"u", 3}}}, 1e-7);
  for (const Index trick : {0, 1, 2, 3, 4})
    expect_derivatives("softmax-tricks", {{"trick", trick}}, {{}, {{"t", 0.05}}, {{"t", 5}}}, 1e-7);
}

TEST(T4, SquaresTheErrorOfTheCostOfTransport) {
  const std::vector<Index> steps{4, 6, 8, 10};
  std::vector<double> analytic, automatic;
  Vec sigma;
  for (const Index k : steps) {
    Flagship s("sinkhorn", {{"steps", k}});
    s.parameter("eps") = 0.05;
    s.move_to(Vec(s.theta));
    const Vec right = s.hypergradient("cost");
    analytic.push_back((s.hypergradient("cost_analytic") - right).head(2).norm());
    automatic.push_back((s.hypergradient("cost_automatic") - right).head(2).norm());
    const Vec plan = s.value("P");
    const Eigen::Map<const Mat> P(plan.data(), 48, 48);  // transposed, as good here
    const Vec rows = P.rowwise().sum().cwiseSqrt(), columns = P.colwise().sum().transpose().cwiseSqrt();
    sigma = (rows.cwiseInverse().asDiagonal() * P * columns.cwiseInverse().asDiagonal()).jacobiSvd().singularValues();
  }
  EXPECT_NEAR(std::sqrt(analytic[3] / analytic[2]), sigma[1] * sigma[1], 1e-3) << "mathematics.md, T4";
  const auto ratio = [&](std::size_t k) {
    return automatic[k] / (static_cast<double>(steps[k]) * analytic[k] * analytic[k]);
  };
  for (std::size_t k = 1; k < steps.size(); ++k)  // ∂x of a loop converges like tκᵗ where x does like κᵗ (A6)
    EXPECT_NEAR(ratio(k), ratio(k - 1), 0.05 * ratio(k));
}

TEST(T1, DrawsThePublishedErrorsOfRidge) {
  Flagship s("super-efficiency");
  const Vec analytic = s.value("error_analytic"), automatic = s.value("error_automatic");
  const auto at = [](const Vec& errors, Index step) { return std::pow(10, errors[step / 5 - 1]); };
  // table A1 of mathematics.md, to its five digits
  EXPECT_NEAR(at(analytic, 10), 2.5701e-2, 1e-6);
  EXPECT_NEAR(at(automatic, 10), 1.3179e-2, 1e-6);
  EXPECT_NEAR(at(analytic, 50), 2.7308e-3, 1e-7);
  EXPECT_NEAR(at(automatic, 50), 2.6565e-4, 1e-8);
  EXPECT_NEAR(at(automatic, 100), 4.0176e-6, 1e-10);
}

TEST(T1, FindsTheSameErrorsByDifferentiatingTheLoop) {
  Flagship s("super-efficiency", {{"steps", 50}});
  const auto error = [&](const std::string& output) {
    return (s.hypergradient(output) - s.hypergradient("loss")).tail(50).norm();
  };
  EXPECT_NEAR(error("loss_analytic"), 2.7308e-3, 1e-7);
  EXPECT_NEAR(error("loss_automatic"), 2.6565e-4, 1e-8);
  EXPECT_LT(error("loss_implicit"), 1e-15) << "the loss is quadratic";
}

TEST(T7, FindsTheSlopesOfTheThreeToysAsDualSolutions) {
  const auto expect = [](Index toy, double u, double p, double slope) {
    Flagship s("value-function", {{"toy", toy}});
    s.parameter("u") = u;
    s.move_to(Vec(s.theta));
    EXPECT_NEAR(s.output("p"), p, 1e-10) << toy << " at " << u;
    EXPECT_NEAR(s.output("y"), slope, 1e-10) << toy << " at " << u;
    EXPECT_NEAR(s.output("slope_by_formula"), slope, 1e-10);
    EXPECT_NEAR(s.hypergradient("p")[0], slope, 1e-10) << "the envelope theorem";
  };
  expect(0, 1.3, 3.6692966676192444, 3.6692966676192444);
  expect(1, 0.5, 2.0, -2.0);
  expect(1, 1.0, 1.125, -1.5);
  expect(1, 2.0, 0.125, -0.5);
  expect(1, 3.0, 0.0, 0.0);
  expect(2, 3.0, 4.5, 3.0);
}

TEST(T7, RefusesTheKinkOfTheDualSolutionWhereItsMultiplierIsRounding) {
  Flagship s("value-function", {{"toy", 1}});
  s.parameter("u") = 2.5;
  s.move_to(Vec(s.theta));
  ASSERT_EQ(s.solution.status, solve::Status::Converged) << s.solution.message;
  EXPECT_FALSE(s.sensitivity().trust().defined);
}

}  // namespace
}  // namespace argscope::testing
