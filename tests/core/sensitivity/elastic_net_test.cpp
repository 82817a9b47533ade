/// The elastic net by its proximal gradient map: Grazzi, Pontil and Salzo 2024.

#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>
#include <Eigen/LU>
#include <cmath>

#include "tests/core/sensitivity/contracting.h"

namespace argscope::sensitivity {
namespace {

using testing::by;
using testing::relative;
using testing::Stated;

constexpr const char* elastic_net = R"toml(
[data.X]
random = "normal"
shape = [60, 20]
seed = 3
[data.noise]
random = "normal"
shape = [60]
seed = 4
[data.y]
value = "X @ (where(arange(20) < 6, 1, 0)*(1 + arange(20))) + 0.1*noise"
[parameters.l1]
value = 0.3
range = [0.01, 10]
[parameters.l2]
value = 0.002
range = [0, 10]
[variables.w]
shape = [20]
[definitions]
loss = "0.5*mean((X @ w - y)**2)"
[problem]
minimize = "loss + 0.5*l2*sum(w**2)"
penalty = "l1*norm1(w)"
[solve]
tolerance = 1e-14
)toml";

/// ∂₁S at the solution, S = prox.
Mat slope_of_map(const Stated& s) {
  const auto at = s.solution.model->optimality().linearize(s.solution.x, s.theta);
  return Mat::Identity(20, 20) + at.dx->dense();
}

TEST(T8, OfAnElasticNetIsTheClosedFormOnTheSupport) {
  Stated s(elastic_net);
  std::vector<Index> support;
  for (Index k = 0; k < 20; ++k)
    if (s.solution.x[k] != 0) support.push_back(k);
  ASSERT_GE(support.size(), 6u);
  ASSERT_LT(support.size(), 20u);
  const auto* data = &s.scene.statement->data.front();
  ASSERT_EQ(data->name, "X");
  const Eigen::Map<const Eigen::Matrix<double, -1, -1, Eigen::RowMajor>> X(data->array.values.data(), 60, 20);
  const Mat part = X(Eigen::all, support);
  const Mat H = part.transpose() * part / 60 + s.theta[1] * Mat::Identity(part.cols(), part.cols());
  const Vec x = s.solution.x(support);
  Mat expected(part.cols(), 2);
  expected << -H.inverse() * x.cwiseSign(), -H.inverse() * x;
  for (const char* method : {"implicit", "aid-fixed-point", "aid-cg", "neumann", "unrolled-reverse"}) {
    const Mat J = by(s, method).jacobian({});
    EXPECT_LT(relative(J(support, Eigen::all), expected), 1e-10)
        << method;  // the solve's 1e-14 times a condition number
    EXPECT_NEAR(J.norm(), J(support, Eigen::all).norm(), 1e-12) << method;
  }
}

TEST(T8, OfAnElasticNetErrorsFallAsTheMapContractsOnTheSupport) {
  Stated s(elastic_net);
  const Mat J = by(s, "implicit").jacobian({});
  const double q = slope_of_map(s).eigenvalues().cwiseAbs().maxCoeff();
  ASSERT_LT(q, 0.99);
  const int from = int(std::log(1e-4) / std::log(q)), to = int(std::log(1e-9) / std::log(q));
  for (const char* method : {"aid-fixed-point", "neumann"}) {
    const auto error = [&](int k) { return relative(by(s, method, k).jacobian({}), J); };
    const double rate = std::log(error(to) / error(from)) / (to - from);
    EXPECT_NEAR(rate / std::log(q), 1, 0.03) << method;  // the support is known by then
  }
  const auto error = [&](const char* method) { return relative(by(s, method, from).jacobian({}), J); };
  EXPECT_LT(error("aid-fixed-point"), error("unrolled-reverse"));  // which has a factor of the steps more
}

}  // namespace
}  // namespace argscope::sensitivity
