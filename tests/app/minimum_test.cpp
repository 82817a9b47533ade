/// `argscope gradient` of a minimum's value.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/io/arrays.h"
#include "tests/app/command_line_tools.h"

namespace argscope::app {
namespace {

using testing::HasSubstr;
using Json = nlohmann::json;

// The solver's tolerance is 1e-10 of terms of size one.
constexpr double solved = 1e-8;

class MinimumValue : public testing::Test {
 protected:
  Scratch scratch;
  const std::string shrink = scratch.file("shrink.toml", shrink_scene);
  const std::string springs = scratch.file(
      "springs.toml",
      "[parameters.theta]\nvalue = [1.0, 2.0, 3.0]\nrange = [0, 4]\n[variables.x]\nshape = [3]\n[problem]\n"
      "minimize = \"0.5*sum([1, 2, 3]*(x - theta)**2) + 0.5*sum(x**2)\"\n[solve]\nstep = 0.2\n");
  const std::string one = scratch.file("one.toml", one_scene);
  const std::string root = scratch.file("root.toml",
                                        "[parameters.theta]\nvalue = 2.0\nrange = [1, 3]\n[variables.x]\n"
                                        "start = 0.5\n[problem]\nroot.x = \"cos(x) - theta*x\"\n");
  const std::string held =
      scratch.file("held.toml",
                   "[parameters.theta]\nvalue = 2.0\nrange = [1, 3]\n[parameters.scale]\nvalue = 1.0\nrange = [1, "
                   "3]\n[variables.x]\n"
                   "shape = [2]\n[problem]\nminimize = \"0.5*scale*sum(x**2)\"\nsubject_to = [\"sum(x) == theta\"]\n");

