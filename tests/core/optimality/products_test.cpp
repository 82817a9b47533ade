// Every optimality condition at random points, not at solutions alone: the four products against differences and
// against each other, and the same bits whoever asks, in whatever order and on however many threads.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/optimality/conditions.h"
#include "core/parallel.h"
#include "tests/core/optimality/conditioned.h"

namespace argscope::optimality {
namespace {

Mat drawn_matrix(std::mt19937& random, Index rows, Index cols) {
  return drawn(random, rows * cols, -1, 1).reshaped(rows, cols);
}

Mat times(const linear::LinearOperator& A, const Mat& X) {
  Mat Y(A.rows(), X.cols());
  A.apply(X, Y);
  return Y;
}
Mat times_transposed(const linear::LinearOperator& A, const Mat& X) {
  Mat Y(A.cols(), X.cols());
  A.apply_transposed(X, Y);
  return Y;
}

class EveryCondition : public testing::TestWithParam<Conditioned> {
 protected:
  std::shared_ptr<const Statement> statement = stated(GetParam().written);
  ModelPtr model = build_model(statement);
  std::mt19937 random{7};

  Vec point() { return drawn(random, model->size(), GetParam().positive ? 0.05 : -1.5, 1.5); }
  Vec parameters() { return drawn(random, model->parameter_size(), 0.4, 1.4); }

