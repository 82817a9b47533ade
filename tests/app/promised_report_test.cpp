/// What scenes.md promises of every report and of sweeps, over commands and random words: keys, shapes, exact ends.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <set>

#include "app/settings.h"
#include "app/sweep_table.h"
#include "tests/app/command_line_tools.h"

namespace argscope::app {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using Words = std::vector<std::string>;

/// A number, a vector, a matrix and a whole-number choice: x = c[n] + a + Σb + ΣM.
const char* const every_kind = R"toml(
title = "Every kind of parameter"
[data.c]
value = [1.0, 2.0, 4.0]
[parameters.n]
value = 1
range = [0, 2]
integer = true
[parameters.a]
value = 0.5
range = [0, 1]
[parameters.b]
value = [1.0, -2.0, 3.0]
range = [-9, 9]
[parameters.M]
value = [[1.0, 2.0], [3.0, 4.0]]
range = [-9, 9]
[variables.x]
shape = [1]
[problem]
minimize = "0.5*sum((x - (c[n] + a + sum(b) + sum(M)))**2)"
[outputs]
twice = "2*sum(x)"
both = "stack((sum(x), -sum(x)))"
)toml";

class Promised : public testing::Test {
 protected:
  Scratch scratch;
  const std::string kinds = scratch.file("kinds.toml", every_kind);
  const std::string loose = scratch.file("loose.toml", loose_scene);

  json report(Words words) const {
    words.push_back("--json");
    const Outcome o = run_here(words);
    EXPECT_NE(o.status, 2) << o.err;
    return o.status == 2 ? json() : o.json();
  }
};

std::set<std::string> keys_of(const json& object) {
  std::set<std::string> keys;
  for (const auto& item : object.items()) keys.insert(item.key());
  return keys;
}

/// Commands that solve, and what each adds to the report's own keys.
std::vector<std::pair<Words, std::set<std::string>>> commands(const Scratch& scratch, const std::string& scene) {
  const std::string out = scratch.path("out.json"), picture = scratch.path("p.svg");
  return {{{"solve", scene}, {}},
          {{"jacobian", scene, "--out", out}, {}},
          {{"gradient", scene}, {}},
          {{"gradient", scene, "--of", "minimum"}, {}},
          {{"render", scene, "--size", "64x64", "--out", picture}, {}},
          {{"check", scene}, {"checks"}},
          {{"sweep", scene, "--vary", "a=0:1:2", "--out", out}, {"sweep"}},
          {{"train", scene, "--of", "twice", "--steps", "1"}, {"training"}}};
}

TEST_F(Promised, KeysAreInTheReportOfEveryCommand) {
  const std::set<std::string> own{"scene",      "parameters", "choices", "solution",
                                  "derivative", "outputs",    "forced",  "file"};
  for (const auto& [words, more] : commands(scratch, kinds)) {
    std::set<std::string> expected = own;
    expected.insert(more.begin(), more.end());
    const json r = report(words);
    EXPECT_EQ(keys_of(r), expected) << words[0];
    EXPECT_EQ(keys_of(r["parameters"]), (std::set<std::string>{"a", "b", "M"})) << words[0];
    EXPECT_EQ(r["choices"], (json{{"n", 1}})) << words[0];
    EXPECT_EQ(r["scene"], "kinds");
    for (const auto& [name, output] : r["outputs"].items()) {
      EXPECT_EQ(keys_of(output), (std::set<std::string>{"value", "gradient"})) << words[0] << name;
      EXPECT_EQ(keys_of(output["gradient"]), (std::set<std::string>{"a", "b", "M"})) << words[0] << name;
    }
  }
}

TEST_F(Promised, ReportsNameTheFileThatWasWrittenAndNoneElse) {
  for (const auto& [words, more] : commands(scratch, kinds)) {
    const auto out = std::find(words.begin(), words.end(), "--out");
    const json r = report(words);
    EXPECT_EQ(r["file"], out == words.end() ? json() : json(*(out + 1))) << words[0];
    if (out != words.end()) EXPECT_TRUE(std::filesystem::exists(*(out + 1))) << words[0];
  }
}

