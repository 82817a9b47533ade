// Every row of the table of sets at points that a uniform draw never meets: far away, next to nothing, equal entries,
// rows of one number.
#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>
#include <cmath>

#include "tests/core/sets/cases.h"

namespace argscope::sets {
namespace {

using namespace check;

/// Rounding of an active-set, eigenvalue or Newton solution of a few numbers of size 1.
constexpr double exact = 1e-11;

Vec numbers(std::initializer_list<double> v) { return Eigen::Map<const Vec>(v.begin(), static_cast<Index>(v.size())); }

Vec draw(const SetCase& c, Random& random) { return random_numbers(random, c.shape.size(), -c.spread, c.spread); }

/// ∂ projection/∂z at z.
Mat slope_at(const Function& f, const Vec& z) {
  Mat slope(z.size(), z.size());
  for (Index k = 0; k < z.size(); ++k) slope.col(k) = f.push(f.point(z), Vec::Unit(f.inputs(), k));
  return slope;
}

bool is_projection(const SetCase& c) { return c.convex && c.euclidean; }

TEST(Projections, OntoConvexSetsAreFirmlyNonexpansive) {
  Random random(11);
  for (const SetCase& c : set_cases()) {
    if (!is_projection(c)) continue;
    const Function f = c.projection();
    for (int k = 0; k < 40; ++k) {
      const Vec y = draw(c, random);
      const Vec z = k % 2 ? draw(c, random) : Vec(y + 1e-3 * draw(c, random));  // anywhere, and just beside
      const Vec moved = f(f.point(z)) - f(f.point(y));
      EXPECT_LE(moved.squaredNorm(), moved.dot(z - y) + exact) << c.text << "\n" << y.transpose();
    }
  }
}

TEST(Projections, OntoConvexSetsHaveSymmetricSlopesBetweenZeroAndOne) {
  Random random(12);
  for (const SetCase& c : set_cases()) {
    if (!is_projection(c)) continue;
    const Function f = c.projection();
    for (int k = 0; k < 12; ++k) {
      const Mat D = slope_at(f, draw(c, random));
      ASSERT_LE((D - D.transpose()).norm(), exact) << c.text << "\n" << D;
      const Vec values = Eigen::SelfAdjointEigenSolver<Mat>(D).eigenvalues();
      EXPECT_GE(values.minCoeff(), -exact) << c.text;
      EXPECT_LE(values.maxCoeff(), 1 + exact) << c.text;
    }
  }
}

TEST(Projections, OntoConesScaleWithTheirPointOverManyMagnitudes) {
  Random random(13);
  for (const SetCase& c : set_cases()) {
    if (!c.row().cone) continue;
    const Function f = c.projection();
    for (const double scale : {0x1p-300, 0x1p-40, 0x1p40, 0x1p300})  // squares neither vanish nor overflow
      for (int k = 0; k < 10; ++k) {
        const Vec z = draw(c, random), p = f(f.point(z)), scaled = f(f.point(scale * z)) / scale;
        // powers of two scale without rounding; roots and eigenvalues are found to the last digits
        EXPECT_LE((scaled - p).norm(), exact * (1 + z.norm())) << c.text << " times " << scale;
        if (z.cwiseAbs().minCoeff() < 1e-3) continue;  // next to a kink the two may stand on different sides
        EXPECT_LE((slope_at(f, scale * z) - slope_at(f, z)).norm(), 1e-7) << c.text << " times " << scale;
      }
  }
}

TEST(Projections, OfPointsFarAwayObeyTheVariationalInequality) {
  Random random(14);
  for (const SetCase& c : set_cases()) {
    if (!is_projection(c)) continue;
    const Function f = c.projection();
    for (const double size : {1e3, 1e6, 1e9}) {
      // Newton's method for potentials need not arrive from afar, and then says so
      if (size > 1e3 && c.row().acts == Acts::Matrix && c.row().name() != "psd_cone") continue;
      for (int k = 0; k < 6; ++k) {
        const Vec z = size * draw(c, random), p = f(f.point(z));
        ASSERT_TRUE(p.allFinite()) << c.text << " at " << z.transpose();
        const double rounding = 1e-14 * z.norm();  // of differences of numbers of that size, a few of them
        EXPECT_LE((f(f.point(p)) - p).norm(), 10 * rounding + exact) << c.text;
        for (int other = 0; other < 4; ++other) {
          const Vec q = f(f.point(draw(c, random))), gap = z - p;
          EXPECT_LE(gap.dot(q - p), (10 * rounding + exact) * (1 + gap.norm())) << c.text << " at " << z.transpose();
        }
      }
    }
  }
}

TEST(Projections, OfEqualVanishingAndDenormalEntriesAreInTheSetAndDifferentiable) {
  const double denormal = std::numeric_limits<double>::denorm_min();
  for (const SetCase& c : set_cases()) {
    const Function f = c.projection();
    for (const double entry : {0.0, -0.0, 1.0, -1.0, 0.25, denormal, -denormal, 1e-200, -1e-200}) {
      const Vec z = Vec::Constant(c.shape.size(), entry), p = f(f.point(z));
      ASSERT_TRUE(p.allFinite()) << c.text << " at " << entry;
      if (c.euclidean) {
        EXPECT_LE((f(f.point(p)) - p).norm(), exact) << c.text << " at " << entry;
      }
      Mat slope(p.size(), f.inputs());
      for (Index k = 0; k < f.inputs(); ++k) slope.col(k) = f.push(f.point(z), Vec::Unit(f.inputs(), k));
      EXPECT_TRUE(slope.allFinite()) << c.text << " at " << entry << "\n" << slope;
      EXPECT_TRUE(f.pull(f.point(z), Vec::Ones(p.size())).allFinite()) << c.text << " at " << entry;
    }
  }
}

TEST(Projections, OfPointsOfASetAreThosePoints) {
  struct Member {
    std::string text;
    Shape shape;
    Vec z;
  };
  const std::vector<Member> members{
      {"simplex()", {3}, numbers({0.25, 0.75, 0})},
      {"simplex(0)", {2}, numbers({0, 0})},
      {"l1_ball(0)", {2}, numbers({0, 0})},
      {"l2_ball(0)", {2}, numbers({0, 0})},
      {"l2_sphere(5)", {2}, numbers({3, -4})},
      {"l1_sphere(1)", {3}, numbers({0.5, -0.25, 0.25})},
      {"box(1, 1)", {2}, numbers({1, 1})},
      {"box(-inf, inf)", {2}, numbers({-1e300, 1e300})},
      {"second_order_cone()", {3}, numbers({5, 3, 4})},
      {"psd_cone()", {2, 2}, numbers({2, 0, 0, 1})},
      {"birkhoff()", {2, 2}, numbers({0.25, 0.75, 0.75, 0.25})},
      {"transport([1, 0], [0.5, 0.5])", {2, 2}, numbers({0.5, 0.5, 0, 0})},
      {"power_cone(0.5)", {3}, numbers({4, 1, -2})},
      {"exponential_cone()", {3}, numbers({0, 1, 1})},
      {"exponential_cone()", {3}, numbers({-3, 0, 2})},
      {"box_section(0, 1, 1, 2)", {2}, numbers({1, 1})},
  };
  for (const Member& m : members) {
    const SetCase c{m.text, m.shape, {}};
    const Function f = c.projection();
    EXPECT_LE((f(f.point(m.z)) - m.z).norm(), 1e-14 * (1 + m.z.lpNorm<Eigen::Infinity>())) << m.text;
  }
}

TEST(Projections, OfOneNumberFollowTheirOneDimensionalFormula) {
  struct Single {
    std::string text;
    Shape shape;
    double z, expected;
  };
  const std::vector<Single> singles{
      {"simplex(3)", {1}, -5, 3},
      {"simplex()", {1}, 1e12, 1},
      {"sparse_simplex(1)", {1}, -2, 1},
      {"l1_ball(2)", {1}, -7, -2},
      {"l1_ball(2)", {1}, 1.5, 1.5},
      {"l1_sphere(2)", {1}, -0.5, -2},
      {"l2_ball(2)", {1}, -7, -2},
      {"l2_sphere(2)", {1}, -0.5, -2},
      {"linf_ball(2)", {1}, 9, 2},
      {"box(-1, 4)", {1}, 5, 4},
      {"box(-1, 4)", {}, 5, 4},
      {"nonnegative()", {}, -3, 0},
      {"hypercube()", {}, 0.5, 0.5},
      {"second_order_cone()", {1}, -1, 0},
      {"second_order_cone()", {1}, 3, 3},
      {"psd_cone()", {1, 1}, -2, 0},
      {"psd_cone()", {1, 1}, 2, 2},
      {"birkhoff()", {1, 1}, 9, 1},
      {"kl_birkhoff()", {1, 1}, 9, 1},
      {"transport([4], [4])", {1, 1}, 9, 4},
      {"hyperplane(2, 6)", {1}, 9, 3},
      {"halfspace(2, 6)", {1}, 1, 1},
      {"halfspace(-2, 6)", {1}, -9, -3},
      {"affine_set([[2]], [6])", {1}, 9, 3},
      {"box_section(0, 9, 2, 6)", {1}, -1, 3},
      {"polyhedron(None, None, [[1], [2]], [5, 4])", {1}, 7, 2},
  };
  for (const Single& s : singles) {
    const SetCase c{s.text, s.shape, {}};
    const Function f = c.projection();
    EXPECT_NEAR(f(f.point(numbers({s.z})))[0], s.expected, 1e-14 * (1 + std::abs(s.expected)))
        << s.text << " at " << s.z;
  }
}

TEST(Projections, TakeTheDerivativeAtAKinkThatTheirSummarySays) {
  struct Kink {
    std::string text;
    Shape shape;
    Vec z;
    Mat slope;
  };
  const auto diagonal = [](std::initializer_list<double> v) { return Mat(numbers(v).asDiagonal()); };
  const std::vector<Kink> kinks{
      {"nonnegative_cone()", {2}, numbers({0, 0}), diagonal({0, 0})},
      {"hypercube()", {3}, numbers({0, 1, 0.5}), diagonal({0, 0, 1})},
      {"linf_ball(1)", {3}, numbers({-1, 1, 0}), diagonal({0, 0, 1})},
      {"zero_cone()", {2}, numbers({0, 1}), diagonal({0, 0})},
      {"l1_ball(1)", {2}, numbers({0.5, -0.5}), diagonal({1, 1})},
      {"l2_ball(5)", {2}, numbers({3, 4}), diagonal({1, 1})},
      {"halfspace([1, 1], 2)", {2}, numbers({1, 1}), diagonal({1, 1})},
      {"polyhedron(None, None, [[1, 1]], [2])", {2}, numbers({1, 1}), diagonal({1, 1})},
      {"second_order_cone()", {3}, numbers({5, 3, 4}), diagonal({1, 1, 1})},
      {"second_order_cone()", {3}, numbers({0, 0, 0}), diagonal({0, 0, 0})},
      {"second_order_cone()", {3}, numbers({-5, 3, 4}), diagonal({0, 0, 0})},
      {"exponential_cone()", {3}, numbers({0, 0, 0}), diagonal({0, 0, 0})},
      {"exponential_cone()", {3}, numbers({0, 1, 1}), diagonal({1, 1, 1})},
      {"psd_cone()", {1, 1}, numbers({0}), diagonal({0})},
      {"psd_cone()", {2, 2}, numbers({0, 0, 0, 0}), Mat::Zero(4, 4)},
      {"power_cone(0.5)", {3}, numbers({0, 0, 0}), diagonal({0, 0, 0})},
      {"birkhoff()", {2, 2}, numbers({1, 0, 0, 1}), Mat::Zero(4, 4)},
  };
  for (const Kink& k : kinks) {
    const SetCase c{k.text, k.shape, {}};
    const Mat slope = slope_at(c.projection(), k.z);
    EXPECT_LE((slope - k.slope).norm(), 1e-14) << k.text << " at " << k.z.transpose() << "\n" << slope;
  }
}

TEST(Sections, AreMetAmongKinksSoLargeThatOneIsLessThanTheirRounding) {
  const SetCase c{"box_section(-inf, 0, 1, c)", {2}, {{"c", {{}, {-1000}}}}};
  const Function f = c.projection();
  const Vec z = numbers({0x1p57, 0x1p57 + 64}), p = f(f.point(z));
  EXPECT_NEAR(p.sum(), -1000, 64) << p.transpose();  // two roundings of numbers of that size
  EXPECT_LE(p.maxCoeff(), 0);
}

TEST(Polyhedra, HoldPointsThatRoundingAloneCarriesOverAFace) {
  const SetCase c{"polyhedron(None, None, [[1, 0], [0, 1], [1, 1]], [0.3, 0, 0.3])", {2}, {}};
  const Function f = c.projection();
  for (const double over : {1e-18, 1e-16, 1e-15, 1e-13, 1e-200}) {
    const Vec z = numbers({-over, over}), p = f(f.point(z));
    EXPECT_LE((p - z).norm(), 2 * over) << over;  // fails for not-a-number too
    EXPECT_LE(p[1], 1e-13 * 0.3) << over << ": what is too little to become active beside the others";
  }
}

}  // namespace
}  // namespace argscope::sets