  /// ∂₂ or ∂₁ of a function along d, of fourth order in h, or nothing where both sides have slopes of their own.
  static std::optional<Vec> difference(const Function& f, const Vec& x, const Vec& dx, const Vec& theta,
                                       const Vec& dtheta) {
    const auto at = [&](double h) { return f.value_at(x + h * dx, theta + h * dtheta); };
    constexpr double h = 1e-4, wide = 1e-3;
    const Vec here = at(0), after = (at(wide) - here) / wide, before = (here - at(-wide)) / wide;
    if (!((after - before).norm() < 0.05 * (1 + after.norm()))) return std::nullopt;
    return (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
  }

  /// Both derivatives of f against differences at random points, most of which must be off the kinks.
  void expect_derivatives(const Function& f, const char* what) {
    int tried = 0;
    constexpr int draws = 12;
    for (int k = 0; k < draws; ++k) {
      const Vec x = point(), theta = parameters();
      const Vec dx = drawn(random, x.size(), -1, 1), dtheta = drawn(random, theta.size(), -1, 1);
      const auto in_x = difference(f, x, dx, theta, Vec::Zero(theta.size()));
      const auto in_theta = difference(f, x, Vec::Zero(x.size()), theta, dtheta);
      if (!in_x || !in_theta) continue;
      ++tried;
      const Linearization l = f.linearize(x, theta);
      // rounding 1e-15/h and a truncation h⁴ times a fifth derivative
      ASSERT_LE((times(*l.dx, dx) - *in_x).norm(), 1e-8 * (1 + in_x->norm())) << what << " in x, draw " << k;
      ASSERT_LE((times(*l.dtheta, dtheta) - *in_theta).norm(), 1e-8 * (1 + in_theta->norm())) << what << ", draw " << k;
    }
    EXPECT_GE(tried, draws / 3) << what << ": too many points near a kink";
  }
};

TEST_P(EveryCondition, HasProductsThatAreItsDerivativesAwayFromSolutions) {
  if (!GetParam().exact) GTEST_SKIP() << "exact at solutions alone";
  expect_derivatives(model->optimality(), "F");
}

TEST_P(EveryCondition, HasPartsThatDifferentiate) {
  if (const Function* slope = model->slope()) expect_derivatives(*slope, "slope");
  if (const Function* residuals = model->residuals()) expect_derivatives(*residuals, "residuals");
  if (const Function* projection = model->projection()) expect_derivatives(*projection, "projection");
  if (const Function* minimum = model->minimum()) expect_derivatives(*minimum, "minimum");
  for (const char* name : {"x", "w", "t"})
    if (const Function* part = model->function(name)) expect_derivatives(*part, name);
}

TEST_P(EveryCondition, TakesBlocksOfColumnsAsOneColumnAfterAnother) {
  const Vec x = point(), theta = parameters();
  const Linearization l = model->optimality().linearize(x, theta);
  for (const linear::OperatorPtr& A : {l.dx, l.dtheta}) {
    const Mat dense = A->dense();
    const double size = 1e-13 * (1 + dense.norm());  // sums of a few numbers in another order
    for (const Index columns : {1, 3, 9}) {
      const Mat X = drawn_matrix(random, A->cols(), columns), Y = drawn_matrix(random, A->rows(), columns);
      const Mat AX = times(*A, X), AtY = times_transposed(*A, Y);
      for (Index k = 0; k < columns; ++k) {
        EXPECT_LE((AX.col(k) - times(*A, X.col(k))).norm(), size * X.norm()) << columns;
        EXPECT_LE((AtY.col(k) - times_transposed(*A, Y.col(k))).norm(), size * Y.norm()) << columns;
      }
      EXPECT_LE((AX - dense * X).norm(), size * X.norm()) << columns;
      EXPECT_LE((AtY - dense.transpose() * Y).norm(), size * Y.norm()) << columns;
      EXPECT_NEAR(AX.cwiseProduct(Y).sum(), X.cwiseProduct(AtY).sum(), size * X.norm() * Y.norm()) << columns;
    }
  }
}

TEST_P(EveryCondition, HasTheSameBitsOnOneThreadAndOnTwo) {
  const Vec x = point(), theta = parameters();
  const Mat X = drawn_matrix(random, model->size(), 9), U = drawn_matrix(random, model->parameter_size(), 9);
  const auto everything = [&] {
    const Linearization l = model->optimality().linearize(x, theta);
    return std::vector<Mat>{
        model->optimality().value_at(x, theta), times(*l.dx, X), times_transposed(*l.dx, X), times(*l.dtheta, U),
        times_transposed(*l.dtheta, X),         l.dx->dense(),   l.dtheta->dense()};
  };
  const auto one = with_threads(1, everything), two = with_threads(2, everything);
  for (std::size_t k = 0; k < one.size(); ++k) EXPECT_EQ(one[k], two[k]) << k;
}

TEST_P(EveryCondition, ForgetsOtherPoints) {
  const Vec p = point(), q = point(), theta = parameters(), other = parameters();
  const auto at = [&](const Model& m, const Vec& x, const Vec& by) {
    const Linearization l = m.optimality().linearize(x, by);
    Mat all(m.size(), 2 + m.size() + m.parameter_size());
    all << m.optimality().value_at(x, by), Vec::Constant(m.size(), m.residual_scale(x, by)), l.dx->dense(),
        l.dtheta->dense();
    return all;
  };
  const Mat first = at(*model, p, theta);
  at(*model, q, theta);
  at(*model, p, other);
  EXPECT_EQ(at(*model, p, theta), first);
  EXPECT_EQ(at(*build_model(statement), p, theta), first) << "another model of the same statement";
  // an operator is frozen where it was made
  const Linearization early = model->optimality().linearize(p, theta);
  at(*model, q, other);
  EXPECT_EQ(early.dx->dense(), first.middleCols(2, model->size()));
}

TEST_P(EveryCondition, IsSymmetricWhereItSaysSo) {
  int claimed = 0;
  for (int k = 0; k < 4; ++k) {
    const auto A = model->optimality().linearize(point(), parameters()).dx;
    if (!A->structure().symmetric) continue;
    ++claimed;
    const Mat direct = A->LinearOperator::dense();
    EXPECT_LE((direct - direct.transpose()).norm(), 1e-13 * (1 + direct.norm()));
  }
  EXPECT_EQ(claimed > 0, model->minimizes() || GetParam().name == "gauss_newton" || GetParam().name == "newton");
}

TEST_P(EveryCondition, HasAPositiveResidualScaleThatBoundsItsResidual) {
  for (int k = 0; k < 6; ++k) {
    const Vec x = point(), theta = parameters();
    const double scale = model->residual_scale(x, theta);
    EXPECT_GT(scale, 0);
    if (model->condition() == "newton") continue;  // F is a step there, measured against x
    EXPECT_GE(scale * (1 + 1e-12), model->optimality().value_at(x, theta).lpNorm<Eigen::Infinity>());
  }
  if (GetParam().positive) return;  // no point there
  EXPECT_GT(model->residual_scale(Vec::Zero(model->size()), parameters()), 0) << "at x = 0";
}

TEST_P(EveryCondition, OfAStepIsMadeOfTheSlopeAndItsOuterDerivative) {
  const Vec x = point(), theta = parameters(), eta = model->step_lengths();
  const auto P = model->outer_slope(x, theta);
  ASSERT_EQ(P != nullptr, eta.size() > 0);
  if (!P) return;
  ASSERT_EQ(eta.size(), model->size());
  EXPECT_GT(eta.minCoeff(), 0);
  const Mat H = model->slope()->linearize(x, theta).dx->dense(), I = Mat::Identity(H.rows(), H.cols());
  const Mat expected = P->dense() * (I - eta.asDiagonal() * H) - I;
  const Mat actual = model->optimality().linearize(x, theta).dx->dense();
  EXPECT_LE((actual - expected).norm(), 1e-13 * (1 + expected.norm()));  // the same products in another order
}

TEST_P(EveryCondition, NamesEveryUnknownAndEverySwitch) {
  const auto& unknowns = model->unknowns();
  std::vector<std::string> names;
  for (Index k = 0; k < model->size(); ++k) names.push_back(element_name(unknowns, k));
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end()) << "two unknowns of one name";
  EXPECT_EQ(model->cones().size(), unknowns.size() - model->variables().size());
  const Vec x = point(), theta = parameters(), gaps = model->switches(x, theta);
  for (Index k = 0; k < gaps.size(); ++k) EXPECT_FALSE(model->switch_name(k).empty()) << k;
  const KinkMargin margin = model->kink_margin(x, theta);
  EXPECT_EQ(std::isinf(margin.value), gaps.size() == 0);
  EXPECT_EQ(margin.where.empty(), gaps.size() == 0);
  EXPECT_GE(margin.value, 0);
}

TEST_P(EveryCondition, CompletesVariablesWithWhatTheConstraintsLeave) {
  const Vec theta = parameters(), primal = point().head(model->primal_size());
  const Vec x = model->completed(primal, theta);
  ASSERT_EQ(x.size(), model->size());
  EXPECT_EQ(x.head(primal.size()), primal);
  const Vec F = model->optimality().value_at(x, theta);
  for (std::size_t k = 0; k < model->cones().size(); ++k) {
    const Slot& slot = model->unknowns()[model->variables().size() + k];
    const Vec v = x.segment(slot.offset, slot.size()), off = F.segment(slot.offset, slot.size());
    if (model->cones()[k] == Cone::Zero) {
      EXPECT_EQ(v, Vec::Zero(v.size())) << slot.name;
    } else {
      // s − Π_K(−v) with v = −s: what lies outside the cone, and nothing of an inequality that holds
      EXPECT_LE(off.norm(), v.norm() * (1 + 1e-14)) << slot.name;
    }
    if (model->cones()[k] == Cone::Nonnegative) {
      EXPECT_LE((off - (-v).cwiseMin(0)).norm(), 1e-14 * (1 + v.norm())) << slot.name;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, EveryCondition, testing::ValuesIn(conditioned()),
                         [](const auto& test) { return test.param.name; });

TEST(Conditions, EachStandInTheTableOfTheseTests) {
  const auto rows = conditioned();
  for (const std::string_view name : condition_names()) {
    if (name == "auto") continue;
    const auto is_it = [&](const Conditioned& c) { return build_model(stated(c.written))->condition() == name; };
    EXPECT_TRUE(std::any_of(rows.begin(), rows.end(), is_it)) << name;
  }
}

TEST(NewtonMapping, SolvesWithTheHessianInValueAndInTheta) {
  const ModelPtr newton = build_model(stated(coupled_by("newton", "", {})));
  const ModelPtr plain = build_model(stated(coupled_by("stationary", "", {})));
  std::mt19937 random(3);
  const Vec x = drawn(random, plain->size(), -1, 1), theta = drawn(random, 3, 0.4, 1.4);
  const Linearization by = plain->optimality().linearize(x, theta), l = newton->optimality().linearize(x, theta);
  const Mat H = by.dx->dense();
  const Vec gradient = plain->optimality().value_at(x, theta);
  const double rounding = 1e-11;  // of a factorization of a well-conditioned H
  EXPECT_LE((H * newton->optimality().value_at(x, theta) + gradient).norm(), rounding * gradient.norm());
  EXPECT_LE((l.dx->dense() + Mat::Identity(H.rows(), H.cols())).norm(), 0);
  EXPECT_LE((H * l.dtheta->dense() + by.dtheta->dense()).norm(), rounding * by.dtheta->dense().norm());
}

TEST(GaussNewtonMapping, HasTheSquareOfTheResidualsSlopeForItsMatrix) {
  const ModelPtr model = build_model(stated(squares("gauss_newton")));
  std::mt19937 random(4);
  const Vec x = drawn(random, model->size(), -1, 1), theta = drawn(random, 3, 0.4, 1.4);
  ASSERT_NE(model->residuals(), nullptr);
  const Vec r = model->residuals()->value_at(x, theta);
  const double f = model->objective(x, theta);
  EXPECT_NEAR(0.5 * r.squaredNorm(), f, 1e-14 * (1 + f));
  const Mat R = model->residuals()->linearize(x, theta).dx->dense();
  const Mat A = model->optimality().linearize(x, theta).dx->dense();
  EXPECT_LE((A - R.transpose() * R).norm(), 1e-13 * A.norm());
  EXPECT_LE((R.transpose() * r - model->optimality().value_at(x, theta)).norm(), 1e-13 * (1 + R.norm() * r.norm()));
}

}  // namespace
}  // namespace argscope::optimality
