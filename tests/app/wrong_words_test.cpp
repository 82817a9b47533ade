/// Every command against every option that can be wrong: exit status 2, one message that begins with the program's name
/// and says what is wrong, nothing on standard output, no file left behind or changed.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/app/command_line_tools.h"

namespace argscope::app {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;
using Words = std::vector<std::string>;

class Watched : public testing::Test {
 protected:
  Scratch scratch;
  const std::string shrink = scratch.file("shrink.toml", shrink_scene);
  const std::string kept = scratch.file("kept.json", "as it was");

  void expect_wrong(Words words, const Words& more, const std::string& part) const {
    words.insert(words.end(), more.begin(), more.end());
    const std::size_t before = scratch.count();
    const Outcome o = run_here(words);
    const std::string asked = testing::PrintToString(words);
    EXPECT_EQ(o.status, 2) << asked;
    EXPECT_THAT(o.out, IsEmpty()) << asked;
    EXPECT_THAT(o.err, StartsWith("argscope")) << asked;
    EXPECT_THAT(o.err, HasSubstr(part)) << asked;
    EXPECT_THAT(o.err, EndsWith("\n")) << asked;
    EXPECT_THAT(o.err, Not(HasSubstr("argscope: argscope"))) << asked;
    EXPECT_EQ(scratch.count(), before) << asked << ": a file was left behind";
    EXPECT_EQ(scratch.read("kept.json"), "as it was") << asked;
  }
};

class WrongWords : public Watched, public testing::WithParamInterface<std::string> {
 protected:
  /// The command with all that it needs, writing over a file that is there.
  Words whole(const std::string& scene) const {
    const std::string& command = GetParam();
    Words words{command, scene};
    if (command == "gradient" || command == "train") words.insert(words.end(), {"--of", "total"});
    if (command == "train") words.insert(words.end(), {"--steps", "1"});
    if (command == "sweep") words.insert(words.end(), {"--vary", "theta=1:2:2"});
    if (command == "render") words.insert(words.end(), {"--size", "64x64", "--out", scratch.path("p.svg")});
    if (command != "check" && command != "render") words.insert(words.end(), {"--out", kept});
    return words;
  }
};

struct Mistake {
  Words words;
  const char* part;  ///< of the message
};

/// Options that every command that solves has.
const Mistake mistakes[]{
    {{"--set"}, "--set"},
    {{"--set", "theta"}, "NAME=VALUE"},
    {{"--set", "=1"}, "NAME=VALUE"},
    {{"--set", "theta="}, "NAME=VALUE"},
    {{"--set", ""}, "it is empty"},
    {{"--set", "thet=1"}, "'theta'"},
    {{"--set", "theta=1", "--set", "theta=2"}, "set twice"},
    {{"--set", "theta=nan"}, "not finite"},
    {{"--set", "theta=1e400"}, "not finite"},
    {{"--set", "theta=[1, 2]"}, "(3,)"},
    {{"--set", "theta=[]"}, "(0,)"},
    {{"--set", "theta=[[1, 2, 3]]"}, "(1, 3)"},
    {{"--set", "theta=[1, 2, 3"}, "not a JSON array"},
    {{"--set", "theta={}"}, "no such file"},
    {{"--set", "theta=."}, "folder"},
    {{"--solver"}, "--solver"},
    {{"--solver", ""}, "it is empty"},
    {{"--solver", "newton", "--solver", "lbfgs"}, "--solver"},
    {{"--solver", "newtonn"}, "'newton'"},
    {{"--solver", "sinkhorn"}, "--solver"},
    {{"--condition", "kt"}, "--condition"},
    {{"--condition", "root"}, "--condition"},
    {{"--method", "implict"}, "'implicit'"},
    {{"--method", "dual", "--of", "total", "--of", "total"}, "--of"},
    {{"--linear-solver", "lo"}, "--linear-solver"},
    {{"--linear-solver=LU"}, "--linear-solver"},
    {{"--tolerance", "0"}, "positive number"},
    {{"--tolerance=-1e-3"}, "positive number"},
    {{"--tolerance", "nan"}, "positive number"},
    {{"--tolerance", "inf"}, "positive number"},
    {{"--tolerance", "1e-10x"}, "positive number"},
    {{"--tolerance", "1", "--tolerance", "2"}, "--tolerance"},
    {{"--iterations=-1"}, "whole number"},
    {{"--iterations", "1.5"}, "whole number"},
    {{"--iterations", "99999999999999"}, "whole number"},
    {{"--threads", "0"}, "whole number"},
    {{"--threads=-2"}, "whole number"},
    {{"--threads", "100000"}, "from 1 to 1024"},
    {{"--threads", "two"}, "whole number"},
    {{"--data", ""}, "it is empty"},
    {{"--data", "/no/such/folder"}, "no such folder"},
    {{"--force=perhaps"}, "--force"},
    {{"--no-such-option"}, "unknown option"},
    {{"-q"}, "unknown option"},
    {{"and", "more"}, "one word too many"},
};

TEST_P(WrongWords, AreAnsweredByOneMessageAndNothingElse) {
  for (const Mistake& m : mistakes) expect_wrong(whole(shrink), m.words, m.part);
}

TEST_P(WrongWords, AreAnsweredTheSameUnderJsonAndForce) {
  expect_wrong(whole(shrink), {"--json", "--solver", "newtonn"}, "'newton'");
  expect_wrong(whole(shrink), {"--force", "--set", "thet=1"}, "'theta'");
}

TEST_P(WrongWords, IncludeScenesThatCannotBeRead) {
  const std::pair<std::string, const char*> scenes[]{
      {"", "it is empty"},
      {"no-such-scene", "no built-in scene"},
      {"rigde", "ridge"},
      {scratch.path("lost.toml"), "no such file"},
      {scratch.path(""), "not a file"},
      {scratch.file("empty.toml", ""), "empty.toml"},
      {scratch.file("binary.toml", std::string("\0\xff\xfe[", 4)), "binary.toml"},
      {scratch.file("half.toml", std::string(shrink_scene).substr(0, 150)), "half.toml:"},
      {scratch.file("endless.toml", "title = \"no end"), "endless.toml:1"},
  };
  for (const auto& [scene, part] : scenes) expect_wrong(whole(scene), {}, part);
}

TEST_P(WrongWords, IncludePlacesThatCannotBeWritten) {
  if (GetParam() == "check") return;
  const std::string file = scratch.file("flat", "not a folder");
  for (const std::string& place : {scratch.path("none") + "/a", file + "/a", std::string()}) {
    Words words = whole(shrink);
    words.pop_back();
    const std::string ending = GetParam() == "render" ? ".svg" : ".json";
    words.push_back(place.empty() ? place : place + ending);
    expect_wrong(words, {}, place.empty() ? "it is empty" : "there is no folder");
  }
  for (const char* name : {"plain", ".json", "a.txt", "a.json.", "a.jpeg"}) {
    Words words = whole(shrink);
    words.back() = scratch.path(name);
    expect_wrong(words, {}, "cannot write a file with this ending");
  }
}

INSTANTIATE_TEST_SUITE_P(Commands, WrongWords,
                         testing::Values("solve", "jacobian", "gradient", "train", "sweep", "render", "check"),
                         [](const auto& test) { return test.param; });

/// What one command alone can get wrong.
using OwnWrongWords = Watched;

TEST_F(OwnWrongWords, AreAnsweredByOneMessage) {
  const std::string out = scratch.path("a.json"), table = scratch.path("a.csv"), picture = scratch.path("a.png");
  const std::pair<Words, const char*> rows[]{
      {{"jacobian", shrink}, "--out"},
      {{"jacobian", shrink, "--out", out, "--of", ""}, "it is empty"},
      {{"jacobian", shrink, "--out", out, "--of", "theta"}, "--of"},
      {{"jacobian", shrink, "--out", out, "--wrt", "w"}, "--wrt"},
      {{"jacobian", shrink, "--out", out, "--wrt", "theta[0]"}, "--wrt"},
      {{"gradient", shrink, "--of", "minimum", "--method", "one-step"}, "no estimator of a minimum's value"},
      {{"gradient", shrink, "--out", scratch.path("g.mtx")}, ".mtx"},
      {{"train", shrink}, "--of"},
      {{"train", shrink, "--of", "total", "--wrt", "theta,theta"}, "named twice"},
      {{"train", shrink, "--of", "total", "--wrt", "theta", "--wrt", "theta"}, "named twice"},
      {{"train", shrink, "--of", "total", "--wrt", "w"}, "--wrt"},
      {{"train", shrink, "--of", "total", "--rate", "0"}, "positive number"},
      {{"train", shrink, "--of", "total", "--rate=-1"}, "positive number"},
      {{"train", shrink, "--of", "total", "--steps", "1e3"}, "whole number"},
      {{"sweep", shrink, "--out", table}, "--vary"},
      {{"sweep", shrink, "--vary", "theta=1:2:2"}, "--out"},
      {{"sweep", shrink, "--vary", "", "--out", table}, "it is empty"},
      {{"sweep", shrink, "--vary", "theta=1:2:2", "--vary", "theta=1:2:2", "--out", table}, "--vary"},
      {{"sweep", shrink, "--vary", "theta=-1e308:1e308:3", "--out", table}, "wider than numbers go"},
      {{"sweep", shrink, "--vary", "w=1:2:2", "--out", table}, "--vary"},
      {{"sweep", shrink, "--vary", "theta=1:2:1e7", "--out", table}, "COUNT"},
      {{"render", shrink}, "--out"},
      {{"render", shrink, "--out", picture, "--view", ""}, "it is empty"},
      {{"render", shrink, "--out", picture, "--size", "15x600"}, "WIDTHxHEIGHT"},
      {{"render", shrink, "--out", picture, "--size", "600x16385"}, "WIDTHxHEIGHT"},
      {{"render", shrink, "--out", picture, "--size", " 600x600"}, "WIDTHxHEIGHT"},
      {{"render", shrink, "--out", picture, "--size", "6e2x600"}, "WIDTHxHEIGHT"},
      {{"list", "scenes"}, "one word too many"},
      {{"list", "--json"}, "unknown option"},
      {{"bench", "no-such-scene"}, "no built-in scene"},
      {{"bench", shrink, "no-such-scene"}, "no built-in scene"},
      {{"bench", "--rounds", "0"}, "whole number"},
      {{""}, "it is empty"},
      {{"solve"}, "scene"},
      {{"no-such-command", "ridge"}, "one word too many"},
  };
  for (const auto& [words, part] : rows) expect_wrong(words, {}, part);
}

TEST_F(OwnWrongWords, LeaveTheFirstMistakeInCharge) {
  // what the command line says wrongly is told before the scene is read, and the place before any work
  expect_wrong({"solve", "no-such-scene", "--tolerance", "0"}, {}, "positive number");
  expect_wrong({"solve", "no-such-scene", "--out", scratch.path("none/a.npz")}, {}, "there is no folder");
}

TEST(RightWords, StandInAnyOrderAndSpelling) {
  const Scratch scratch;
  const std::string shrink = scratch.file("shrink.toml", shrink_scene);
  const Words rows[]{
      {"--json", shrink, "--solver", "newton"},     {"--tolerance", "1e-8", shrink, "--json"},
      {shrink, "--json", "--linear_solver", "lu"},  {shrink, "--json", "--linear-solver=min_norm"},
      {shrink, "--json", "--set", "theta=\t2"},     {shrink, "--json", "--set", "theta=[2, 2.0, 2e0]"},
      {shrink, "--json", "--method", "one_step"},   {shrink, "--json", "--threads", "3"},
      {shrink, "--json", "--iterations", "100000"}, {shrink, "--json", "--force"},
  };
  for (Words words : rows) {
    words.insert(words.begin(), "solve");
    const Outcome o = run_here(words);
    ASSERT_EQ(o.status, 0) << testing::PrintToString(words) << o.err;
    EXPECT_EQ(o.json()["solution"]["status"], "converged") << testing::PrintToString(words);
  }
}

}  // namespace
}  // namespace argscope::app