TEST_F(Promised, ReportsWithoutAnAnswerHaveTheSameKeysAndNulls) {
  for (const Words& words : {Words{"gradient", loose}, Words{"jacobian", loose, "--out", scratch.path("j.npy")},
                             Words{"check", loose}, Words{"gradient", kinds, "--iterations", "0"},
                             Words{"jacobian", kinds, "--iterations", "0", "--out", scratch.path("j.npy")}}) {
    const json r = report(words);
    EXPECT_EQ(keys_of(r["solution"]), keys_of(report({"solve", kinds})["solution"])) << words[0];
    EXPECT_EQ(keys_of(r["derivative"]), keys_of(report({"solve", kinds})["derivative"])) << words[0];
    EXPECT_TRUE(r["file"].is_null());
    EXPECT_EQ(r["forced"], false);
    for (const auto& [name, output] : r["outputs"].items())
      for (const auto& [parameter, gradient] : output["gradient"].items()) EXPECT_TRUE(gradient.is_null()) << name;
  }
}

TEST_F(Promised, GradientsHaveTheShapeOfOutputThenParameter) {
  const json outputs = report({"gradient", kinds})["outputs"];
  EXPECT_NEAR(outputs["twice"]["gradient"]["a"].get<double>(), 2, 1e-9);
  ASSERT_EQ(outputs["twice"]["gradient"]["b"].size(), 3u);
  ASSERT_EQ(outputs["twice"]["gradient"]["M"].size(), 2u);
  ASSERT_EQ(outputs["twice"]["gradient"]["M"][0].size(), 2u);
  ASSERT_EQ(outputs["both"]["gradient"]["a"].size(), 2u);
  ASSERT_EQ(outputs["both"]["gradient"]["M"].size(), 2u);
  ASSERT_EQ(outputs["both"]["gradient"]["M"][1].size(), 2u);
  EXPECT_NEAR(outputs["both"]["gradient"]["M"][1][0][1].get<double>(), -1, 1e-9);
}

TEST_F(Promised, SettingsReachEveryKindOfParameter) {
  const std::string file = scratch.file("M.csv", "1,0\n0,1\n"), vector = scratch.file("b.csv", "1\n1\n1\n");
  const std::pair<Words, double> rows[]{
      {Words(), 2 + 0.5 + 2 + 10},
      {{"a=2"}, 2 + 2 + 2 + 10},
      {{"n=2"}, 4 + 0.5 + 2 + 10},
      {{"n=0", "a=-1"}, 1 - 1 + 2 + 10},
      {{"b=7"}, 2 + 0.5 + 21 + 10},
      {{"b=[0, 0, 1e2]"}, 2 + 0.5 + 100 + 10},
      {{"b=" + vector}, 2 + 0.5 + 3 + 10},
      {{"M=[[0, 0], [0, 5]]", "b=0"}, 2 + 0.5 + 0 + 5},
      {{"M=" + file, "a=1e-3"}, 2 + 1e-3 + 2 + 2},
      {{"M=-100"}, 2 + 0.5 + 2 - 400},
  };
  for (const auto& [settings, expected] : rows) {
    Words words{"solve", kinds};
    for (const std::string& s : settings) words.insert(words.end(), {"--set", s});
    EXPECT_NEAR(report(words)["outputs"]["twice"]["value"].get<double>(), 2 * expected, 1e-8 * (1 + std::abs(expected)))
        << testing::PrintToString(settings);
  }
}

TEST_F(Promised, ChoicesOutsideTheirRangeOrNoWholeNumbersAreRefused) {
  for (const char* setting : {"n=3", "n=0.5", "n=[1]", "n=one"}) {
    const Outcome o = run_here({"solve", kinds, "--set", setting});
    EXPECT_EQ(o.status, 2) << setting;
    EXPECT_THAT(o.err, HasSubstr("n")) << setting;
    EXPECT_EQ(lines(o.err).empty(), false);
  }
  EXPECT_EQ(run_here({"sweep", kinds, "--vary", "n=0:2:3", "--out", scratch.path("s.csv")}).status, 2);
}

TEST_F(Promised, SweepsReportARowAValueAndTheLastState) {
  const json r = report({"sweep", kinds, "--vary", "b[1]=-3:5:9", "--out", scratch.path("s.csv")});
  EXPECT_EQ(r["sweep"]["parameter"], "b[1]");
  EXPECT_EQ(r["sweep"]["count"], 9);
  EXPECT_EQ(r["sweep"]["converged"], 9);
  ASSERT_EQ(r["sweep"]["values"].size(), 9u);
  EXPECT_EQ(r["sweep"]["status"], json(std::vector<std::string>(9, "converged")));
  EXPECT_EQ(r["parameters"]["b"], (json{1.0, 5.0, 3.0}));
}

