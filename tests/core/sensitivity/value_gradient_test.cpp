/// The published experiments with estimators of a value's gradient: the same instances, bit for bit, by their seeds.

#include "core/sensitivity/value_gradient.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>
#include <Eigen/SVD>
#include <cmath>

#include "core/io/random.h"
#include "tests/core/sensitivity/slope.h"
#include "tests/core/sensitivity/stated.h"

namespace argscope::sensitivity {
namespace {

using testing::slope;
using testing::Stated;

constexpr std::array all{ValueEstimator::Analytic, ValueEstimator::Automatic, ValueEstimator::Implicit};

/// A scene of L(x, θ), 100 unknowns and 50 parameters: NumPy's randn(50, 100), then randn(50), of one stream.
Stated instance(int seed, const std::string& L) {
  return Stated(fmt::format(R"toml(
[data.stream]
random = "normal"
shape = [5050]
seed = {}
[data.D]
value = "reshape(stream[:5000], (50, 100))"
[parameters.theta]
value = "stream[5000:]"
range = [-10, 10]
[variables.x]
shape = [100]
[definitions]
L = "{}"
[problem]
minimize = "L"
[solve]
tolerance = 1e-14
)toml",
                            seed, L));
}

/// Gradient descent on L from zero, stopped anywhere.
class Descent {
 public:
  Descent(Stated& stated, double step) : stated_(stated) {
    options_.solver = "gradient_descent";
    options_.tolerance = 1e-300;  // so that only the number of steps ends it
    options_.step = step;
  }
  solve::Solution after(int t) {
    options_.iterations = t;
    const auto& m = stated_.model;
    return solve::solve({m, stated_.scene.statement, stated_.theta, m->start(stated_.theta)}, options_, memory_, {},
                        {});
  }
  Vec gradient(ValueEstimator by, int t) {
    const auto at = after(t);
    return value_gradient(by, *at.model->function("L"), at, stated_.theta, options_);
  }
  /// ∇ℓ at the minimizer, which needs no derivative of it.
  Vec exact() const {
    const auto& s = stated_.solution;
    return value_gradient(ValueEstimator::Analytic, *s.model->function("L"), s, stated_.theta, {});
  }
  double error(ValueEstimator by, int t) { return (gradient(by, t) - exact()).norm(); }