  Json found(std::vector<std::string> words, int status) {
    words.insert(words.begin(), "gradient");
    words.push_back("--json");
    const Outcome o = run_here(words);
    EXPECT_EQ(o.status, status) << o.err;
    return o.status == 2 ? Json() : o.json();
  }
  void expect_wrong(const std::vector<std::string>& words, const std::string& message) {
    const Outcome o = run_here(words);
    EXPECT_EQ(o.status, 2);
    EXPECT_THAT(o.err, HasSubstr(message));
    EXPECT_EQ(o.out, "");
  }
};

TEST_F(MinimumValue, HasItsSlopeByEachOfItsEstimators) {
  // min ½(x − 2)² + ½θx² = 2θ/(1 + θ)
  for (const char* method : {"analytic", "automatic", "implicit"}) {
    const Json r = found({one, "--of", "minimum", "--method", method}, 0);
    EXPECT_NEAR(r["outputs"]["minimum"]["value"], 1, solved) << method;
    EXPECT_NEAR(r["outputs"]["minimum"]["gradient"]["theta"], 0.5, solved) << method;
    EXPECT_EQ(r["derivative"]["method"], method);
    EXPECT_EQ(r["derivative"]["defined"], true);
    EXPECT_EQ(r["derivative"]["rank"], nullptr);
  }
}

TEST_F(MinimumValue, IsMeantByAMethodThatKnowsNothingElse) {
  const Json r = found({one, "--method", "analytic"}, 0);
  EXPECT_NEAR(r["outputs"]["minimum"]["gradient"]["theta"], 0.5, solved);
  EXPECT_NEAR(found({one, "--of", "minimum"}, 0)["outputs"]["minimum"]["gradient"]["theta"], 0.5, solved);
}

TEST_F(MinimumValue, FromFewStepsIsForcedAndTellsTheEstimatorsApart) {
  const auto slopes = [&](const char* method, const char* steps) {
    std::vector<std::string> words{springs, "--method", method,     "--iterations",    steps,
                                   "--of",  "minimum",  "--solver", "gradient-descent"};
    found(words, 3);
    words.push_back("--force");
    return found(words, 0)["outputs"]["minimum"]["gradient"]["theta"].get<std::vector<double>>();
  };
  const auto automatic = slopes("automatic", "3"), twice = slopes("analytic", "6"), once = slopes("analytic", "3");
  const auto implicit = slopes("implicit", "3");
  for (std::size_t k = 0; k < 3; ++k) {
    const double h = double(k + 1), exact = h / (1 + h) * h;  // ½h/(1 + h)θ² at θ = h
    EXPECT_NEAR(automatic[k], twice[k], 1e-14) << k;          // of a quadratic loss
    EXPECT_NEAR(implicit[k], exact, 1e-14) << k;
    EXPECT_GT(std::abs(once[k] - exact), 4 * std::abs(automatic[k] - exact)) << k;
  }
}

TEST_F(MinimumValue, HasADualWhereParametersAreRightHandSides) {
  // min ½s|x|² with x₁ + x₂ = θ is sθ²/4
  const Json r = found({held, "--method", "dual"}, 0);
  EXPECT_NEAR(r["outputs"]["minimum"]["gradient"]["theta"], 1, solved);
  EXPECT_EQ(r["outputs"]["minimum"]["gradient"]["scale"], nullptr);
  EXPECT_THAT(r["derivative"]["warnings"].dump(), HasSubstr("in scale: the problem is not convex"));
  const Json analytic = found({held, "--method", "analytic"}, 0);
  EXPECT_NEAR(analytic["outputs"]["minimum"]["gradient"]["scale"], 1, solved);
  const Json none = found({one, "--method", "dual"}, 3);
  EXPECT_THAT(none["derivative"]["reason"].get<std::string>(), HasSubstr("no dual"));
}

TEST_F(MinimumValue, FromFewStepsOnTheDualIsForcedToo) {
  // min ½|θ − diag(1, 2)x|² + ½|x|²: y_i ← y_i + (θ_i − (1 + a_i²)y_i)/5 from 0, to θ_i/(1 + a_i²)
  const std::string pair =
      scratch.file("pair.toml",
                   "[parameters.theta]\nvalue = [2.0, 1.0]\nrange = [0, 4]\n[variables.x]\nshape = [2]\n[problem]\n"
                   "minimize = \"0.5*sum((theta - [1, 2]*x)**2) + 0.5*sum(x**2)\"\n");
  const auto slope = [](const Json& r) {
    return r["outputs"]["minimum"]["gradient"]["theta"].get<std::vector<double>>();
  };
  found({pair, "--method", "dual", "--iterations", "2"}, 3);
  const auto early = slope(found({pair, "--method", "dual", "--iterations", "2", "--force"}, 0));
  EXPECT_NEAR(early[0], 0.4 + 0.4 * 0.6, 1e-12);
  EXPECT_NEAR(early[1], 0.2, 1e-12);
  const auto late = slope(found({pair, "--method", "dual", "--iterations", "80"}, 0));
  EXPECT_NEAR(late[0], 1, solved);
  EXPECT_NEAR(late[1], 0.2, solved);
}

TEST_F(MinimumValue, IsWrittenLikeAnyOtherGradient) {
  const Outcome o = run_here({"gradient", shrink, "--method", "analytic", "--out", scratch.path("g.npz")});
  EXPECT_EQ(o.status, 0) << o.err;
  EXPECT_THAT(o.out, testing::Not(HasSubstr("linear solve")));
  const auto g = io::read_array(scratch.path("g.npz"), "theta");
  ASSERT_EQ(g.values.size(), 3u);
  EXPECT_NEAR(g.values[2], 1.125, solved);  // ½w²
}

TEST_F(MinimumValue, IsRefusedWhereItHasNoMeaning) {
  expect_wrong({"gradient", root, "--method", "analytic"}, "minimizes nothing");
  expect_wrong({"gradient", held, "--method", "automatic"}, "the condition 'kkt' has none");
  expect_wrong({"gradient", one, "--method", "automatic", "--solver", "newton"}, "leave --solver out");
  expect_wrong({"gradient", one, "--method", "analytic", "--of", "energy"}, "leave --of out");
  expect_wrong({"gradient", one, "--of", "minimum", "--method", "neumann"}, "choose --method analytic, automatic");
  expect_wrong({"jacobian", one, "--method", "analytic", "--out", scratch.path("j.npy")}, "is of a minimum's value");
  expect_wrong({"sweep", one, "--method", "dual", "--vary", "theta=1:2:3", "--out", scratch.path("s.csv")},
               "is of a minimum's value");
}

TEST_F(MinimumValue, HasItsEstimatorsListed) {
  const Outcome o = run_here({"list"});
  for (const char* name : {"analytic", "automatic", "dual", "sgd", "stochastic-biased"})
    EXPECT_THAT(o.out, HasSubstr(name));
}

}  // namespace
}  // namespace argscope::app
