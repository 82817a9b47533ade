// The built-in scenes tell people facts; these are the facts, read from the scene files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <Eigen/Cholesky>
#include <Eigen/LU>
#include <fstream>
#include <sstream>

#include "tests/core/sensitivity/stated.h"

namespace argscope::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

std::string text_of(const fs::path& scene) {
  std::ifstream file(scene);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// A built-in scene at other values of its parameters.
struct Posed : Stated {
  explicit Posed(const std::string& name)
      : Stated(text_of(fs::path(ARGSCOPE_SOURCE_DIR) / "scenes" / (name + ".toml"))) {}

  const optimality::Slot& parameter(const std::string& name) const {
    const auto at = std::ranges::find(model->parameters(), name, &optimality::Slot::name);
    if (at == model->parameters().end()) throw std::out_of_range("no parameter " + name);
    return *at;
  }
  /// Solves again, from the scene's start, with one parameter (or an element of it) at another value.
  Posed& set(const std::string& name, double value, Index element = 0) {
    theta[parameter(name).offset + element] = value;
    solution = solve::solve({model, scene.statement, theta, model->start(theta)}, options, memory, {}, {});
    return *this;
  }
  bool converged() const { return solution.status == solve::Status::Converged; }
  double output(const std::string& name) const {
    return solution.model->function(name)->value_at(solution.x, theta)[0];
  }
  Vec array(const std::string& name) const { return solution.model->function(name)->value_at(solution.x, theta); }
  /// Columns of J that belong to one parameter.
  Mat J_of(const std::string& name) { return J().middleCols(parameter(name).offset, parameter(name).size()); }
  Mat data(const std::string& name) const {
    const auto& a = std::ranges::find(scene.statement->data, name, &optimality::NamedArray::name)->array;
    const Index rows = a.shape.rank() > 0 ? a.shape[0] : 1;
    return Eigen::Map<const Eigen::Matrix<double, -1, -1, Eigen::RowMajor>>(a.values.data(), rows,
                                                                            a.shape.size() / rows);
  }
  std::vector<Index> support() const {
    std::vector<Index> s;
    for (Index j = 0; j < variables(); ++j)
      if (solution.x[j] != 0) s.push_back(j);
    return s;
  }
};

class BuiltInScene : public ::testing::TestWithParam<std::string> {};

/// Differences of solved states are good to 1e-6, or to rounding, 1e-16, times a condition number of 1e3 over steps as
/// short as 2e-7 where a parameter starts at zero. Packings have a test of their own; of many parameters the first two
/// dozen stand for all.
TEST_P(BuiltInScene, HasTheDerivativeThatDifferencesHave) {
  Posed s(GetParam());
  ASSERT_TRUE(s.converged()) << s.solution.message;
  auto sensitivity = s.sensitivity();
  ASSERT_TRUE(sensitivity.trust().defined) << sensitivity.trust().reason;
  const Index n = s.variables(), columns = std::min<Index>(s.theta.size(), 24);
  const Mat J = sensitivity.columns(0, columns, {}).topRows(n);
  const Mat D = sensitivity::central_differences({s.solution.model, s.scene.statement, s.theta, s.solution.x},
                                                 s.options, 0, columns, Mat(s.solution.x.size(), 0), {})
                    .topRows(n);
  const bool from_zero = s.theta.head(columns).cwiseAbs().minCoeff() == 0;
  EXPECT_LE((J - D).norm(), (from_zero ? 5e-6 : 1e-6) * D.norm());
}

std::vector<std::string> scenes_without_pairs() {
  std::vector<std::string> names;
  for (const auto& path : fs::directory_iterator(fs::path(ARGSCOPE_SOURCE_DIR) / "scenes"))
    if (path.path().extension() == ".toml" && text_of(path.path()).find("[pairs.") == std::string::npos)
      names.push_back(path.path().stem().string());
  std::ranges::sort(names);
  return names;
}

INSTANTIATE_TEST_SUITE_P(All, BuiltInScene, ::testing::ValuesIn(scenes_without_pairs()), [](const auto& scene) {
  std::string word = scene.param;
  std::ranges::replace(word, '-', '_');
  return word;
});

// ---- lesson 3
TEST(Kinks, AreTheDigitsOfTheThirdLesson) {
  Posed s("kinks");
  const auto slope = [&](double theta) -> Vec { return s.set("theta", theta).J_of("theta"); };
  // Soft thresholding is exact; the solver stops within rounding.
  EXPECT_LT((slope(1.0) - Vec{{-1, 1, 0}}).norm(), 1e-12);
  EXPECT_LT((s.x() - Vec{{2, -1, 0}}).norm(), 1e-12);
  EXPECT_LT((slope(2.5) - Vec{{-1, 0, 0}}).norm(), 1e-12);
  EXPECT_EQ(slope(3.5).norm(), 0);
}

TEST(Kinks, RefusesToDifferentiateATieAndNamesIt) {
  Posed s("kinks");
  ASSERT_TRUE(s.set("theta", 2.0).converged());
  const auto trust = s.sensitivity().trust();
  EXPECT_FALSE(trust.defined);
  EXPECT_THAT(trust.reason, HasSubstr("x[1]"));
}

// ---- lesson 5
TEST(TwoDiscs, ShareWhatIsTooMuchInThree) {
  Posed s("two-discs");
  for (double theta : {1.05, 1.3, 1.6}) {
    ASSERT_TRUE(s.set("theta", theta).converged()) << s.solution.message;
    EXPECT_LT((s.array("overlap") - Vec::Constant(3, (theta - 1) / 3)).norm(), 1e-10);  // the solver's tolerance
    EXPECT_LT((s.J() - Vec{{1.0 / 6, 1.0 / 3}}).norm(), 1e-12) << theta;
  }
}

TEST(TwoDiscs, AreNotRigidWhenLoose) {
  Posed s("two-discs");
  for (double theta : {0.6, 0.9}) {
    s.set("theta", theta);
    const auto trust = s.sensitivity().trust();
    EXPECT_FALSE(trust.defined) << theta;
    EXPECT_THAT(trust.reason, HasSubstr("nothing determines x"));
  }
}

// ---- lasso: (X_SᵀX_S) ∂w_S/∂θ = −sign(w_S)
TEST(Lasso, HasTheDerivativeOfItsSupport) {
  Posed s("lasso");
  const Mat X = s.data("X");
  for (double theta : {3.0, 20.0, 150.0}) {
    ASSERT_TRUE(s.set("theta", theta).converged()) << s.solution.message;
    const auto S = s.support();
    const Mat XS = X(Eigen::all, S);
    Vec expected = Vec::Zero(10);
    expected(S) = -(XS.transpose() * XS).ldlt().solve(Vec(s.x()(S).cwiseSign()));
    EXPECT_LT(relative(s.J(), expected), 1e-10) << "rounding times a condition number below 1e4";
  }
}

TEST(Lasso, RefusesWhereTheFirstWeightEnters) {
  Posed s("lasso");
  const double largest = (s.data("X").transpose() * s.data("y").reshaped()).cwiseAbs().maxCoeff();
  ASSERT_TRUE(s.set("theta", largest).converged());
  const auto trust = s.sensitivity().trust();
  EXPECT_FALSE(trust.defined);
  EXPECT_THAT(trust.reason, HasSubstr("w[2]")) << "bmi";
  EXPECT_TRUE(s.set("theta", 1.01 * largest).sensitivity().trust().defined);
  EXPECT_EQ(s.J().norm(), 0) << "everything is switched off";
}

// ---- mathematics, T8: dE/dα₁ = −sign(w_S)ᵀ H_S⁻¹ g, dE/dα₂ = −w_Sᵀ H_S⁻¹ g
TEST(ElasticNet, HasTheHypergradientOfItsSupport) {
  Posed s("elastic-net");
  const Mat X = s.data("X"), X_held = s.data("X_held");
  const Vec y_held = s.data("y_held").reshaped();
  for (double alpha1 : {0.02, 0.002, 0.2}) {
    ASSERT_TRUE(s.set("alpha1", alpha1).converged()) << s.solution.message;
    const auto S = s.support();
    const Mat XS = X(Eigen::all, S), held = X_held(Eigen::all, S);
    const Vec w = s.x()(S);
    const Mat H = XS.transpose() * XS / 100 + s.theta[1] * Mat::Identity(w.size(), w.size());
    const Vec g = held.transpose() * (held * w - y_held) / 240, u = H.ldlt().solve(g);
    const Vec expected{{-w.cwiseSign().dot(u), -w.dot(u)}};
    EXPECT_LT(relative(s.hypergradient("validation_loss"), expected), 1e-10) << "alpha1 = " << alpha1;
  }
}

// ---- portfolio: the KKT system of the rows that hold, by hand
struct Held {
  Vec w, dw_dtarget;
  Mat dw_dmu;
};

/// K (w, ν, λ) = (0, 1, target), K = [Σ, 1, μ; 1ᵀ; μᵀ] on the assets in use.
Held portfolio_by_hand(const Mat& covariance, const Vec& mu, double target, const std::vector<Index>& used) {
  const Index k = Index(used.size());
  Mat K = Mat::Zero(k + 2, k + 2);
  K.topLeftCorner(k, k) = covariance(used, used);
  K.col(k).head(k).setOnes();
  K.col(k + 1).head(k) = mu(used);
  K.bottomRows(2) = K.rightCols(2).transpose();
  Vec right = Vec::Zero(k + 2);
  right[k] = 1, right[k + 1] = target;
  const auto lu = K.fullPivLu();
  const Vec solved = lu.solve(right);
  Held held{Vec::Zero(mu.size()), Vec::Zero(mu.size()), Mat::Zero(mu.size(), mu.size())};
  held.w(used) = solved.head(k);
  held.dw_dtarget(used) = Vec(lu.solve(Vec::Unit(k + 2, k + 1))).head(k);
  for (Index j = 0; j < k; ++j) {  // dK·(w, ν, λ) = λ e_j and w_j in the last row
    Vec change = Vec::Zero(k + 2);
    change[j] = -solved[k + 1], change[k + 1] = -solved[j];
    Vec column = Vec::Zero(mu.size());
    column(used) = Vec(lu.solve(change)).head(k);
    held.dw_dmu.col(used[std::size_t(j)]) = column;
  }
  return held;
}

TEST(Portfolio, SolvesItsKktSystemAndDifferentiatesIt) {
  Posed s("portfolio");
  const Vec mu = s.array("mu");
  for (double target : {4.0, 5.0, 7.0}) {
    ASSERT_TRUE(s.set("target", target).converged()) << s.solution.message;
    std::vector<Index> used;
    for (Index j = 0; j < 6; ++j)
      if (s.x()[j] > 1e-6) used.push_back(j);
    const Held held = portfolio_by_hand(s.data("covariance"), mu, target, used);
    EXPECT_LT(relative(s.x(), held.w), 1e-8) << target;  // the solver's tolerance, 1e-10, times a condition number
    EXPECT_LT(relative(s.J_of("target"), held.dw_dtarget), 1e-7) << target;
    EXPECT_LT(relative(s.J_of("mu"), held.dw_dmu), 1e-7) << target;
    EXPECT_NEAR(s.J_of("target").sum(), 0, 1e-10) << "the weights go on summing to one";
  }
}

TEST(Portfolio, RefusesWhereCashIsSoldOutAndNamesTheConstraint) {
  Posed s("portfolio");
  ASSERT_TRUE(s.set("target", 3.5).converged());
  const double sold_out = 3.5 - s.x()[0] / s.J_of("target")(0);  // weights are straight lines between kinks
  ASSERT_TRUE(s.set("target", sold_out).converged());
  const auto trust = s.sensitivity().trust();
  EXPECT_FALSE(trust.defined);
  EXPECT_THAT(trust.reason, HasSubstr("'w >= 0', element 0"));
}

TEST(Portfolio, DependsOnNoTargetBelowTheLeastRiskyMix) {
  Posed s("portfolio");
  ASSERT_TRUE(s.set("target", 1.2).converged());
  EXPECT_GT(s.output("mean_return"), 1.2);
  EXPECT_LT(s.J_of("target").norm(), 1e-10);
}

// ---- total variation: a plateau of length k between a lower and a higher one does not move, a hill sinks by 2/k
TEST(Denoising, MovesPlateausByTheirNeighbours) {
  Posed s("denoising");
  ASSERT_TRUE(s.converged());
  const Vec x = s.x(), J = s.J_of("lam");
  for (Index first = 0, last; first < 100; first = last) {
    for (last = first + 1; last < 100 && std::abs(x[last] - x[first]) < 1e-9;) ++last;
    const double left = first > 0 ? (x[first - 1] > x[first] ? 1 : -1) : 0;
    const double right = last < 100 ? (x[last] > x[first] ? 1 : -1) : 0;
    const Vec expected = Vec::Constant(last - first, (left + right) / double(last - first));
    EXPECT_LT((J.segment(first, last - first) - expected).norm(), 1e-12) << "plateau from " << first;
  }
}

TEST(Denoising, AveragesTheMeasurementsOfEachPlateau) {
  Posed s("denoising");
  const Vec x = s.x();
  const Mat J = s.J_of("y");
  for (Index i = 0; i < 100; ++i) {
    const Index members = ((x.array() - x[i]).abs() < 1e-9).count();  // no two plateaus are of one height
    for (Index j = 0; j < 100; ++j)
      EXPECT_NEAR(J(i, j), std::abs(x[i] - x[j]) < 1e-9 ? 1.0 / double(members) : 0, 1e-12) << i << ", " << j;
  }
}

// ---- support vectors
TEST(Svm, HasOneHypergradientByThreeConditions) {
  Posed projected("svm");
  ASSERT_TRUE(projected.converged()) << projected.solution.message;
  const double reference = projected.hypergradient("validation_loss")[0];
  const std::string text = text_of(fs::path(ARGSCOPE_SOURCE_DIR) / "scenes/svm.toml");
  const std::string place = "subject_to = [\"x in simplex()\"]\n";
  for (const std::string condition : {"kkt", "mirror_descent"}) {
    std::string other = text;
    other.insert(other.find(place) + place.size(), "condition = \"" + condition + "\"\n");
    Stated s(other);
    ASSERT_EQ(s.solution.status, solve::Status::Converged) << condition << s.solution.message;
    EXPECT_NEAR(s.hypergradient("validation_loss")[0], reference, 1e-9 * std::abs(reference)) << condition;  // T11
  }
}

TEST(Svm, IsSolvedFarFromTheParameterThatItsStepWasMadeFor) {
  Posed s("svm");
  for (double theta = 0.5; theta < 100; theta *= 1.3)
    EXPECT_TRUE(s.set("theta", theta).converged()) << theta << ": " << s.solution.message;
}

TEST(Svm, DoesNotMoveRowsInACorner) {
  Posed s("svm");
  const Mat J = s.J();
  Index corners = 0;
  for (Index i = 0; i < 60; ++i) {
    const Vec row = s.x().segment(3 * i, 3);
    EXPECT_NEAR(row.sum(), 1, 1e-12);
    if (row.maxCoeff() < 1) continue;
    ++corners;
    EXPECT_EQ(J.middleRows(3 * i, 3).norm(), 0) << "row " << i;
  }
  EXPECT_GT(corners, 0);
  EXPECT_LT(corners, 60);
}

// ---- cone: the multipliers of the two norms are known in closed form
TEST(Cone, IsStationaryWithTheMultipliersOfTheTwoNorms) {
  Posed s("cone");
  ASSERT_TRUE(s.converged()) << s.solution.message;
  const Mat F =
      Eigen::Map<const Eigen::Matrix<double, -1, -1, Eigen::RowMajor>>(s.theta.data() + s.parameter("F").offset, 6, 4);
  const Vec g = s.array("g"), x = s.x().tail(4), residual = F * x - g;
  const Vec slope = F.transpose() * residual.normalized() + s.theta[0] * x.normalized();
  EXPECT_NEAR(s.output("misfit"), residual.norm(), 1e-8);  // the solver's tolerance
  for (Index j = 0; j < 4; ++j) {
    EXPECT_GE(x[j], -1e-9);
    EXPECT_GE(slope[j], -1e-7);
    EXPECT_NEAR(x[j] * slope[j], 0, 1e-7);
  }
}

// ---- enzyme: H J = RᵀW with H the whole Hessian; at the minimum the misfit's slope vanishes
TEST(Enzyme, RecoversTheConstantsFromRatesWithoutError) {
  Posed s("enzyme");
  const Mat S = s.data("S"), inhibitor = s.data("inhibitor");
  for (Index i = 0; i < 15; ++i)
    s.theta[s.parameter("rate").offset + i] = 10 * S(i) / (2 * (1 + inhibitor(i) / 1.5) + S(i));
  s.set("weight_high", 1);
  ASSERT_TRUE(s.converged());
  EXPECT_LT((s.x() - Vec{{10, 2, 1.5}}).norm(), 1e-8);
  // On exact rates the Hessian is RᵀR, so J R = 1: rates that move as the model does move the constants so.
  const Mat R = s.solution.model->function("model")->linearize(s.solution.x, s.theta).dx->dense();
  EXPECT_LT((s.J_of("rate") * R - Mat::Identity(3, 3)).norm(), 1e-7);
}

// ---- poisoning
TEST(Poisoning, DrawsTheHypergradientByItsFormula) {
  Posed s("poisoning");
  for (double blend : {0.0, 0.4, 0.9}) {
    ASSERT_TRUE(s.set("blend", blend).converged()) << s.solution.message;
    const auto& gamma = s.parameter("gamma");
    const Vec gradient = s.hypergradient("validation_loss").segment(gamma.offset, gamma.size());
    EXPECT_LT(relative(gradient, s.array("harm")), 1e-10) << "rounding times a condition number of 1e3";
  }
}

TEST(Poisoning, SeesNoKinkInPixelsThatAreAlwaysDark) {
  Posed s("poisoning");
  EXPECT_EQ(s.x()[0], 0) << "no image has ink in the corner";
  EXPECT_GT(s.sensitivity().trust().kink.value, 1e-6) << s.sensitivity().trust().kink.where;
}

}  // namespace
}  // namespace argscope::testing
