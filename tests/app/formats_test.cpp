/// What the commands write: the same numbers in every format, whole files or none, names and places of any spelling.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "core/io/arrays.h"
#include "tests/app/command_line_tools.h"

namespace argscope::app {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using Words = std::vector<std::string>;
namespace fs = std::filesystem;

/// x = (a, a), y = M, so ∂x/∂a = (1, 1) and ∂y/∂M is the identity; s = Σx + Σy.
const char* const two_scene = R"toml(
title = "Two variables"
[parameters.a]
value = 1.5
range = [0.0, 4.0]
[parameters.M]
value = [[1.0, 2.0], [3.0, 4.25]]
range = [-9.0, 9.0]
[variables.x]
shape = [2]
[variables.y]
shape = [2, 2]
[problem]
minimize = "0.5*sum((x - a)**2) + 0.5*sum((y - M)**2)"
[outputs]
s = "sum(x) + sum(y)"
)toml";

class Formats : public CommandTest {
 protected:
  const std::string two = scratch.file("two.toml", two_scene);

  /// The numbers of a file, whichever its format; `entry` where it holds several.
  std::vector<double> numbers(const std::string& file, const std::string& entry) const {
    const fs::path path = scratch.path(file);
    if (path.extension() != ".json") return io::read_array(path, entry).values;
    std::vector<double> all;
    const auto collect = [&](const auto& self, const nlohmann::json& at) -> void {
      if (at.is_array())
        for (const auto& part : at) self(self, part);
      else
        all.push_back(at.get<double>());
    };
    collect(collect, nlohmann::json::parse(scratch.read(file))["arrays"][entry]["values"]);
    return all;
  }
};

TEST_F(Formats, OfAJacobianHoldTheSameBits) {
  std::mt19937 random(3);
  std::uniform_real_distribution<double> exponent(-3, 3);
  for (int trial = 0; trial < 10; ++trial) {
    std::string theta = "theta=[";
    for (int k = 0; k < 3; ++k) theta += (k ? ", " : "") + std::to_string(std::pow(10.0, exponent(random)));
    std::vector<std::vector<double>> found;
    for (const std::string name : {"j.npy", "j.npz", "j.csv", "j.json"}) {
      done({"jacobian", shrink, "--set", theta + "]", "--out", scratch.path(name)});
      found.push_back(numbers(name, name == "j.json" || name == "j.npz" ? "jacobian" : ""));
    }
    ASSERT_EQ(found[0].size(), 9u);
    for (const auto& other : found) EXPECT_EQ(other, found[0]) << theta;
  }
}

TEST_F(Formats, OfEveryCommandAgree) {
  const std::pair<Words, std::string> rows[]{
      {{"solve", shrink}, "w"},
      {{"gradient", shrink, "--of", "total"}, "theta"},
      {{"gradient", shrink, "--of", "w"}, "theta"},
      {{"jacobian", shrink, "--of", "squares"}, "jacobian"},
      {{"train", shrink, "--of", "total", "--wrt", "theta", "--steps", "2"}, "theta"},
  };
  for (const auto& [words, entry] : rows) {
    std::vector<std::vector<double>> found;
    for (const std::string ending : {".npz", ".json", ".npy", ".csv"}) {
      Words asked = words;
      asked.insert(asked.end(), {"--out", scratch.path("a" + ending)});
      done(asked);
      found.push_back(numbers("a" + ending, ending == ".npz" || ending == ".json" ? entry : ""));
      EXPECT_EQ(found.back(), found.front()) << testing::PrintToString(asked);
    }
    EXPECT_FALSE(found.front().empty());
  }
}

