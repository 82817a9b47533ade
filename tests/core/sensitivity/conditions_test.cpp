// One problem by several optimality conditions: what they must agree on.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <Eigen/LU>
#include <Eigen/SVD>

#include "core/sensitivity/sides.h"
#include "tests/core/sensitivity/stated.h"

namespace argscope::testing {
namespace {

using ::testing::HasSubstr;

/// The dual of a multiclass support-vector machine on three noisy classes (Blondel et al. 2022, section 4.1), with a
/// validation loss.
std::string svm(const std::string& condition, const std::string& step) {
  return fmt::format(R"toml(
[data.noise]
random = "normal"
shape = [60, 20]
seed = 5
[data.centre]
random = "normal"
shape = [3, 20]
seed = 6
[data.held_out]
random = "normal"
shape = [30, 20]
seed = 7
[data.Y]
value = "where(reshape(arange(60) % 3, (60, 1)) == arange(3), 1, 0)"
[data.Y_held_out]
value = "where(reshape(arange(30) % 3, (30, 1)) == arange(3), 1, 0)"
[data.X]
value = "noise + 0.1*Y @ centre"
[data.X_held_out]
value = "held_out + 0.1*Y_held_out @ centre"
[parameters.theta]
value = 2.0
range = [0.1, 10]
[variables.x]
shape = [60, 3]
start = "full((60, 3), 1/3)"
[definitions]
W = "X.T @ (Y - x)/theta"
[problem]
minimize = "0.5*theta*sum(W**2) + sum(x*Y)"
subject_to = ["x in simplex()"]
condition = "{}"
[outputs]
loss = "0.5*sum((X_held_out @ W - Y_held_out)**2)"
[solve]
{}
)toml",
                     condition, step.empty() ? "" : "step = " + step);
}

TEST(T11, GivesOneHypergradientByProjectedGradientMirrorDescentAndKkt) {
  Stated kkt(svm("kkt", ""));
  ASSERT_EQ(kkt.solution.status, solve::Status::Converged) << kkt.solution.message;
  const double reference = kkt.hypergradient("loss")[0];
  const auto agrees = [&](const std::string& condition, const std::string& step) {
    Stated other(svm(condition, step));
    ASSERT_EQ(other.solution.status, solve::Status::Converged) << condition << " " << step << other.solution.message;
    EXPECT_NEAR(other.hypergradient("loss")[0], reference, 1e-9 * std::abs(reference)) << condition << " " << step;
  };
  for (const char* step : {"1e-3", "1e-2", "1e-1", "1.0"}) agrees("projected_gradient", step);
  for (const char* step : {"1e-2", "1e-1", "1.0"}) agrees("mirror_descent", step);
  Stated natural(svm("auto", ""));
  const Mat slope = natural.sensitivity().total(*natural.solution.model->function("loss"), {});
  const Mat along = natural.differences();
  const auto at = natural.solution.model->function("loss")->linearize(natural.solution.x, natural.theta);
  Mat through(1, 1), direct(1, 1);
  at.dx->apply(along, through);
  at.dtheta->apply(Mat::Ones(1, 1), direct);
  EXPECT_NEAR(slope(0, 0), through(0, 0) + direct(0, 0), 1e-6 * std::abs(slope(0, 0)));
}

/// A quadratic program in the form of OptNet, with every coefficient a parameter.
const std::string optnet = R"toml(
[data.L]
random = "normal"
shape = [6, 6]
seed = 1
[data.A0]
random = "normal"
shape = [2, 6]
seed = 2
[data.G0]
random = "normal"
shape = [8, 6]
seed = 3
[data.q0]
random = "normal"
shape = [6]
seed = 4
[parameters.Q]
value = "L @ L.T + eye(6)"
range = [-100, 100]
[parameters.q]
value = "5*q0"
range = [-100, 100]
[parameters.A]
value = "A0"
range = [-100, 100]
[parameters.b]
value = "A0 @ ones(6)"
range = [-100, 100]
[parameters.G]
value = "G0"
range = [-100, 100]
[parameters.h]
value = "G0 @ ones(6) + 0.3"
range = [-100, 100]
[variables.z]
shape = [6]
[problem]
minimize = "0.5*z @ Q @ z + q @ z"
subject_to = ["A @ z == b", "G @ z <= h"]
[outputs]
loss = "sum(z*arange(6))"
)toml";

