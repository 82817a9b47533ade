#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "app/checks.h"
#include "app/child_process.h"
#include "core/io/arrays.h"
#include "core/io/scene.h"
#include "tests/app/command_line_tools.h"

namespace argscope::app {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pointwise;

// The solver's tolerance is 1e-10 of terms of size one; derivatives and values follow it.
constexpr double solved = 1e-8;

MATCHER(Near, "") { return std::abs(std::get<0>(arg) - std::get<1>(arg)) < solved; }

using Commands = CommandTest;

TEST_F(Commands, SolveGivesEveryVariableAndOutputByName) {
  done({"solve", shrink, "--out", scratch.path("s.npz")});
  EXPECT_THAT(array("s.npz", "w").values, Pointwise(Near(), {0.5, 1.0, 1.5}));
  EXPECT_THAT(array("s.npz", "total").values, Pointwise(Near(), {3.0}));
  EXPECT_THAT(array("s.npz", "squares").values, Pointwise(Near(), {0.25, 1.0, 2.25}));
}

TEST_F(Commands, SolveGivesAFileOfOneArrayTheVariable) {
  done({"solve", shrink, "--out", scratch.path("s.npy"), "--set", "theta=[0, 1, 2]"});
  EXPECT_THAT(array("s.npy", "").values, Pointwise(Near(), {1.0, 1.0, 1.0}));
}

TEST_F(Commands, SolveTakesStepsOfTheLengthThatIsAskedFor) {
  for (const double step : {0.125, 0.25}) {
    const std::string length = std::to_string(step);
    done({"solve", one, "--solver", "gradient_descent", "--step", length, "--iterations", "3", "--force", "--out",
          scratch.path("s.json")});
    const auto file = nlohmann::json::parse(scratch.read("s.json"));
    EXPECT_EQ(file["metadata"]["step"], fmt::format("{:g}", step));
    // x ← x − η(2x − 2) from 0: 1 − (1 − 2η)³.
    done({"solve", one, "--solver", "gradient_descent", "--step", length, "--iterations", "3", "--force", "--out",
          scratch.path("s.npz")});
    EXPECT_THAT(array("s.npz", "x").values, Pointwise(Near(), {1 - std::pow(1 - 2 * step, 3)}));
  }
}

TEST_F(Commands, SolveShortensTheStepsOfSgdByThePowerThatIsAskedFor) {
  const std::string rows = scratch.file("rows.toml", R"toml(
[parameters.theta]
value = 1.0
range = [0, 4]
[data.y]
value = "arange(40)/40"
[variables.x]
start = 0.0
[problem]
minimize = "mean(0.5*(x - theta*y)**2)"
)toml");
  const auto x_after = [&](const std::string& decay) {
    done({"solve", rows, "--solver", "sgd", "--decay", decay, "--step", "0.5", "--iterations", "50", "--force", "--out",
          scratch.path("s.npz")});
    return array("s.npz", "x").values.front();
  };
  EXPECT_EQ(x_after("0"), x_after("0"));
  EXPECT_NE(x_after("0"), x_after("0.8"));
}

TEST_F(Commands, SolveSetsParametersFromFilesAndOutsideTheirRange) {
  const std::string file = scratch.file("theta.csv", "0\n1\n5000\n");
  const auto report = done({"solve", shrink, "--json", "--set", "theta=" + file}).json();
  EXPECT_EQ(report["parameters"]["theta"], (nlohmann::json{0, 1, 5000}));
}

TEST_F(Commands, SolveSumsUpForPeople) {
  const Outcome o = done({"solve", shrink});
  EXPECT_THAT(o.out,
              AllOf(HasSubstr("Shrinkage (shrink)"), HasSubstr("converged"), HasSubstr("total"), HasSubstr("(3,)")));
}

TEST_F(Commands, JacobianIsOfAllVariablesInAllParameters) {
  const auto report = done({"jacobian", shrink, "--out", scratch.path("j.npy"), "--json"}).json();
  const expr::Array J = array("j.npy", "");
  EXPECT_EQ(J.shape, (expr::Shape{3, 3}));
  EXPECT_THAT(J.values, Pointwise(Near(), {-0.25, 0.0, 0.0, 0.0, -0.5, 0.0, 0.0, 0.0, -0.75}));
  EXPECT_EQ(report["derivative"]["shape"], (nlohmann::json{3, 3}));
  EXPECT_EQ(report["derivative"]["defined"], true);
}

TEST_F(Commands, JacobianIsOfWhatIsNamedInWhatIsNamed) {
  done({"jacobian", shrink, "--of", "total", "--wrt", "theta", "--out", scratch.path("j.csv")});
  EXPECT_THAT(array("j.csv", "").values, Pointwise(Near(), {-0.25, -0.5, -0.75}));
  done({"jacobian", shrink, "--of", "misfit", "--out", scratch.path("d.npy")});
  EXPECT_THAT(array("d.npy", "").values, Pointwise(Near(), {-0.25, 0.0, 0.0, 0.0, -0.5, 0.0, 0.0, 0.0, -0.75}));
  done({"jacobian", shrink, "--of", "squares", "--out", scratch.path("q.npy")});
  EXPECT_THAT(array("q.npy", "").values, Pointwise(Near(), {-0.25, 0.0, 0.0, 0.0, -1.0, 0.0, 0.0, 0.0, -2.25}));
}

TEST_F(Commands, JacobianTakesTheParametersItIsAskedFor) {
  std::string text = shrink_scene;
  text.insert(text.find("[variables.w]"), "[parameters.shift]\nvalue = 0.0\nrange = [-1.0, 1.0]\n");
  text.replace(text.find("misfit = \"w - c\""), 16, "misfit = \"w - c - shift\"");
  const std::string two = scratch.file("two.toml", text);
  done({"jacobian", two, "--out", scratch.path("all.npy")});
  done({"jacobian", two, "--wrt", "shift", "--out", scratch.path("shift.npy")});
  done({"jacobian", two, "--of", "misfit", "--wrt", "shift", "--out", scratch.path("misfit.npy")});
  EXPECT_EQ(array("all.npy", "").shape, (expr::Shape{3, 4}));
  EXPECT_THAT(array("shift.npy", "").values, Pointwise(Near(), {0.5, 0.5, 0.5}));      // 1 / (1 + θ)
  EXPECT_THAT(array("misfit.npy", "").values, Pointwise(Near(), {-0.5, -0.5, -0.5}));  // that less 1
}

TEST_F(Commands, JacobianByDifferencesAgrees) {
  const auto report =
      done({"jacobian", shrink, "--method", "finite_differences", "--out", scratch.path("d.npy"), "--json"}).json();
  EXPECT_EQ(report["derivative"]["method"], "finite-differences");
  EXPECT_THAT(array("d.npy", "").values, Pointwise(Near(), {-0.25, 0.0, 0.0, 0.0, -0.5, 0.0, 0.0, 0.0, -0.75}));
}

TEST_F(Commands, JacobianSaysWhereItsNumbersComeFrom) {
  done({"jacobian", shrink, "--out", scratch.path("j.json"), "--tolerance", "1e-9"});
  const auto metadata = nlohmann::json::parse(scratch.read("j.json"))["metadata"];
  EXPECT_EQ(metadata["scene"], "shrink");
  EXPECT_EQ(metadata["tolerance"], "1e-09");
  EXPECT_EQ(metadata["derivative"], "defined");
  EXPECT_FALSE(metadata.contains("forced"));
}

TEST_F(Commands, JacobianOfAnUnfinishedSolutionTellsHowFarOffItMayBe) {
  std::vector<std::string> words{"jacobian",         shrink, "--out", scratch.path("j.npy"), "--json", "--set",
                                 "theta=[0.5, 1, 3]"};
  EXPECT_FALSE(done(words).json().contains("bound"));
  words.insert(words.end(), {"--force", "--iterations", "3", "--solver", "gradient_descent"});
  const auto report = done(words).json();
  const auto J = array("j.npy", "").values;
  // x = c/(1 + θ), J = −diag(x/(1 + θ)), ∂₁F = 1 + diag θ, and ∂₂F = diag(x) moves as fast as x
  EXPECT_NEAR(report["bound"]["alpha"].get<double>(), 1.5, 1e-9);
  EXPECT_NEAR(report["bound"]["beta"].get<double>(), 1, 1e-9);
  const double off = std::max({std::abs(J[0] + 1 / 2.25), std::abs(J[4] + 2 / 4.0), std::abs(J[8] + 3 / 16.0)});
  EXPECT_GT(off, 1e-3);
  EXPECT_LE(off, report["bound"]["value"].get<double>());
}

TEST_F(Commands, GradientIsShapedAsItsParameter) {
  const auto report = done({"gradient", shrink, "--of", "total", "--json", "--out", scratch.path("g.npz")}).json();
  const auto& gradient = report["outputs"]["total"]["gradient"]["theta"];
  ASSERT_EQ(gradient.size(), 3u);
  EXPECT_THAT(gradient.get<std::vector<double>>(), Pointwise(Near(), {-0.25, -0.5, -0.75}));
  EXPECT_EQ(array("g.npz", "theta").shape, (expr::Shape{3}));
  EXPECT_THAT(array("g.npz", "theta").values, Pointwise(Near(), {-0.25, -0.5, -0.75}));
}

TEST_F(Commands, GradientOfEveryOutputIsNamedAfterBoth) {
  done({"gradient", shrink, "--out", scratch.path("g.npz")});
  EXPECT_THAT(array("g.npz", "total.theta").values, Pointwise(Near(), {-0.25, -0.5, -0.75}));
  EXPECT_EQ(array("g.npz", "squares.theta").shape, (expr::Shape{3, 3}));
  EXPECT_EQ(run_here({"gradient", shrink, "--out", scratch.path("g.npy")}).status, 2);  // one array cannot hold two
}

TEST_F(Commands, ReportHasEveryKeyWhateverTheCommand) {
  const std::set<std::string> solution{"status",    "solver",  "iterations",        "residual",
                                       "objective", "seconds", "relative_residual", "residual_of",
                                       "message"};
  const std::set<std::string> derivative{"method",  "condition",  "linear_solver",    "shape",   "residual",
                                         "rank",    "null_modes", "condition_number", "defined", "warnings",
                                         "seconds", "reason",     "one_sided"};
  const std::string out = scratch.path("out.json");
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"solve", shrink},
                                             {"solve", loose},
                                             {"solve", shrink, "--iterations", "0"},
                                             {"gradient", shrink},
                                             {"gradient", loose},
                                             {"jacobian", shrink, "--out", out},
                                             {"check", shrink},
                                             {"check", loose},
                                             {"sweep", one, "--vary", "theta=1:2:2", "--out", out}}) {
    std::vector<std::string> asked = words;
    asked.push_back("--json");
    const auto report = run_here(asked).json();
    for (const char* key : {"scene", "parameters", "solution", "derivative", "outputs", "forced", "file"})
      EXPECT_TRUE(report.contains(key)) << words[0] << " " << key;
    std::set<std::string> keys;
    for (const auto& item : report["solution"].items()) keys.insert(item.key());
    EXPECT_EQ(keys, solution) << words[0];
    keys.clear();
    for (const auto& item : report["derivative"].items()) keys.insert(item.key());
    EXPECT_EQ(keys, derivative) << words[0];
    for (const auto& output : report["outputs"]) {
      EXPECT_TRUE(output.contains("value"));
      for (const auto& parameter : report["parameters"].items())
        EXPECT_TRUE(output["gradient"].contains(parameter.key()));
    }
  }
}