TEST_F(Formats, OfASweepAgree) {
  for (const char* name : {"t.npz", "t.json"})
    done({"sweep", shrink, "--vary", "theta[1]=0.1:10:7:log", "--jacobian", "--out", scratch.path(name)});
  for (const char* entry : {"theta[1]", "converged", "w", "total", "squares", "dw_dtheta[1]", "dtotal_dtheta[1]"})
    EXPECT_EQ(numbers("t.npz", entry), numbers("t.json", entry)) << entry;
  EXPECT_EQ(numbers("t.npz", "w").size(), 21u);
  const auto at = numbers("t.npz", "theta[1]"), w = numbers("t.npz", "w"), slope = numbers("t.npz", "dw_dtheta[1]");
  for (std::size_t k = 0; k < at.size(); ++k) {
    EXPECT_NEAR(w[3 * k + 1], 2 / (1 + at[k]), 1e-8);  // the solver's tolerance of terms of size one
    EXPECT_NEAR(slope[3 * k + 1], -2 / ((1 + at[k]) * (1 + at[k])), 1e-8);
    EXPECT_EQ(slope[3 * k], 0);
  }
}

TEST_F(Formats, AreChosenByEndingsInAnyCase) {
  const Words rows[]{
      {"solve", shrink, "--out", "W.NPZ"},    {"solve", shrink, "--out", "w.Json"},
      {"jacobian", shrink, "--out", "J.NPY"}, {"jacobian", shrink, "--out", "J.CSV"},
      {"gradient", shrink, "--out", "G.NPZ"}, {"sweep", shrink, "--vary", "theta=1:2:2", "--out", "S.CSV"},
      {"render", shrink, "--out", "P.SVG"},   {"render", shrink, "--out", "P.Pdf"},
      {"jacobian", shrink, "--out", "J.MTX"}};
  for (Words words : rows) {
    const std::string name = words.back();
    words.back() = scratch.path(name);
    done(words);
    EXPECT_TRUE(scratch.has(name));
  }
  EXPECT_THAT(scratch.read("W.NPZ"), StartsWith("PK"));
  EXPECT_THAT(scratch.read("w.Json"), StartsWith("{"));
  EXPECT_THAT(scratch.read("J.NPY"), StartsWith("\x93NUMPY"));
  EXPECT_THAT(scratch.read("J.MTX"), StartsWith("%%MatrixMarket"));
  EXPECT_THAT(scratch.read("P.SVG"), HasSubstr("<svg"));
  EXPECT_THAT(scratch.read("P.Pdf"), StartsWith("%PDF"));
}

TEST_F(Formats, ForOneArrayRefuseTwoAndSayWhereTheyFit) {
  for (const char* name : {"x.npy", "x.csv", "x.mtx"}) {
    const Outcome o = run_here({"solve", two, "--out", scratch.path(name)});
    EXPECT_EQ(o.status, 2) << name;
    EXPECT_THAT(o.err, HasSubstr(".npz")) << name;
    EXPECT_FALSE(scratch.has(name));
  }
  const std::size_t before = scratch.count();
  done({"solve", two, "--out", scratch.path("x.npz")});
  EXPECT_EQ(scratch.count(), before + 1) << "no temporary file stays";
  EXPECT_EQ(numbers("x.npz", "y").size(), 4u);
}

TEST_F(Formats, KeepWhatWasThereWhenThereIsNoAnswer) {
  for (const char* name : {"a.npz", "a.csv", "a.json", "a.npy"}) {
    scratch.file(name, "precious");
    EXPECT_EQ(run_here({"jacobian", loose, "--out", scratch.path(name)}).status, 3);
    EXPECT_EQ(scratch.read(name), "precious");
    done({"jacobian", loose, "--force", "--out", scratch.path(name)});
    EXPECT_NE(scratch.read(name), "precious");
  }
}

TEST_F(Formats, AreWrittenToPlacesOfAnySpelling) {
  for (const std::string folder : {"a b", "π ≤ ∂", "it's", "x;y&z", "-dash", "line\nend", "[0]"}) {
    fs::create_directory(scratch.path(folder));
    const std::string scene = scratch.file(folder + "/scène 1.toml", shrink_scene);
    done({"jacobian", scene, "--json", "--out", scratch.path(folder + "/J π.npy")});
    done({"solve", scene, "--out", scratch.path(folder + "/x.json")});
    done({"render", scene, "--size", "64x64", "--out", scratch.path(folder + "/p.svg")});
    EXPECT_EQ(numbers(folder + "/J π.npy", "").size(), 9u) << folder;
    const auto metadata = nlohmann::json::parse(scratch.read(folder + "/x.json"))["metadata"];
    EXPECT_EQ(metadata["scene"], "scène 1");
  }
}

