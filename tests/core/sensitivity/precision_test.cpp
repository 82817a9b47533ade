/// How precise a derivative is at a solution that is not.

#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>
#include <Eigen/SVD>
#include <cmath>
#include <random>

#include "core/sensitivity/bound.h"
#include "tests/core/sensitivity/stated.h"

namespace argscope::sensitivity {
namespace {

using testing::Stated;

/// Ridge regression on the diabetes data with unit columns and a penalty for every weight: Blondel et al. 2022, figure
/// on Jacobian precision.
constexpr const char* ridge = R"toml(
[data.table]
file = "diabetes_data_raw.csv.gz"
standardize = true
[data.y]
file = "diabetes_target.csv.gz"
[data.X]
value = "table/sqrt(442)"
[parameters.theta]
value = "ones(10)"
range = [0.01, 100]
[variables.x]
shape = [10]
[problem]
minimize = "sum((X @ x - y)**2) + sum(theta*x**2)"
[solve]
tolerance = 1e-13
)toml";

class Precision {
 public:
  Precision() : s_(ridge), exact_(s_.J()) {
    const Mat H = s_.solution.model->optimality().linearize(s_.solution.x, s_.theta).dx->dense();
    const Vec spectrum = H.selfadjointView<Eigen::Lower>().eigenvalues();
    least_ = spectrum.minCoeff() / 2;  // of XᵀX + diag θ: the objective has no ½
    greatest_ = spectrum.maxCoeff() / 2;
    descent_.solver = "gradient_descent";
    descent_.step = 1 / spectrum.maxCoeff();
    descent_.tolerance = 1e-300;  // so that only the number of steps ends it
  }
  double least() const { return least_; }
  double greatest() const { return greatest_; }
  double size_of_J() const { return exact_.operatorNorm(); }
  const Vec& solution() const { return s_.solution.x; }

  struct Errors {
    double x, implicit, unrolled;
    JacobianBound bound;
  };
  Errors after(int t) {
    descent_.iterations = t;
    const auto& m = s_.model;
    const auto at = solve::solve({m, s_.scene.statement, s_.theta, m->start(s_.theta)}, descent_, memory_, {}, {});
    const auto error = [&](const char* method) {
      Options options;
      options.method = method;
      options.force = true;
      options.solve = descent_;
      const Mat J = Sensitivity(at, s_.theta, options, memory_.factorizer).jacobian({});
      return Eigen::JacobiSVD<Mat>(J - exact_).singularValues()[0];
    };
    return {(at.x - s_.solution.x).norm(), error("implicit"), error("unrolled-forward"),
            jacobian_bound(*at.model, at.x, s_.theta).value()};
  }

