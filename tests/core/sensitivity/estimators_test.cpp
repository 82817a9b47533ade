/// Every row of the catalogue of estimators, against closed forms, the implicit derivative and each other.

#include "core/sensitivity/estimator.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>
#include <cmath>

#include "core/io/names.h"
#include "core/parallel.h"
#include "tests/core/sensitivity/stated.h"
#include "tests/core/solve/given.h"

namespace argscope::sensitivity {
namespace {

using testing::HandModel;
using ::testing::HasSubstr;
using testing::relative;
using testing::scalar;
using testing::Stated;
using testing::vec;

struct Stating {
  std::string_view name;
  std::string text;
};

/// Problems with an iteration that contracts: smooth, proximal, projected, mirrored and stated outright.
std::vector<Stating> contracting() {
  const std::string data = R"toml(
[data.X]
random = "normal"
shape = [12, 5]
seed = 3
[data.y]
random = "normal"
shape = [12]
seed = 4
)toml";
  const std::string theta = "[parameters.theta]\nvalue = {}\nrange = [0.01, 10]\n";
  const std::string w = "[variables.w]\nshape = [5]\nstart = \"{}\"\n";
  const auto problem = [&](std::string_view value, std::string_view start, const std::string& rest) {
    return data + fmt::format(fmt::runtime(theta), value) + fmt::format(fmt::runtime(w), start) + "[problem]\n" + rest;
  };
  return {
      {"ridge", problem("2.0", "zeros(5)", "minimize = \"0.5*sum((X @ w - y)**2) + 0.5*theta*sum(w**2)\"\n")},
      {"ridges", problem("[1.0, 2.0, 3.0, 4.0, 5.0]", "ones(5)",
                         "minimize = \"0.5*sum((X @ w - y)**2) + 0.5*sum(theta*w**2)\"\n")},
      {"logistic", problem("1.0", "zeros(5)", "minimize = \"sum(log(1 + exp(-y*(X @ w)))) + 0.5*theta*sum(w**2)\"\n")},
      {"lasso", problem("1.5", "zeros(5)", "minimize = \"0.5*sum((X @ w - y)**2)\"\npenalty = \"theta*norm1(w)\"\n")},
      {"simplex", problem("2.0", "full(5, 0.2)",
                          "minimize = \"0.5*sum((X @ w - theta*y)**2)\"\nsubject_to = [\"w in simplex()\"]\n")},
      {"mirror", problem("0.3", "full(5, 0.2)",
                         "minimize = \"0.5*sum((w - theta*y[:5])**2) + sum(w*log(w))\"\n"
                         "subject_to = [\"w in simplex()\"]\ncondition = \"mirror_descent\"\n")},
      {"map", problem("1.0", "zeros(5)", "fixed_point.w = \"0.5*tanh(0.2*X[:5] @ w + theta*y[:5])\"\n")},
  };
}

Sensitivity by(Stated& s, std::string method, std::optional<int> iterations = {}) {
  Options options;
  options.method = std::move(method);
  options.force = true;
  options.solve = s.options;
  options.solve.iterations = iterations;
  return {s.solution, s.theta, options, s.memory.factorizer};
}

TEST(Estimators, AreTheNamesThatScenesMayUse) {
  const io::Words words = io::estimators();
  const auto names = estimator_names();
  EXPECT_EQ(words.available, std::vector<std::string>(names.begin(), names.end()));
  for (const std::string& later : words.planned) EXPECT_EQ(estimator_named(later), nullptr) << later;
}

TEST(Estimators, AreFoundWithHyphensAndUnderscores) {
  ASSERT_NE(estimator_named("unrolled_forward"), nullptr);
  EXPECT_EQ(estimator_named("unrolled_forward"), estimator_named("unrolled-forward"));
  for (const EstimatorEntry& e : estimators()) EXPECT_FALSE(e.summary.empty());
}

/// Iterations end at 1e-13, times a condition number below 1e4; forward differences are good to their step of 1e-6, a
/// cloud of one per cent to the square of that, times curvature.
double allowed_of(std::string_view estimator) {
  if (estimator == "forward-differences") return 1e-4;
  return estimator == "smoothed" ? 1e-3 : 1e-8;
}

TEST(Estimators, AreTheImplicitDerivativeWhereTheyAreGivenTheStepsTheyNeed) {
  for (const auto& [name, text] : contracting()) {
    Stated s(text + "[solve]\ntolerance = 1e-13\n");
    ASSERT_EQ(s.solution.status, solve::Status::Converged) << name;
    const Mat J = by(s, "implicit").jacobian({});
    for (const EstimatorEntry& e : estimators()) {
      if (e.name == "one-step" || e.name == "truncated") continue;
      const auto d = by(s, std::string(e.name));
      EXPECT_TRUE(d.trust().defined) << name << ", " << e.name << ": " << d.trust().reason;
      EXPECT_LT(relative(d.jacobian({}), J), allowed_of(e.name)) << name << ", " << e.name;
      EXPECT_LT(d.trust().linear_residual, 1e-8) << name << ", " << e.name;
    }
  }
}

TEST(Estimators, ArePushPullColumnsAndTotalsOfOneJacobian) {
  for (const auto& [name, text] : contracting()) {
    Stated s(text);
    for (const EstimatorEntry& e : estimators()) {
      if (e.name == "aid-cg") continue;  // a few of its steps depend on what they solve for
      const auto d = by(s, std::string(e.name), 7);
      const Mat J = d.jacobian({});
      const Index n = J.rows(), p = J.cols();
      const Mat U = testing::random_matrix(p, 3, 1), W = testing::random_matrix(n, 2, 2);
      const double rounding = 1e-12 * J.norm();  // tens of roundings in products of such sizes
      EXPECT_LT((d.push(U) - J * U).norm(), rounding * U.norm()) << name << ", " << e.name;
      EXPECT_LT((d.pull(W) - J.transpose() * W).norm(), rounding * W.norm()) << name << ", " << e.name;
      EXPECT_LT((d.columns(p - 1, 1, {}) - J.rightCols(1)).norm(), rounding) << name << ", " << e.name;
    }
  }
}

TEST(Estimators, HaveTheSameBitsForAnyNumberOfThreads) {
  for (const auto& [name, text] : contracting())
    for (const EstimatorEntry& e : estimators()) {
      const auto jacobian = [&](int threads) {
        return with_threads(threads, [&] {
          Stated s(text);
          return by(s, std::string(e.name), 9).jacobian({});
        });
      };
      EXPECT_EQ((jacobian(1) - jacobian(4)).norm(), 0) << name << ", " << e.name;
    }
}

TEST(Estimators, OfAnIterationNeedOne) {
  Stated s(R"toml(
[parameters.theta]
value = 1.0
range = [0, 2]
[variables.x]
shape = [2]
start = "zeros(2)"
[problem]
minimize = "0.5*sum((x - 1)**2)"
subject_to = ["sum(x) <= theta"]
)toml");
  for (const EstimatorEntry& e : estimators()) {
    const auto d = by(s, std::string(e.name));
    EXPECT_EQ(d.trust().defined, !e.iterates) << e.name;
    if (!e.iterates) continue;
    EXPECT_THAT(d.trust().reason, HasSubstr("the condition 'kkt' is none"));
    EXPECT_TRUE(d.jacobian({}).array().isNaN().all());
  }
}

TEST(Estimators, ThatNobodyKnowsAreRefused) {
  Stated s(contracting().front().text);
  const auto d = by(s, "guess");
  EXPECT_FALSE(d.trust().defined);
  EXPECT_THAT(d.trust().reason, HasSubstr("no estimator is called 'guess'; there are implicit, "));
}

/// ½(ax − b)² + ½θx², lesson 2.
struct Lesson {
  double a = 1, b = 2, theta = 1;
  double h() const { return a * a + theta; }
  double x() const { return a * b / h(); }
  double J() const { return -x() / h(); }