TEST_F(Formats, SurviveNamesThatAreNoUtf8) {
  const std::string scene = scratch.file("caf\xe9.toml", shrink_scene);
  for (const char* name : {"a.json", "a.npz", "a.csv"}) done({"solve", scene, "--out", scratch.path(name)});
  done({"sweep", scene, "--vary", "theta=1:2:2", "--out", scratch.path("s.csv")});
  EXPECT_NO_THROW(done({"solve", scene, "--json"}).json());
  EXPECT_NO_THROW(nlohmann::json::parse(scratch.read("a.json")));
  const Outcome o = run_here({"render", scene, "--size", "64x64", "--out", scratch.path("p.svg")});
  EXPECT_EQ(o.status, 0) << o.err;
}

TEST_F(Formats, OfATableKeepOneLineForEachComment) {
  const std::string scene = scratch.file("new\nline.toml", shrink_scene);
  for (const Words& words : {Words{"sweep", scene, "--vary", "theta=1:2:2"}, Words{"solve", scene}}) {
    Words asked = words;
    asked.insert(asked.end(), {"--out", scratch.path("t.csv")});
    done(asked);
    std::size_t rows = 0;
    for (const std::string& line : lines(scratch.read("t.csv"))) {
      ASSERT_FALSE(line.empty());
      if (line[0] == '#') continue;
      ++rows;
      EXPECT_TRUE(std::isdigit(line[0])) << line;
    }
    EXPECT_EQ(rows, words[0] == "sweep" ? 2u : 3u);
  }
}

TEST_F(Formats, NameTheColumnsOfAMatrix) {
  done({"jacobian", two, "--of", "y", "--wrt", "M", "--out", scratch.path("m.csv")});
  EXPECT_THAT(scratch.read("m.csv"), HasSubstr("# \"M[0, 0]\",\"M[0, 1]\",\"M[1, 0]\",\"M[1, 1]\"\n"));
  EXPECT_EQ(numbers("m.csv", ""), (std::vector<double>{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1}));
  done({"sweep", two, "--vary", "M[1, 0]=1:2:2", "--jacobian", "--out", scratch.path("s.csv")});
  EXPECT_THAT(scratch.read("s.csv"), HasSubstr("# M[1, 0],status,s,x[0],x[1],\"y[0, 0]\""));
}

TEST_F(Formats, CarryTheParametersThatTheyAreOf) {
  for (const char* name : {"x.json", "x.npz"}) {
    done({"solve", two, "--set", "a=0.1", "--set", "M=[[1, 2], [3, -1e-7]]", "--out", scratch.path(name)});
    if (name[2] != 'j') continue;
    const auto metadata = nlohmann::json::parse(scratch.read(name))["metadata"];
    const auto parameters = nlohmann::json::parse(metadata["parameters"].get<std::string>());
    EXPECT_EQ(parameters["a"], 0.1);
    EXPECT_EQ(parameters["M"], (nlohmann::json{{1.0, 2.0}, {3.0, -1e-7}}));
  }
}

TEST_F(Formats, WrittenByOneCommandAreReadByAnother) {
  for (const std::string name : {"m.npy", "m.csv", "m.npz"}) {
    done({"train", two, "--of", "s", "--wrt", "M", "--steps", "3", "--out", scratch.path(name)});
    const Outcome first = done({"solve", two, "--json", "--set", "M=[[0, 0], [0, 0]]"});
    if (name == "m.npz") continue;  // holds more than M: --set asks for one array
    const auto again = done({"solve", two, "--json", "--set", "M=" + scratch.path(name)}).json();
    EXPECT_NE(again["parameters"]["M"], first.json()["parameters"]["M"]);
    EXPECT_EQ(again["parameters"]["M"].size(), 2u);
  }
  EXPECT_EQ(run_here({"solve", two, "--set", "M=" + scratch.path("m.npz")}).status, 2);
}

}  // namespace
}  // namespace argscope::app
