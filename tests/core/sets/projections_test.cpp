// Projections with known answers, their derivatives at kinks, and calls that make no sense.
#include <gtest/gtest.h>

#include <Eigen/LU>
#include <cmath>

#include "tests/core/sets/cases.h"

namespace argscope::sets {
namespace {

using namespace check;

Vec numbers(std::initializer_list<double> v) { return Eigen::Map<const Vec>(v.begin(), static_cast<Index>(v.size())); }

constexpr double rounding = 1e-14;

struct Answer {
  Vec value;
  Mat slope;  ///< a column for each number of z, then of the parameters
};
Answer answer(const SetCase& c, const Vec& z) {
  const Function f = c.projection();
  Answer a{f(f.point(z)), Mat(z.size(), f.inputs())};
  for (Index k = 0; k < f.inputs(); ++k) a.slope.col(k) = f.push(f.point(z), Vec::Unit(f.inputs(), k));
  return a;
}

void expect_near(const Mat& actual, const Mat& expected, double tolerance) {
  ASSERT_EQ(actual.rows(), expected.rows());
  ASSERT_EQ(actual.cols(), expected.cols());
  EXPECT_LE((actual - expected).norm(), tolerance) << "actual\n" << actual << "\nexpected\n" << expected;
}

TEST(T16, TheExponentialConeGivesItsReferenceValues) {
  const SetCase c{"exponential_cone()", {3}, {}};
  constexpr double printed = 1e-7;  // digits of the references
  expect_near(answer(c, numbers({1, 0.5, 1})).value, numbers({.4462254, .47093919, 1.21469865}), printed);
  expect_near(answer(c, numbers({.3, -.4, .7})).value, numbers({.09724868, .0311068, .70889684}), printed);
}

TEST(ExponentialCone, KnowsItsFourRegions) {
  const SetCase c{"exponential_cone()", {3}, {}};
  const Answer inside = answer(c, numbers({-1, 1, 2})), polar = answer(c, numbers({1, -2, -1})),
               face = answer(c, numbers({-1, -1, 2}));
  EXPECT_EQ(inside.value, numbers({-1, 1, 2}));
  EXPECT_EQ(inside.slope, Mat::Identity(3, 3));
  EXPECT_EQ(polar.value, Vec::Zero(3));
  EXPECT_EQ(polar.slope, Mat::Zero(3, 3));
  EXPECT_EQ(face.value, numbers({-1, 0, 2}));
  EXPECT_EQ(face.slope, Mat(numbers({1, 0, 1}).asDiagonal()));
}

TEST(ExponentialCone, ProjectsFarPointsAndFlatOnes) {
  Random random(1);
  const SetCase c{"exponential_cone()", {3}, {}};
  const Function f = c.projection();
  for (const double size : {1e-6, 1.0, 1e3, 1e6})
    for (int k = 0; k < 50; ++k) {
      const Vec v = random_numbers(random, 3, -size, size), p = f(f.point(v));
      ASSERT_TRUE(p.allFinite()) << v.transpose();
      EXPECT_LE(std::abs(p.dot(v - p)), 1e-9 * v.squaredNorm()) << v.transpose();  // of the root times the size
    }
}

TEST(Simplex, SumsToItsRadiusAndMovesAsItsFormulaSays) {
  const SetCase c{"simplex(theta)", {4}, {{"theta", {{}, {1}}}}};
  const Answer a = answer(c, numbers({0.9, 0.5, -1, 0.1}));
  const Vec s = numbers({1, 1, 0, 0});  // p > 0
  expect_near(a.value, numbers({0.7, 0.3, 0, 0}), rounding);
  expect_near(a.slope.leftCols(4), Mat(s.asDiagonal()) - s * s.transpose() / 2, rounding);
  expect_near(a.slope.col(4), s / 2, rounding);
}

TEST(Simplex, AnEntryThatJustTouchesZeroDoesNotMove) {
  const Answer a = answer({"simplex()", {3}, {}}, numbers({1, 0.5, 0.25}));
  expect_near(a.value, numbers({0.75, 0.25, 0}), rounding);
  EXPECT_EQ(a.slope.row(2).norm(), 0);
}

TEST(Simplex, KeepsItsAccuracyFarAway) {
  const Answer a = answer({"simplex()", {3}, {}}, numbers({1e9 + 0.25, 1e9, -1e9}));
  expect_near(a.value, numbers({0.625, 0.375, 0}), rounding);
}

TEST(Simplex, HasAMultiplicativeMirrorStep) {
  const Set& set = *set_named("simplex");
  const Vec x = numbers({0.5, 0.3, 0.2}), slope = numbers({1, -2, 700});
  const Function step("simplex(theta)", set.usage, {3}, {{"theta", {{}, {2}}}},
                      [&](expr::Graph& g, expr::Id z, const expr::Arguments& a) {
                        const expr::Id along = g.constant({1, -2, 700}, {3});
                        return set.mirror(g, z, along, expr::scalar(g, 0.5), a);
                      });
  const Vec e = x.array() * (-0.5 * (slope.array() + 2)).exp();
  expect_near(step(step.point(x)), 2 * e / e.sum(), rounding);
  expect_near(step(step.point(numbers({0, 1, 1}))).head(1), numbers({0}), 0);  // a zero stays, no logarithm is taken
  EXPECT_EQ(set_named("box")->mirror, nullptr);
}

TEST(SparseSimplex, KeepsTheFirstOfEqualEntries) {
  const Answer a = answer({"sparse_simplex(2)", {4}, {}}, numbers({0.4, 0.6, 0.4, 0.4}));
  expect_near(a.value, numbers({0.4, 0.6, 0, 0}), rounding);
}

TEST(Bounds, MoveWithTheBoundAtATie) {
  const SetCase c{"box(l, u)", {4}, {{"l", {{}, {-1}}}, {"u", {{}, {1}}}}};
  const Answer a = answer(c, numbers({-1, 0.5, 1, 3}));
  EXPECT_EQ(a.value, numbers({-1, 0.5, 1, 1}));
  EXPECT_EQ(Vec(a.slope.leftCols(4).diagonal()), numbers({0, 1, 0, 0}));
  EXPECT_EQ(Vec(a.slope.col(4)), numbers({1, 0, 0, 0}));
  EXPECT_EQ(Vec(a.slope.col(5)), numbers({0, 0, 1, 1}));
  EXPECT_EQ(answer({"nonnegative()", {2}, {}}, numbers({0, 1})).slope, Mat(numbers({0, 1}).asDiagonal()));
}

TEST(L1Ball, IsTheIdentityInsideAndASimplexOutside) {
  const SetCase c{"l1_ball(theta)", {3}, {{"theta", {{}, {1}}}}};
  EXPECT_EQ(answer(c, numbers({0.25, -0.5, 0.25})).slope.leftCols(3), Mat::Identity(3, 3));  // on the sphere
  const Answer a = answer(c, numbers({1, -0.5, 0.1}));
  expect_near(a.value, numbers({0.75, -0.25, 0}), rounding);
  expect_near(a.slope.col(3), numbers({0.5, -0.5, 0}), rounding);
}

TEST(L2Ball, TurnsAndStretches) {
  const SetCase c{"l2_ball(theta)", {2}, {{"theta", {{}, {2}}}}};
  const Answer a = answer(c, numbers({3, 4}));
  const Vec along = numbers({0.6, 0.8});
  expect_near(a.value, 2 * along, rounding);
  expect_near(a.slope.leftCols(2), 0.4 * (Mat::Identity(2, 2) - along * along.transpose()), rounding);
  expect_near(a.slope.col(2), along, rounding);
  EXPECT_EQ(answer(c, numbers({0, 0})).slope.leftCols(2), Mat::Identity(2, 2));
}

TEST(L2Sphere, SendsItsCentreToThePole) {
  const Answer a = answer({"l2_sphere(theta)", {3}, {{"theta", {{}, {2}}}}}, Vec::Zero(3));
  EXPECT_EQ(a.value, numbers({2, 0, 0}));
  EXPECT_EQ(a.slope.leftCols(3), Mat::Zero(3, 3));
  EXPECT_EQ(Vec(a.slope.col(3)), numbers({1, 0, 0}));
}

TEST(AffineSet, FollowsItsFormula) {
  const SetCase c{"affine_set([[1, 2, 0], [0, 1, -1]], d)", {3}, {{"d", {{2}, {1, 2}}}}};
  Mat E(2, 3);
  E << 1, 2, 0, 0, 1, -1;
  const Mat inverse = E.transpose() * (E * E.transpose()).inverse();
  const Vec u = numbers({0.3, -2, 1});
  const Answer a = answer(c, u);
  expect_near(a.value, u - inverse * (E * u - numbers({1, 2})), rounding);
  expect_near(a.slope.leftCols(3), Mat::Identity(3, 3) - inverse * E, rounding);
  expect_near(a.slope.rightCols(2), inverse, rounding);
}

TEST(Polyhedron, FindsDegenerateVertices) {
  // four faces meet in the corner (1, 1); two of them are enough
  const SetCase c{"polyhedron(None, None, [[1, 0], [0, 1], [1, 1], [2, 1]], [1, 1, 2, 3])", {2}, {}};
  const Answer a = answer(c, numbers({3, 4}));
  expect_near(a.value, numbers({1, 1}), rounding);
  expect_near(a.slope, Mat::Zero(2, 2), rounding);
}

TEST(SecondOrderCone, HasItsThreeRegions) {
  const SetCase c{"second_order_cone()", {3}, {}};
  EXPECT_EQ(answer(c, numbers({1, 0, 0})).slope, Mat::Identity(3, 3));
  EXPECT_EQ(answer(c, numbers({-1, 0, 0})).value, Vec::Zero(3));
  const Answer a = answer(c, numbers({1, 3, 4}));
  expect_near(a.value, 0.6 * numbers({5, 3, 4}), rounding);
  const Vec along = numbers({0.6, 0.8});
  Mat expected(3, 3);
  expected << 0.5, 0.5 * along.transpose(), 0.5 * along,
      0.5 * (1.2 * Mat::Identity(2, 2) - 0.2 * along * along.transpose());
  expect_near(a.slope, expected, rounding);
}

TEST(Birkhoff, SortsWhenThePullIsStrong) {
  const Answer a = answer({"birkhoff()", {3, 3}, {}}, numbers({0, 9, 1, 8, 0, 0, 1, 0, 9}));
  expect_near(a.value, numbers({0, 1, 0, 1, 0, 0, 0, 0, 1}), 1e-13);
  expect_near(a.slope, Mat::Zero(9, 9), 1e-13);
}

TEST(KlTransport, IsTheScalingThatSinkhornFinds) {
  Random random(2);
  const SetCase c{"kl_transport([0.2, 0.5, 0.3], [0.4, 0.3, 0.2, 0.1])", {3, 4}, {}};
  const Function f = c.projection();
  for (const double size : {1.0, 20.0}) {
    const Vec z = random_numbers(random, 12, -size, size), p = f(f.point(z));
    const Mat P = Eigen::Map<const Mat>(p.data(), 4, 3).transpose(),
              Z = Eigen::Map<const Mat>(z.data(), 4, 3).transpose();
    expect_near(P.rowwise().sum(), numbers({0.2, 0.5, 0.3}), 1e-12);
    expect_near(P.colwise().sum().transpose(), numbers({0.4, 0.3, 0.2, 0.1}), 1e-12);
    const Mat potential = P.array().log().matrix() - Z;  // f1ᵀ + 1gᵀ: every mixed difference vanishes
    for (Index i = 1; i < 3; ++i)
      for (Index j = 1; j < 4; ++j)
        EXPECT_NEAR(potential(i, j) - potential(0, j) - potential(i, 0) + potential(0, 0), 0, 1e-11 * size);
  }
}

// ---- sets that are empty, and calls that make no sense

TEST(Sets, ThatAreEmptyGiveNotANumber) {
  const std::vector<SetCase> empty{
      {"simplex(theta)", {3}, {{"theta", {{}, {-1}}}}},
      {"l1_ball(theta)", {3}, {{"theta", {{}, {-1}}}}},
      {"l2_ball(theta)", {3}, {{"theta", {{}, {-1}}}}},
      {"linf_ball(theta)", {3}, {{"theta", {{}, {-1}}}}},
      {"box(1, theta)", {3}, {{"theta", {{}, {-1}}}}},
      {"box_section(0, 1, 1, theta)", {3}, {{"theta", {{}, {4}}}}},
      {"affine_set([[1, 0], [1, 0]], [0, theta])", {2}, {{"theta", {{}, {1}}}}},
      {"polyhedron(None, None, [[1, 0], [-1, 0]], [0, theta])", {2}, {{"theta", {{}, {-1}}}}},
      {"transport([1, 1], [1, theta])", {2, 2}, {{"theta", {{}, {2}}}}},
      {"transport([1, 1], [-1, theta])", {2, 2}, {{"theta", {{}, {3}}}}},
      {"kl_transport([1, 1], [0, theta])", {2, 2}, {{"theta", {{}, {2}}}}},
      {"power_cone(theta)", {3}, {{"theta", {{}, {1.5}}}}},
  };
  for (const SetCase& c : empty) {
    const Function f = c.projection();
    EXPECT_TRUE(f(f.point(Vec::LinSpaced(c.shape.size(), 0.1, 2))).array().isNaN().all()) << c.text;
  }
}

TEST(Sets, NeverHideNotANumber) {
  for (const SetCase& c : set_cases()) {
    if (c.row().name() == "zero_cone") continue;
    const Function f = c.projection();
    const Vec z = Vec::Constant(c.shape.size(), std::nan(""));
    EXPECT_TRUE(f(f.point(z)).array().isNaN().any()) << c.text;
  }
}

std::string complaint(const std::string& text, const Shape& shape, const Values& parameters = {}) {
  try {
    SetCase{text, shape, parameters}.projection();
  } catch (const expr::TextError& e) {
    return e.message();
  } catch (const expr::ShapeError& e) {
    return e.what();
  }
  return "";
}

TEST(Sets, OfRowsRefuseOneNumberAndTakeNoRowsAtAll) {
  for (const SetCase& c : set_cases()) {
    if (c.row().acts != Acts::Row) continue;
    EXPECT_EQ(complaint(c.text, {}, c.parameters).empty(), false) << c.text;
    if (c.shape.rank() != 1) continue;
    SetCase none = c;
    none.shape = {0, c.shape[0]};
    const Function f = none.projection();
    EXPECT_EQ(f(f.point(Vec())).size(), 0) << c.text;
    EXPECT_EQ(f.push(f.point(Vec()), Vec::Zero(f.inputs())).size(), 0) << c.text;
  }
}

TEST(Sets, RefuseCallsThatMakeNoSense) {
  EXPECT_EQ(complaint("simplex(-1)", {3}), "a radius cannot be negative: the set would be empty");
  EXPECT_EQ(complaint("l2_ball([1, -1])", {2, 3}), "a radius cannot be negative: the set would be empty");
  EXPECT_EQ(complaint("l2_ball()", {3}), "'r' is missing: write l2_ball(r)");
  EXPECT_EQ(complaint("simplex(1, 2)", {3}), "too many arguments: write simplex(r=1)");
  EXPECT_EQ(complaint("simplex([1, 2])", {3}),
            "one number is expected, or one for each row of a variable of shape (3,), not shape (2,)");
  EXPECT_EQ(complaint("simplex()", {}), "a vector is expected, or a matrix of which each row counts, not one number");
  EXPECT_EQ(complaint("simplex()", {0}), "a simplex needs rows of numbers, not shape (0,)");
  EXPECT_EQ(complaint("sparse_simplex(0)", {3}), "of 3 numbers, 1 to 3 can be kept, not 0");
  EXPECT_EQ(complaint("sparse_simplex(4)", {3}), "of 3 numbers, 1 to 3 can be kept, not 4");
  EXPECT_EQ(complaint("box([0, 0], 1)", {3}), "shape (2,) does not go with a variable of shape (3,)");
  EXPECT_EQ(complaint("hyperplane([1, 2], 0)", {3}), "shape (2,) does not go with a variable of shape (3,)");
  EXPECT_EQ(complaint("affine_set([[1, 2]], [0])", {3}),
            "a matrix with 3 columns is expected, one for each entry, not shape (1, 2)");
  EXPECT_EQ(complaint("affine_set([[1, 2, 3]], [0, 1])", {3}),
            "a vector of 1 numbers is expected, one for each row of the matrix, not shape (2,)");
  EXPECT_EQ(complaint("polyhedron(None, None, None, None)", {3}), "a polyhedron needs equalities or inequalities");
  EXPECT_EQ(complaint("polyhedron(None, [1], None, None)", {3}),
            "a matrix and its right side are given together, or both are None");
  EXPECT_EQ(complaint("psd_cone()", {2, 3}), "psd_cone needs a square matrix, not shape (2, 3)");
  EXPECT_EQ(complaint("psd_cone()", {4}), "psd_cone needs a square matrix, not shape (4,)");
  EXPECT_EQ(complaint("birkhoff()", {2, 3}), "a square matrix is expected, not shape (2, 3)");
  EXPECT_EQ(complaint("transport([1], [1])", {3}), "a matrix is expected, not shape (3,)");
  EXPECT_EQ(complaint("transport([1, 2], [3])", {2, 2}),
            "a vector of 2 numbers is expected, one for each column, not shape (1,)");
  EXPECT_EQ(complaint("exponential_cone()", {4}), "exponential_cone takes rows of three numbers, not shape (4,)");
  EXPECT_EQ(complaint("power_cone(2)", {3}), "the power must lie between 0 and 1, not be 2");
  EXPECT_EQ(complaint("affine_set(None, None)", {3}), "a polyhedron needs equalities or inequalities");
}

}  // namespace
}  // namespace argscope::sets