TEST(T15, FindsTheSixDerivativesOfOptNetAndRejectsTheMisprintedOne) {
  Stated qp(optnet);
  ASSERT_EQ(qp.solution.status, solve::Status::Converged) << qp.solution.message;
  const Mat J = qp.J(), D = qp.differences();
  EXPECT_LT(relative(J, D), 1e-7) << "differences of solutions at rounding, h about 1e-5";
  const Vec z = qp.x(), v = qp.solution.x.tail(8), lambda = v.cwiseMax(0);
  ASSERT_GE((lambda.array() > 0).count(), 1) << "an active constraint is needed";
  ASSERT_GE((lambda.array() > 0).count(), 1);
  // By hand (Amos & Kolter 2017, equation 8), ℓ = Σ j z_j: Kᵀ d = −(∂ℓ/∂z, 0, 0).
  const Mat A = Eigen::Map<const Eigen::Matrix<double, -1, -1, Eigen::RowMajor>>(qp.theta.data() + 42, 2, 6);
  const Mat G = Eigen::Map<const Eigen::Matrix<double, -1, -1, Eigen::RowMajor>>(qp.theta.data() + 56, 8, 6);
  const Mat Q = Eigen::Map<const Eigen::Matrix<double, -1, -1, Eigen::RowMajor>>(qp.theta.data(), 6, 6);
  const Vec slack = G * z - qp.theta.tail(8);
  Mat K = Mat::Zero(16, 16);
  K << Q, G.transpose() * lambda.asDiagonal(), A.transpose(), G, Mat(slack.asDiagonal()), Mat::Zero(8, 2), A,
      Mat::Zero(2, 10);
  Vec right = Vec::Zero(16);
  for (Index j = 0; j < 6; ++j) right[j] = -static_cast<double>(j);
  const Vec d = K.fullPivLu().solve(right), dz = d.head(6), dl = d.segment(6, 8);
  const Mat right_G = lambda.asDiagonal() * dl * z.transpose() + lambda * dz.transpose();
  const Mat slide_G = lambda.asDiagonal() * (dl * z.transpose() + lambda * dz.transpose());
  const Vec gradient = qp.hypergradient("loss");
  const Mat of_G = Eigen::Map<const Eigen::Matrix<double, -1, -1, Eigen::RowMajor>>(gradient.data() + 56, 8, 6);
  EXPECT_LT(relative(of_G, right_G), 1e-9);
  EXPECT_GT(relative(of_G, slide_G), 1e-3) << "the printed formula has a factor λ too many";
  EXPECT_LT(relative(gradient.segment(36, 6), dz), 1e-9) << "in q";
  EXPECT_LT(relative(gradient.segment(54, 2), -d.tail(2)), 1e-9) << "in b";
  EXPECT_LT(relative(gradient.tail(8), -lambda.cwiseProduct(dl)), 1e-9) << "in h";
  const Mat of_Q = Eigen::Map<const Eigen::Matrix<double, -1, -1, Eigen::RowMajor>>(gradient.data(), 6, 6);
  EXPECT_LT(relative(0.5 * (of_Q + of_Q.transpose()), 0.5 * (dz * z.transpose() + z * dz.transpose())), 1e-9);
  const Mat of_A = Eigen::Map<const Eigen::Matrix<double, -1, -1, Eigen::RowMajor>>(gradient.data() + 42, 2, 6);
  const Vec nu = -qp.solution.x.segment(6, 2);  // s = b − Az enters the Lagrangian as −yᵀs
  EXPECT_LT(std::min(relative(of_A, d.tail(2) * z.transpose() + nu * dz.transpose()),
                     relative(of_A, d.tail(2) * z.transpose() - nu * dz.transpose())),
            1e-9);
}

