/// Stochastic derivatives through a proximal operator: Grazzi, Pontil and Salzo 2024, NSID and its baseline SID, on an
/// elastic net of 1,600 samples in 20 unknowns.

#include <gtest/gtest.h>

#include "tests/core/sensitivity/contracting.h"
#include "tests/core/sensitivity/flagships.h"
#include "tests/core/sensitivity/slope.h"

namespace argscope::sensitivity {
namespace {

using testing::by;
using testing::slope;
using testing::Stated;

constexpr const char* elastic_net = R"toml(
[data.X]
random = "normal"
shape = [1600, 20]
seed = 3
[data.noise]
random = "normal"
shape = [1600]
seed = 4
[data.y]
value = "X @ (where(arange(20) < 8, 0.2, 0)*(1 + arange(20))) + noise"
[parameters.l1]
value = 0.1
range = [0.01, 10]
[parameters.l2]
value = 0.01
range = [0, 10]
[variables.w]
shape = [20]
[problem]
minimize = "0.5*mean((X @ w - y)**2) + 0.5*l2*sum(w**2)"
penalty = "l1*norm1(w)"
[solve]
tolerance = 1e-14
)toml";

/// The mean square over runs.
double square_error(Stated& s, const char* method, int steps) {
  constexpr int runs = 12;
  const Mat J = s.J();
  double sum = 0;
  for (unsigned seed = 0; seed < runs; ++seed) {
    s.options.seed = seed;
    const Mat error = by(s, method, steps).jacobian({}) - J;
    sum += error.squaredNorm() / J.squaredNorm() / runs;
  }
  return sum;
}

TEST(T9, OfAnElasticNetTheMeanSquareErrorFallsAsTheInverseOfTheSteps) {
  Stated s(elastic_net);
  std::vector<double> steps, squares;
  for (int K : {500, 1000, 2000, 4000, 8000}) {
    steps.push_back(K);
    squares.push_back(square_error(s, "stochastic", K));
  }
  const double fall = slope(steps, squares);
  EXPECT_GT(fall, -1.6);
  EXPECT_LT(fall, -0.8);
}

TEST(T9, OfAnElasticNetSamplingTheProximalOperatorTooLeavesABias) {
  Stated s(elastic_net);
  const double floor = square_error(s, "stochastic-biased", 8000);
  EXPECT_GT(floor, 16 * square_error(s, "stochastic", 8000));           // of the error itself four times
  EXPECT_GT(square_error(s, "stochastic-biased", 32000), 0.5 * floor);  // more steps do not help
}

TEST(T9, OfTheSceneOfAnElasticNetTheHypergradientIsFoundBySamples) {
  testing::Flagship s("elastic-net");
  const Vec exact = s.hypergradient("validation_loss");
  const auto found = [&](const char* method) -> Vec {
    return by(s, method, 20000).total(*s.solution.model->function("validation_loss"), {}).transpose();
  };
  const double error = (found("stochastic") - exact).norm();
  EXPECT_LT(error, 0.05 * exact.norm());  // 1/√K times 33, the condition number
  EXPECT_GT((found("stochastic-biased") - exact).norm(), 2 * error);
}

}  // namespace
}  // namespace argscope::sensitivity
