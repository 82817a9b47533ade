#include <gtest/gtest.h>

#include <algorithm>

#include "core/solve/particles.h"
#include "tests/core/solve/given.h"
#include "tests/core/solve/packing.h"

namespace argscope::solve {
namespace {

using testing::Given;
using testing::options_for;
using testing::Packing;

std::shared_ptr<const Packing> discs(Index count, double fraction, unsigned seed) {
  return std::make_shared<const Packing>(count, 0.6, fraction, seed);
}

TEST(HandWrittenPacking, HasTheDerivativesOfItsEnergy) {
  const auto packing = discs(12, 0.98, 3);
  const Vec x = packing->start(packing->initial_parameters()), theta = packing->initial_parameters();
  const Mat H = packing->hessian(x, theta);
  const Vec B = packing->right_hand_side(x, theta);
  const double h = 1e-6;
  const auto gradient = [&](const Vec& at, const Vec& t) { return packing->optimality().value_at(at, t); };
  for (Index k = 0; k < x.size(); ++k) {
    const Vec e = h * Vec::Unit(x.size(), k);
    EXPECT_NEAR((packing->objective(x + e, theta) - packing->objective(x - e, theta)) / (2 * h), gradient(x, theta)[k],
                1e-8);
    EXPECT_LT(((gradient(x + e, theta) - gradient(x - e, theta)) / (2 * h) - H.col(k)).norm(), 1e-6);
  }
  const Vec t = Vec::Constant(1, h);
  EXPECT_LT(((gradient(x, theta + t) - gradient(x, theta - t)) / (2 * h) - B).norm(), 1e-6);
}

TEST(Packing, IsSolvedFromRandomPlaces) {
  for (unsigned seed = 0; seed < 4; ++seed) {
    Given given(discs(32, 0.98, seed));
    const Solution s = given.run({});
    ASSERT_EQ(s.status, Status::Converged) << s.message;
    EXPECT_LT(s.residual, 1e-13);  // polished to rounding; forces are of order 0.1
    EXPECT_EQ(s.negative_curvature, 0);
  }
}

TEST(Packing, OfOneHundredAndTwentyEightDiscsHasTheKnownEnergy) {
  Given given(discs(128, 0.98, 0));
  const Solution s = given.run(options_for("fire"));
  ASSERT_EQ(s.status, Status::Converged) << s.message;
  EXPECT_NEAR(s.objective, 0.544248, 1e-6);  // mathematics, section 5.6: six digits are printed
}

TEST(Packing, HasTwoZeroModesAndTwoMoreForEachRattler) {
  for (unsigned seed = 0; seed < 4; ++seed) {
    const auto packing = discs(32, 0.86, seed);
    Given given(packing);
    const Solution s = given.run({});
    ASSERT_EQ(s.status, Status::Converged) << s.message;
    ASSERT_TRUE(s.factorization);
    const auto contacts = packing->contact_counts(s.x, given.request.theta);
    const auto rattlers = std::count(contacts.begin(), contacts.end(), Index{0});
    EXPECT_EQ(s.factorization->quality().null_modes, 2 + 2 * rattlers) << "seed " << seed;
  }
}

TEST(Packing, TakesFewNewtonStepsWhenDraggedALittle) {
  Given given(discs(32, 0.98, 1));
  given.request.start = given.run({}).x;
  given.request.theta[0] += 1e-5;
  const Solution s = given.run({});
  ASSERT_EQ(s.status, Status::Converged) << s.message;
  EXPECT_EQ(s.solver, "newton");
  EXPECT_LE(s.iterations, 8);
}

TEST(Packing, PushesAFreeDiscAsideInFewStepsWhileTheOthersMoveToo) {
  int pushed = 0;
  for (unsigned seed = 0; seed < 8; ++seed) {
    const auto packing = discs(32, 0.86, seed);
    Given before(packing);
    const Vec rest = before.run({}).x;
    const auto contacts = packing->contact_counts(rest, before.request.theta);
    const auto free = std::find(contacts.begin(), contacts.end(), Index{0}) - contacts.begin();
    if (free == 32) continue;
    Given given(packing);
    Vec& x = given.request.start = rest + 1e-4 * testing::random_matrix(64, 1, seed);
    while (packing->contact_counts(x, given.request.theta)[free] == 0) x[2 * free] += 1e-3;
    const Solution s = given.run({});
    ASSERT_EQ(s.status, Status::Converged) << s.message;
    EXPECT_LE(s.iterations, 15) << "seed " << seed;  // FIRE, begun anew, takes more than fifty
    ++pushed;
  }
  EXPECT_GE(pushed, 4);
}

TEST(Packing, LetsAFreeDiscGoClearOfTheOneThatPushesIt) {
  int pushed = 0;
  for (unsigned seed = 0; seed < 8; ++seed) {
    const auto packing = discs(32, 0.86, seed);
    Given given(packing);
    const Vec rest = given.run({}).x;
    const auto contacts = packing->contact_counts(rest, given.request.theta);
    const auto free = std::find(contacts.begin(), contacts.end(), Index{0}) - contacts.begin();
    if (free == 32) continue;
    Vec touching = rest;
    while (packing->contact_counts(touching, given.request.theta)[free] == 0) touching[2 * free] += 1e-5;
    if (packing->contact_counts(touching, given.request.theta)[free] > 1) continue;
    given.request.start = touching;
    const Solution s = given.run({});
    ASSERT_EQ(s.status, Status::Converged) << s.message;
    EXPECT_LE(s.iterations, 3) << "seed " << seed;
    EXPECT_EQ(packing->contact_counts(s.x, given.request.theta)[free], 0) << "seed " << seed;
    EXPECT_LT((s.x - touching).cwiseAbs().maxCoeff(), 1.2e-5) << "it need not go far, and no other has to move";
    ++pushed;
  }
  EXPECT_GE(pushed, 3);
}

TEST(Packing, StaysWhereItIsAlongTranslations) {
  Given given(discs(32, 0.98, 2));
  const Solution first = given.run({});
  given.request.start = first.x;
  given.request.theta[0] += 1e-4;
  const Solution s = given.run({});
  ASSERT_EQ(s.status, Status::Converged);
  const Vec drift = given.model->symmetries().transpose() * (s.x - first.x);
  EXPECT_LT(drift.norm(), 1e-10);  // rounding of a few singular solves
}

TEST(Packing, IsFollowedThroughRearrangements) {
  Given given(discs(32, 0.98, 0));
  given.request.start = given.run({}).x;
  for (int k = 0; k < 60; ++k) {
    given.request.theta[0] += 2.5e-3;
    const Solution s = given.run({});
    ASSERT_EQ(s.status, Status::Converged) << "D = " << given.request.theta[0] << ": " << s.message;
    EXPECT_EQ(s.negative_curvature, 0);
    given.request.start = s.x;
  }
}

TEST(Packing, DoesNotDependOnTheThreadsThatSolveIt) {
  Given one(discs(32, 0.98, 5)), two(discs(32, 0.98, 5));
  const Solution a = one.run({});
  const Solution b = two.run({});
  EXPECT_EQ((a.x - b.x).norm(), 0);
}

TEST(Spacing, IsInfiniteWithoutPairs) {
  EXPECT_TRUE(std::isinf(spacing(*testing::rosenbrock(), testing::vec({0, 1}))));
  const auto packing = discs(128, 0.98, 0);
  const double d = spacing(*packing, packing->start(packing->initial_parameters()));
  EXPECT_GT(d, 0.5);
  EXPECT_LT(d, 1.2);
}

TEST(Spacing, IsThatOfMostWhereAFewHaveLeftForAnotherImageOfTheBox) {
  const auto packing = discs(128, 0.98, 0);
  Vec x = packing->start(packing->initial_parameters());
  const double d = spacing(*packing, x);
  x[17] += 200;
  x[100] -= 30;
  EXPECT_NEAR(spacing(*packing, x), d, 0.1 * d);
}

}  // namespace
}  // namespace argscope::solve