const std::string cone = R"toml(
[data.F0]
random = "normal"
shape = [6, 4]
seed = 0
[data.g0]
random = "normal"
shape = [6]
seed = 1
[parameters.F]
value = "F0"
range = [-9, 9]
[parameters.g]
value = "g0"
range = [-9, 9]
[parameters.lam]
value = 0.3
range = [0.1, 1]
[variables.t]
shape = [2]
[variables.x]
shape = [4]
[problem]
minimize = "t[0] + lam*t[1]"
subject_to = ["concatenate([t[0:1], F @ x - g]) in second_order_cone()",
              "concatenate([t[1:2], x]) in second_order_cone()", "x in nonnegative_cone()"]
)toml";

TEST(T17, DifferentiatesASecondOrderConeProgramInCanonicalForm) {
  Stated p(cone);
  ASSERT_EQ(p.solution.status, solve::Status::Converged) << p.solution.message;
  EXPECT_EQ(p.model->condition(), "conic");
  EXPECT_LT(relative(p.J(), p.differences()), 1e-7) << "differences of solutions at rounding";
}

/// min cᵀx, Ax + s = b, s ∈ K: M = (Q − I)DΠ(z) + I of the homogeneous self-dual embedding, z = (x, y − s, 1).
TEST(T17, KnowsThatTheEmbeddingHasExactlyOneNullVector) {
  Stated p(cone);
  const Index n = p.variables(), m = p.solution.x.size() - n;
  const Mat dF = p.solution.model->optimality().linearize(p.solution.x, p.theta).dx->dense();
  const Mat A = -dF.bottomLeftCorner(m, n);                           // s(x) = b − Ax
  const Mat dual = Mat::Identity(m, m) - dF.bottomRightCorner(m, m);  // DΠ_{K*}(v) = I − DΠ_K(−v)
  Vec free = p.solution.x;
  free.tail(m).setZero();
  const Vec b = p.solution.model->optimality().value_at(free, p.theta).tail(m) + A * p.x();
  Vec c = Vec::Zero(n);
  c[0] = 1, c[1] = 0.3;
  const Index N = n + m + 1;
  Mat Q = Mat::Zero(N, N), D = Mat::Identity(N, N);
  Q.block(0, n, n, m) = A.transpose();
  Q.block(n, 0, m, n) = -A;
  Q.block(0, N - 1, n, 1) = c;
  Q.block(n, N - 1, m, 1) = b;
  Q.block(N - 1, 0, 1, n) = -c.transpose();
  Q.block(N - 1, n, 1, m) = -b.transpose();
  D.block(n, n, m, m) = dual;
  const Mat M = (Q - Mat::Identity(N, N)) * D + Mat::Identity(N, N);
  const Vec sigma = M.jacobiSvd().singularValues();
  EXPECT_LT(sigma[N - 1], 1e-9 * sigma[0]);
  EXPECT_GT(sigma[N - 2], 1e-4 * sigma[0]);
}

std::string small(const std::string& problem) {
  return R"toml(
[parameters.theta]
value = 1.0
range = [0.1, 10]
[variables.x]
shape = [2]
[problem]
)toml" + problem;
}

std::string mistake(const std::string& problem) {
  try {
    Stated s(small(problem));
  } catch (const expr::TextError& wrong) {
    return wrong.what();
  }
  return "";
}

TEST(Conditions, AgreeOnAQuadraticProgramInABox) {
  const std::string f = "minimize = \"0.5*sum((x - theta*[0.4, 3])**2) + 0.1*x[0]*x[1]\"\n";
  Stated projected(small(f + "subject_to = [\"x in box(0, 2)\"]"));
  Stated kkt(small(f + "subject_to = [\"x in box(0, 2)\"]\ncondition = \"kkt\""));
  Stated rows(small(f + "subject_to = [\"x >= 0\", \"x <= 2\"]"));
  Stated blocks(small(f + "subject_to = [\"x in box(0, 2)\"]\ncondition = \"block_proximal_gradient\""));
  EXPECT_EQ(projected.model->condition(), "projected_gradient");
  EXPECT_EQ(rows.model->condition(), "kkt");
  for (Stated* s : {&projected, &kkt, &rows, &blocks}) {
    ASSERT_EQ(s->solution.status, solve::Status::Converged) << s->solution.message;
    EXPECT_LT(relative(s->x(), projected.x()), 1e-9);
    EXPECT_LT(relative(s->J(), projected.J()), 1e-9);
  }
  EXPECT_NEAR(projected.x()[1], 2, 1e-12) << "held by the box";
}

