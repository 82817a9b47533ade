// Lists of pairs as a model keeps them, against trying all pairs: boxes of any shape, positions anywhere, few
// particles, and how long a list is trusted.
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "core/optimality/problem.h"
#include "tests/core/optimality/conditioned.h"

namespace argscope::optimality {
namespace {

/// Σ over pairs and images of φ(r) = (1 − r/c)³₊ by trying all of them; particles as rows, `box` empty: open space.
double energy_of_all(const Vec& x, Index dimension, const Vec& box, double cutoff) {
  const Index n = x.size() / dimension;
  double sum = 0;
  std::array<long, 3> reach{};
  for (Index a = 0; a < dimension && box.size() > 0; ++a) {
    const auto along = x(Eigen::seqN(a, n, dimension));
    reach[static_cast<std::size_t>(a)] =
        static_cast<long>(std::ceil((along.maxCoeff() - along.minCoeff() + cutoff) / box[a]));
  }
  for (Index i = 0; i < n; ++i)
    for (Index j = i; j < n; ++j)
      for (long a = -reach[0]; a <= reach[0]; ++a)
        for (long b = -reach[1]; b <= reach[1]; ++b)
          for (long c = -reach[2]; c <= reach[2]; ++c) {
            const std::array<long, 3> image{a, b, c};
            if (i == j && image <= std::array<long, 3>{}) continue;
            double r2 = 0;
            for (Index k = 0; k < dimension; ++k) {
              const double shift =
                  box.size() > 0 ? static_cast<double>(image[static_cast<std::size_t>(k)]) * box[k] : 0;
              r2 += std::pow(x[i * dimension + k] - x[j * dimension + k] - shift, 2);
            }
            const double r = std::sqrt(r2);
            if (r < cutoff) sum += std::pow(1 - r / cutoff, 3);
          }
  return sum;
}

Written gas(const Vec& x, Index dimension, const std::string& box, const expr::Array& L, double cutoff) {
  Pairs near{.name = "near", .of = "x", .box = std::nullopt, .cutoff = text("c")};
  if (!box.empty()) near.box = text(box);
  return {.variables = {{"x", {{x.size() / dimension, dimension}, {x.begin(), x.end()}}}},
          .parameters = {parameter("L", L), parameter("c", {{}, {cutoff}})},
          .pairs = {near},
          .minimize = "sum(where(near.r < c, (1 - near.r/c)**3, 0))"};
}

struct Gas {
  const char* name;
  Index particles, dimension;
  Vec box;  ///< empty: open space
  double cutoff;
  double spread;  ///< positions are drawn from [−spread, spread]
};

Vec numbers(std::initializer_list<double> v) { return Eigen::Map<const Vec>(v.begin(), static_cast<Index>(v.size())); }

std::vector<Gas> gases() {
  return {{"OneParticleThatMeetsItsImages", 1, 2, numbers({1, 1.5}), 1.7, 0.5},
          {"TwoParticles", 2, 3, numbers({2, 2, 2}), 0.9, 1},
          {"TwoInOpenSpace", 2, 2, Vec(), 1.5, 1},
          {"ManyInOpenSpace", 60, 3, Vec(), 0.7, 2},
          {"CutoffBeyondHalfOfTheBox", 7, 2, numbers({1, 1}), 0.8, 1},
          {"CutoffOfManyBoxes", 3, 2, numbers({0.5, 0.5}), 1.6, 1},
          {"OblongBox", 50, 2, numbers({8, 1.1}), 0.5, 4},
          {"FlatBox", 30, 3, numbers({4, 4, 0.6}), 0.7, 2},
          {"ManyCells", 150, 2, numbers({12, 9}), 0.8, 6},
          {"FarOutsideOfTheBox", 25, 2, numbers({3, 2}), 0.7, 40},
          {"ThreeCellsExactly", 40, 2, numbers({3, 3}), 1 / 1.1, 3}};
}

class EveryGas : public testing::TestWithParam<Gas> {
 protected:
  const Gas& gas_ = GetParam();
  std::mt19937 random{5};

