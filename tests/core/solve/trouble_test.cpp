// Problems without an answer, with a wrong one near by, and of no size at all: a status and words that say so.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/core/solve/given.h"
#include "tests/core/solve/known.h"
#include "tests/core/solve/packing.h"

namespace argscope::solve {
namespace {

using testing::Given;
using ::testing::HasSubstr;
using testing::options_for;
using testing::Packing;
using testing::Ready;
using testing::vec;
using testing::with_w;

constexpr const char* minimizers[] = {"auto", "newton", "lbfgs", "gradient_descent", "fire"};

TEST(Trouble, OfAnObjectiveWithoutAMinimumIsSaid) {
  for (const std::string problem : {"-sum(w**2)*theta", "theta*sum(w)", "-theta*sum(w**4)", "-exp(theta*sum(w))"})
    for (const char* solver : minimizers) {
      Ready ready(with_w("minimize = \"" + problem + "\"\n"), solver);
      const Solution s = ready.from(ready.start());
      EXPECT_NE(s.status, Status::Converged) << solver << " of " << problem;
      EXPECT_NE(s.message, "") << solver << " of " << problem;
    }
}

TEST(Trouble, OfAnObjectiveThatFallsWithoutEndIsCalledUnbounded) {
  for (const char* solver : {"auto", "lbfgs", "gradient_descent"}) {
    Ready ready(with_w("minimize = \"-exp(theta*sum(w))\"\n"), solver);
    const Solution s = ready.from(ready.start());
    EXPECT_EQ(s.status, Status::Unbounded) << solver << ": " << s.message;
    EXPECT_THAT(s.message, HasSubstr("without end")) << solver;
  }
}

TEST(Trouble, OfConstraintsThatContradictEachOtherIsSaid) {
  for (const char* solver : {"auto", "newton", "interior_point", "operator_splitting", "ipopt"}) {
    Ready ready(
        with_w("minimize = \"0.5*sum((w - c)**2)\"\nsubject_to = [\"sum(w) == 1\", \"sum(w) == 2*theta + 1\"]\n"),
        solver);
    const Solution s = ready.from(ready.start());
    EXPECT_NE(s.status, Status::Converged) << solver;
    EXPECT_NE(s.message, "") << solver;
    EXPECT_GT(s.residual, 0.1) << solver << ": the sums are one apart";
  }
  for (const char* solver : {"auto", "interior_point", "operator_splitting", "ipopt"}) {
    Ready ready(with_w("minimize = \"theta*sum(w**2)\"\nsubject_to = [\"w >= 1\", \"w <= -1\"]\n"), solver);
    const Solution s = ready.from(ready.start());
    EXPECT_NE(s.status, Status::Converged) << solver;
    EXPECT_NE(s.message, "") << solver;
  }
}

TEST(Trouble, OfAnEquationWithoutARootIsSaid) {
  for (const std::string root : {"x**2 + theta", "exp(x)", "sqrt(x - 100)*theta"})
    for (const char* solver : {"auto", "newton", "broyden", "bisection"}) {
      Ready ready(
          "[parameters.theta]\nvalue = 8.0\n[variables.x]\nshape = []\nstart = \"1.5\"\n[problem]\nroot.x = \"" + root +
              "\"\n",
          solver);
      const Solution s = ready.from(ready.start());
      EXPECT_NE(s.message.empty(), s.status != Status::Converged) << solver << " of " << root;
      if (s.status == Status::Converged) {
        EXPECT_LE(std::abs(std::exp(s.x[0])), 1e-6) << solver << " of " << root;
      }
    }
}

TEST(Trouble, OfAnObjectiveThatIsNotFiniteAtTheStartNamesTheObjective) {
  for (const char* solver : minimizers) {
    Ready ready(with_w("minimize = \"sum(log(w - 1)) + theta\"\n"), solver);
    const Solution s = ready.from(ready.start());
    EXPECT_EQ(s.status, Status::NotFinite) << solver << ": " << s.message;
    EXPECT_THAT(s.message, HasSubstr("the objective is nan at the start")) << solver;
    EXPECT_FALSE(s.relative_residual <= 1) << solver;
    EXPECT_EQ(s.x, ready.start()) << solver;
  }
}

TEST(Trouble, OfAMapThatLeadsAwayIsSaid) {
  for (const char* solver : {"fixed_point", "sinkhorn"}) {
    Ready ready(
        "[parameters.theta]\nvalue = 2.0\n[variables.f]\nshape = []\nstart = \"1\"\n[variables.g]\nshape = []\n"
        "[problem]\nfixed_point.f = \"theta*f + 1\"\nfixed_point.g = \"0.5*g\"\n",
        solver);
    const Solution s = ready.from(ready.start());
    EXPECT_NE(s.status, Status::Converged) << solver;
    EXPECT_NE(s.message, "") << solver;
  }
}

// --- saddles

TEST(Saddles, AreLeftFromExactlyAboveThem) {
  for (const double theta : {0.01, 1.0, 30.0})
    for (const char* solver : {"auto", "newton", "fire"}) {
      Given given(testing::double_well(vec({0.3, 0})));
      given.request.theta = vec({theta, 0.3});
      const Solution s = given.run(options_for(solver));
      ASSERT_EQ(s.status, Status::Converged) << solver << " " << theta << ": " << s.message;
      EXPECT_NEAR(std::abs(s.x[1]), std::sqrt(theta), 1e-7 * std::sqrt(theta)) << solver;  // residuals of 1e-10
      EXPECT_EQ(s.negative_curvature, 0) << solver;
    }
}

TEST(Saddles, AreNoMinimaForMethodsThatEndThere) {
  for (const char* solver : {"lbfgs", "gradient_descent"}) {
    Given given(testing::double_well(vec({0.8, 0})));
    const Solution s = given.run(options_for(solver));
    EXPECT_EQ(s.status, Status::Saddle) << solver << ": " << s.message;
    EXPECT_EQ(s.negative_curvature, 1) << solver;
    EXPECT_THAT(s.message, HasSubstr("saddle")) << solver;
  }
}

TEST(Saddles, AreNotLeftWhenNoIterationMayBeSpent) {
  for (const char* solver : {"auto", "newton", "fire", "lbfgs"})
    for (const int most : {0, 1, 2}) {
      Given given(testing::double_well(vec({0, 0})));
      Options options = options_for(solver);
      options.iterations = most;
      const Solution s = given.run(options);
      EXPECT_LE(s.iterations, most) << solver;
      if (s.status == Status::Converged) {
        EXPECT_NEAR(std::abs(s.x[1]), 1, 1e-6) << solver;
      }
    }
}

// --- sizes

TEST(Sizes, OfOneUnknownAreSolvedByEveryMinimizer) {
  for (const char* solver : minimizers)
    for (const std::string shape : {"[]", "[1]", "[1, 1]"}) {
      Ready ready("[parameters.theta]\nvalue = 2.0\n[variables.x]\nshape = " + shape +
                      "\n[problem]\nminimize = \"sum((x - theta)**2)\"\n",
                  solver);
      const Solution s = ready.from(ready.start());
      ASSERT_EQ(s.status, Status::Converged) << solver << " " << shape << ": " << s.message;
      EXPECT_NEAR(s.x[0], 2, 1e-8) << solver;
    }
}

class NoUnknowns final : public testing::HandModel {
 public:
  using HandModel::HandModel;
  double residual_scale(ConstVec, ConstVec) const override { return 1; }  // there are no terms
};

TEST(Sizes, OfNoUnknownsAreSolvedAlready) {
  for (const char* solver : minimizers) {
    Given given(std::make_shared<NoUnknowns>(testing::Formulae{
        Vec(0), vec({1}), [](const Vec&, const Vec& t) { return t[0]; }, [](const Vec&, const Vec&) { return Vec(0); },
        [](const Vec&, const Vec&) { return Mat(0, 0); }, [](const Vec&, const Vec&) { return Mat(0, 1); }}));
    const Solution s = given.run(options_for(solver));
    EXPECT_EQ(s.status, Status::Converged) << solver << ": " << s.message;
    EXPECT_EQ(s.x.size(), 0) << solver;
    EXPECT_EQ(s.objective, 1) << solver;
  }
}

// --- packings

/// A rattler is pushed into its neighbour by 1e-6: nothing but it has to move, and Newton's method can see how.
TEST(Rattlers, PushedIntoAnotherDiscByALittleAreSolvedInFewSteps) {
  int tried = 0;
  for (unsigned seed = 0; seed < 6; ++seed) {
    const auto packing = std::make_shared<const Packing>(32, 0.6, 0.86, seed);
    Given given(packing);
    const Solution first = given.run({});
    ASSERT_EQ(first.status, Status::Converged) << first.message;
    const Vec theta = given.request.theta;
    const auto contacts = packing->contact_counts(first.x, theta);
    for (Index i = 0; i < 32; ++i) {
      if (contacts[static_cast<std::size_t>(i)] > 0) continue;
      Vec pushed = first.x;
      const auto gap = [&](const Vec& x) { return packing->contact_counts(x, theta)[static_cast<std::size_t>(i)]; };
      double low = 0, high = 0;  // how far along x until it touches
      const auto at = [&](double t) {
        Vec x = first.x;
        x[2 * i] += t;
        return x;
      };
      for (high = 1e-3; high < 1 && gap(at(high)) == 0; high += 1e-3) low = high;
      for (int k = 0; k < 50; ++k) (gap(at(0.5 * (low + high))) == 0 ? low : high) = 0.5 * (low + high);
      given.request.start = at(high + 1e-6);
      const Solution s = given.run({});
      ASSERT_EQ(s.status, Status::Converged) << "seed " << seed << ", disc " << i << ": " << s.message;
      EXPECT_LE(s.iterations, 12) << "seed " << seed << ", disc " << i << " by " << s.solver;
      EXPECT_LT((s.x - given.request.start).norm(), 1e-3) << "nothing else has a reason to move";
      EXPECT_EQ(s.negative_curvature, 0);
      ++tried;
      break;  // one of each packing
    }
  }
  EXPECT_GE(tried, 2);
}

}  // namespace
}  // namespace argscope::solve
