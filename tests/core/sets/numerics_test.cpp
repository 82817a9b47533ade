// The numeric routines behind the projections, at sizes and degeneracies that a table of small cases does not reach:
// each answer is judged by its optimality conditions.
#include <gtest/gtest.h>

#include <cmath>

#include "core/sets/polyhedron.h"
#include "core/sets/potentials.h"
#include "core/sets/rays.h"
#include "core/sets/section.h"
#include "core/sets/variation.h"
#include "tests/core/sets/trial.h"

namespace argscope::sets {
namespace {

using namespace check;

Mat random_matrix(Random& random, Index rows, Index cols, double size) {
  return random_numbers(random, rows * cols, -size, size).reshaped(rows, cols);
}

TEST(Polyhedra, AreMetAtTheNearestPoint) {
  Random random(1);
  for (const auto& [n, m, equalities] :
       std::vector<std::array<Index, 3>>{{5, 20, 0}, {10, 30, 2}, {20, 40, 5}, {2, 60, 0}})
    for (int k = 0; k < 12; ++k) {
      Mat C = random_matrix(random, m, n, 2);
      if (k % 2)  // faces that appear twice, in other units
        for (Index i = equalities; i + 1 < m; i += 2) C.row(i + 1) = 3 * C.row(i);
      const Vec inside = random_numbers(random, n, -1, 1), z = inside + random_numbers(random, n, -5, 5);
      Vec d = C * inside;
      for (Index i = equalities; i < m; ++i)
        if (k % 3 || i % 2) d[i] += std::abs(random_numbers(random, 1, -1, 1)[0]);  // else they meet in one point
      const PolyhedronProjection p = project_polyhedron(C, d, equalities, z);
      constexpr double rounding = 1e-12;
      const Vec over = C * p.x - d;
      EXPECT_LE(over.maxCoeff(), rounding);
      EXPECT_LE(over.head(equalities).cwiseAbs().sum(), rounding * static_cast<double>(m));
      Vec multipliers = p.strictness;
      multipliers.tail(m - equalities) = multipliers.tail(m - equalities).cwiseMax(0);
      EXPECT_LE((p.x + C.transpose() * multipliers - z).norm(), rounding);
      EXPECT_LE(std::abs(multipliers.tail(m - equalities).dot(over.tail(m - equalities))), rounding);
    }
}

TEST(Polyhedra, KeepPointsThatLieInside) {
  const Mat C = Mat::Identity(3, 3);
  const Vec z = Vec::Constant(3, -1);
  const PolyhedronProjection p = project_polyhedron(C, Vec::Zero(3), 0, z);
  EXPECT_EQ(p.x, z);
  EXPECT_EQ(p.strictness, Vec::Constant(3, -1));
  EXPECT_EQ(p.inverse, Mat::Zero(3, 3));
}

TEST(Polyhedra, OfARowOfZerosHoldEverythingOrNothing) {
  const Mat C = Mat::Zero(1, 2);
  EXPECT_EQ(project_polyhedron(C, Vec::Constant(1, 1), 0, Vec::Ones(2)).x, Vec::Ones(2));
  EXPECT_TRUE(project_polyhedron(C, Vec::Constant(1, -1), 0, Vec::Ones(2)).x.array().isNaN().all());
}

void expect_marginals(const Mat& Z, const Vec& a, const Vec& b, Link link) {
  const Potentials p = transport_potentials(Z, a, b, link);
  const Mat dual = (Z.colwise() + p.f).rowwise() + p.g.transpose();
  const Mat P = link == Link::PositivePart ? Mat(dual.cwiseMax(0)) : Mat(dual.array().exp());
  const double rounding = 1e-13 * (1 + Z.cwiseAbs().maxCoeff());
  EXPECT_LE((P.rowwise().sum() - a).lpNorm<Eigen::Infinity>(), rounding);
  EXPECT_LE((P.colwise().sum().transpose() - b).lpNorm<Eigen::Infinity>(), rounding);
  EXPECT_LE((p.inverse - p.inverse.transpose()).norm(), 1e-12 * p.inverse.norm());
}

TEST(Potentials, GiveTheMarginals) {
  Random random(2);
  for (const Link link : {Link::PositivePart, Link::Exponential})
    for (const auto& [m, n] : std::vector<std::pair<Index, Index>>{{1, 1}, {1, 5}, {10, 10}, {30, 20}, {40, 40}})
      for (const double size : {0.0, 0.01, 1.0, 30.0}) {
        Mat Z = random_matrix(random, m, n, size);
        expect_marginals(Z, Vec::Constant(m, 1.0 / static_cast<double>(m)),
                         Vec::Constant(n, 1.0 / static_cast<double>(n)), link);
        Vec a = random_numbers(random, m, 0.01, 1), b = random_numbers(random, n, 0.01, 1);
        b *= a.sum() / b.sum();
        expect_marginals(Z, a, b, link);
        expect_marginals(Z.array().round(), a, b, link);  // ties: the dual is not unique
      }
}

TEST(Potentials, AllowRowsThatCarryNothing) {
  Vec a(3), b(2);
  a << 0, 0.4, 0.6;
  b << 1, 0;
  expect_marginals(Mat::Identity(3, 2), a, b, Link::PositivePart);
}

TEST(Sections, AreMetExactly) {
  Random random(3);
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (int k = 0; k < 200; ++k) {
    const Index n = 1 + k % 7;
    Vec l = random_numbers(random, n, -2, 0), u = random_numbers(random, n, 0.1, 2),
        w = random_numbers(random, n, -1, 1);
    const Vec inside = l + 0.5 * (u - l), z = random_numbers(random, n, -5, 5);
    if (k % 3 == 1) l.setConstant(-infinity);
    if (k % 3 == 2) u.setConstant(infinity);
    if (n > 1 && k % 5 == 0) w[0] = 0;
    const double c = w.dot(inside), tau = section_multiplier(z, l, u, w, c);
    EXPECT_NEAR(w.dot((z - tau * w).cwiseMax(l).cwiseMin(u)), c, 1e-13 * (1 + std::abs(tau))) << k;
  }
}

TEST(Sections, OutOfReachAreNotANumber) {
  const Vec one = Vec::Ones(2), zero = Vec::Zero(2);
  EXPECT_TRUE(std::isnan(section_multiplier(zero, zero, one, one, 2.1)));
  EXPECT_TRUE(std::isnan(section_multiplier(zero, zero, one, one, -0.1)));
  EXPECT_TRUE(std::isnan(section_multiplier(zero, zero, one, zero, 1)));
  EXPECT_FALSE(std::isnan(section_multiplier(zero, zero, one, one, 2)));  // just full
}

/// w from its jumps: the means of its pieces, raised at their ends.
Vec from_jumps(const Vec& z, double s, const Jumps& jumps) {
  Vec w(z.size());
  Index first = 0;
  double left = 0;
  for (Index i = 0; i < z.size(); ++i) {
    const bool ends = i + 1 == z.size() || jumps.strictness[i] > 0;
    if (!ends) continue;
    const double right = i + 1 == z.size() ? 0 : jumps.direction[i];
    const Index count = i + 1 - first;
    w.segment(first, count)
        .setConstant(z.segment(first, count).mean() + s * (right - left) / static_cast<double>(count));
    first = i + 1;
    left = right;
  }
  return w;
}

TEST(TotalVariation, HasADualInItsTube) {
  Random random(4);
  for (int k = 0; k < 100; ++k) {
    const double s = k % 4 == 0 ? 0 : 0.1 * (k % 7 + 1);
    const Vec z = random_numbers(random, 1 + k % 40, -1, 1);
    const Vec w = from_jumps(z, s, total_variation_jumps(z, s));
    double dual = 0;  // Σ (w − z) up to here: within the tube, and on its wall where w jumps
    for (Index i = 0; i + 1 < z.size(); ++i) {
      dual += w[i] - z[i];
      constexpr double rounding = 1e-13;
      EXPECT_LE(std::abs(dual), s + rounding);
      if (std::abs(w[i + 1] - w[i]) > rounding) {
        EXPECT_NEAR(dual, std::copysign(s, w[i + 1] - w[i]), rounding);
      }
    }
    EXPECT_NEAR(w.sum(), z.sum(), 1e-12);
  }
}

TEST(TotalVariation, OfNonsenseIsNotANumber) {
  EXPECT_TRUE(total_variation_jumps(Vec::Zero(3), -1).strictness.array().isNaN().all());
  EXPECT_TRUE(total_variation_jumps(Vec::Constant(3, std::nan("")), 1).strictness.array().isNaN().all());
  EXPECT_EQ(total_variation_jumps(Vec::Zero(1), 1).strictness.size(), 0);
}

/// x in the cone, v − x in the polar cone, x·(v − x) = 0; the slope symmetric, with eigenvalues in [0, 1].
void expect_nearest(const ConeProjection& p, const Eigen::Vector3d& v) {
  const double size = v.squaredNorm();
  EXPECT_LE(std::abs(p.x.dot(v - p.x)), 1e-11 * size) << v.transpose();
  EXPECT_LE((p.slope - p.slope.transpose()).norm(), 1e-12) << v.transpose();
  EXPECT_LE((p.slope * v - p.x).norm(), 1e-9 * v.norm()) << v.transpose();  // a cone's projection scales with v
  EXPECT_LE(p.slope.norm(), std::sqrt(3) + 1e-12) << v.transpose();
  EXPECT_EQ(p.depth >= 0, p.x == v) << v.transpose();
  EXPECT_EQ(p.height <= 0, p.x.isZero(0)) << v.transpose();
}

TEST(ExponentialCone, IsReachedFromEverywhere) {
  Random random(5);
  for (int k = 0; k < 4000; ++k) {
    Eigen::Vector3d v = random_numbers(random, 3, -3, 3);
    if (k % 4 == 1) v[k / 4 % 3] = 0;
    if (k % 4 == 2) v[k / 4 % 3] *= 1e-12;
    if (k % 4 == 3) v *= std::pow(10.0, k % 17 - 8);
    const ConeProjection p = project_exponential_cone(v);
    expect_nearest(p, v);
    const double room = 1e-9 * v.norm();
    if (p.x[1] > room) {
      EXPECT_LE(p.x[1] * std::exp(p.x[0] / p.x[1]), p.x[2] + room) << v.transpose();
    }
    EXPECT_GE(p.x[1], 0);
    EXPECT_GE(p.x[2], 0);
  }
}

TEST(PowerCone, IsReachedFromEverywhere) {
  Random random(6);
  for (int k = 0; k < 4000; ++k) {
    Eigen::Vector3d v = random_numbers(random, 3, -3, 3);
    if (k % 4 == 1) v[k / 4 % 3] = 0;
    if (k % 4 == 2) v *= std::pow(10.0, k % 13 - 6);
    const double power = random_numbers(random, 1, 0.05, 0.95)[0];
    const ConeProjection p = project_power_cone(v, power);
    expect_nearest(p, v);
    EXPECT_GE(std::min(p.x[0], p.x[1]), 0);
    EXPECT_GE(std::pow(p.x[0], power) * std::pow(p.x[1], 1 - power), std::abs(p.x[2]) - 1e-9 * v.norm());
  }
}

}  // namespace
}  // namespace argscope::sets
