#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "tests/core/optimality/statements.h"

namespace argscope::optimality {
namespace {

Vec random_vector(Index n, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal;
  return Vec::NullaryExpr(n, [&] { return normal(random); });
}

expr::Array random_array(const expr::Shape& shape, unsigned seed) {
  const Vec v = random_vector(shape.size(), seed);
  return filled(shape, [&](Index k) { return v[k]; });
}

Written ridge() {
  return {.variables = {{"w", random_array({6}, 1)}},
          .parameters = {parameter("theta", {{}, {0.7}})},
          .data = {{"X", random_array({20, 6}, 2)}, {"y", random_array({20}, 3)}},
          .definitions = {{"residual", "X @ w - y"}},
          .outputs = {{"error", "mean(residual**2)"}},
          .minimize = "0.5*sum(residual**2) + 0.5*theta*sum(w**2)"};
}

Written packing() {
  std::mt19937 random(4);
  std::uniform_real_distribution<double> place(0, 5);
  Pairs near{.name = "near", .of = "x", .box = text("L"), .cutoff = text("1.0")};
  return {.variables = {{"x", filled({30, 2}, [&](Index) { return place(random); })}},
          .parameters = {parameter("D", {{}, {0.6}}), parameter("L", {{}, {5.0}})},
          .data = {{"big", filled({30}, [](Index k) { return k < 15 ? 0.0 : 1.0; })}},
          .pairs = {near},
          .definitions = {{"diameter", "where(big > 0, 1, D)"}, {"s", "0.5*(diameter[near.i] + diameter[near.j])"}},
          .minimize = "sum(where(near.r < s, 0.5*(1 - near.r/s)**2, 0))"};
}

Written chain() {
  return {.variables = {{"y", random_array({40}, 5)}},
          .parameters = {parameter("k", {{}, {1.3}})},
          .minimize = "sum(sqrt(1 + k*(y[1:] - y[:-1])**2)) + 0.1*sum(y**4)"};
}

Written classes() {
  return {.variables = {{"W", random_array({4, 3}, 6)}},
          .parameters = {parameter("lam", {{}, {0.2}})},
          .data = {{"X", random_array({25, 4}, 7)},
                   {"Y", filled({25, 3}, [](Index k) { return k % 3 == (k / 3) % 3 ? 1.0 : 0.0; })}},
          .minimize = "sum(logsumexp(X @ W, axis=1) - sum(Y * (X @ W), axis=1)) + lam*sum(W**2)"};
}

/// No affine frontier that treats rows alike: the Hessian comes from products.
Written coupled() {
  return {.variables = {{"a", random_array({5}, 8)}, {"b", random_array({2, 2}, 9)}},
          .parameters = {parameter("t", random_array({3}, 10))},
          .minimize =
              "norm(a)**3 + sum(exp(0.1*outer(a, b[0])))*t[0]**2 + sum(solve(eye(2)*3 + 0.1*b, b)**2) + "
              "sum(t)*sum(cumsum(a)**4)"};
}

Written roots() {
  return {.variables = {{"u", random_array({3}, 11)}, {"v", {{}, {0.4}}}},
          .parameters = {parameter("p", random_array({2, 2}, 12))},
          .root = {"cos(u) - p[0, 0]*u*v", "v*p[1, 1] - sum(u*p[0, 1])"}};
}

Written fixed() {
  return {.variables = {{"z", random_array({4}, 13)}},
          .parameters = {parameter("s", {{}, {0.3}})},
          .fixed_point = {"tanh(s*z + 0.1)"}};
}

struct Case {
  std::string name;
  Written written;
};
std::vector<Case> cases() {
  return {{"ridge", ridge()},     {"packing", packing()}, {"chain", chain()}, {"classes", classes()},
          {"coupled", coupled()}, {"roots", roots()},     {"fixed", fixed()}};
}

class EveryModel : public testing::TestWithParam<Case> {
 protected:
  std::shared_ptr<const Statement> statement = stated(GetParam().written);
  ModelPtr model = build_model(statement);
  Vec theta = model->initial_parameters();
  Vec x = model->start(theta);

