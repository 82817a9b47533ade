// Every row of the table of sets: what makes a projection a projection, and its derivatives.
#include "core/sets/sets.h"

#include <gtest/gtest.h>

#include "tests/core/sets/cases.h"

namespace argscope::sets {
namespace {

using namespace check;

/// Rounding of an active-set, eigenvalue or Newton solution of a few numbers of size 1.
constexpr double exact = 1e-11;

Vec draw(const SetCase& c, Random& random) { return random_numbers(random, c.shape.size(), -c.spread, c.spread); }

TEST(Sets, EachHasACase) {
  for (const Set& set : all()) {
    bool tried = false;
    for (const SetCase& c : set_cases()) tried = tried || c.row().name() == set.name();
    EXPECT_TRUE(tried) << set.name() << ": add a case to cases.cpp";
    EXPECT_FALSE(set.summary.empty());
  }
}

TEST(Sets, AreFoundByNameWithHyphensOrUnderscores) {
  for (const Set& set : all()) {
    std::string hyphens(set.name());
    std::replace(hyphens.begin(), hyphens.end(), '_', '-');
    EXPECT_EQ(set_named(hyphens), &set);
  }
  EXPECT_EQ(set_named("l3_ball"), nullptr);
  EXPECT_EQ(set_named(""), nullptr);
}

TEST(Sets, KeepWhatTheyHold) {
  Random random(1);
  for (const SetCase& c : set_cases()) {
    if (!c.euclidean) continue;
    const Function project = c.projection();
    for (int k = 0; k < 20; ++k) {
      const Vec p = project(project.point(draw(c, random)));
      EXPECT_LE((project(project.point(p)) - p).norm(), exact * (1 + p.norm())) << c.text << "\n" << p.transpose();
    }
  }
}

TEST(Sets, NoOtherPointIsNearer) {
  Random random(2);
  for (const SetCase& c : set_cases()) {
    if (!c.euclidean) continue;
    const Function project = c.projection();
    for (int k = 0; k < 30; ++k) {
      const Vec z = draw(c, random), p = project(project.point(z));
      for (int other = 0; other < 10; ++other) {
        const double away = other < 5 ? 3 : 0.1;  // anywhere, and just beside
        const Vec q = project(project.point(p + random_numbers(random, p.size(), -away, away)));
        EXPECT_LE((z - p).norm(), (z - q).norm() + exact) << c.text;
        // the variational inequality of a convex set
        if (c.convex) {
          EXPECT_LE((z - p).dot(q - p), exact * (1 + (z - p).norm() * (q - p).norm())) << c.text;
        }
      }
    }
  }
}

TEST(T16, ProjectionsDifferentiateInThePointAndInTheirArguments) {
  Random random(3);
  for (const SetCase& c : set_cases()) expect_derivatives(c.projection(), c.text, c.spread, random);
}

TEST(Sets, OfVectorsActOnEachRow) {
  Random random(4);
  for (const SetCase& c : set_cases()) {
    if (c.row().acts == Acts::Matrix || c.shape.rank() != 1) continue;
    SetCase many = c;
    many.shape = {3, c.shape[0]};
    const Function one = c.projection(), all_rows = many.projection();
    const Vec z = draw(many, random), p = all_rows(all_rows.point(z));
    const Vec d = random_numbers(random, z.size(), -1, 1);
    const Index rest = one.inputs() - one.z_size(), n = c.shape[0];
    Vec along(z.size() + rest);
    along << d, Vec::Zero(rest);
    const Vec moved = all_rows.push(all_rows.point(z), along);
    for (Index r = 0; r < 3; ++r) {
      const Vec row = z.segment(r * n, n);
      Vec along_row(n + rest);
      along_row << d.segment(r * n, n), Vec::Zero(rest);
      // sums over rows may be taken in another order
      EXPECT_LE((one(one.point(row)) - p.segment(r * n, n)).norm(), 1e-13 * (1 + p.norm())) << c.text;
      EXPECT_LE((one.push(one.point(row), along_row) - moved.segment(r * n, n)).norm(), 1e-12) << c.text;
    }
  }
}

/// Values of the equalities (first) or inequalities of a case.
std::vector<Function> constraints(const SetCase& c, bool equalities) {
  std::size_t count = 1;
  std::vector<Function> all;
  for (std::size_t k = 0; k < count; ++k) {
    const auto pick = [&](expr::Graph& g, expr::Id z, const expr::Arguments& a) {
      const Constraints both = c.row().constraints(g, z, a);
      const expr::Ids& some = equalities ? both.equalities : both.inequalities;
      count = some.size();
      return k < count ? some[k] : g.constant(equalities ? 0 : -1, {});
    };
    all.emplace_back(c.text, c.row().usage, c.shape, c.parameters, pick);
  }
  return all;
}

TEST(Sets, HoldExactlyWhatTheirConstraintsAllow) {
  Random random(5);
  for (const SetCase& c : set_cases()) {
    if (!c.row().constraints) continue;
    const Function project = c.projection();
    const auto equal = constraints(c, true), below = constraints(c, false);
    const auto violation = [&](const Vec& z) {
      double worst = 0;
      for (const Function& h : equal) worst = std::max(worst, h(h.point(z)).lpNorm<Eigen::Infinity>());
      for (const Function& g : below) worst = std::max(worst, g(g.point(z)).maxCoeff());
      return worst;
    };
    for (int k = 0; k < 20; ++k) {
      const Vec z = draw(c, random), p = project(project.point(z));
      EXPECT_LE(violation(p), exact) << c.text;
      if ((z - p).norm() > 1e-3) {
        EXPECT_GT(violation(z), 1e-5) << c.text;
      }
    }
  }
}

TEST(Cones, SplitEveryPointIntoPolarParts) {
  Random random(6);
  for (const SetCase& c : set_cases()) {
    if (!c.row().cone) continue;
    const Function project = c.projection();
    const Function dual(
        c.text, c.row().usage, c.shape, c.parameters,
        [&](expr::Graph& g, expr::Id z, const expr::Arguments& a) { return project_dual(g, c.row(), z, a); });
    for (int k = 0; k < 30; ++k) {
      Vec z = draw(c, random);
      const Vec p = project(project.point(z)), q = dual(dual.point(-z));
      if (c.row().name() == "psd_cone") {  // which takes the symmetric part
        Mat Z = Eigen::Map<Mat>(z.data(), c.shape[0], c.shape[0]);
        Z = 0.5 * (Z + Z.transpose()).eval();
        z = Eigen::Map<Vec>(Z.data(), Z.size());
        EXPECT_LE(std::abs(p.dot(z - p)), exact);
        continue;
      }
      EXPECT_LE((z - (p - q)).norm(), exact * (1 + z.norm())) << c.text;  // Moreau
      EXPECT_LE(std::abs(p.dot(q)), exact * (1 + z.squaredNorm())) << c.text;
      EXPECT_GE(q.dot(project(project.point(draw(c, random)))), -exact * (1 + z.norm())) << c.text;
      EXPECT_LE((dual(dual.point(q)) - q).norm(), exact * (1 + z.norm())) << c.text;
    }
  }
}

}  // namespace
}  // namespace argscope::sets