TEST_F(Promised, ChecksSayWhatTheyAchievedAndWhatIsAllowed) {
  for (const auto& check : report({"check", kinds})["checks"]) {
    EXPECT_EQ(keys_of(check), (std::set<std::string>{"check", "on", "achieved", "allowed", "passed", "note"}));
    EXPECT_TRUE(check["passed"]) << check;
    EXPECT_GE(check["achieved"].get<double>(), 0);
  }
}

optimality::ModelPtr model_of(const char* text) {
  return optimality::build_model(io::parse_scene(text, {}, io::Paths::standard()).statement);
}

TEST(VariedValues, BeginAndEndExactlyAndGoEvenly) {
  const auto model = model_of(every_kind);
  std::mt19937 random(9);
  std::uniform_real_distribution<double> exponent(-8, 8), sign(-1, 1);
  for (int trial = 0; trial < 500; ++trial) {
    const bool log = trial % 2 == 0;
    const auto number = [&] { return (log || sign(random) > 0 ? 1 : -1) * std::pow(10.0, exponent(random)); };
    const double from = number(), to = number();
    const int count = 1 + int(random() % 40);
    const Vary vary = parse_vary(fmt::format("a={}:{}:{}{}", from, to, count,
                                             log         ? ":log"
                                             : trial % 3 ? ":linear"
                                                         : ""),
                                 *model);
    ASSERT_EQ(vary.values.size(), std::size_t(count));
    EXPECT_EQ(vary.values.front(), from);
    if (count > 1) EXPECT_EQ(vary.values.back(), to);
    for (std::size_t k = 2; k < vary.values.size(); ++k) {
      const double a = vary.values[k - 2], b = vary.values[k - 1], c = vary.values[k];
      if (log)
        EXPECT_NEAR(b / a / (c / b), 1, 1e-12);  // powers of ten round to some parts in 1e15
      else
        EXPECT_NEAR(b - a, c - b, 1e-14 * std::max(std::abs(from), std::abs(to)));
      EXPECT_EQ(b > a, to > from);
    }
  }
}

TEST(VariedEntries, AreThoseThatTheirNamesSay) {
  const auto model = model_of(every_kind);
  const std::tuple<const char*, const char*, Index, Index> rows[]{{"a", "a", 0, 1},
                                                                  {"b", "b", 1, 3},
                                                                  {"b[2]", "b[2]", 3, 1},
                                                                  {"M", "M", 4, 4},
                                                                  {"M[0,1]", "M[0, 1]", 5, 1},
                                                                  {"M[1, 1]", "M[1, 1]", 7, 1}};
  for (const auto& [typed, name, first, count] : rows) {
    const Vary vary = parse_vary(std::string(typed) + "=0:1:2", *model);
    EXPECT_EQ(vary.name, name);
    EXPECT_EQ(vary.first, first) << typed;
    EXPECT_EQ(vary.count, count) << typed;
  }
  for (const char* wrong : {"b[3]", "b[-1]", "b[0.5]", "b[]", "b[0", "b0]", "b[0,0]", "M[0]", "M[2,0]", "M[0,2]",
                            "M[,]", "b[1e9]", "b[nan]", "n", "x", "", "[0]"})
    EXPECT_THROW(parse_vary(std::string(wrong) + "=0:1:2", *model), WrongInput) << wrong;
}

TEST(VariedTexts, OfRandomLettersAreReadOrRefusedInWords) {
  const auto model = model_of(every_kind);
  std::mt19937 random(10);
  const std::string letters = "abM[],=:0123456789.e-+ loginf";
  int refused = 0;
  for (int trial = 0; trial < 3000; ++trial) {
    std::string text = trial % 2 ? "a=" : "b[0]=1:";
    for (int k = int(random() % 14); k > 0; --k) text += letters[random() % letters.size()];
    try {
      for (const double value : parse_vary(text, *model).values) EXPECT_TRUE(std::isfinite(value)) << text;
    } catch (const WrongInput& wrong) {
      ++refused;
      EXPECT_THAT(wrong.what(), HasSubstr("--vary")) << text;
    }
  }
  EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace argscope::app