TEST(Conditions, OfNewtonGivesTheStationaryDerivative) {
  const std::string f = "minimize = \"sum(exp(x)) + 0.5*theta*sum((x - arange(2))**2)\"\n";
  Stated stationary(small(f)), newton(small(f + "condition = \"newton\""));
  EXPECT_EQ(newton.solution.status, solve::Status::Converged);
  EXPECT_LT(relative(newton.J(), stationary.J()), 1e-12);
}

TEST(Conditions, OfGaussNewtonIsExactWithoutResidualsAndSaysThatItIsNotElsewhere) {
  const auto fit = [](const std::string& target) { return "minimize = \"sum((exp(theta*x) - " + target + ")**2)\"\n"; };
  const std::string gauss_newton = "condition = \"gauss_newton\"";
  Stated reached(small(fit("[2, 3]"))), same(small(fit("[2, 3]") + gauss_newton));
  EXPECT_LT(relative(same.J(), reached.J()), 1e-9) << "both residuals are zero";
  const std::string line = "minimize = \"sum((exp(theta*(x[0] + x[1])*[1, 2]) - [2, 5])**2) + 0.1*sum(x**2)\"\n";
  Stated exact(small(line)), biased(small(line + gauss_newton));
  EXPECT_LT(relative(biased.x(), exact.x()), 1e-6);
  EXPECT_GT(relative(biased.J(), exact.J()), 1e-3);
  EXPECT_THAT(biased.sensitivity().trust().warnings, ::testing::Contains(HasSubstr("Gauss-Newton")));
  EXPECT_THAT(mistake("minimize = \"sum(exp(x)) + theta*sum(x)\"\n" + gauss_newton), HasSubstr("sum of squares"));
}

TEST(Conditions, RefuseAWeaklyActiveConstraintByName) {
  Stated s(small("minimize = \"0.5*sum((x - theta)**2)\"\nsubject_to = [\"x[0] <= 1\"]"));
  ASSERT_EQ(s.solution.status, solve::Status::Converged) << s.solution.message;
  EXPECT_FALSE(s.sensitivity().trust().defined);
  EXPECT_THAT(s.sensitivity().trust().reason, HasSubstr("x[0] <= 1"));
}

TEST(Conditions, RefuseALassoTie) {
  Stated s(small("minimize = \"0.5*sum((x - [1, 3])**2)\"\npenalty = \"theta*norm1(x)\""));
  ASSERT_EQ(s.solution.status, solve::Status::Converged) << s.solution.message;
  EXPECT_FALSE(s.sensitivity().trust().defined) << "x[0] leaves zero exactly at theta = 1";
  EXPECT_THAT(s.sensitivity().trust().reason, HasSubstr("x[0] under 'theta*norm1(x)'"));
}

TEST(Conditions, NameTheEntryThatASetJustHolds) {
  Stated s(small("minimize = \"0.5*sum((x - [1.5, 0.5])**2)\"\nsubject_to = [\"x in simplex(theta)\"]"));
  ASSERT_EQ(s.solution.status, solve::Status::Converged) << s.solution.message;
  EXPECT_FALSE(s.sensitivity().trust().defined) << "x = (1, 0), where x[1] is held by nothing";
  EXPECT_THAT(s.sensitivity().trust().reason, HasSubstr("x[1] under 'x in simplex(theta)'"));
}