  Vec positions() { return drawn(random, gas_.particles * gas_.dimension, -gas_.spread, gas_.spread); }
  std::shared_ptr<const Statement> statement(const Vec& x) const {
    expr::Array L{{gas_.dimension}, std::vector<double>(static_cast<std::size_t>(gas_.dimension), 1)};
    if (gas_.box.size() > 0) L.values.assign(gas_.box.begin(), gas_.box.end());
    return stated(gas(x, gas_.dimension, gas_.box.size() > 0 ? "L" : "", L, gas_.cutoff));
  }
  void expect_energy(const Model& model, const Vec& x, const Vec& theta, const char* what) const {
    const Vec box = gas_.box.size() > 0 ? Vec(theta.head(gas_.dimension)) : Vec();
    const double expected = energy_of_all(x, gas_.dimension, box, theta[gas_.dimension]);
    // the same terms in another order, each of a distance whose coordinates are rounded as far away ones are
    EXPECT_NEAR(model.objective(x, theta), expected, 1e-12 * (1 + gas_.spread) * (1 + expected)) << what;
  }
};

TEST_P(EveryGas, HasTheEnergyThatTryingAllPairsFinds) {
  for (int k = 0; k < 4; ++k) {
    const Vec x = positions();
    const ModelPtr model = build_model(statement(x));
    expect_energy(*model, x, model->initial_parameters(), "drawn");
  }
}

TEST_P(EveryGas, KeepsItsEnergyForAsLongAsItsListsHold) {
  const Vec x = positions();
  const auto s = statement(x);
  const ModelPtr model = build_model(s);
  int kept = 0;
  for (int k = 0; k < 200; ++k) {
    // small changes that a list outlives now and then, of the positions, the box and the cutoff
    const double size = std::pow(10.0, -1 - k % 4) * gas_.cutoff;
    Vec theta = model->initial_parameters();
    const Vec moved = x + drawn(random, x.size(), -size, size) * (k % 3 != 1);
    if (k % 3 != 0) theta += drawn(random, theta.size(), -size, size);
    if (!model->holds_at(moved, theta)) continue;
    ++kept;
    expect_energy(*model, moved, theta, "by an old list");
  }
  EXPECT_GT(kept, 20) << "lists are renewed all the time";
}

TEST_P(EveryGas, RenewsItsListsWhereverTheyDoNotHold) {
  const Vec x = positions();
  const auto s = statement(x);
  const ModelPtr model = build_model(s);
  for (int k = 0; k < 10; ++k) {
    const Vec moved = x + drawn(random, x.size(), -1, 1);
    Vec theta = model->initial_parameters();
    theta = theta.cwiseProduct(drawn(random, theta.size(), 0.8, 1.25));
    const ModelPtr renewed = model_at(model, s, moved, theta);
    EXPECT_TRUE(renewed->holds_at(moved, theta));
    expect_energy(*renewed, moved, theta, "renewed");
  }
}

TEST_P(EveryGas, ListsPairsOnceInAscendingOrder) {
  const Vec x = positions();
  const PairList list = find_pairs(x.data(), gas_.particles, gas_.dimension, gas_.box, gas_.cutoff);
  std::set<std::vector<double>> seen;
  for (std::size_t p = 0; p < list.i.size(); ++p) {
    EXPECT_LE(list.i[p], list.j[p]);
    if (p > 0) {
      EXPECT_LE(std::pair(list.i[p - 1], list.j[p - 1]), std::pair(list.i[p], list.j[p]));
    }
    std::vector<double> key{list.i[p], list.j[p]}, mirrored = key;
    for (Index a = 0; a < gas_.dimension; ++a) {
      const double image = list.image[p * static_cast<std::size_t>(gas_.dimension) + static_cast<std::size_t>(a)];
      EXPECT_EQ(image, std::round(image));
      key.push_back(image + 0.0);
      mirrored.push_back(0.0 - image);
    }
    EXPECT_TRUE(seen.insert(key).second) << "the same pair and image twice";
    if (list.i[p] == list.j[p]) {
      EXPECT_FALSE(seen.contains(mirrored)) << "an image of a particle itself, seen from both sides";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, EveryGas, testing::ValuesIn(gases()), [](const auto& test) { return test.param.name; });

TEST(Neighbours, OfCoincidentParticlesArePairsOfDistanceZero) {
  const Vec x = numbers({0.5, 0.5, 0.5, 0.5, 1.5, -0.5});  // the third lies there too, one box away
  const PairList list = find_pairs(x.data(), 3, 2, Vec::Constant(2, 1.0), 0.3);
  ASSERT_EQ(list.size(), 3);
  EXPECT_EQ(list.i, (std::vector<double>{0, 0, 1}));
  EXPECT_EQ(list.j, (std::vector<double>{1, 2, 2}));
  EXPECT_EQ(list.image, (std::vector<double>{0, 0, -1, 1, -1, 1}));
  const ModelPtr model = build_model(stated(gas(x, 2, "L[0]", {{2}, {1, 1}}, 0.3)));
  const Vec theta = model->initial_parameters();
  EXPECT_DOUBLE_EQ(model->objective(x, theta), 3);
  EXPECT_TRUE(model->optimality().value_at(x, theta).allFinite());
  EXPECT_TRUE(model->optimality().linearize(x, theta).dx->dense().allFinite());
}

TEST(Neighbours, AtExactlyTheCutoffAreListedAndJustBeyondAreNot) {
  for (const double box : {0.0, 3.0, 8.0}) {
    const Vec lengths = box > 0 ? Vec::Constant(2, box) : Vec();
    const double at[] = {0, 0, 1, 0}, beyond[] = {0, 0, std::nextafter(1.0, 2.0), 0}, across[] = {0, 0, box - 1, 0};
    EXPECT_EQ(find_pairs(at, 2, 2, lengths, 1).size(), 1) << box;
    EXPECT_EQ(find_pairs(beyond, 2, 2, lengths, 1).size(), 0) << box;
    if (box > 0) {
      EXPECT_EQ(find_pairs(across, 2, 2, lengths, 1).size(), 1) << box;
    }
  }
}

TEST(Neighbours, OnTheEdgesOfCellsAndBoxesAreFound) {
  const double edges[] = {0, -0.0, 1, 2, 3, -3, 6, std::nextafter(3.0, 0.0), -1e-17, 1e-17};
  for (const double p : edges)
    for (const double q : edges) {
      const double x[] = {p, 0.5, q, 0.5};
      const double apart = std::abs(std::remainder(p - q, 3.0));
      EXPECT_EQ(find_pairs(x, 2, 2, Vec::Constant(2, 3.0), 0.75).size(), apart <= 0.75 ? 1 : 0) << p << " " << q;
    }
}

/// Two kinds of particles, each with pairs of its own.
Written mixture() {
  std::mt19937 random(8);
  const Vec x = drawn(random, 12, 0, 3), y = drawn(random, 12, 0, 3);
  Written w = gas(x, 2, "L", {{}, {3.0}}, 1);
  w.variables.push_back({"y", {{4, 3}, {y.begin(), y.end()}}});
  w.pairs.push_back({.name = "far", .of = "y", .box = text("L"), .cutoff = text("1.2*c")});
  w.minimize += " + sum((1 - far.r)**2)";
  return w;
}

TEST(Translations, AreNamedByTheVariableThatMoves) {
  const ModelPtr model = build_model(stated(mixture()));
  const Vec theta = model->initial_parameters(), x = model->start(theta);
  const Mat& Z = model->symmetries();
  ASSERT_EQ(Z.cols(), 5);
  EXPECT_LE((Z.transpose() * Z - Mat::Identity(5, 5)).norm(), 1e-15);
  const char* names[] = {"translation of x along axis 0", "translation of x along axis 1",
                         "translation of y along axis 0", "translation of y along axis 1",
                         "translation of y along axis 2"};
  for (Index k = 0; k < 5; ++k) EXPECT_EQ(model->name_mode(x, theta, -2 * Z.col(k)), names[k]);
  EXPECT_EQ(model->name_mode(x, theta, Z.col(0) + Z.col(1)), "translation");
  Mat moved(Z.rows(), 5);
  model->optimality().linearize(x, theta).dx->apply(Z, moved);
  EXPECT_LE(moved.norm(), 1e-13);
  EXPECT_NEAR(model->objective(x + Z * Vec::Ones(5), theta), model->objective(x, theta), 1e-13);
}

TEST(Modes, AreNamedByParticlesAndByTheirLargestElements) {
  const ModelPtr model = build_model(stated(mixture()));
  const Vec theta = model->initial_parameters(), x = model->start(theta);
  const auto named = [&](const std::vector<std::pair<Index, double>>& entries) {
    Vec mode = Vec::Zero(model->size());
    for (const auto& [k, v] : entries) mode[k] = v;
    return model->name_mode(x, theta, mode);
  };
  EXPECT_EQ(named({{5, 1}}), "rattler x[2]");
  EXPECT_EQ(named({{4, 0.6}, {5, -0.8}}), "rattler x[2]");
  EXPECT_EQ(named({{15, 1}, {17, 1}}), "rattler y[1]");
  EXPECT_EQ(named({{0, 1}, {12, 2}}), "y[0, 0], x[0, 0]");
  EXPECT_EQ(named({{0, 1}, {2, 2}, {4, 3}, {12, 4}, {13, 0.01}}), "y[0, 0], x[2, 0], x[1, 0] and 1 more");
}

}  // namespace
}  // namespace argscope::optimality
