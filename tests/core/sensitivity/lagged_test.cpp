// J by the factors of an earlier solution: as exact as by its own, wherever they serve.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <numbers>

#include "core/parallel.h"
#include "tests/core/sensitivity/stated.h"

namespace argscope::sensitivity {
namespace {

using linear::Method;

constexpr Index discs = 900;  // enough that a factorization costs many solves

/// Soft discs in a periodic square, half of them of diameter D.
std::string packing() {
  const double box = std::sqrt(0.5 * double(discs) * std::numbers::pi * (0.36 + 1) / 4 / 0.98);
  return fmt::format(R"toml(title = "Packing"
[data.u]
random = "uniform"
shape = [{0}, 2]
seed = 3
[parameters.D]
value = 0.6
range = [0.5, 0.75]
[variables.x]
shape = [{0}, 2]
start = "{1:.17g}*u"
[pairs.near]
of = "x"
box = "{1:.17g}"
cutoff = "1.0"
[definitions]
diameter = "where(arange({0}) < {2}, D, 1)"
s = "0.5*(diameter[near.i] + diameter[near.j])"
[problem]
minimize = "sum(where(near.r < s, 0.5*(1 - near.r/s)**2, 0))"
)toml",
                     discs, box, discs / 2);
}

/// Follows x* as D grows by small steps.
struct Followed : testing::Stated {
  Followed() : Stated(packing()) {}
  void step(double by) {
    const Vec start = solution.x + J().col(0) * by;
    theta[0] += by;
    solution = solve::solve({solution.model, scene.statement, theta, start}, options, memory, {}, {});
  }
  std::shared_ptr<const linear::Factorization> fresh() const {
    const auto A = solution.model->optimality().linearize(solution.x, theta).dx;
    return linear::Factorizer().factorize(A, {}, solution.model->symmetries());
  }
};

TEST(LaggedFactor, GivesTheJacobianOfAFreshOne) {
  Followed packing;
  int lagged = 0;
  for (int k = 0; k < 8; ++k) {
    packing.step(1e-6);
    ASSERT_EQ(packing.solution.status, solve::Status::Converged) << packing.solution.message;
    const Sensitivity s = packing.sensitivity();
    ASSERT_TRUE(s.trust().defined) << s.trust().reason;
    lagged += s.trust().linear_solver == "cg";
    EXPECT_LE(s.trust().linear_residual, 1e-12);
    EXPECT_EQ(packing.solution.negative_curvature, 0);
    const auto direct = packing.fresh();
    Mat B(packing.solution.x.size(), 1), X = B;
    packing.solution.dtheta->apply(Mat::Ones(1, 1), B);
    direct->solve(B, X);
    EXPECT_LE(testing::relative(s.jacobian({}), -X), 1e-11);  // residuals of 1e-13, conditions of 1e4 at worst
    EXPECT_EQ(s.trust().null_modes, direct->quality().null_modes);
    EXPECT_EQ(packing.solution.factorization->quality().null_coordinates, direct->quality().null_coordinates);
  }
  EXPECT_GE(lagged, 4);
}

TEST(LaggedFactor, IsAlwaysOneOfADirectMethod) {
  Followed packing;
  for (int k = 0; k < 4; ++k) {
    packing.step(1e-6);
    ASSERT_TRUE(packing.memory.lagged);
    EXPECT_FALSE(linear::iterative(packing.memory.lagged->quality().method));
  }
}

TEST(LaggedFactor, LeavesTheSolverThatWasAskedFor) {
  Followed packing;
  packing.step(1e-6);
  ASSERT_EQ(packing.solution.factorization->quality().method, Method::Cg);
  for (const Method asked : {Method::Sparse, Method::Minres, Method::Cholesky}) {
    Options options;
    options.linear.method = asked;
    const Sensitivity s(packing.solution, packing.theta, options, packing.memory.factorizer);
    EXPECT_EQ(s.trust().linear_solver, linear::name(asked));
    EXPECT_LE(testing::relative(s.jacobian({}), packing.J()), 1e-7);  // minres: 1e-12 times conditions of 1e4
  }
}

TEST(LaggedFactor, IsNotUsedWhereTheNumberOfIterationsIsFixed) {
  Followed packing;
  packing.options.iterations = 3;
  packing.step(1e-6);
  EXPECT_NE(packing.solution.factorization ? packing.solution.factorization->quality().method : Method::Sparse,
            Method::Cg);
}

TEST(LaggedFactor, GivesTheSameBitsOnOneThreadAndOnTwo) {
  const auto J = [](int threads) {
    return with_threads(threads, [] {
      Followed packing;
      packing.step(1e-6);
      packing.step(1e-6);
      return packing.J();
    });
  };
  EXPECT_EQ(J(1), J(2));
}

}  // namespace
}  // namespace argscope::sensitivity
