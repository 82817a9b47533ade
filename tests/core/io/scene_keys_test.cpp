// Every key of a scene against every kind of value: it reads, or one message has the place of that value.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "tests/core/io/scenes.h"

namespace argscope::io {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// A line of the small scene, and its number.
struct Key {
  std::string name, line;
  int number;
  std::vector<std::string> good;  ///< kinds of value, of those below, that it takes
};

const std::vector<Key>& keys() {
  static const std::vector<Key> all{
      {"title", "title = \"Small\"", 1, {"word", "empty word"}},
      {"value of data", "value = [1, 2, 3]", 3, {"list", "number", "float"}},
      {"value", "value = 2.0", 5, {"number", "float"}},
      {"range", "range = [0.5, 8]", 6, {}},
      {"scale", "scale = \"log\"", 7, {}},
      {"shape", "shape = [3]", 9, {"number"}},
      {"start", "start = \"ones(3)\"", 10, {"number", "float", "list"}},
      {"residual", "residual = \"a*w - 1\"", 12, {"number", "float", "inf"}},
      {"minimize", "minimize = \"sum(residual**2) + theta*sum(w**2)\"", 14, {"number", "float", "inf"}},
      {"error", "error = \"mean(residual**2)\"", 16, {"number", "float", "inf"}},
      {"tolerance", "tolerance = 1e-9", 18, {}},
      {"kind", "kind = \"bars\"", 20, {}},
      {"show", "show = \"w\"", 21, {"number", "float", "inf"}},
  };
  return all;
}

struct Value {
  std::string kind, text;
};

const std::vector<Value>& values() {
  static const std::vector<Value> all{{"number", "3"},        {"float", "2.5"},
                                      {"nan", "nan"},         {"inf", "-inf"},
                                      {"switch", "true"},     {"word", "\"nonsense\""},
                                      {"empty word", "\"\""}, {"list", "[4, 5, 6]"},
                                      {"empty list", "[]"},   {"mixed list", "[1, \"b\", [2]]"},
                                      {"table", "{a = 1}"},   {"date", "1979-05-27"},
                                      {"time", "07:32:00"}};
  return all;
}

/// "small.toml:LINE:COLUMN: …", of that line or later (a mistake may show where a value is used).
testing::AssertionResult complains_from(const std::string& words, int line) {
  std::smatch m;
  if (!std::regex_search(words, m, std::regex("^small\\.toml:(\\d+):(\\d+): ")))
    return testing::AssertionFailure() << "no place in: " << words;
  if (std::stoi(m[1]) < line - 1) return testing::AssertionFailure() << "before line " << line << ": " << words;
  if (words.size() > 1000) return testing::AssertionFailure() << "long: " << words;
  return testing::AssertionSuccess();
}

class SceneKey : public testing::TestWithParam<std::size_t> {};

TEST_P(SceneKey, TakesItsOwnKindOfValueAndNamesThePlaceOfOthers) {
  const Key& key = keys()[GetParam()];
  for (const Value& value : values()) {
    const std::string to = key.line.substr(0, key.line.find(" = ")) + " = " + value.text;
    const std::string words = complaint(with(small_scene(), key.line, to));
    const bool good = std::find(key.good.begin(), key.good.end(), value.kind) != key.good.end();
    if (good) {
      EXPECT_EQ(words, "") << to;
    } else {
      EXPECT_TRUE(complains_from(words, key.number)) << to;
    }
  }
}

TEST_P(SceneKey, GivenTwiceIsNamed) {
  const Key& key = keys()[GetParam()];
  EXPECT_TRUE(complains_from(complaint(with(small_scene(), key.line, key.line + "\n" + key.line)), key.number));
}

TEST_P(SceneKey, BrokenOffAnywhereEndsInAMessageOrAScene) {
  const Key& key = keys()[GetParam()];
  for (std::size_t size = 0; size < key.line.size(); ++size) {
    const std::string words = complaint(with(small_scene(), key.line, key.line.substr(0, size)));
    if (!words.empty()) {
      EXPECT_THAT(words, StartsWith("small.toml:")) << key.line.substr(0, size);
    }
    EXPECT_LT(words.size(), 1000u);
  }
}

INSTANTIATE_TEST_SUITE_P(Small, SceneKey, testing::Range(std::size_t{0}, keys().size()), [](const auto& given) {
  return std::regex_replace(keys()[given.param].name, std::regex(" "), "_");
});

/// Malformed TOML: the line where it stops making sense.
struct Malformed {
  std::string from, to;
  int line;
};

TEST(SceneFiles, ThatAreNotTomlNameTheLine) {
  for (const Malformed& m : std::vector<Malformed>{{"title = \"Small\"", "title = \"Small", 1},
                                                   {"title = \"Small\"", "title \"Small\"", 1},
                                                   {"title = \"Small\"", "= \"Small\"", 1},
                                                   {"[data.a]", "[data.a", 2},
                                                   {"[data.a]", "data.a]", 2},
                                                   {"[data.a]", "[data..a]", 2},
                                                   {"value = [1, 2, 3]", "value = [1, 2, 3", 3},
                                                   {"value = [1, 2, 3]", "value = [1 2 3]", 3},
                                                   {"value = 2.0", "value = 2.", 5},
                                                   {"value = 2.0", "value = 02", 5},
                                                   {"value = 2.0", "value = 2,0", 5},
                                                   {"value = 2.0", "value = ", 5},
                                                   {"shape = [3]", "shape = [3]]", 9},
                                                   {"start = \"ones(3)\"", "start = \"ones(3)\\q\"", 10},
                                                   {"start = \"ones(3)\"", "start = 'ones(3)\"", 10},
                                                   {"[problem]", "[parameters.theta]", 13},
                                                   {"[[views]]", "[[views]", 19}}) {
    const std::string words = complaint(with(small_scene(), m.from, m.to));
    EXPECT_TRUE(complains_from(words, m.line)) << m.to;
    EXPECT_THAT(words, HasSubstr("this is not TOML")) << m.to;
  }
}

TEST(SceneFiles, KeepTheirNamesInAnyScript) {
  for (const std::string name : {"θ", "größe", "число", "変数", "λ_1"}) {
    std::string text = small_scene();
    for (std::size_t at = 0; (at = text.find("theta", at)) != text.npos; at += name.size()) text.replace(at, 5, name);
    text = with(text, "[parameters." + name + "]", "[parameters.\"" + name + "\"]");
    const Scene scene = parsed(text);
    EXPECT_EQ(scene.statement->parameters.front().name, name);
    const std::string words = complaint(with(text, name + "*sum", name + "x*sum"));
    EXPECT_THAT(words, StartsWith("small.toml:14:32: unknown name '" + name + "x'")) << "columns count characters";
  }
}

TEST(SceneFiles, BehindAByteOrderMarkHaveTheSamePlaces) {
  const std::string wrong = with(small_scene(), "title =", "titel =");
  EXPECT_EQ(complaint("\xef\xbb\xbf" + wrong), complaint(wrong));
  EXPECT_THAT(complaint(wrong), StartsWith("small.toml:1:1: "));
}

TEST(SceneFiles, TakeAStandardizedColumnOfAnySize) {
  for (const std::string scale : {"1e-150", "1", "1e150"}) {
    const std::string data = "value = \"" + scale + "*[1, 2, 4]\"\nstandardize = true";
    const Scene scene = parsed(with(small_scene(), "value = [1, 2, 3]", data));
    double square = 0;
    for (const double v : scene.statement->data.front().array.values) square += v * v / 3;
    EXPECT_NEAR(square, 1, 1e-12) << scale << ": unit variance, to rounding";
  }
}

}  // namespace
}  // namespace argscope::io
