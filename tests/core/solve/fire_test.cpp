/// FIRE's steps and their derivatives, one by one.

#include "core/solve/fire.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/core/solve/given.h"

namespace argscope::solve {
namespace {

/// H = c I, and as it is told when it is asked for.
linear::OperatorPtr even(Index n, double c = 1) { return linear::dense_operator(c * Mat::Identity(n, n), true); }
const Fire::Curvature mild = [] { return even(1); };

Mat drawn(Index rows, Index cols, std::mt19937& draw) {
  std::normal_distribution<double> normal;
  return Mat::NullaryExpr(rows, cols, [&] { return normal(draw); });
}

/// From rest through forces that pull everywhere: every kind of step.
template <class Look>
void follow(unsigned seed, const Look& look) {
  constexpr Index n = 6;
  std::mt19937 draw(seed);
  Vec x = drawn(n, 1, draw), F = drawn(n, 1, draw);
  Fire motion(F, *even(n));
  for (int t = 0; t < 30; ++t) {
    const Fire before = motion;
    const Vec from = x;
    const FireStep step = motion.advance(x, F, mild);
    look(before, from, step, draw);
    F = x + 0.5 * drawn(n, 1, draw);
  }
}

TEST(FireStep, IsItsTransposeBackward) {
  int uphill = 0, downhill = 0;
  for (unsigned seed = 0; seed < 5; ++seed)
    follow(seed, [&](const Fire&, const Vec& x, const FireStep& step, std::mt19937& draw) {
      const Index n = x.size();
      const Mat dz = drawn(2 * n, 3, draw), dF = drawn(n, 3, draw), z = drawn(2 * n, 2, draw);
      const Mat along = z.transpose() * step.along(dz, dF);
      const Mat back = step.back_to_state(z).transpose() * dz + step.back_to_F(z).transpose() * dF;
      EXPECT_LT((along - back).norm(), 1e-13 * (1 + z.norm() * dz.norm()));  // some fifty roundings
      ++(step.b > 0 ? downhill : uphill);
    });
  EXPECT_GT(uphill, 10);
  EXPECT_GT(downhill, 30);
}

TEST(FireStep, IsTheDerivativeOfTheStepWhoseDecisionsStand) {
  for (unsigned seed = 0; seed < 5; ++seed)
    follow(seed, [&](const Fire& before, const Vec& x, const FireStep& step, std::mt19937& draw) {
      const Index n = x.size();
      const Vec dx = drawn(n, 1, draw), dF = drawn(n, 1, draw);
      const auto moved = [&](double h) {
        Fire motion = before;
        Vec to = x + h * dx;
        motion.advance(to, step.F + h * dF, mild);
        return to;
      };
      Mat dz = Mat::Zero(2 * n, 1);
      dz.topRows(n) = dx;
      constexpr double h = 1e-5;
      // Central differences: h² times the curvature of ‖v‖/‖F‖, and rounding over h.
      EXPECT_LT((step.along(dz, dF).topRows(n) - (moved(h) - moved(-h)) / (2 * h)).norm(), 1e-7 * (1 + dF.norm()));
    });
}

TEST(Fire, ShortensItsStepWhereTheForceIsSteep) {
  const Vec F = Vec::Ones(3);
  const auto first = [&](double curvature) { return Fire(F, *even(3, curvature)).time_step(); };
  EXPECT_EQ(first(1), 0.1);
  EXPECT_EQ(first(12), 0.1);
  EXPECT_DOUBLE_EQ(first(1e4), 0.01 / 4);
}

TEST(Fire, ComesToRestWhereTheSteepDirectionsShowOnlyLater) {
  const Vec curvature = Vec::LinSpaced(20, 1, 1e3);
  const auto H = [&] { return linear::dense_operator(curvature.asDiagonal().toDenseMatrix(), true); };
  Vec x = Vec::Constant(20, 1e-9);
  x[0] = 1;  // the force of the start knows the flattest direction alone
  Fire motion(curvature.cwiseProduct(x), *H());
  int steps = 0;
  while (x.norm() > 1e-10 && ++steps < 5000) motion.advance(x, curvature.cwiseProduct(x), H);
  EXPECT_LT(steps, 5000);
}

TEST(Fire, AtRestWithoutAForceStaysThere) {
  Fire motion(Vec::Zero(2), *even(2));
  Vec x = Vec::Ones(2);
  for (int t = 0; t < 3; ++t) {
    const FireStep step = motion.advance(x, Vec::Zero(2), mild);
    EXPECT_TRUE(step.along(Mat::Ones(4, 1), Mat::Ones(2, 1)).allFinite());
  }
  EXPECT_EQ(x, Vec::Ones(2));
}

TEST(Fire, HaltsAtRestWithATenthOfItsTimeStep) {
  Fire motion(Vec::Ones(1), *even(1));
  Vec x = Vec::Zero(1);
  motion.advance(x, Vec::Ones(1), mild);
  motion.halt();
  EXPECT_DOUBLE_EQ(motion.time_step(), 0.01);
  const Vec from = x;
  motion.advance(x, Vec::Ones(1), mild);
  EXPECT_DOUBLE_EQ(x[0], from[0] - 0.5 * 0.01 * 0.01);  // half a kick from rest
}

}  // namespace
}  // namespace argscope::solve
