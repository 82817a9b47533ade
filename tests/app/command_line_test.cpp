#include "app/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "tests/app/command_line_tools.h"

namespace argscope::app {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

/// A folder with the scenes of known answers in it.
class CommandLine : public testing::Test {
 protected:
  Scratch scratch;
  const std::string shrink = scratch.file("shrink.toml", shrink_scene);
  const std::string loose = scratch.file("loose.toml", loose_scene);

  /// Exit status 2, one message, nothing on standard output, no file left behind.
  void expect_wrong(const std::vector<std::string>& words, const std::string& part) {
    const std::size_t before = scratch.count();
    const Outcome o = run_here(words);
    EXPECT_EQ(o.status, 2) << o.out;
    EXPECT_THAT(o.out, IsEmpty());
    EXPECT_THAT(o.err, HasSubstr(part));
    EXPECT_EQ(scratch.count(), before) << "a file was left behind";
  }
};

std::variant<Exit, OpenWindow> ending(const std::vector<std::string>& words) {
  std::ostringstream out, err;
  Console console{out, err, false};
  return run_command_line(words, console);
}

TEST_F(CommandLine, WithNoWordsOpensTheGallery) {
  const auto e = ending({});
  ASSERT_TRUE(std::holds_alternative<OpenWindow>(e));
  EXPECT_FALSE(std::get<OpenWindow>(e).scene.has_value());
}

TEST_F(CommandLine, WithASceneOpensIt) {
  const auto e = ending({shrink});
  ASSERT_TRUE(std::holds_alternative<OpenWindow>(e));
  EXPECT_EQ(std::get<OpenWindow>(e).scene, shrink);
}

TEST_F(CommandLine, LeavesTheToolkitsOptionsToTheWindow) {
  EXPECT_TRUE(std::holds_alternative<OpenWindow>(ending({shrink, "-platform", "offscreen"})));
  EXPECT_TRUE(std::holds_alternative<OpenWindow>(ending({"--sync"})));
}

TEST_F(CommandLine, OffersCommandsForAMisspeltOne) { expect_wrong({"jacobain"}, "'jacobian'"); }

TEST_F(CommandLine, PrintsHelpForTheProgramAndEveryCommand) {
  EXPECT_THAT(run_here({"--help"}).out, AllOf(HasSubstr("jacobian"), HasSubstr("sweep"), HasSubstr("bench")));
  for (const char* command : {"list", "solve", "jacobian", "gradient", "render", "sweep", "check", "bench"}) {
    const Outcome o = run_here({command, "--help"});
    EXPECT_EQ(o.status, 0) << command;
    EXPECT_THAT(o.out, HasSubstr(command));
    EXPECT_THAT(o.err, IsEmpty());
  }
}

TEST_F(CommandLine, PrintsItsVersion) { EXPECT_THAT(run_here({"--version"}).out, StartsWith("argscope 0.")); }

TEST_F(CommandLine, RefusesAnUnknownScene) { expect_wrong({"solve", "no-such-scene"}, "no-such-scene"); }

TEST_F(CommandLine, RefusesAMissingScene) { expect_wrong({"solve"}, "scene"); }

TEST_F(CommandLine, RefusesAnUnknownOptionAndOffersTheNearest) {
  expect_wrong({"solve", shrink, "--tolerence", "1e-3"}, "--tolerance");
  expect_wrong({"solve", shrink, "--jsn"}, "--json");
}

TEST_F(CommandLine, RefusesOneWordTooMany) { expect_wrong({"solve", shrink, "twice"}, "'twice'"); }

TEST_F(CommandLine, RefusesABadSetting) {
  expect_wrong({"solve", shrink, "--set", "theta"}, "NAME=VALUE");
  expect_wrong({"solve", shrink, "--set", "thta=1"}, "'theta'");
  expect_wrong({"solve", shrink, "--set", "theta=[1, 2]"}, "(2,)");
  expect_wrong({"solve", shrink, "--set", "theta=nothing.csv"}, "nothing.csv");
}

TEST_F(CommandLine, RefusesANumberThatIsNone) {
  expect_wrong({"solve", shrink, "--tolerance", "tiny"}, "'tiny' is not a positive number");
  expect_wrong({"solve", shrink, "--tolerance=-1"}, "'-1' is not a positive number");
  expect_wrong({"solve", shrink, "--threads", "0"}, "'0' is not a whole number");
  expect_wrong({"solve", shrink, "--iterations", "few"}, "'few'");
  expect_wrong({"solve", shrink, "--step", "0"}, "'0' is not a positive number");
  expect_wrong({"solve", shrink, "--decay", "1.5"}, "'1.5' is not a number from 0 to 1");
}

TEST_F(CommandLine, RefusesNamesThatAreUnknownOrBelongElsewhere) {
  expect_wrong({"solve", shrink, "--solver", "newtom"}, "'newton'");
  expect_wrong({"solve", shrink, "--method", "automatic"}, "'automatic' is of a minimum's value");
  expect_wrong({"solve", shrink, "--linear-solver", "gmress"}, "'gmres'");
  expect_wrong({"solve", shrink, "--condition", "ktk"}, "'kkt'");
  expect_wrong({"jacobian", shrink, "--of", "totl", "--out", scratch.path("j.npy")}, "'total'");
  expect_wrong({"jacobian", shrink, "--wrt", "thet", "--out", scratch.path("j.npy")}, "'theta'");
  expect_wrong({"gradient", shrink, "--of", "totals"}, "'total'");
}

TEST_F(CommandLine, RefusesAConditionOrSolverThatDoesNotFitTheProblem) {
  expect_wrong({"solve", shrink, "--condition", "fixed-point"}, "not a condition of a minimization");
  expect_wrong({"solve", shrink, "--solver", "fixed_point"}, "--solver");
}

TEST_F(CommandLine, RefusesAPlaceItCannotWriteTo) {
  expect_wrong({"solve", shrink, "--out", scratch.path("nowhere/w.npz")}, "there is no folder");
  expect_wrong({"solve", shrink, "--out", scratch.path("w.xyz")}, ".xyz");
  expect_wrong({"render", shrink, "--out", scratch.path("w.npz")}, ".png");
  expect_wrong({"sweep", shrink, "--vary", "theta=1:2:3", "--out", scratch.path("w.npy")}, ".csv");
  std::filesystem::create_directory(scratch.path("w.npz"));
  expect_wrong({"solve", shrink, "--out", scratch.path("w.npz")}, "w.npz");
}

TEST_F(CommandLine, RefusesAMissingFolderOfData) {
  expect_wrong({"solve", shrink, "--data", scratch.path("nowhere")}, "no such folder");
}

TEST_F(CommandLine, NeedsAFileForAJacobian) { expect_wrong({"jacobian", shrink}, "--out"); }

TEST_F(CommandLine, SaysWhereASceneIsWrong) {
  const std::string bad = scratch.file(
      "bad.toml", "[parameters.t]\nvalue = 1\nrange = [0, 1]\n[variables.x]\nshape = [1]\nstrat = \"zeros(1)\"\n");
  expect_wrong({"solve", bad}, "bad.toml:6");
}

TEST_F(CommandLine, SaysWhichDataFileIsMissing) {
  std::string text = shrink_scene;
  text.replace(text.find("value = [1.0, 2.0, 3.0]"), 23, "file = \"lost.csv\"");
  expect_wrong({"solve", scratch.file("lost.toml", text)}, "lost.csv");
}

TEST_F(CommandLine, FindsDataInTheFolderThatIsNamed) {
  std::filesystem::create_directory(scratch.path("data"));
  scratch.file("data/c.csv", "1\n2\n3\n");
  std::string text = shrink_scene;
  text.replace(text.find("value = [1.0, 2.0, 3.0]"), 23, "file = \"c.csv\"");
  const Outcome o = run_here({"solve", scratch.file("far.toml", text), "--data", scratch.path("data"), "--json"});
  EXPECT_EQ(o.status, 0) << o.err;
  EXPECT_NEAR(o.json()["outputs"]["total"]["value"].get<double>(), 3, 1e-9);  // the solver's tolerance
}

TEST_F(CommandLine, TakesHyphenForUnderscoreInOptions) {
  EXPECT_EQ(run_here({"solve", shrink, "--linear_solver", "ldlt"}).status, 0);
  EXPECT_EQ(run_here({"solve", shrink, "--linear_solver=min_norm"}).status, 0);
}

TEST_F(CommandLine, RefusesViewsAndSizesThatAreNone) {
  const std::string out = scratch.path("p.png");
  expect_wrong({"render", shrink, "--out", out, "--view", "bar"}, "'bars'");
  for (const char* size : {"1600", "x", "0x5", "1600x", "1600x1200x3", "-5x100", "99999x99999"})
    expect_wrong({"render", shrink, "--out", out, std::string("--size=") + size}, "WIDTHxHEIGHT");
}

TEST_F(CommandLine, WritesNothingWhereTheDerivativeIsUndefined) {
  const Outcome o = run_here({"jacobian", loose, "--out", scratch.path("j.npy")});
  EXPECT_EQ(o.status, 3);
  EXPECT_THAT(o.out, IsEmpty());
  EXPECT_THAT(o.err, AllOf(HasSubstr("not defined"), HasSubstr("--force")));
  EXPECT_FALSE(scratch.has("j.npy"));
}

TEST_F(CommandLine, ReportsWhyWhereTheDerivativeIsUndefined) {
  const Outcome o = run_here({"gradient", loose, "--json"});
  EXPECT_EQ(o.status, 3);
  const auto report = o.json();
  EXPECT_EQ(report["derivative"]["defined"], false);
  EXPECT_FALSE(report["derivative"]["reason"].get<std::string>().empty());
  EXPECT_TRUE(report["outputs"]["place"]["gradient"]["theta"].is_null());
  EXPECT_TRUE(report["file"].is_null());
  EXPECT_EQ(report["forced"], false);
}

TEST_F(CommandLine, SolvesEvenWhereTheDerivativeIsUndefined) {
  const Outcome o = run_here({"solve", loose, "--json", "--out", scratch.path("x.npz")});
  EXPECT_EQ(o.status, 0) << o.err;
  EXPECT_TRUE(scratch.has("x.npz"));
  EXPECT_EQ(o.json()["derivative"]["defined"], false);
  EXPECT_EQ(o.json()["outputs"]["place"]["value"], 3);
}

TEST_F(CommandLine, WritesUnderForceAndSaysSo) {
  const Outcome o = run_here({"jacobian", loose, "--force", "--json", "--out", scratch.path("j.json")});
  EXPECT_EQ(o.status, 0) << o.err;
  EXPECT_EQ(o.json()["forced"], true);
  EXPECT_EQ(o.json()["derivative"]["defined"], false);
  EXPECT_THAT(o.err, HasSubstr("forced"));
  const auto file = nlohmann::json::parse(scratch.read("j.json"));
  EXPECT_THAT(file["metadata"]["forced"].get<std::string>(), HasSubstr("no honest answer"));
  EXPECT_THAT(file["metadata"]["derivative"].get<std::string>(), HasSubstr("not defined"));
}

TEST_F(CommandLine, WritesNothingWhenTheSolverIsStoppedEarly) {
  const std::vector<std::string> words{
      "solve", shrink, "--solver", "fire", "--iterations", "1", "--json", "--out", scratch.path("w.json")};
  const Outcome o = run_here(words);
  EXPECT_EQ(o.status, 3);
  EXPECT_FALSE(scratch.has("w.json"));
  EXPECT_EQ(o.json()["solution"]["status"], "iteration limit");
  EXPECT_TRUE(o.json()["outputs"]["total"]["value"].is_null());
  EXPECT_THAT(o.err, HasSubstr("not converged"));

  std::vector<std::string> forced = words;
  forced.push_back("--force");
  const Outcome f = run_here(forced);
  EXPECT_EQ(f.status, 0) << f.err;
  EXPECT_EQ(f.json()["forced"], true);
  EXPECT_TRUE(f.json()["outputs"]["total"]["value"].is_number());
  EXPECT_TRUE(nlohmann::json::parse(scratch.read("w.json"))["metadata"].contains("forced"));
}

TEST_F(CommandLine, AsksForFiniteNumbersAtTheStart) {
  std::string text = one_scene;
  text.replace(text.find("0.5*sum((x - 2)**2)"), 19, "sum(log(theta*x))");
  const Outcome o = run_here({"solve", scratch.file("log.toml", text), "--set", "theta=-1", "--json"});
  EXPECT_EQ(o.status, 3);
  EXPECT_EQ(o.json()["solution"]["status"], "not finite");
  EXPECT_THAT(o.out, Not(HasSubstr("nan")));
}

}  // namespace
}  // namespace argscope::app