  Stated stated(double eta) const {
    return Stated(fmt::format(R"toml(
[parameters.theta]
value = {}
range = [0.1, 10]
[variables.x]
start = 0.0
[problem]
minimize = "0.5*({}*x - {})**2 + 0.5*theta*x**2"
[solve]
step = {}
)toml",
                              theta, a, b, eta));
  }
  double error_after(int k, double eta) const {
    const double rho = 1 - eta * h();
    return std::abs(x()) * std::abs(std::pow(rho, k) / h() + k * eta * std::pow(rho, k - 1));
  }
};

TEST(Unrolled, ErrsByTheClosedFormOfLessonTwo) {
  for (const Lesson& lesson : {Lesson{}, Lesson{2, -3, 0.5}})
    for (double eta_h : {0.3, 1.0, 1.9}) {
      const double eta = eta_h / lesson.h();
      Stated s = lesson.stated(eta);
      for (int k = 1; k <= 40; ++k)
        for (const char* method : {"unrolled-forward", "unrolled-reverse"}) {
          const double J = by(s, method, k).jacobian({})(0, 0);
          // Forty roundings of numbers below ten.
          EXPECT_NEAR(std::abs(J - lesson.J()), lesson.error_after(k, eta), 1e-12) << method << " " << k;
        }
    }
}

TEST(Unrolled, ErrsMoreBeforeItErrsLessWhereStepsAreLong) {
  const Lesson lesson;
  const double eta = 1.9 / lesson.h();
  Stated s = lesson.stated(eta);
  const auto error = [&](int k) { return std::abs(by(s, "unrolled-forward", k).jacobian({})(0, 0) - lesson.J()); };
  EXPECT_GT(error(10), 6.5 * error(0));  // sevenfold, as the lesson says
  EXPECT_LT(error(300), 1e-9);
}

