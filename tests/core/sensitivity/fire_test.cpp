/// The derivative through FIRE's own steps: against differences of its iterates, both ways, and where it leads.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/parallel.h"
#include "tests/core/sensitivity/contracting.h"

namespace argscope::sensitivity {
namespace {

using testing::by;
using testing::contracting;
using testing::relative;
using testing::Stated;

/// A quarter of the packing's discs is enough to rearrange.
io::Scene packing(Index seed) {
  const std::filesystem::path root = ARGSCOPE_SOURCE_DIR, path = root / "scenes/packing.toml";
  const io::Paths paths{{root / "scenes"}, {root / "assets/data"}};
  std::string text = io::read_scene("packing", paths).text;
  for (std::size_t at; (at = text.find("128")) != std::string::npos;) text.replace(at, 3, "32");
  for (std::size_t at; (at = text.find("64")) != std::string::npos;) text.replace(at, 2, "16");
  return io::parse_scene(text + "[solve]\nsolver = \"fire\"\ntolerance = 1e-13\n", path, paths, {{"seed", seed}});
}

/// Smooth minimizations whose curvature leaves FIRE's first time step alone, so that it does not move with θ.
std::vector<std::string> smooth() {
  std::vector<std::string> texts;
  for (const char* name : {"mean", "logistic"})
    texts.push_back(contracting(name) + "[solve]\nsolver = \"fire\"\ntolerance = 1e-13\n");
  return texts;
}

/// x after so many steps of the solver from the scene's start.
Vec iterate(const Stated& s, const Vec& theta, int steps) {
  solve::Options options = s.options;
  options.iterations = steps;
  solve::Memory memory;
  return solve::solve({s.model, s.scene.statement, theta, s.model->start(s.theta)}, options, memory, {}, {}).x;
}

Mat differences(const Stated& s, int steps, double h) {
  Mat J(s.model->size(), s.theta.size());
  for (Index k = 0; k < J.cols(); ++k) {
    const Vec step = h * Vec::Unit(J.cols(), k);
    J.col(k) = (iterate(s, s.theta + step, steps) - iterate(s, s.theta - step, steps)) / (2 * h);
  }
  return J;
}

TEST(UnrolledFire, IsTheDerivativeOfTheIterate) {
  for (const std::string& text : smooth()) {
    Stated s(text);
    for (int steps : {0, 1, 2, 7, 20, 60}) {
      const Mat J = by(s, "unrolled-forward", steps).jacobian({});
      // h² times the third derivative of the iterate, and rounding over h.
      EXPECT_LT((J - differences(s, steps, 1e-5)).norm(), 1e-7 * (1 + J.norm())) << text << steps;
    }
  }
}

TEST(UnrolledFire, IsTheDerivativeOfTheIterateOfAPacking) {
  Stated s(packing(1));
  ASSERT_EQ(s.solution.status, solve::Status::Converged) << s.solution.message;
  for (int steps : {1, 5, 12}) {
    const Mat J = by(s, "unrolled-forward", steps).jacobian({});
    // Steps short enough that hardly a contact is made or lost on the way; one that is bends J by its part.
    EXPECT_LT(relative(J.col(0), differences(s, steps, 1e-7).col(0)), 1e-5) << steps;
  }
}

TEST(UnrolledFire, IsTheSameForwardAndBackward) {
  std::vector<Stated> all;
  for (const std::string& text : smooth()) all.emplace_back(text);
  all.emplace_back(packing(1));
  for (Stated& s : all)
    for (int steps : {0, 1, 2, 3, 10, 37, 100, 101}) {
      const Mat forward = by(s, "unrolled-forward", steps).jacobian({});
      const Mat backward = by(s, "unrolled-reverse", steps).jacobian({});
      EXPECT_LE((forward - backward).norm(), 1e-12 * forward.norm()) << s.scene.text << " after " << steps;
    }
}

TEST(UnrolledFire, ApproachesTheImplicitDerivative) {
  for (const std::string& text : smooth()) {
    Stated s(text);
    ASSERT_EQ(s.solution.status, solve::Status::Converged);
    const Mat J = by(s, "implicit").jacobian({});
    const auto d = by(s, "unrolled-forward");
    EXPECT_TRUE(d.trust().defined) << d.trust().reason;
    EXPECT_LT(relative(d.jacobian({}), J), 1e-8) << text;  // 1e-13 times a condition number below 1e4
    EXPECT_GT(relative(by(s, "unrolled-forward", int(d.trust().steps) / 4).jacobian({}), J), 1e-6) << text;
  }
}

TEST(UnrolledFire, IsNotGradientDescent) {
  const std::string text = contracting("mean");
  Stated fire(text + "[solve]\nsolver = \"fire\"\n"), plain(text);
  EXPECT_GT(relative(by(fire, "unrolled-forward", 10).jacobian({}), by(plain, "unrolled-forward", 10).jacobian({})),
            1e-3);
}

TEST(UnrolledFire, HasTheSameBitsByOneThreadAndByTwo) {
  const auto found = [](int threads, const char* method) {
    return with_threads(threads, [&] {
      Stated s(packing(1));
      return by(s, method, 50).jacobian({});
    });
  };
  for (const char* method : {"unrolled-forward", "unrolled-reverse"}) EXPECT_EQ(found(1, method), found(2, method));
}

/// Where x has been at rest, and the parameter is moved a little: from random places two ways end in two minima.
TEST(UnrolledFire, ApproachesTheImplicitDerivativeOfAPacking) {
  Stated rest(packing(2));
  ASSERT_EQ(rest.solution.status, solve::Status::Converged) << rest.solution.message;
  io::Scene scene = packing(2);
  auto statement = std::make_shared<optimality::Statement>(*scene.statement);
  statement->variables.front().start.values.assign(rest.solution.x.begin(), rest.solution.x.end());
  statement->parameters.front().value.values.front() += 1e-4;
  scene.statement = statement;
  Stated s(scene);
  const Mat J = by(s, "implicit").jacobian({});
  const auto d = by(s, "unrolled-forward");
  ASSERT_TRUE(d.trust().defined) << d.trust().reason;
  const int all = int(d.trust().steps);
  const auto error = [&](int steps) {
    return relative(by(s, "unrolled-forward", steps).jacobian({}).col(0), J.col(0));
  };
  EXPECT_EQ(all, s.solution.iterations);  // the steps of the solver itself
  // x converges to 1e-13 of forces of 0.1; FIRE's decisions suit x, and its derivative comes after.
  EXPECT_LT(error(all), 1e-6);
  EXPECT_LT(error(2 * all), 1e-9);
  EXPECT_GT(error(all / 4), 1e-3);
}

}  // namespace
}  // namespace argscope::sensitivity
