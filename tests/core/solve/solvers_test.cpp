// Every solver by name, on a problem that it is for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "core/io/names.h"
#include "core/io/scene.h"
#include "core/solve/solver.h"

namespace argscope::solve {
namespace {

const std::string head = R"toml(
[data.M]
random = "normal"
shape = [8, 4]
seed = 3
[data.y]
random = "normal"
shape = [8]
seed = 4
[parameters.theta]
value = 0.3
range = [0.1, 1]
[variables.w]
shape = [4]
start = "0.1*arange(4)"
)toml";
const std::string squares = head + "[problem]\nminimize = \"0.5*sum((M @ w - y)**2) + 0.5*theta*sum(w**2)\"\n";
const std::string consistent = head + "[problem]\nminimize = \"theta*mean((M @ w - M @ [1, -1, 2, 0.5])**2)\"\n";
const std::string lasso = head + "[problem]\nminimize = \"0.5*sum((M @ w - y)**2)\"\npenalty = \"theta*norm1(w)\"\n";
const std::string bounded = head +
                            "[problem]\nminimize = \"0.5*sum((M @ w - y)**2)\"\n"
                            "subject_to = [\"w in box(-theta, theta)\"]\n";
const std::string inside = std::string(head).replace(head.find("0.1*arange(4)"), 13, "full(4, 0.25)");
const std::string simplex = inside +
                            "[problem]\nminimize = \"0.5*theta*sum((M @ w - y)**2)\"\n"
                            "subject_to = [\"w in simplex()\"]\ncondition = \"mirror_descent\"\n";
const std::string program = head +
                            "[problem]\nminimize = \"0.5*sum((M @ w - y)**2)\"\n"
                            "subject_to = [\"sum(w) == theta\", \"w >= -0.05\"]\n";
const std::string contraction = head + "[problem]\nfixed_point.w = \"theta*cos(w + y[:4])\"\n";
const std::string equation =
    "[parameters.theta]\nvalue = 2.0\nrange = [1, 3]\n[variables.x]\nshape = []\nstart = \"0.5\"\n"
    "[problem]\nroot.x = \"cos(x) - theta*x\"\n";
const std::string potentials = R"toml(
[data.C]
value = "reshape(arange(12) % 5, (3, 4))/5"
[parameters.theta]
value = 0.5
range = [0.1, 1]
[variables.f]
shape = [3]
[variables.g]
shape = [4]
[problem]
fixed_point.f = "-theta*logsumexp((g - C)/theta, axis=1)"
fixed_point.g = "0.9*(-theta*logsumexp((reshape(f, (3, 1)) - C)/theta, axis=0))"
)toml";

/// A problem for each solver by which it is solved alone, and how closely its plain iterates come.
struct Suited {
  std::string_view solver;
  const std::string& problem;
};

const std::vector<Suited>& suited() {
  static const std::vector<Suited> all{{"auto", squares},
                                       {"newton", squares},
                                       {"lbfgs", squares},
                                       {"lbfgsb", bounded},
                                       {"gradient_descent", squares},
                                       {"accelerated_gradient", squares},
                                       {"sgd", consistent},  // no sample pulls away from the minimum
                                       {"fire", squares},
                                       {"gauss_newton", squares},
                                       {"levenberg_marquardt", squares},
                                       {"fixed_point", contraction},
                                       {"anderson", contraction},
                                       {"broyden", contraction},
                                       {"bisection", equation},
                                       {"proximal_gradient", lasso},
                                       {"projected_gradient", bounded},
                                       {"mirror_descent", simplex},
                                       {"block_coordinate_descent", lasso},
                                       {"sinkhorn", potentials},
                                       {"interior_point", program},
                                       {"operator_splitting", program},
                                       {"ipopt", program}};
  return all;
}

Solution solved(const io::Scene& scene, std::string_view solver) {
  const auto model = optimality::build_model(scene.statement);
  const Vec theta = model->initial_parameters();
  Memory memory;
  Options options;
  options.solver = solver;
  return solve({model, scene.statement, theta, model->start(theta)}, options, memory, {}, {});
}

TEST(Solvers, AreTheNamesThatScenesMayUse) {
  std::vector<std::string> ours, scenes = io::solvers().available;
  for (std::string_view name : solver_names()) ours.emplace_back(name);
  EXPECT_THAT(scenes, ::testing::UnorderedElementsAreArray(ours));
}

TEST(Solvers, EachHaveAProblemHere) {
  for (std::string_view name : solver_names())
    EXPECT_TRUE(std::ranges::any_of(suited(), [&](const Suited& s) { return s.solver == name; })) << name;
}