  Vec F(const Vec& at_x, const Vec& at_theta) const { return model->optimality().value_at(at_x, at_theta); }
};

// Central differences with h = 1e-5 err by about h² and 1e-16/h: 1e-10 of the size of the numbers, 1e-6 with room for
// stiff ones.
constexpr double difference_tolerance = 1e-6;

TEST_P(EveryModel, HasAGradientThatAgreesWithDifferences) {
  if (!model->minimizes()) GTEST_SKIP();
  Vec g(model->size());
  const double f = model->objective_and_gradient(x, theta, g);
  EXPECT_DOUBLE_EQ(f, model->objective(x, theta));
  EXPECT_LE((g - F(x, theta)).norm(), 1e-14 * (1 + g.norm()));
  for (Index k = 0; k < model->size(); ++k) {
    Vec e = Vec::Zero(model->size());
    e[k] = 1e-5;
    EXPECT_NEAR((model->objective(x + e, theta) - model->objective(x - e, theta)) / 2e-5, g[k],
                difference_tolerance * (1 + g.cwiseAbs().maxCoeff()));
  }
}

TEST_P(EveryModel, HasDerivativesOfFThatAgreeWithDifferencesAndTheirTransposes) {
  const Linearization l = model->optimality().linearize(x, theta);
  const Mat A = l.dx->dense(), B = l.dtheta->dense();
  Mat A_differences(A.rows(), A.cols()), B_differences(B.rows(), B.cols());
  for (Index k = 0; k < A.cols(); ++k) {
    const Vec e = 1e-5 * Vec::Unit(A.cols(), k);
    A_differences.col(k) = (F(x + e, theta) - F(x - e, theta)) / 2e-5;
  }
  for (Index k = 0; k < B.cols(); ++k) {
    const Vec e = 1e-5 * Vec::Unit(B.cols(), k);
    B_differences.col(k) = (F(x, theta + e) - F(x, theta - e)) / 2e-5;
  }
  EXPECT_LE((A - A_differences).norm(), difference_tolerance * (1 + A.norm()));
  EXPECT_LE((B - B_differences).norm(), difference_tolerance * (1 + B.norm()));
  const Mat U = Mat::Random(A.rows(), 11);
  Mat AtU(A.cols(), 11), BtU(B.cols(), 11);
  l.dx->apply_transposed(U, AtU);
  l.dtheta->apply_transposed(U, BtU);
  EXPECT_LE((AtU - A.transpose() * U).norm(), 1e-12 * (1 + A.norm()) * U.norm());  // the adjoint identity, to rounding
  EXPECT_LE((BtU - B.transpose() * U).norm(), 1e-12 * (1 + B.norm()) * U.norm());
}

TEST_P(EveryModel, HasAStructuredMatrixThatAgreesWithItsProducts) {
  const auto A = model->optimality().linearize(x, theta).dx;
  const Mat direct = A->linear::LinearOperator::dense();
  EXPECT_LE((A->dense() - direct).norm(), 1e-12 * (1 + direct.norm()));
  if (A->structure().symmetric) {
    EXPECT_LE((direct - direct.transpose()).norm(), 1e-12 * (1 + direct.norm()));
  }
  if (!A->structure().sparse) return;
  const auto lower = A->sparse();
  Mat full = Mat::Zero(A->rows(), A->cols());
  for (int j = 0; j < lower->pattern->cols; ++j)
    for (int k = lower->pattern->column_start[static_cast<std::size_t>(j)];
         k < lower->pattern->column_start[static_cast<std::size_t>(j) + 1]; ++k) {
      const int i = lower->pattern->row[static_cast<std::size_t>(k)];
      full(i, j) = full(j, i) = lower->values[static_cast<std::size_t>(k)];
    }
  EXPECT_LE((full - direct).norm(), 1e-12 * (1 + direct.norm()));
}

TEST_P(EveryModel, HasAResidualScaleNoSmallerThanItsLargestEntry) {
  EXPECT_GE(model->residual_scale(x, theta) * (1 + 1e-12), F(x, theta).cwiseAbs().maxCoeff());
}

INSTANTIATE_TEST_SUITE_P(All, EveryModel, testing::ValuesIn(cases()), [](const auto& test) { return test.param.name; });

TEST(Structure, IsSparseForPairsAndChainsAndDenseForLeastSquares) {
  const auto structure = [](const Written& w) {
    const auto model = build_model(stated(w));
    const Vec theta = model->initial_parameters();
    return model->optimality().linearize(model->start(theta), theta).dx->structure();
  };
  EXPECT_TRUE(structure(packing()).sparse);
  EXPECT_TRUE(structure(chain()).sparse);
  EXPECT_TRUE(structure(ridge()).dense);
  EXPECT_TRUE(structure(classes()).dense);
  EXPECT_FALSE(structure(coupled()).sparse || structure(coupled()).dense);
  EXPECT_FALSE(build_model(stated(ridge()))->curvature_depends_on_x());
  EXPECT_TRUE(build_model(stated(chain()))->curvature_depends_on_x());
}

TEST(Model, FindsNamesOfVariablesDefinitionsAndOutputs) {
  const auto model = build_model(stated(ridge()));
  for (const char* name : {"w", "theta", "residual", "error"}) EXPECT_NE(model->function(name), nullptr) << name;
  EXPECT_EQ(model->function("nothing"), nullptr);
  EXPECT_EQ(model->function("residual")->shape(), (expr::Shape{20}));
}

TEST(Model, RenewsItsPairsWhenParticlesHaveMovedFarAndKeepsTheEnergy) {
  const auto statement = stated(packing());
  const auto model = build_model(statement);
  const Vec theta = model->initial_parameters();
  Vec x = model->start(theta);
  EXPECT_EQ(model_at(model, statement, x, theta), model);
  x[0] += 0.04;  // less than half the skin of 0.1
  EXPECT_EQ(model_at(model, statement, x, theta), model);
  const double energy = model->objective(x, theta);
  EXPECT_NEAR(model_at(model, statement, x, theta)->objective(x, theta), energy, 1e-14 * (1 + energy));
  x[0] += 2.5;
  const auto renewed = model_at(model, statement, x, theta);
  EXPECT_NE(renewed, model);
  EXPECT_NEAR(renewed->objective(x, theta), build_model(statement, x, theta)->objective(x, theta), 0);
}

TEST(Model, DoesNotFeelTranslationsOfAPacking) {
  const auto model = build_model(stated(packing()));
  const Vec theta = model->initial_parameters();
  const auto A = model->optimality().linearize(model->start(theta), theta).dx;
  ASSERT_EQ(model->symmetries().cols(), 2);
  Mat Y(A->rows(), 2);
  A->apply(model->symmetries(), Y);
  EXPECT_LE(Y.norm(), 1e-12);
  EXPECT_EQ(model->name_mode(model->start(theta), theta, model->symmetries().col(0)), "translation of x along axis 0");
}

TEST(KinkMargin, IsTheRelativeDistanceToTheNearestSwitch) {
  const auto model = build_model(stated({.variables = {{"x", {{2}, {3.0, -0.5}}}},
                                         .parameters = {parameter("t", {{}, {1.0}})},
                                         .minimize = "sum(abs(x)*x**2) + t*sum(x**2)"}));
  const Vec theta = model->initial_parameters();
  const KinkMargin margin = model->kink_margin(model->start(theta), theta);
  EXPECT_NEAR(margin.value, 0.5 / 3, 1e-15);
  EXPECT_EQ(margin.where, "abs, element 1");
  EXPECT_TRUE(std::isinf(build_model(stated(ridge()))->kink_margin(Vec::Zero(6), theta).value));
}

TEST(KinkMargin, NamesTheFirstDefinitionThatHoldsTheSwitch) {
  const auto model = build_model(stated({.variables = {{"x", {{2}, {3.0, -0.5}}}},
                                         .parameters = {parameter("t", {{}, {1.0}})},
                                         .definitions = {{"size", "abs(x)"}, {"twice", "2*size"}},
                                         .minimize = "sum(twice*x**2) + t*sum(x**2)"}));
  const Vec theta = model->initial_parameters();
  EXPECT_EQ(model->kink_margin(model->start(theta), theta).where, "abs in 'size', element 1");
}

TEST(Statement, ThatMinimizesAnArrayIsRefusedWithAdvice) {
  try {
    build_model(stated({.variables = {{"x", {{2}, {3.0, -0.5}}}}, .parameters = {}, .minimize = "x**2"}));
    FAIL();
  } catch (const expr::TextError& e) {
    EXPECT_NE(std::string(e.what()).find("a sum or mean is missing"), std::string::npos) << e.what();
    EXPECT_NE(std::string(e.what()).find("(2,)"), std::string::npos) << e.what();
  }
}

TEST(Statement, WhoseRootHasTheWrongShapeIsRefusedWithBothShapes) {
  EXPECT_THROW(build_model(stated({.variables = {{"x", {{2}, {3.0, -0.5}}}}, .parameters = {}, .root = {"sum(x)"}})),
               expr::TextError);
}

}  // namespace
}  // namespace argscope::optimality