TEST_F(Commands, SweepIsARowAValue) {
  done({"sweep", one, "--vary", "theta=0:4:5", "--jacobian", "--out", scratch.path("t.csv")});
  std::vector<std::string> rows;
  for (const std::string& line : lines(scratch.read("t.csv")))
    if (!line.starts_with("# ") || line.find(",status,") != std::string::npos) rows.push_back(line);
  ASSERT_EQ(rows.size(), 6u);
  EXPECT_EQ(rows[0], "# theta,status,energy,x[0],denergy_dtheta,dx_dtheta[0]");
  for (int k = 0; k < 5; ++k) {
    double theta = -1, energy = 0, x = 0, denergy = 0, dx = 0;
    const std::string& row = rows[static_cast<std::size_t>(k) + 1];
    ASSERT_EQ(std::sscanf(row.c_str(), "%lf,converged,%lf,%lf,%lf,%lf", &theta, &energy, &x, &denergy, &dx), 5) << row;
    const double exact = 2 / (1 + theta), slope = -exact / (1 + theta);
    EXPECT_EQ(theta, k);
    EXPECT_NEAR(x, exact, solved);
    EXPECT_NEAR(energy, exact * exact, 4 * solved);
    EXPECT_NEAR(dx, slope, solved);
    EXPECT_NEAR(denergy, 2 * exact * slope, 4 * solved);
  }
}