 private:
  Stated& stated_;
  solve::Options options_;
  solve::Memory memory_;
};

/// ‖D‖₂² of the instance's data.
double squared_norm(const Stated& s) {
  for (const auto& d : s.scene.statement->data)
    if (d.name == "D") {
      const Eigen::Map<const Eigen::Matrix<double, -1, -1, Eigen::RowMajor>> D(d.array.values.data(), 50, 100);
      return Mat(D * D.transpose()).selfadjointView<Eigen::Lower>().eigenvalues().maxCoeff();
    }
  return 0;
}

TEST(T1, OfRidgeIsTheTableOfTheExperiment) {
  Stated s = instance(29, "sum((D @ x - theta)**2)/100 + 0.01*sum(x**2)");
  const double step = 1 / (squared_norm(s) / 50 + 0.02);
  EXPECT_NEAR(step, 0.1874353836, 1e-10);
  Descent descent(s, step);
  EXPECT_NEAR(descent.exact().norm(), 3.559812750e-3, 1e-12);
  EXPECT_NEAR(s.solution.x.norm(), 0.91989899, 1e-8);
  struct Row {
    int t;
    double x, analytic, automatic;
  };
  for (const Row& row : {Row{1, 7.4201e-1, 9.0666e-2, 7.0041e-2},
                         {10, 3.2590e-1, 2.5701e-2, 1.3179e-2},
                         {50, 4.0299e-2, 2.7308e-3, 2.6565e-4},
                         {100, 4.1209e-3, 2.6565e-4, 4.0176e-6},
                         {200, 6.5112e-5, 4.0176e-6, 1.3854e-9},
                         {300, 1.2022e-6, 7.3716e-8, 4.9213e-13}}) {
    const double digits = 1e-4, rounding = 1e-15;  // the table has five digits; sums of 150 terms of size 1e-2
    EXPECT_NEAR((descent.after(row.t).x - s.solution.x).norm(), row.x, digits * row.x + 1e-12) << row.t;
    EXPECT_NEAR(descent.error(ValueEstimator::Analytic, row.t), row.analytic, digits * row.analytic) << row.t;
    EXPECT_NEAR(descent.error(ValueEstimator::Automatic, row.t), row.automatic, digits * row.automatic + rounding)
        << row.t;
  }
}

TEST(T1, OfRidgeTheImplicitEstimatorIsExactAtOnce) {
  Stated s = instance(29, "sum((D @ x - theta)**2)/100 + 0.01*sum(x**2)");
  Descent descent(s, 0.18);
  // Rounding of D x, whose terms are as large as θ.
  for (int t : {0, 1, 5, 20, 100}) EXPECT_LT(descent.error(ValueEstimator::Implicit, t), 1e-15 * s.theta.norm()) << t;
}

TEST(T1, OfRidgeTheAutomaticEstimatorIsTheAnalyticOneAfterTwiceTheSteps) {
  Stated s = instance(29, "sum((D @ x - theta)**2)/100 + 0.01*sum(x**2)");
  Descent descent(s, 0.18);
  for (int t : {0, 1, 2, 3, 7, 20, 50, 100, 200}) {
    const Vec twice = descent.gradient(ValueEstimator::Analytic, 2 * t);
    EXPECT_LT((descent.gradient(ValueEstimator::Automatic, t) - twice).norm(), 1e-13) << t;
  }
}

TEST(T2, OfLogisticRegressionTheErrorsAreOfTheFirstAndSecondOrder) {
  Stated s = instance(9, "mean(log(1 + exp(-theta*(D @ x)))) + 0.01*sum(x**2)");
  const double step = 1 / (squared_norm(s) / 200 + 0.02);
  EXPECT_NEAR(step, 0.6578091742, 1e-10);
  Descent descent(s, step);
  std::array<std::vector<double>, 3> errors;  // below 1e-14 the second order is rounding
  for (int t = 100; t <= 1000; t += 50)
    for (std::size_t k = 0; k < 3; ++k) errors[k].push_back(descent.error(all[k], t));
  EXPECT_NEAR(slope(errors[0], errors[1]), 1.998, 0.1);
  EXPECT_NEAR(slope(errors[0], errors[2]), 2.108, 0.1);
}

TEST(T3, OfTheLeastFourthPowerErrorsFallAsPowersOfTheSteps) {
  io::RandomState stream(8);
  Mat M(5, 10);
  for (Index i = 0; i < 5; ++i)
    for (Index j = 0; j < 10; ++j) M(i, j) = stream.normal();
  const Eigen::JacobiSVD<Mat> svd(M, Eigen::ComputeThinU | Eigen::ComputeThinV);
  const Mat D = svd.matrixU() * svd.matrixV().transpose();
  std::string rows, theta;
  for (Index i = 0; i < 5; ++i) {
    std::string row;
    for (Index j = 0; j < 10; ++j) row += fmt::format("{}{}", j ? ", " : "", D(i, j));
    rows += fmt::format("{}[{}]", i ? ", " : "", row);
    theta += fmt::format("{}{}", i ? ", " : "", stream.normal());
  }
  Stated s(fmt::format(R"toml(
[data.D]
value = [{}]
[parameters.theta]
value = [{}]
range = [-10, 10]
[variables.x]
shape = [10]
[definitions]
L = "sum((D @ x - theta)**4)/4"
[problem]
minimize = "L"
[solve]
iterations = 0
)toml",
                       rows, theta));
  Descent descent(s, 0.1);
  std::vector<double> steps, analytic, automatic;
  for (int t : {10000, 20000, 40000, 80000}) {
    steps.push_back(t);
    analytic.push_back(descent.gradient(ValueEstimator::Analytic, t).norm());  // ∇ℓ = 0
    automatic.push_back(descent.gradient(ValueEstimator::Automatic, t).norm());
    // Of each residual r ← r − ρr³ the limit is (2ρt)^(−1/2).
    EXPECT_NEAR(analytic.back(), std::sqrt(5.0) * std::pow(0.2 * t, -1.5), 0.02 * analytic.back()) << t;
  }
  EXPECT_NEAR(slope(steps, analytic), -1.5, 0.1);
  EXPECT_NEAR(slope(steps, automatic), -3, 0.1);
  EXPECT_NEAR(slope(analytic, automatic), 2, 0.1);
}

}  // namespace
}  // namespace argscope::sensitivity