class Solver : public ::testing::TestWithParam<Suited> {};

TEST_P(Solver, ReachesTheSolutionThatAutoFinds) {
  const auto& [name, text] = GetParam();
  const io::Scene scene = io::parse_scene(text, {}, io::Paths::standard());
  const Solution expected = solved(scene, "auto"), found = solved(scene, name);
  ASSERT_EQ(expected.status, Status::Converged) << expected.message;
  ASSERT_EQ(found.status, Status::Converged) << found.message << " residual " << found.relative_residual;
  const Index n = expected.model->primal_size();
  // A relative residual of 1e-10 on problems whose condition number is below 1e3.
  EXPECT_LT((found.x.head(n) - expected.x.head(n)).cwiseAbs().maxCoeff(), 1e-6);
}

INSTANTIATE_TEST_SUITE_P(All, Solver, ::testing::ValuesIn(suited()),
                         [](const auto& given) { return std::string(given.param.solver); });

TEST(Solvers, ShortenAStepThatOtherParametersMadeTooLong) {
  const std::string projected = simplex.substr(0, simplex.find("condition"));
  const io::Scene scene = io::parse_scene(projected, {}, io::Paths::standard());
  const auto model = optimality::build_model(scene.statement);  // its step suits theta = 0.3
  for (double theta : {0.3, 3.0, 300.0}) {
    const Vec at = Vec::Constant(1, theta);
    Memory memory;
    Options options;
    options.tolerance = 1e-10;
    const Solution s = solve({model, scene.statement, at, model->start(at)}, options, memory, {}, {});
    EXPECT_EQ(s.status, Status::Converged) << theta << ": " << s.message;
  }
}

TEST(Solvers, SayWhatTheyNeed) {
  const io::Scene scene = io::parse_scene(squares, {}, io::Paths::standard());
  const auto model = optimality::build_model(scene.statement);
  EXPECT_EQ(unsuitable("interior_point", *model),
            "the solver 'interior_point' needs equalities and inequalities (the condition kkt)");
  EXPECT_THAT(unsuitable("bisection", *model), ::testing::HasSubstr("one equation in one unknown"));
  EXPECT_THAT(unsuitable("nonsense", *model), ::testing::HasSubstr("no solver is called 'nonsense'"));
}

TEST(Solvers, DoNotTakeAZeroThatMirrorDescentCannotLeaveForASolution) {
  const std::string from_a_corner = std::string(simplex).replace(simplex.find("full(4, 0.25)"), 13, "[0, 0, 0, 1]");
  const Solution s = solved(io::parse_scene(from_a_corner, {}, io::Paths::standard()), "mirror_descent");
  EXPECT_EQ(s.status, Status::Stalled);
  EXPECT_THAT(s.message, ::testing::HasSubstr("start inside the simplex"));
}

TEST(Solvers, StopAfterTheIterationsThatWereAskedFor) {
  const io::Scene scene = io::parse_scene(lasso, {}, io::Paths::standard());
  const auto model = optimality::build_model(scene.statement);
  const Vec theta = model->initial_parameters();
  Memory memory;
  Options options;
  options.solver = "proximal_gradient";
  options.iterations = 3;
  const Solution s = solve({model, scene.statement, theta, model->start(theta)}, options, memory, {}, {});
  EXPECT_EQ(s.status, Status::IterationLimit);
  EXPECT_EQ(s.iterations, 3);
}

TEST(Natural, IsBuiltOnceForAllSolvesOfOneMemory) {
  for (const std::string& text : {simplex, program + "condition = \"conic\"\n"}) {
    const io::Scene scene = io::parse_scene(text, {}, io::Paths::standard());
    const auto model = optimality::build_model(scene.statement);
    const auto solved_at = [&](double theta, Memory& memory) {
      const Vec at = Vec::Constant(1, theta);
      return solve({model, scene.statement, at, model->start(at)}, {}, memory, {}, {});
    };
    Memory kept;
    solved_at(0.5, kept);
    const auto natural = kept.natural;
    ASSERT_TRUE(natural) << text;
    for (const double theta : {0.51, 0.6}) {
      Memory fresh;
      const Solution again = solved_at(theta, kept), alone = solved_at(theta, fresh);
      ASSERT_EQ(again.status, Status::Converged) << again.message;
      EXPECT_EQ(kept.natural, natural);
      EXPECT_LT((again.x - alone.x).norm(), 1e-8) << "two solves to 1e-10 of the size of their terms";
    }
  }
}

}  // namespace
}  // namespace argscope::solve
