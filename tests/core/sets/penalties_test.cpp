// Every row of the table of penalties: what makes a proximal operator, its derivatives, and the closed forms that are
// known.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/core/sets/trial.h"

namespace argscope::sets {
namespace {

using namespace check;
using expr::Arguments;
using expr::Graph;
using expr::Id;

constexpr double exact = 1e-11;  // rounding of a few numbers of size 1, of a singular value decomposition at worst

struct PenaltyCase {
  std::string text;
  Shape shape;
  Values parameters;

  const Penalty& row() const {
    const Penalty* p = penalty_named(text.substr(0, text.find('(')));
    if (!p) throw std::runtime_error("no penalty: " + text);
    return *p;
  }
  /// z ↦ g(z); the first argument is called w.
  Function value() const {
    Values all = parameters;
    all["w"] = Array{shape, std::vector<double>(static_cast<std::size_t>(shape.size()), 0)};
    return Function(text, row().usage, shape, all, [&](Graph& g, Id, const Arguments& a) { return row().value(g, a); });
  }
  /// (z, parameters, scale) ↦ prox.
  Function prox(double scale) const {
    Values all = parameters;
    all["zz_scale"] = Array{{}, {scale}};  // the last name
    const std::string with = text.substr(0, text.find("(") + 1) + "zz_scale" + text.substr(text.find("(") + 2);
    return Function(with, row().usage, shape, all,
                    [&](Graph& g, Id z, const Arguments& a) { return row().prox(g, z, a.array(0), a); });
  }
  double value_at(const Function& f, const Vec& w) const {
    // the parameters' order is that of their names, and w is the last of them
    Vec point = f.point(Vec::Zero(w.size()));
    point.tail(w.size()) = w;
    return f(point)[0];
  }
};

const std::vector<PenaltyCase>& cases() {
  static const std::vector<PenaltyCase> all{
      {"norm1(w)", {6}, {}},
      {"nonnegative_norm1(w)", {5}, {}},
      {"elastic_net(w, l1, gamma)", {5}, {{"l1", {{}, {0.7}}}, {"gamma", {{}, {0.4}}}}},
      {"elastic_net(w, l1, gamma)", {2, 2}, {{"l1", {{2}, {0.7, 0.2}}}, {"gamma", {{}, {1.4}}}}},
      {"group_norm(w, 2)", {6}, {}},
      {"group_norm(w, [0, 1, 0, 2, 1])", {2, 5}, {}},
      {"norm2_squared(w)", {2, 3}, {}},
      {"nonnegative_norm2_squared(w)", {5}, {}},
      {"nuclear_norm(w)", {3, 3}, {}},
      {"nuclear_norm(w)", {4, 2}, {}},
      {"nuclear_norm(w)", {2, 5}, {}},
      {"total_variation(w)", {7}, {}},
      {"total_variation(w)", {2, 4}, {}},
  };
  return all;
}

TEST(Penalties, EachHasACase) {
  for (const Penalty& p : penalties()) {
    const bool tried =
        std::any_of(cases().begin(), cases().end(), [&](const PenaltyCase& c) { return c.row().name() == p.name(); });
    EXPECT_TRUE(tried) << p.name() << ": add a case";
    EXPECT_FALSE(p.summary.empty());
  }
  EXPECT_TRUE(std::is_sorted(penalties().begin(), penalties().end(),
                             [](const Penalty& a, const Penalty& b) { return a.name() < b.name(); }));
}

TEST(Penalties, ProximalPointsMinimizeTheirObjective) {
  Random random(1);
  for (const PenaltyCase& c : cases())
    for (const double scale : {0.05, 0.6, 3.0}) {
      const Function prox = c.prox(scale), value = c.value();
      for (int k = 0; k < 15; ++k) {
        const Vec z = random_numbers(random, c.shape.size(), -2, 2), w = prox(prox.point(z));
        const auto objective = [&](const Vec& v) { return 0.5 * (v - z).squaredNorm() + scale * c.value_at(value, v); };
        for (const double away : {1e-3, 0.1, 2.0}) {
          const Vec v = w + random_numbers(random, w.size(), -away, away);
          // a strongly convex objective grows from its minimum at least like this
          EXPECT_GE(objective(v), objective(w) + 0.5 * (v - w).squaredNorm() - exact) << c.text << " " << scale;
        }
      }
    }
}

TEST(T16, ProximalOperatorsDifferentiateInThePointTheScaleAndTheParameters) {
  Random random(2);
  for (const PenaltyCase& c : cases())
    for (const double scale : {0.3, 1.1}) expect_derivatives(c.prox(scale), c.text, 2, random);
}

TEST(Penalties, ValuesDifferentiate) {
  Random random(3);
  for (const PenaltyCase& c : cases()) {
    if (c.row().name().starts_with("nonnegative")) continue;  // infinite at most random points
    // the variable is an argument here: its start at 0 is moved away by the draws' directions
    const Function value = c.value();
    for (int k = 0; k < 20; ++k) {
      Vec point = value.point(Vec::Zero(c.shape.size()));
      point.tail(c.shape.size()) = random_numbers(random, c.shape.size(), -2, 2);
      const Vec d = random_numbers(random, value.inputs(), -1, 1);
      if (near_kink(value, point, d)) continue;
      // rounding 1e-15/h and truncation h⁴
      EXPECT_NEAR(value.push(point, d)[0], difference(value, point, d)[0], 1e-8) << c.text;
    }
  }
}

// ---- closed forms: value, slope in u, slopes in the parameters

/// prox of (z, parameters…, scale) and its slope along one input.
struct Slopes {
  Vec value;
  Mat in;  ///< a column for each input
};
Slopes slopes(const Function& f, const Vec& z) {
  Slopes s{f(f.point(z)), {}};
  s.in.resize(s.value.size(), f.inputs());
  for (Index k = 0; k < f.inputs(); ++k) s.in.col(k) = f.push(f.point(z), Vec::Unit(f.inputs(), k));
  return s;
}

Vec numbers(std::initializer_list<double> v) { return Eigen::Map<const Vec>(v.begin(), static_cast<Index>(v.size())); }

TEST(Penalties, TheLassoShrinksAndStandsStillAtATie) {
  const PenaltyCase c{"norm1(w)", {4}, {}};
  const Slopes s = slopes(c.prox(0.5), numbers({2, -0.25, -3, 0.5}));
  EXPECT_EQ(s.value, numbers({1.5, 0, -2.5, 0}));
  EXPECT_EQ(Vec(s.in.leftCols(4).diagonal()), numbers({1, 0, 1, 0}));
  EXPECT_EQ(Vec(s.in.col(4)), numbers({-1, 0, 1, 0}));
}

TEST(Penalties, TheElasticNetHasItsThreeColumns) {
  const double l1 = 0.5, gamma = 0.8, by = 1 + l1 * gamma;
  const PenaltyCase c{"elastic_net(w, l1, gamma)", {3}, {{"l1", {{}, {l1}}}, {"gamma", {{}, {gamma}}}}};
  const Slopes s = slopes(c.prox(1), numbers({2, -0.5, -3}));  // inputs: z, gamma, l1, scale
  const Vec shrunk = numbers({1.5, 0, -2.5}), sign = numbers({1, 0, -1});
  constexpr double rounding = 1e-15;
  EXPECT_LE((s.value - shrunk / by).norm(), rounding);
  EXPECT_LE((s.in.leftCols(3).diagonal() - numbers({1 / by, 0, 1 / by})).norm(), rounding);
  EXPECT_LE((s.in.col(3) - (-l1 * shrunk / (by * by))).norm(), rounding);
  EXPECT_LE((s.in.col(4) - (-sign / by - gamma * shrunk / (by * by))).norm(), rounding);
}

TEST(Penalties, TheRidgeDividesByOnePlusItsScale) {
  const PenaltyCase c{"norm2_squared(w)", {2}, {}};
  const Slopes s = slopes(c.prox(0.25), numbers({2, -1}));
  constexpr double rounding = 1e-15;
  EXPECT_LE((s.value - numbers({1.6, -0.8})).norm(), rounding);
  EXPECT_LE((s.in.col(2) - numbers({-2 / 1.5625, 1 / 1.5625})).norm(), rounding);
}

TEST(Penalties, AGroupShrinksAlongItself) {
  const PenaltyCase c{"group_norm(w, [0, 0, 1, 1])", {4}, {}};
  const Vec u = numbers({3, 4});
  const double s = 2;
  const Slopes at = slopes(c.prox(s), numbers({3, 4, 1.2, 1.6}));  // the second group has norm 2: a tie
  constexpr double rounding = 1e-15;
  EXPECT_LE((at.value - numbers({1.8, 2.4, 0, 0})).norm(), rounding);
  const Mat expected = (1 - s / 5) * Mat::Identity(2, 2) + s * u * u.transpose() / 125;
  EXPECT_LE((at.in.topLeftCorner(2, 2) - expected).norm(), rounding);
  EXPECT_LE((at.in.col(4).head(2) + u / 5).norm(), rounding);
  EXPECT_EQ(at.in.bottomRows(2), Mat::Zero(2, 5));
}

TEST(Penalties, TotalVariationJoinsNeighboursIntoSteps) {
  const PenaltyCase c{"total_variation(w)", {5}, {}};
  const Slopes s = slopes(c.prox(0.5), numbers({0.5, 0, 6, 5, 6}));
  // {0.5, 0} rise by s/2 towards {6, 5, 6}, which fall by s/3
  EXPECT_LE((s.value - numbers({0.5, 0.5, 5.5, 5.5, 5.5})).norm(), 1e-14);
  EXPECT_LE((s.in.col(5) - numbers({0.5, 0.5, -1.0 / 3, -1.0 / 3, -1.0 / 3})).norm(), 1e-15);
  EXPECT_LE(std::abs(s.in(2, 4) - 1.0 / 3) + std::abs(s.in(0, 4)), 1e-15);
}

TEST(Penalties, GroupsThatDoNotFitAreRefused) {
  const auto complaint = [](const std::string& text) -> std::string {
    try {
      PenaltyCase{text, {4}, {}}.value();
    } catch (const expr::TextError& e) {
      return e.message();
    }
    return "";
  };
  EXPECT_EQ(complaint("group_norm(w, 3)"), "rows of 4 numbers do not split into groups of 3");
  EXPECT_EQ(complaint("group_norm(w, [0, 1])"),
            "one group number for each of 4 entries is expected, or one length, not shape (2,)");
  EXPECT_EQ(complaint("group_norm(w, [0, 1, 2, 4])"), "group numbers count from 0 and stay below 4, not 4");
  EXPECT_EQ(complaint("group_norm(w, [0, 0, 0.5, 1])"), "group numbers count from 0 and stay below 4, not 0.5");
  EXPECT_EQ(complaint("elastic_net(w, [1, 2, 3], 1)"), "shape (3,) does not go with a variable of shape (4,)");
  EXPECT_EQ(complaint("elastic_net(w, 1)"), "'gamma' is missing: write elastic_net(w, l1, gamma)");
}

}  // namespace
}  // namespace argscope::sets