TEST(Conditions, HaveADerivativeOnEachSideOfATie) {
  Stated s(small("minimize = \"0.5*sum((x - [1, 3])**2)\"\npenalty = \"theta*norm1(x)\""));
  const auto sides = sensitivity::one_sided_derivatives({s.solution.model, s.scene.statement, s.theta, s.solution.x},
                                                        s.options, 0, 1, {});
  EXPECT_LT((sides.falling - Mat(Vec::Constant(2, -1))).norm(), 1e-9) << "below theta = 1 both shrink";
  EXPECT_LT((sides.growing - (Mat(2, 1) << 0, -1).finished()).norm(), 1e-9) << "above it x[0] stays at zero";
  Stated limit(small("minimize = \"0.5*sum((x - 1)**2)\"\nsubject_to = [\"sum(x) <= 2*theta\"]"));
  const auto held = sensitivity::one_sided_derivatives(
      {limit.solution.model, limit.scene.statement, limit.theta, limit.solution.x}, limit.options, 0, 1, {});
  EXPECT_LT((held.falling.topRows(2) - Mat(Vec::Constant(2, 1))).norm(), 1e-9) << "the constraint holds x";
  EXPECT_LT(held.growing.topRows(2).norm(), 1e-9) << "and lets go";
}

TEST(Conditions, SayThatNoPointSatisfiesTheConstraints) {
  Stated s(small("minimize = \"0.5*sum(x**2)\"\nsubject_to = [\"sum(x) <= -theta\", \"x >= 0\"]"));
  EXPECT_NE(s.solution.status, solve::Status::Converged);
  EXPECT_THAT(s.solution.message, HasSubstr("no point satisfies the constraints"));
}

TEST(Conditions, SayThatTheObjectiveFallsWithoutEnd) {
  Stated s(small("minimize = \"theta*x[0] + x[1]**2\"\nsubject_to = [\"x[0] <= 1\"]"));
  EXPECT_NE(s.solution.status, solve::Status::Converged);
  EXPECT_THAT(s.solution.message, HasSubstr("falls without end"));
}

TEST(Conditions, NameWhatTheyCannotTake) {
  const std::string f = "minimize = \"sum(x**2)\"\n";
  EXPECT_THAT(mistake(f + "subject_to = [\"x in simplx()\"]"),
              HasSubstr("there is no set 'simplx' (did you mean simplex"));
  EXPECT_THAT(mistake(f + "subject_to = [\"x + 1\"]"), HasSubstr("a constraint is expected"));
  EXPECT_THAT(mistake(f + "subject_to = [\"x in 3\"]"), HasSubstr("a set is expected after 'in'"));
  EXPECT_THAT(mistake(f + "penalty = \"theta*nrm1(x)\""), HasSubstr("did you mean norm1"));
  EXPECT_THAT(mistake(f + "penalty = \"x[0]*norm1(x)\""), HasSubstr("not variables"));
  EXPECT_THAT(mistake(f + "penalty = \"norm1(x[0:1])\""), HasSubstr("acts on a whole variable"));
  EXPECT_THAT(mistake(f + "penalty = \"norm1(x) - norm1(x)\""), HasSubstr("added, not subtracted"));
  EXPECT_THAT(mistake(f + "condition = \"mirror_descent\""), HasSubstr("needs a simplex"));
  EXPECT_THAT(mistake(f + "subject_to = [\"x in l1_ball(1)\"]\ncondition = \"kkt\""), HasSubstr("projected_gradient"));
  EXPECT_THAT(mistake(f + "subject_to = [\"x @ x <= [1, 2, 3]\"]\ncondition = \"stationary\""),
              HasSubstr("'stationary' knows no constraints"));
  EXPECT_THAT(mistake(f + "subject_to = [\"x @ x <= [1, 2, 3]\"]\ncondition = \"newton\""),
              HasSubstr("'newton' knows no constraints"));
  EXPECT_THAT(mistake("root.x = \"x - theta\"\nsubject_to = [\"x >= 0\"]"), HasSubstr("belongs to a minimization"));
}

}  // namespace
}  // namespace argscope::testing