TEST(Unrolled, ApproachesTheImplicitDerivativeAsStepsAreAdded) {
  for (const auto& [name, text] : contracting()) {
    Stated s(text + "[solve]\ntolerance = 1e-13\n");
    const Mat J = by(s, "implicit").jacobian({});
    const int enough = int(by(s, "unrolled-forward").trust().steps);
    const auto error = [&](int k) { return relative(by(s, "unrolled-reverse", k).jacobian({}), J); };
    EXPECT_LT(error(enough), 1e-8) << name;
    EXPECT_LT(error(enough / 2), error(enough / 8)) << name;
    EXPECT_GT(error(1), 1e-3) << name;
  }
}

TEST(Unrolled, IsTheSameForwardAndBackward) {
  for (const auto& [name, text] : contracting()) {
    Stated s(text);
    for (int steps : {0, 1, 2, 3, 10, 37, 100, 101}) {
      const Mat forward = by(s, "unrolled-forward", steps).jacobian({});
      const Mat backward = by(s, "unrolled-reverse", steps).jacobian({});
      EXPECT_LE((forward - backward).norm(), 1e-12 * forward.norm()) << name << " after " << steps;
    }
  }
}

TEST(Unrolled, RemembersTheRootOfItsStepsBackward) {
  Stated s(contracting().front().text);
  const double bytes = double(by(s, "unrolled-reverse", 10000).trust().memory_bytes);
  EXPECT_LE(bytes, 4 * 100 * 5 * 8);  // a mark every √T and a stretch of √T, within a factor of two each
}

TEST(Unrolled, OfTooFewStepsIsNotDefined) {
  Stated s(contracting().front().text);
  const auto d = by(s, "unrolled-forward", 3);
  EXPECT_FALSE(d.trust().defined);
  EXPECT_THAT(d.trust().reason, HasSubstr("not at the solution after 3 steps"));
  EXPECT_EQ(d.trust().steps, 3);
  EXPECT_GT(d.trust().linear_residual, 1e-3);
  EXPECT_TRUE(d.jacobian({}).allFinite());  // it was forced
}

TEST(Unrolled, OfStepsThatAreTooLongSaysSo) {
  Stated s = Lesson{}.stated(1.5);  // ηh = 3
  const auto d = by(s, "unrolled-forward");
  EXPECT_FALSE(d.trust().defined);
  EXPECT_THAT(d.trust().reason, HasSubstr("take a smaller step"));
}

TEST(Unrolled, IsEmptyWhenStopped) {
  Stated s(contracting().front().text);
  std::stop_source stop;
  stop.request_stop();
  for (const char* method : {"unrolled-forward", "unrolled-reverse", "truncated", "neumann"})
    EXPECT_EQ(by(s, method, 50).jacobian(stop.get_token()).size(), 0) << method;
}

TEST(Truncated, IsTheWholeOfAShortIterationAndTheEndOfALongOne) {
  for (const auto& [name, text] : contracting()) {
    Stated s(text);
    const auto J = [&](const char* method, int steps) { return by(s, method, steps).jacobian({}); };
    EXPECT_LE((J("truncated", 20) - J("unrolled-reverse", 20)).norm(), 1e-14 * J("truncated", 20).norm()) << name;
    // At the solution its last 20 steps are 20 terms of the series.
    EXPECT_LT(relative(J("truncated", 3000), J("neumann", 20)), 1e-8) << name;
  }
}

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

TEST(Differences, AreOfFirstAndOfSecondOrder) {
  Stated s(contracting()[2].text + "[solve]\ntolerance = 1e-14\n");
  const solve::Request at{s.solution.model, s.scene.statement, s.theta, s.solution.x};
  const Vec J = s.J();
  const auto order = [&](auto quotient) {
    const double coarse = (quotient(at, s.options, 0, 1e-1, std::stop_token()) - J).norm();
    const double fine = (quotient(at, s.options, 0, 1e-2, std::stop_token()) - J).norm();
    return std::log10(coarse / fine);
  };
  EXPECT_NEAR(order(forward_quotient), 1, 0.05);  // the next order is a tenth of it at a step of 0.1
  EXPECT_NEAR(order(central_quotient), 2, 0.05);
}

TEST(Estimators, SayHowFarTheyAreFromTheLinearSystem) {
  Stated s(contracting().front().text);
  const auto d = by(s, "one-step");
  EXPECT_TRUE(d.trust().defined);
  EXPECT_GT(d.trust().linear_residual, 1e-2);
  EXPECT_THAT(d.trust().warnings.back(),
              HasSubstr("estimated by one-step in 1 step and 0 bytes: it differs from A J = B by"));
  const Mat J = d.jacobian({});
  const auto at = s.solution.model->optimality().linearize(s.solution.x, s.theta);
  const double residual = (at.dx->dense() * J + at.dtheta->dense()).norm() / at.dtheta->dense().norm();
  EXPECT_NEAR(d.trust().linear_residual, residual, 1e-12);  // with one parameter all combinations are the same
}

}  // namespace
}  // namespace argscope::sensitivity
