/// The rules that decide whether a derivative may be shown.

#include <gtest/gtest.h>

#include <Eigen/QR>

#include "core/sensitivity/null_modes.h"
#include "core/sensitivity/sensitivity.h"
#include "tests/core/solve/given.h"

namespace argscope::sensitivity {
namespace {

using testing::Given;
using testing::HandModel;
using testing::scalar;
using testing::vec;

/// ½ Σ wₖ(aₖᵀx − bₖᵀθ)²: every linear least-squares problem, singular ones too.
std::shared_ptr<HandModel> quadratic(const Mat& A, const Mat& B) {
  return std::make_shared<HandModel>(
      testing::Formulae{Vec::Zero(A.cols()), Vec::Ones(B.cols()),
                        [=](const Vec& x, const Vec& t) { return 0.5 * (A * x - B * t).squaredNorm(); },
                        [=](const Vec& x, const Vec& t) -> Vec { return A.transpose() * (A * x - B * t); },
                        [=](const Vec&, const Vec&) -> Mat { return A.transpose() * A; },
                        [=](const Vec&, const Vec&) -> Mat { return -A.transpose() * B; }});
}

/// ½x² − θx + ½ c max(x − 1, 0)²: H jumps from 1 to 1 + c at x = 1, reached at θ = 1.
std::shared_ptr<HandModel> bent(double theta, double c, int power) {
  return std::make_shared<HandModel>(testing::Formulae{
      vec({0}), vec({theta}),
      [=](const Vec& x, const Vec& t) {
        return 0.5 * x[0] * x[0] - t[0] * x[0] + c / power * std::pow(std::max(x[0] - 1, 0.0), power);
      },
      [=](const Vec& x, const Vec& t) { return vec({x[0] - t[0] + c * std::pow(std::max(x[0] - 1, 0.0), power - 1)}); },
      [=](const Vec& x, const Vec&) {
        return scalar(1 + (x[0] > 1 ? c * (power - 1) * std::pow(x[0] - 1, power - 2) : 0.0));
      },
      [](const Vec&, const Vec&) { return scalar(-1); }, false,
      [](const Vec& x, const Vec&) {
        return optimality::KinkMargin{std::abs(x[0] - 1), "maximum(x - 1, 0), element 0"};
      }});
}

struct Judged {
  Given given;
  solve::Solution solution;
  Sensitivity sensitivity;
  explicit Judged(std::shared_ptr<const optimality::Model> model, const Options& options = {})
      : given(std::move(model)),
        solution(given.run({})),
        sensitivity(solution, given.request.theta, options, given.memory.factorizer) {}
  const Trust& trust() const { return sensitivity.trust(); }
};

bool mentions(const std::string& text, const std::string& word) { return text.find(word) != std::string::npos; }

TEST(Trust, GivesTheMinimumNormJacobianOfARepeatedColumn) {
  Mat A(3, 3);
  A << 1, 1, 0, 2, 2, 1, 0, 0, 1;
  const Mat B = testing::random_matrix(3, 2, 1);
  Judged j(quadratic(A, B));
  ASSERT_TRUE(j.trust().defined) << j.trust().reason;
  EXPECT_EQ(j.trust().null_modes, 1);
  EXPECT_EQ(j.trust().rank, 2);
  const Mat expected = A.completeOrthogonalDecomposition().solve(B);
  EXPECT_LT((j.sensitivity.jacobian({}) - expected).norm(), 1e-10 * expected.norm());
  ASSERT_EQ(j.trust().warnings.size(), 1u);
  EXPECT_TRUE(mentions(j.trust().warnings[0], "coordinate x[")) << j.trust().warnings[0];
}

TEST(Trust, LeavesAFreeCoordinateAtRestAndNamesIt) {
  Mat A = Mat::Identity(4, 4);
  A(2, 2) = 0;
  Judged j(quadratic(A, Mat::Identity(4, 4)));
  ASSERT_TRUE(j.trust().defined) << j.trust().reason;
  EXPECT_EQ(j.sensitivity.jacobian({})(2, 2), 0);
  ASSERT_EQ(j.trust().null_mode_names.size(), 1u);
  EXPECT_EQ(j.trust().null_mode_names[0], "coordinate x[2]");
}

TEST(Trust, RefusesWhereNothingIsDetermined) {
  Judged j(quadratic(Mat::Zero(2, 2), Mat::Identity(2, 2)));
  EXPECT_FALSE(j.trust().defined);
  EXPECT_TRUE(mentions(j.trust().reason, "nothing determines x")) << j.trust().reason;
  EXPECT_TRUE(j.sensitivity.jacobian({}).hasNaN());  // never zeros for a failure
  EXPECT_TRUE(j.sensitivity.push(Mat::Identity(2, 2)).array().isNaN().all());
  EXPECT_TRUE(j.sensitivity.pull(Mat::Identity(2, 2)).array().isNaN().all());
}

TEST(Trust, RefusesARightHandSideThatLeavesTheRange) {
  // x₀⁴/4 − θx₀ at θ = 0: H = diag(0, 1), and θ pushes along x₀.
  auto model = std::make_shared<HandModel>(testing::Formulae{
      vec({0, 1}), vec({0}),
      [](const Vec& x, const Vec& t) { return std::pow(x[0], 4) / 4 - t[0] * x[0] + 0.5 * x[1] * x[1]; },
      [](const Vec& x, const Vec& t) {
        return vec({std::pow(x[0], 3) - t[0], x[1]});
      },
      [](const Vec& x, const Vec&) -> Mat {
        return vec({3 * x[0] * x[0], 1}).asDiagonal();
      },
      [](const Vec&, const Vec&) -> Mat {
        return vec({-1, 0});
      }});
  Judged j(model);
  EXPECT_FALSE(j.trust().defined);
  EXPECT_TRUE(mentions(j.trust().reason, "leaves the range")) << j.trust().reason;
  EXPECT_TRUE(mentions(j.trust().reason, "x[0]")) << j.trust().reason;
  EXPECT_NEAR(j.trust().inconsistency, 1, 1e-12);
}

TEST(Trust, RefusesASolutionThatIsNotConverged) {
  Given given(testing::rosenbrock());
  solve::Options few;
  few.iterations = 2;
  const auto solution = given.run(few);
  Sensitivity s(solution, given.request.theta, {}, given.memory.factorizer);
  EXPECT_FALSE(s.trust().defined);
  EXPECT_TRUE(mentions(s.trust().reason, "not converged")) << s.trust().reason;
  EXPECT_TRUE(s.jacobian({}).hasNaN());

  Options force;
  force.force = true;
  Sensitivity forced(solution, given.request.theta, force, given.memory.factorizer);
  EXPECT_FALSE(forced.trust().defined);
  EXPECT_TRUE(forced.jacobian({}).allFinite());
}

TEST(Trust, RefusesASaddle) {
  Given given(testing::double_well(vec({0, 0})));
  const auto solution = given.run(testing::options_for("lbfgs"));
  ASSERT_EQ(solution.status, solve::Status::Saddle);
  Sensitivity s(solution, given.request.theta, {}, given.memory.factorizer);
  EXPECT_FALSE(s.trust().defined);
  EXPECT_TRUE(mentions(s.trust().reason, "saddle")) << s.trust().reason;
  EXPECT_EQ(s.trust().negative_curvature, 1);
}

TEST(Trust, SurvivesASolutionThatIsNotFinite) {
  Given given(testing::rosenbrock());
  given.request.start[0] = std::numeric_limits<double>::infinity();
  const auto solution = given.run({});
  Options force;
  force.force = true;
  Sensitivity s(solution, given.request.theta, force, given.memory.factorizer);
  EXPECT_FALSE(s.trust().defined);
  EXPECT_TRUE(s.jacobian({}).array().isNaN().all());
}

TEST(Trust, RefusesAKinkWhoseSidesDiffer) {
  Judged at(bent(1, 3, 2));
  ASSERT_EQ(at.solution.status, solve::Status::Converged);
  EXPECT_FALSE(at.trust().defined);
  EXPECT_TRUE(mentions(at.trust().reason, "maximum(x - 1, 0)")) << at.trust().reason;
}

TEST(Trust, WarnsNearAKinkAndIsSilentFarFromIt) {
  for (const double side : {-1.0, 1.0}) {
    Judged near(bent(1 + side * 1e-5, 3, 2));
    EXPECT_TRUE(near.trust().defined) << near.trust().reason;
    ASSERT_EQ(near.trust().warnings.size(), 1u);
    EXPECT_TRUE(mentions(near.trust().warnings[0], "kink")) << near.trust().warnings[0];
    EXPECT_NEAR(near.sensitivity.jacobian({})(0, 0), side < 0 ? 1 : 0.25, 1e-12);
  }
  EXPECT_TRUE(Judged(bent(0.5, 3, 2)).trust().warnings.empty());
}

TEST(Trust, DoesNotRefuseASwitchThatLeavesTheDerivativeContinuous) {
  Judged at(bent(1, 3, 4));
  EXPECT_TRUE(at.trust().defined) << at.trust().reason;
  EXPECT_EQ(at.trust().warnings.size(), 1u);
  EXPECT_NEAR(at.sensitivity.jacobian({})(0, 0), 1, 1e-12);
}

TEST(NullModes, AreSeparatedIntoTheSimplestOnes) {
  // Two pairs of repeated columns, mixed by a rotation: the simplest basis tells them apart.
  Mat N = Mat::Zero(6, 2);
  N.col(0) << 1, -1, 0, 0, 0, 0;
  N.col(1) << 0, 0, 0, 1, 0, -1;
  N /= std::sqrt(2);
  const double c = std::cos(0.7), s = std::sin(0.7);
  const Mat mixed = N * (Mat(2, 2) << c, -s, s, c).finished();
  const Mat basis = simplest_basis(mixed);
  for (Index k = 0; k < 2; ++k) {
    EXPECT_NEAR(basis.col(k).norm(), 1, 1e-14);
    EXPECT_EQ((basis.col(k).array() != 0).count(), 2);
    EXPECT_LT((basis.col(k) - mixed * (mixed.transpose() * basis.col(k))).norm(), 1e-14);  // the same space
  }
}

TEST(NullModes, AreListedByTheirFirstWords) {
  EXPECT_EQ(list_of({"translation along x", "rattler 3", "translation along y", "rattler 17"}),
            "translation along x, along y; rattler 3, 17");
  std::vector<std::string> many;
  for (int k = 0; k < 20; ++k) many.push_back("rattler " + std::to_string(k));
  EXPECT_TRUE(list_of(many).ends_with("7 and 12 more"));
  EXPECT_EQ(list_of({}), "");
}

TEST(Differences, AgreeWithTheJacobianInEveryColumn) {
  const testing::Ridge ridge(30, 5, 9);
  Judged j(ridge.model());
  const solve::Request at{j.given.model, j.given.request.statement, j.given.request.theta, j.solution.x};
  const Mat J = j.sensitivity.jacobian({});
  const Mat D = central_differences(at, {}, 0, 5, Mat(5, 0), {});
  EXPECT_LT((D - J).norm(), 1e-9 * J.norm());  // rounding 1e-15 over a step of 1e-5, fourth order
  EXPECT_LT((central_differences(at, {}, 2, 1, Mat(5, 0), {}) - D.col(2)).norm(), 1e-12);
}

TEST(Differences, AreNotANumberWhereASolveFails) {
  auto model = std::make_shared<HandModel>(
      testing::Formulae{vec({1}),
                        vec({0}),
                        {},
                        [](const Vec& x, const Vec& t) { return vec({x[0] * x[0] - t[0]}); },
                        [](const Vec& x, const Vec&) { return scalar(2 * x[0]); },
                        [](const Vec&, const Vec&) { return scalar(-1); }});
  const Mat D = central_differences({model, {model, &model->statement()}, vec({0}), vec({0})}, {}, 0, 1, Mat(1, 0), {});
  EXPECT_TRUE(std::isnan(D(0, 0)));  // x² = θ has no root at θ < 0
}

TEST(Differences, CanBeTheMethod) {
  const testing::Ridge ridge(30, 5, 9);
  Options options;
  options.method = "finite-differences";
  Judged j(ridge.model(), options);
  const Mat J = ridge.jacobian(j.given.request.theta), D = j.sensitivity.jacobian({});
  EXPECT_LT((D - J).norm(), 1e-9 * J.norm());
  EXPECT_GT((D - J).norm(), 0);  // it really is another method
  EXPECT_LT((j.sensitivity.push(Mat::Ones(5, 1)) - D.rowwise().sum()).norm(), 1e-14);
}

}  // namespace
}  // namespace argscope::sensitivity