TEST_F(Commands, SweepVariesOneEntryOrAllTogether) {
  done({"sweep", shrink, "--vary", "theta[2]=0:2:2", "--jacobian", "--out", scratch.path("e.npz")});
  EXPECT_THAT(array("e.npz", "w").values, Pointwise(Near(), {0.5, 1.0, 3.0, 0.5, 1.0, 1.0}));
  EXPECT_THAT(array("e.npz", "dtotal_dtheta[2]").values, Pointwise(Near(), {-3.0, -1.0 / 3}));
  done({"sweep", shrink, "--vary", "theta=0:1:2", "--jacobian", "--out", scratch.path("a.npz")});
  EXPECT_THAT(array("a.npz", "w").values, Pointwise(Near(), {1.0, 2.0, 3.0, 0.5, 1.0, 1.5}));
  EXPECT_THAT(array("a.npz", "dtotal_dtheta").values, Pointwise(Near(), {-6.0, -1.5}));
}

TEST_F(Commands, SweepNamesRowsWithoutADerivative) {
  done({"sweep", loose, "--vary", "theta=1:5:3", "--jacobian", "--out", scratch.path("l.csv")});
  const std::string table = scratch.read("l.csv");
  EXPECT_THAT(table, HasSubstr("1,converged; derivative undefined,3,3,nan,nan"));
  EXPECT_THAT(table, HasSubstr("5,converged; derivative undefined,5,5,nan,nan"));  // it stops at the kink of relu
}

