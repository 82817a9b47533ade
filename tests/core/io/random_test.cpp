#include "core/io/random.h"

#include <gtest/gtest.h>

#include <vector>

namespace argscope::io {
namespace {

// numpy.random.RandomState(53).randn(3), printed to 11 digits.
TEST(T19, DrawsTheNormalsOfNumPy) {
  RandomState random(53);
  EXPECT_NEAR(random.normal(), 0.20586486685, 5e-12);
  EXPECT_NEAR(random.normal(), 1.16676170918, 5e-12);
  EXPECT_NEAR(random.normal(), -2.07263977857, 5e-12);
}

// numpy.random.RandomState(0).rand(3), printed to 17 digits.
TEST(RandomState, DrawsTheUniformsOfNumPy) {
  RandomState random(0);
  EXPECT_EQ(random.uniform(), 0.54881350392732475);
  EXPECT_EQ(random.uniform(), 0.71518936637241948);
  EXPECT_EQ(random.uniform(), 0.60276337607164387);
}

TEST(RandomState, KeepsTheSecondNormalOfAPairAcrossUniforms) {
  RandomState with(7), without(7);
  without.normal();
  with.normal();
  with.uniform();
  EXPECT_EQ(with.normal(), without.normal());
}

TEST(RandomState, HasMeanZeroAndVarianceOne) {
  RandomState random(1);
  constexpr int count = 100000;
  double sum = 0, squares = 0;
  for (int i = 0; i < count; ++i) {
    const double x = random.normal();
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / count, 0, 0.0158);      // five standard errors of a mean
  EXPECT_NEAR(squares / count, 1, 0.0224);  // and of a variance
}

TEST(RandomState, RepeatsItselfForASeedAndDiffersBetweenSeeds) {
  RandomState a(11), b(11), c(12);
  const double first = a.uniform();
  EXPECT_EQ(first, b.uniform());
  EXPECT_NE(first, c.uniform());
}

}  // namespace
}  // namespace argscope::io
