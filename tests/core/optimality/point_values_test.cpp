/// What is remembered of a point must never be another point's.
#include "core/optimality/point_values.h"

#include <gtest/gtest.h>

#include <random>
#include <thread>

#include "core/optimality/problem.h"
#include "tests/core/optimality/statements.h"

namespace argscope::optimality {
namespace {

constexpr Index samples = 40, atoms = 30;

Vec drawn(Index n, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal;
  return Vec::NullaryExpr(n, [&] { return normal(random); });
}

/// Two products one behind the other, which F, its scale, its switches and its coefficients share.
Written codes() {
  const Vec X = drawn(samples * atoms, 1), D = drawn(atoms * atoms, 2);
  return {.variables = {{"C", filled({samples, atoms}, [](Index) { return 0.0; })}},
          .parameters = {parameter("D", {{atoms, atoms}, {D.begin(), D.end()}})},
          .data = {{"X", {{samples, atoms}, {X.begin(), X.end()}}}},
          .definitions = {{"rest", "X - C @ D"}, {"square", "D @ D"}},
          .minimize = "0.5*sum(rest**2) + 0.01*sum(abs(C)**3)"};
}

struct Stage {
  std::shared_ptr<const Problem> problem =
      std::make_shared<const Problem>(stated(codes()), Vec::Zero(samples* atoms), theta());
  static Vec theta() { return drawn(atoms * atoms, 2); }
  const expr::Ids& outs() const { return problem->mapping; }

  /// F without anything remembered.
  Vec plainly(const Vec& x, const Vec& at_theta) const {
    const expr::Program program(problem->graph, problem->inputs, outs(), 1);
    Vec y(problem->size);
    double* const to[] = {y.data()};
    expr::Workspace workspace;
    program.run(problem->at(x, at_theta), to, workspace);
    return y;
  }
};

Vec by(const PointProgram& program, const Problem& problem, const Vec& x, const Vec& theta) {
  Vec y(problem.size);
  double* const to[] = {y.data()};
  program.run(problem, x, theta, to);
  return y;
}

TEST(PointValues, AreTheSameBitsAsWithoutRememberingThem) {
  const Stage s;
  const PointProgram program(*s.problem, s.outs());
  for (unsigned k = 0; k < 12; ++k) {  // more points than are remembered, and some again
    const Vec x = drawn(s.problem->size, 10 + k % 6), theta = drawn(s.problem->parameter_size, 30 + k % 4);
    EXPECT_EQ(by(program, *s.problem, x, theta), s.plainly(x, theta)) << k;
  }
}

TEST(PointValues, FollowASingleChangedNumberOfXOrOfTheta) {
  const Stage s;
  const PointProgram program(*s.problem, s.outs());
  Vec x = drawn(s.problem->size, 3), theta = Stage::theta();
  by(program, *s.problem, x, theta);
  x.tail(1) *= 2;
  EXPECT_EQ(by(program, *s.problem, x, theta), s.plainly(x, theta));
  theta.tail(1) *= 2;
  EXPECT_EQ(by(program, *s.problem, x, theta), s.plainly(x, theta));
}

TEST(PointValues, AreFoundOnceForAllThatAskAtOnePoint) {
  const Stage s;
  const CostlyNodes all = s.problem->remembered.behind(*s.problem, s.outs(), {});
  ASSERT_EQ(all.size(), 2u);  // C D and (C D − X) Dᵀ
  const Vec x = drawn(s.problem->size, 3), theta = Stage::theta();
  const PointInputs one(*s.problem, all, x, theta), other(*s.problem, all, Vec(x), Vec(theta));
  EXPECT_EQ(one.pointers(), other.pointers());
  const PointInputs elsewhere(*s.problem, all, 2 * x, theta);
  EXPECT_NE(one.pointers().back(), elsewhere.pointers().back());
}

TEST(PointValues, OfSmallProductsAreNotWorthRemembering) {
  const Written small{.variables = {{"x", filled({4}, [](Index) { return 1.0; })}},
                      .parameters = {parameter("A", filled({4, 4}, [](Index k) { return k % 5 == 0 ? 2.0 : 0.1; }))},
                      .minimize = "sum((A @ x - 1)**2)"};
  const Problem problem(stated(small), Vec::Ones(4), Vec::Ones(16));
  EXPECT_TRUE(problem.remembered.behind(problem, problem.mapping, {}).empty());
}

TEST(PointValues, AreRightWhereManyThreadsAskForManyPoints) {
  const Stage s;
  const PointProgram program(*s.problem, s.outs());
  std::vector<Vec> points, expected;
  for (unsigned k = 0; k < 7; ++k) {
    points.push_back(drawn(s.problem->size, 50 + k));
    expected.push_back(s.plainly(points.back(), Stage::theta()));
  }
  std::array<int, 4> wrong{};
  {
    std::vector<std::jthread> threads;
    for (std::size_t t = 0; t < wrong.size(); ++t)
      threads.emplace_back([&, t] {
        for (std::size_t k = 0; k < 60; ++k) {
          const std::size_t which = (k * (t + 1)) % points.size();
          wrong[t] += by(program, *s.problem, points[which], Stage::theta()) != expected[which];
        }
      });
  }
  EXPECT_EQ(wrong, (std::array<int, 4>{}));
}

}  // namespace
}  // namespace argscope::optimality