TEST_F(Commands, SweepWithoutAnyAnswerWritesNothing) {
  const Outcome o = run_here({"sweep", one, "--vary", "theta=0:4:3", "--solver", "fire", "--iterations", "1",
                              "--tolerance", "1e-14", "--out", scratch.path("n.csv")});
  EXPECT_EQ(o.status, 3);
  EXPECT_FALSE(scratch.has("n.csv"));
  EXPECT_THAT(o.err, HasSubstr("none of the 3 values"));
}

/// min ½‖w − c‖² + θ‖w‖₁, c = (3, −2, 0.5): w = sign(c)(|c| − θ)₊.
std::string lasso_scene(const std::string& theta) {
  return "[parameters.theta]\nvalue = " + theta +
         "\nrange = [0, 4]\n[variables.w]\nshape = [3]\n[problem]\n"
         "minimize = \"0.5*sum((w - [3, -2, 0.5])**2)\"\npenalty = \"theta*norm1(w)\"\n";
}

TEST_F(Commands, JacobianOfALassoIsThatOfItsSupport) {
  for (const auto& [theta, expected] :
       std::map<std::string, std::vector<double>>{{"1.0", {-1, 1, 0}}, {"2.5", {-1, 0, 0}}, {"3.5", {0, 0, 0}}}) {
    const std::string scene = scratch.file("lasso.toml", lasso_scene(theta));
    done({"jacobian", scene, "--out", scratch.path("lasso.npy")});
    EXPECT_THAT(array("lasso.npy", "").values, Pointwise(Near(), expected)) << theta;
  }
}

