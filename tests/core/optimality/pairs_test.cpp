#include "core/optimality/pairs.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <set>

namespace argscope::optimality {
namespace {

using Key = std::array<long, 5>;

std::set<Key> keys(const PairList& list, Index dimension) {
  std::set<Key> all;
  for (Index p = 0; p < list.size(); ++p) {
    Key k{};
    k[0] = static_cast<long>(list.i[static_cast<std::size_t>(p)]);
    k[1] = static_cast<long>(list.j[static_cast<std::size_t>(p)]);
    for (Index a = 0; a < dimension; ++a)
      k[static_cast<std::size_t>(2 + a)] = static_cast<long>(list.image[static_cast<std::size_t>(p * dimension + a)]);
    if (k[0] == k[1] && Key{0, 0, k[2], k[3], k[4]} < Key{})
      for (std::size_t a = 2; a < 5; ++a) k[a] = -k[a];
    all.insert(k);
  }
  return all;
}

/// Every pair and every image within reach, by trying all of them.
std::set<Key> all_pairs(const std::vector<double>& x, Index n, Index dimension, const Vec& box, double cutoff) {
  std::set<Key> found;
  const long reach =
      box.size() ? static_cast<long>(std::ceil((cutoff + 3.5 * std::max(box.minCoeff(), 3.0)) / box.minCoeff())) + 1
                 : 0;
  const long depth = dimension == 3 ? reach : 0;
  for (Index i = 0; i < n; ++i)
    for (Index j = i; j < n; ++j)
      for (long a = -reach; a <= reach; ++a)
        for (long b = -reach; b <= reach; ++b)
          for (long c = -depth; c <= depth; ++c) {
            const long image[] = {a, b, c};
            if (i == j && Key{0, 0, a, b, c} <= Key{}) continue;
            double r2 = 0;
            for (Index k = 0; k < dimension; ++k) {
              const double L = box.size() ? box[k] : 0;
              r2 += std::pow(x[static_cast<std::size_t>(i * dimension + k)] -
                                 x[static_cast<std::size_t>(j * dimension + k)] - static_cast<double>(image[k]) * L,
                             2);
            }
            if (r2 <= cutoff * cutoff) found.insert({i, j, a, b, c});
          }
  return found;
}

class PairsOfRandomPositions : public testing::TestWithParam<std::tuple<int, int, double>> {};

TEST_P(PairsOfRandomPositions, AreThoseThatTryingAllFinds) {
  const auto [n, dimension, length] = GetParam();
  std::mt19937 random(static_cast<unsigned>(n * 7 + dimension));
  const Vec box = length > 0 ? Vec::Constant(dimension, length) : Vec();
  std::uniform_real_distribution<double> place(-1.3 * std::max(length, 3.0),
                                               2.2 * std::max(length, 3.0));  // also outside the box
  std::vector<double> x(static_cast<std::size_t>(n * dimension));
  for (double& v : x) v = place(random);
  for (const double cutoff : {0.4, 1.0, 1.7}) {
    EXPECT_EQ(keys(find_pairs(x.data(), n, dimension, box, cutoff), dimension), all_pairs(x, n, dimension, box, cutoff))
        << "cutoff " << cutoff;
  }
}

INSTANTIATE_TEST_SUITE_P(Boxes, PairsOfRandomPositions,
                         testing::Combine(testing::Values(1, 2, 9, 40), testing::Values(2, 3),
                                          testing::Values(0.0, 1.1, 2.5, 3.3, 6.0)));

TEST(Pairs, AreEmptyForNoParticlesOrPositionsThatAreNotNumbers) {
  const double bad[] = {0, std::nan(""), 1, 1};
  EXPECT_EQ(find_pairs(bad, 0, 2, Vec::Constant(2, 1.0), 1).size(), 0);
  EXPECT_EQ(find_pairs(bad, 2, 2, Vec::Constant(2, 1.0), 1).size(), 0);
}

TEST(Pairs, HaveDisplacementsWithinTheCutoff) {
  std::mt19937 random(3);
  std::uniform_real_distribution<double> place(0, 9);
  std::vector<double> x(256);
  for (double& v : x) v = place(random);
  const PairList list = find_pairs(x.data(), 128, 2, Vec::Constant(2, 9.0), 1.1);
  ASSERT_GT(list.size(), 100);
  for (std::size_t p = 0; p < list.i.size(); ++p) {
    const auto i = static_cast<std::size_t>(list.i[p]), j = static_cast<std::size_t>(list.j[p]);
    EXPECT_LE(std::hypot(x[2 * i] - x[2 * j] - 9 * list.image[2 * p],
                         x[2 * i + 1] - x[2 * j + 1] - 9 * list.image[2 * p + 1]),
              1.1);
  }
}

}  // namespace
}  // namespace argscope::optimality
