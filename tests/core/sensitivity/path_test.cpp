#include "core/sensitivity/path.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/core/sensitivity/flagships.h"

namespace argscope::testing {
namespace {

using sensitivity::Piece;

/// The path of a scene from its solution along `way`.
std::vector<Piece> path_of(Flagship& s, const Vec& way, int pieces) {
  const Vec slope = s.sensitivity().push(way);
  return sensitivity::follow({s.solution.model, s.scene.statement, s.theta, s.solution.x}, slope, way,
                             {.pieces = pieces, .linear = {}}, {});
}

Vec at(const std::vector<Piece>& path, double t) {
  for (const Piece& p : path)
    if (t <= p.to) return p.x + (t - p.from) * p.slope;
  throw std::out_of_range("the path does not reach so far");
}

Vec toward(Flagship& s, const std::string& parameter, double goal) {
  const Vec here = s.theta;
  s.parameter(parameter) = goal;
  const Vec way = s.theta - here;
  s.theta = here;
  return way;
}

/// The prediction against full solves, far beyond the first switch.
void expect_exact(Flagship& s, const std::string& parameter, double goal, std::size_t least_pieces) {
  const Vec way = toward(s, parameter, goal), here = s.theta;
  const auto path = path_of(s, way, 100);
  EXPECT_GE(path.size(), least_pieces);
  ASSERT_EQ(path.back().to, 1) << "it stopped at " << path.back().to;
  for (double t : {0.1, 0.3, 0.5, 0.7, 0.9, 1.0}) {
    s.move_to(here + t * way);
    ASSERT_EQ(s.solution.status, solve::Status::Converged) << s.solution.message;
    // the solver's tolerance is 1e-10; a switch is found to 1e-11 of the way
    EXPECT_LT((at(path, t) - s.solution.x).norm(), 1e-8 * (1 + s.solution.x.norm())) << parameter << " at " << t;
  }
}

TEST(Path, FollowsTheLassoFromItsStartToItsEnd) {
  Flagship s("lasso");
  expect_exact(s, "theta", 380.0, 4);
  Flagship again("lasso");
  expect_exact(again, "theta", 2.0, 2);
}

TEST(Path, FollowsAQuadraticProgramAsItsConstraintsTakeTurns) {
  Flagship s("portfolio");
  expect_exact(s, "target", 7.8, 2);
  Flagship again("portfolio");
  expect_exact(again, "target", 1.5, 2);
}

TEST(Path, FollowsTheProjectionThatAThresholdIs) {
  Flagship s("kinks");
  s.parameter("theta") = 0.3;
  s.move_to(Vec(s.theta));
  expect_exact(s, "theta", 3.9, 4);
}

TEST(Path, JoinsItsPieces) {
  Flagship s("lasso");
  const auto path = path_of(s, toward(s, "theta", 380.0), 100);
  for (std::size_t k = 1; k < path.size(); ++k) {
    EXPECT_EQ(path[k - 1].to, path[k].from);
    EXPECT_LT(path[k].from, path[k].to);
    EXPECT_EQ(path[k].x, path[k - 1].x + (path[k - 1].to - path[k - 1].from) * path[k - 1].slope);
    EXPECT_NE(path[k].switched, "");
  }
}

TEST(Path, EndsWhereItMayHaveNoMorePieces) {
  Flagship s("lasso");
  const auto path = path_of(s, toward(s, "theta", 380.0), 2);
  EXPECT_EQ(path.size(), 2u);
  EXPECT_LT(path.back().to, 1);
}

TEST(Path, IsOneStraightPieceWhereNothingSwitches) {
  Flagship s("ridge");
  const Vec way = toward(s, "theta", 20);
  const auto path = path_of(s, way, 8);
  ASSERT_EQ(path.size(), 1u);
  EXPECT_EQ(path[0].to, 1);
  EXPECT_EQ(path[0].x, s.solution.x);
}

}  // namespace
}  // namespace argscope::testing