TEST_F(Commands, JacobianAtATieIsRefusedAndBothSidesAreReported) {
  const std::string scene = scratch.file("tie.toml", lasso_scene("2.0"));
  const Outcome o = run_here({"jacobian", scene, "--json", "--out", scratch.path("tie.npy")});
  EXPECT_EQ(o.status, 3);
  EXPECT_FALSE(scratch.has("tie.npy"));
  const auto sides = o.json()["derivative"]["one_sided"];
  EXPECT_NEAR(sides["falling"][1][0].get<double>(), 1, solved) << "below theta = 2 the second weight is there";
  EXPECT_NEAR(sides["growing"][1][0].get<double>(), 0, solved);
}

TEST_F(Commands, JacobianHasNoRowsOfMultipliers) {
  const std::string scene = scratch.file(
      "budget.toml",
      "[parameters.h]\nvalue = 1.0\nrange = [0, 4]\n[variables.z]\nshape = [2]\n[problem]\n"
      "minimize = \"0.5*sum((z - 1)**2)\"\nsubject_to = [\"sum(z) <= h\"]\n[outputs]\nprice = \"multiplier_1\"\n");
  done({"jacobian", scene, "--out", scratch.path("j.npy")});
  EXPECT_THAT(array("j.npy", "").values, Pointwise(Near(), {0.5, 0.5}));
  done({"jacobian", scene, "--of", "price", "--out", scratch.path("p.npy")});
  EXPECT_THAT(array("p.npy", "").values, Pointwise(Near(), {-0.5})) << "multipliers can be watched by name";
  EXPECT_EQ(run_here({"solve", scene, "--condition", "mirror_descent"}).status, 2);
  EXPECT_EQ(done({"solve", scene, "--json", "--solver", "interior_point"}).json()["solution"]["status"], "converged");
}

TEST_F(Commands, CheckPassesWhereTheDerivativeIsRight) {
  const Outcome o = run_here({"check", shrink});
  EXPECT_EQ(o.status, 0) << o.out;
  EXPECT_THAT(o.out, AllOf(HasSubstr("all 3 columns"), HasSubstr("the same bits"), HasSubstr("d total")));
  EXPECT_THAT(o.out, testing::Not(HasSubstr("FAILED")));
}

/// A problem in x of `n` numbers and theta = 1.2.
std::string stated(int n, const std::string& problem) {
  return fmt::format(
      "[parameters.theta]\nvalue = 1.2\nrange = [0.1, 10]\n[variables.x]\nshape = [{}]\n"
      "start = \"0.1*ones({})\"\n[problem]\n{}\n",
      n, n, problem);
}

TEST_F(Commands, CheckPassesWhereTheDerivativeIsZeroButForItsRounding) {
  for (const char* problem : {"minimize = \"sum((theta*x + clip(x, -1, 1))**2)\"",
                              "minimize = \"sum(sqrt(1 + (theta*cumsum(x))**2)) + 0.3*sum(x**4) + sum(x**2)\"",
                              "minimize = \"theta*sum((x - 1/3)**2)\"\nsubject_to = [\"x in simplex()\"]"}) {
    const Outcome o = run_here({"check", scratch.file("still.toml", stated(3, problem))});
    EXPECT_EQ(o.status, 0) << problem << "\n" << o.out << o.err;
  }
}

TEST_F(Commands, CheckPassesWhereAConstrainedProblemIsNotConvexOrItsConstraintsBend) {
  for (const char* problem :
       {"minimize = \"sum(x**2) + theta*sum((x[1:]*x[:-1] - theta)**2)\"\nsubject_to = [\"x <= [2.8, 1.3, -0.4]\"]",
        "minimize = \"0.5*sum((x - theta*[-0.42, 1.5, 0.04])**2)\"\n"
        "subject_to = [\"norm(x) <= theta\", \"x in power_cone(0.4)\"]"}) {
    const Outcome o = run_here({"check", scratch.file("bent.toml", stated(3, problem))});
    EXPECT_EQ(o.status, 0) << problem << "\n" << o.out << o.err;
  }
}

