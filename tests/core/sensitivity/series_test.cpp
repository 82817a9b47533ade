/// Series and conjugate gradients: how fast they approach the implicit derivative.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>

#include "tests/core/sensitivity/contracting.h"
#include "tests/core/solve/given.h"

namespace argscope::sensitivity {
namespace {

using testing::by;
using testing::contracting;
using testing::HandModel;
using ::testing::HasSubstr;
using testing::Lesson;
using testing::Stated;

TEST(OneStep, IsOneTermOfTheSeries) {
  for (const auto& [name, text] : contracting()) {
    Stated s(text);
    EXPECT_EQ((by(s, "one-step").jacobian({}) - by(s, "neumann", 1).jacobian({})).norm(), 0) << name;
    EXPECT_EQ(by(s, "one-step").trust().steps, 1);
  }
}

/// ½xᵀHx − xᵀθ with the eigenvalues of H in [1, L]: gradient descent with η = 1/L contracts by q = 1 − 1/L.
std::shared_ptr<HandModel> bowl(const Vec& h) {
  const Index n = h.size();
  return std::make_shared<HandModel>(testing::Formulae{
      Vec::Zero(n), Vec::Ones(n), [=](const Vec& x, const Vec& t) { return 0.5 * x.dot(h.cwiseProduct(x)) - x.dot(t); },
      [=](const Vec& x, const Vec& t) -> Vec { return h.cwiseProduct(x) - t; },
      [=](const Vec&, const Vec&) -> Mat { return h.asDiagonal(); },
      [=](const Vec&, const Vec&) -> Mat { return -Mat::Identity(n, n); }});
}

TEST(Series, ErrsByTheContractionToThePowerOfItsTerms) {
  const double L = 8, q = 1 - 1 / L;
  const Vec h = Vec::LinSpaced(6, 1, L);
  testing::Given given(bowl(h));
  const auto solution = given.run({});
  const Mat exact = h.cwiseInverse().asDiagonal();
  for (const char* method : {"neumann", "aid-fixed-point"})
    for (int K : {1, 2, 5, 10, 40}) {
      Options options;
      options.method = method;
      options.force = true;
      options.solve.step = 1 / L;
      options.solve.iterations = K;
      const Sensitivity d(solution, given.request.theta, options, given.memory.factorizer);
      const double error = (d.jacobian({}) - exact).operatorNorm();
      EXPECT_NEAR(error, std::pow(q, K) * exact.operatorNorm(), 1e-13) << method << " " << K;  // H is diagonal
    }
}

TEST(Series, SaysSoWhereTheMapDoesNotContract) {
  Stated s = Lesson{}.stated(1.5);
  const auto d = by(s, "neumann");
  EXPECT_FALSE(d.trust().defined);
  EXPECT_THAT(d.trust().reason, HasSubstr("does not contract"));
}

TEST(ConjugateGradients, NeedAsManyStepsAsThereAreUnknowns) {
  const Vec h = Vec::LinSpaced(6, 1, 8);
  testing::Given given(bowl(h));
  const auto solution = given.run({});
  const Mat exact = h.cwiseInverse().asDiagonal();
  const Vec w = Vec::Ones(6);
  const auto error = [&](int K) {
    Options options;
    options.method = "aid-cg";
    options.force = true;
    options.solve.iterations = K;
    const Sensitivity d(solution, given.request.theta, options, given.memory.factorizer);
    return (d.pull(w) - exact * w).norm();
  };
  for (int K = 1; K < 6; ++K) EXPECT_LT(error(K), error(K - 1)) << K;
  EXPECT_LT(error(6), 1e-13);  // six eigenvalues
}

}  // namespace
}  // namespace argscope::sensitivity