 private:
  Stated s_;
  Mat exact_;
  solve::Options descent_;
  solve::Memory memory_;
  double least_ = 0, greatest_ = 0;
};

TEST(T10, BoundsTheErrorOfTheImplicitJacobianByThatOfTheSolution) {
  Precision ridges;
  std::vector<double> log_x, log_J;
  for (int t = 0; t <= 60; ++t) {
    const auto e = ridges.after(t);
    const double bound = e.x / ridges.least();
    EXPECT_NEAR(e.bound.beta / e.bound.alpha, 1 / ridges.least(), 1e-9);
    EXPECT_GE(e.bound.distance, e.x) << t;
    EXPECT_GE(e.bound.value(), e.implicit) << t;
    // ‖F‖/α overestimates ‖x̂ − x*‖ by the condition number at most
    EXPECT_LE(e.bound.value(), 1.01 * ridges.greatest() / ridges.least() * bound) << t;
    EXPECT_LE(e.implicit, bound) << t;
    EXPECT_GE(e.implicit, 0.3 * bound) << t;
    EXPECT_LE(e.implicit, 0.7 * bound) << t;
    if (t >= 5) {
      EXPECT_GT(e.unrolled, e.implicit) << t;
    }
    log_x.push_back(std::log(e.x));
    log_J.push_back(std::log(e.implicit));
  }
  Mat A(Index(log_x.size()), 2);
  A.col(0).setOnes();
  A.col(1) = Eigen::Map<Vec>(log_x.data(), A.rows());
  const Vec fit = (A.transpose() * A).inverse() * (A.transpose() * Eigen::Map<Vec>(log_J.data(), A.rows()));
  EXPECT_NEAR(fit[1], 1, 0.05);
}

optimality::ModelPtr model_of(const std::string& problem) {
  return Stated("[parameters.t]\nvalue = 2.0\n[variables.x]\nshape = [3]\nstart = \"ones(3)\"\n[problem]\n" + problem)
      .model;
}

TEST(T10, IsSilentWhereItsConstantsAreNotKnown) {
  const Vec x = Vec::Ones(3), theta = Vec::Constant(1, 2.0);
  EXPECT_TRUE(jacobian_bound(*model_of("minimize = \"sum((x - t)**2)\""), x, theta));
  EXPECT_FALSE(jacobian_bound(*model_of("minimize = \"sum((x - t)**4 + x**2)\""), x, theta)) << "curvature moves";
  EXPECT_FALSE(jacobian_bound(*model_of("minimize = \"(sum(x) - t)**2\""), x, theta)) << "flat";
  EXPECT_FALSE(jacobian_bound(*model_of("minimize = \"sum((x - t)**2)\"\npenalty = \"norm1(x)\""), x, theta))
      << "no smooth F";
  EXPECT_FALSE(jacobian_bound(*model_of("root.x = \"x - t\""), x, theta)) << "no minimum";
}

TEST(T10, HoldsFromAnyPlaceForRandomQuadraticProblems) {
  const std::string text = R"toml([data.L]
random = "normal"
shape = [4, 4]
seed = 1
[data.M]
random = "normal"
shape = [3, 4]
seed = 2
[data.b]
random = "normal"
shape = [4]
seed = 3
[parameters.theta]
value = "zeros(3)"
range = [-1, 1]
[variables.x]
shape = [4]
[problem]
minimize = "0.5*sum((L.T @ x)**2) + 0.5*sum((2 + 0.1*theta @ M)*x**2) - b @ x"
)toml";
  Stated s(text);
  const Mat exact = s.J();
  std::mt19937 draw(7);
  std::normal_distribution<double> normal;
  for (int k = 0; k < 20; ++k) {
    solve::Solution at = s.solution;
    at.x += Vec::NullaryExpr(4, [&] { return normal(draw); });
    at.factorization = nullptr, at.matrix = nullptr;
    const Mat J = Sensitivity(at, s.theta, {}, s.memory.factorizer).jacobian({});
    const auto bound = jacobian_bound(*s.model, at.x, s.theta);
    ASSERT_TRUE(bound);
    EXPECT_LE((J - exact).operatorNorm(), bound->value());
    EXPECT_GE((J - exact).operatorNorm(), 1e-3 * bound->value()) << "not of the right size";
  }
}

TEST(T10, HasTheNumbersOfTheProtocol) {
  Precision ridges;
  EXPECT_NEAR(ridges.least(), 1.00856, 1e-5);
  EXPECT_NEAR(ridges.greatest(), 5.02421, 1e-5);
  EXPECT_NEAR(ridges.solution().norm(), 511.595, 1e-3);
  EXPECT_NEAR(ridges.size_of_J(), 188.928, 1e-3);
  const auto ten = ridges.after(10), fifty = ridges.after(50);
  EXPECT_NEAR(ten.x, 3.239, 1e-3);
  EXPECT_NEAR(ten.implicit, 1.306, 1e-3);
  EXPECT_NEAR(ten.unrolled, 19.76, 1e-2);
  EXPECT_NEAR(fifty.x, 1.27e-4, 1e-6);
  EXPECT_NEAR(fifty.implicit, 7.94e-5, 1e-6);
  EXPECT_NEAR(fifty.unrolled, 2.35e-3, 1e-5);
}

}  // namespace
}  // namespace argscope::sensitivity