class EveryScene : public testing::TestWithParam<std::string> {};

TEST_P(EveryScene, PassesItsChecks) {
  const Outcome o = run_here({"check", GetParam()});
  EXPECT_EQ(o.status, 0) << o.out << o.err;
}

std::vector<std::string> scene_names() {
  std::vector<std::string> names;
  for (const auto& path : io::built_in_scenes(io::Paths::standard())) names.push_back(path.stem().string());
  return names;
}

INSTANTIATE_TEST_SUITE_P(BuiltIn, EveryScene, testing::ValuesIn(scene_names()), [](const auto& test) {
  std::string name = test.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST_F(Commands, CheckReportsItsRows) {
  const auto checks = run_here({"check", shrink, "--json"}).json()["checks"];
  ASSERT_GE(checks.size(), 5u);
  for (const auto& check : checks) {
    EXPECT_TRUE(check["passed"].get<bool>()) << check;
    EXPECT_LE(check["achieved"].get<double>(), check["allowed"].get<double>());
  }
}

TEST_F(Commands, CheckHasNoAnswerWhereThereIsNoDerivative) { EXPECT_EQ(run_here({"check", loose}).status, 3); }

TEST(Checks, SpreadColumnsEvenlyFromEndToEnd) {
  EXPECT_THAT(spread(3, 24), ElementsAre(0, 1, 2));
  EXPECT_THAT(spread(1, 24), ElementsAre(0));
  EXPECT_THAT(spread(101, 5), ElementsAre(0, 25, 50, 75, 100));
  EXPECT_TRUE(spread(0, 5).empty());
  for (Index count = 1; count < 200; count += 7) {
    const std::vector<Index> chosen = spread(count, 24);
    EXPECT_EQ(std::set<Index>(chosen.begin(), chosen.end()).size(), chosen.size());
    EXPECT_EQ(chosen.back(), count - 1);
  }
}

TEST(Checks, FailRatherThanPassOnNotANumber) {
  EXPECT_FALSE((CheckRow{"", "", std::nan(""), 1, ""}).passed());
  EXPECT_TRUE((CheckRow{"", "", 1e-9, 1e-6, ""}).passed());
}

TEST(List, NamesEverythingThatMayBeWritten) {
  const Outcome o = run_here({"list"});
  EXPECT_EQ(o.status, 0);
  for (const auto& path : io::built_in_scenes(io::Paths::standard()))
    EXPECT_THAT(o.out, HasSubstr("\n  " + path.stem().string() + " "));
  for (const auto& kind : io::view_kinds()) EXPECT_THAT(o.out, HasSubstr("\n  " + kind.name + ": "));
  for (const char* word : {"logsumexp", "newton", "stationary", "fixed_point", "finite-differences", "min-norm"})
    EXPECT_THAT(o.out, HasSubstr(word));
  EXPECT_THAT(o.out, testing::Not(HasSubstr("cannot be read")));
}

TEST(ChildProcess, IsSpokenToLineByLine) {
  using std::chrono::seconds;
  ChildProcess cat({"cat"});
  EXPECT_TRUE(cat.write_line("one"));
  EXPECT_TRUE(cat.write_line("two"));
  EXPECT_EQ(cat.read_line(seconds(10)), "one");
  EXPECT_EQ(cat.read_line(seconds(10)), "two");
  EXPECT_FALSE(cat.read_line(std::chrono::milliseconds(20)).has_value());
}

TEST(ChildProcess, ThatIsNotThereSaysNothing) {
  ChildProcess nobody({"no-such-program-anywhere"});
  EXPECT_FALSE(nobody.read_line(std::chrono::seconds(10)).has_value());
}

}  // namespace
}  // namespace argscope::app
