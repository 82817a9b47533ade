// What the reader says to a wrong scene: one message with place, what, and how to mend it.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "core/io/arrays.h"
#include "tests/core/io/scenes.h"

namespace argscope::io {
namespace {

void expect_complaint(const std::string& text, const std::string& place, const std::string& words) {
  const std::string c = complaint(text);
  EXPECT_TRUE(c.starts_with("small.toml:" + place + (place.empty() ? "" : ": "))) << c;
  EXPECT_NE(c.find(words), std::string::npos) << c;
  EXPECT_LT(c.size(), 1500u);
}
void expect_complaint(const std::string& from, const std::string& to, const std::string& place,
                      const std::string& words) {
  expect_complaint(with(small_scene(), from, to), place, words);
}

TEST(SceneMistakes, ShowTheLineAndMarkTheWord) {
  EXPECT_EQ(complaint(with(small_scene(), "theta*sum(w**2)", "thta*sum(w**2)")),
            "small.toml:14:32: unknown name 'thta' (did you mean 'theta'?)\n"
            "  sum(residual**2) + thta*sum(w**2)\n"
            "                     ^~~~");
  EXPECT_EQ(complaint(with(small_scene(), "start =", "strat =")),
            "small.toml:10:1: [variables.w] has no key 'strat' (did you mean 'start'?); it has: shape, start\n"
            "  strat = \"ones(3)\"\n"
            "  ^~~~~");
}

TEST(SceneMistakes, NameUnknownKeysAndTables) {
  expect_complaint("[outputs]", "[output]", "15:2", "the scene has no key 'output' (did you mean 'outputs'?)");
  expect_complaint("range =", "rnage =", "6:1", "did you mean 'range'");
  expect_complaint("tolerance =", "tolerence =", "18:1", "did you mean 'tolerance'");
  expect_complaint("minimize =", "minimise =", "14:1", "did you mean 'minimize'");
  expect_complaint("show = \"w\"", "shwo = \"w\"", "21:1", "did you mean 'show'");
  expect_complaint("kind = \"bars\"", "kind = \"bar\"", "20:8", "unknown kind of view 'bar' (did you mean 'bars'?)");
}

TEST(SceneMistakes, NameWrongTypes) {
  expect_complaint("title = \"Small\"", "title = 3", "1:9", "'title' must be a string, not a number");
  expect_complaint("value = [1, 2, 3]", "value = true", "3:9", "not true or false");
  expect_complaint("value = [1, 2, 3]", "value = [1, \"b\"]", "3:13", "expected a number, not a string");
  expect_complaint("value = [1, 2, 3]", "value = [[1, 2], [3]]", "3:18", "one length");
  expect_complaint("minimize = \"sum", "minimize = [\"sum", "15:1", "this is not TOML");
  expect_complaint("residual = \"a*w - 1\"", "residual = [1]", "12:12", "an expression in quotes, not an array");
  expect_complaint("range = [0.5, 8]", "range = [8, 0.5]", "6:9", "the lower one first");
  expect_complaint("range = [0.5, 8]", "range = 8", "6:9", "range = [low, high]");
  expect_complaint("shape = [3]", "shape = [1.5]", "9:10", "whole number");
  expect_complaint("shape = [3]", "shape = [0]", "9:10", "at least 1");
  expect_complaint("shape = [3]", "shape = [1, 1, 1, 1, 3]", "9:22", "at most 4 axes");
  expect_complaint("tolerance = 1e-9", "tolerance = 2", "18:13", "between 0 and 1");
  expect_complaint("[data.a]", "[data]\nb = 3\n[data.a]", "3:5", "[data.b] must be a table");
}

TEST(SceneMistakes, PrintBothShapes) {
  expect_complaint("a*w - 1", "a*w - ones(4)", "12:17", "(3,) and (4,)");
  expect_complaint("\"ones(3)\"", "\"ones(4)\"", "10:9", "'start' has shape (4,), but (3,) is expected");
}

TEST(SceneMistakes, RefuseALogarithmicRangeWithZero) {
  expect_complaint("range = [0.5, 8]", "range = [0, 8]", "6:9", "a logarithmic range must be above 0");
  expect_complaint("value = 2.0\nrange = [0.5, 8]", "value = 0.0", "5:9", "a logarithmic range must be above 0");
}

TEST(SceneMistakes, RefuseAValueOutsideItsRange) {
  expect_complaint("value = 2.0", "value = 20.0", "5:9", "lies outside its range [0.5, 8]");
}

TEST(SceneMistakes, RefuseNamesThatAreNoneOrTaken) {
  expect_complaint("[data.a]", "[data.\"1a\"]", "2:7", "'1a' is not a name");
  expect_complaint("[data.a]", "[data.pi]", "2:7", "'pi' has a meaning of its own");
  expect_complaint("[data.a]", "[data.theta]", "4:13", "'theta' already names data");
  expect_complaint("residual = ", "w = \"1\"\nresidual = ", "8:12", "already names a definition");
}

TEST(SceneMistakes, ShowACircleOfDefinitions) {
  expect_complaint("residual = \"a*w - 1\"", "residual = \"a*p\"\np = \"2*q\"\nq = \"p + residual\"\n", "",
                   "definitions in a circle");
  const std::string c =
      complaint(with(small_scene(), "residual = \"a*w - 1\"", "residual = \"a*p\"\np = \"2*q\"\nq = \"p + 1\"\n"));
  EXPECT_NE(c.find("p → q → p"), std::string::npos) << c;
}

TEST(SceneMistakes, SayWhatIsMissing) {
  expect_complaint("", "", "state");  // an empty file
  expect_complaint("[parameters.theta]\nvalue = 2.0\nrange = [0.5, 8]\nscale = \"log\"\n", "", "",
                   "no parameter to drag");
  expect_complaint("value = 2.0\n", "", "4:13", "'value' is missing");
  expect_complaint("shape = [3]\nstart = \"ones(3)\"\n", "", "8:12", "needs a shape");
  expect_complaint("minimize = \"sum(residual**2) + theta*sum(w**2)\"", "", "", "exactly one of: minimize");
  expect_complaint("show = \"w\"", "", "20:8", "needs 'show'");
  expect_complaint("kind = \"bars\"\n", "", "20:1", "a view needs a kind: bars, curve");
}

TEST(SceneMistakes, TellWhatBelongsElsewhereFromWhatIsNothing) {
  expect_complaint("tolerance = 1e-9", "condition = \"root\"", "18:13", "'root' is not a condition of a minimization");
  expect_complaint("tolerance = 1e-9", "decay = 2", "18:9", "between 0 and 1");
  expect_complaint("tolerance = 1e-9", "solver = \"newtn\"", "18:10",
                   "unknown solver 'newtn' (did you mean 'newton'?)");
  expect_complaint("[solve]", "[differentiate]\nmethod = \"automatic\"\n[solve]", "18:10",
                   "'automatic' is of a minimum's value, not of the solution");
  expect_complaint("+ theta*sum(w**2)", "+ theta*norm1(w)", "14:38", "'norm1' is a set or a penalty");
}

TEST(SceneMistakes, CheckRootsAndFixedPoints) {
  const std::string head =
      "[parameters.p]\nvalue = 1\n[variables.u]\nshape = [2]\n[variables.v]\nshape = []\n[problem]\n";
  expect_complaint(head + "root.u = \"u\"\n", "8:1", "'root.v' is missing");
  expect_complaint(head + "root.u = \"u\"\nroot.v = \"v\"\nroot.z = \"v\"\n", "10:6", "there is no variable 'z'");
  expect_complaint(head + "root = \"u\"\n", "8:8", "write root.u = ");
  expect_complaint(head + "root.u = \"v\"\nroot.v = \"v\"\n", "8:11", "(2,)");
}

TEST(SceneMistakes, CheckPairs) {
  const std::string pairs = "[pairs.near]\nof = \"w\"\ncutoff = 1.0\n[definitions]";
  expect_complaint("[definitions]", pairs, "12:6", "(k, 2) or (k, 3); 'w' has shape (3,)");
  expect_complaint("[definitions]", with(pairs, "\"w\"", "\"v\""), "12:6", "there is no variable 'v'");
  expect_complaint("[definitions]", with(pairs, "cutoff = 1.0\n", ""), "11:8", "'cutoff' is missing");
}

TEST(SceneMistakes, CheckTheWordsOfViews) {
  expect_complaint("kind = \"bars\"", "kind = \"curve\"\nparameter = \"theta2\"", "21:13", "did you mean 'theta'");
  expect_complaint("kind = \"bars\"", "kind = \"curve\"\nparameter = \"w\"", "21:13", "it is one of: theta");
  expect_complaint("kind = \"bars\"", "kind = \"bars\"\nlabels = \"a, b\"", "21:10", "a list of strings");
  expect_complaint("[[views]]", "[views]", "19:1", "with two brackets");
}

// --- places inside TOML's four kinds of string

TEST(PlacesInStrings, PassThroughEscapes) {
  expect_complaint("residual = \"a*w - 1\"", "residual = \"a*w \\t - \\u0031 + bad\"", "12:31", "unknown name 'bad'");
}

TEST(PlacesInStrings, FollowLiteralStrings) {
  expect_complaint("residual = \"a*w - 1\"", "residual = 'a*w - bad'", "12:19", "'bad'");
}

TEST(PlacesInStrings, FollowLines) {
  expect_complaint("residual = \"a*w - 1\"", "residual = \"\"\"\na*w\n  - bad\"\"\"", "14:5", "'bad'");
  expect_complaint("residual = \"a*w - 1\"", "residual = '''a*w\n  - bad'''", "13:5", "'bad'");
}

TEST(PlacesInStrings, FollowJoinedLines) {
  expect_complaint("residual = \"a*w - 1\"", "residual = \"\"\"a*w \\\n\n     - \\\n  bad\"\"\"", "15:3", "'bad'");
}

TEST(PlacesInStrings, CountCharactersNotBytes) {
  expect_complaint("residual = \"a*w - 1\"", "\"ä\" = \"1\"\nresidual = \"ä*a*w - bad\"", "13:21", "'bad'");
}

TEST(PlacesInStrings, SurviveCarriageReturns) {
  std::string text;
  for (char c : with(small_scene(), "a*w - 1", "a*w - bad"))
    text += c == '\n' ? std::string("\r\n") : std::string(1, c);
  expect_complaint(text, "12:19", "'bad'");
}

// --- data files

class SceneFolder : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_); }

  std::string said(const std::string& keys) const {
    return complaint(with(small_scene(), "value = [1, 2, 3]", keys), folder_ / "small.toml", Paths{});
  }
  void write(const std::string& name, const std::string& bytes) const { write_whole(folder_ / name, bytes); }

  std::filesystem::path folder_ = std::filesystem::path(testing::TempDir()) / "argscope_mistakes";
};

void expect_words(const std::string& said, const std::vector<std::string>& words) {
  for (const std::string& w : words) EXPECT_NE(said.find(w), std::string::npos) << "no '" << w << "' in: " << said;
}

TEST_F(SceneFolder, NamesAFileThatIsNotThere) {
  expect_words(said("file = \"gone.csv\""), {"small.toml:3:8", "no file 'gone.csv'; looked in"});
}

TEST_F(SceneFolder, NamesTheLineOfARaggedRow) {
  write("ragged.csv", "1,2\n3,4\n5\n");
  expect_words(said("file = \"ragged.csv\""), {"small.toml:3:8", "ragged.csv:3"});
}

TEST_F(SceneFolder, NamesThePlaceOfWhatIsNotFinite) {
  write("nan.csv", "1,2,a\n3,nan,b\n5,6,c\n");
  expect_words(said("file = \"nan.csv\""), {"small.toml:3:8", "nan.csv:1:5"});
  expect_words(said("file = \"nan.csv\"\ncolumns = 1"), {"small.toml:3:8", "nan.csv:2:3"});
  EXPECT_EQ(said("file = \"nan.csv\"\ncolumns = 0"), "");  // the others are not looked at
  write_arrays(folder_ / "nan.npy", {{"a", {{3, 2}, {1, 2, 3, std::nan(""), 5, 6}}, {}}}, {});
  expect_words(said("file = \"nan.npy\""), {"small.toml:3:8", "nan.npy", "[1, 1]"});
}

TEST_F(SceneFolder, RefusesToStandardizeAConstantColumn) {
  write("flat.csv", "1,2\n3,2\n5,2\n");
  expect_words(said("file = \"flat.csv\"\nstandardize = true"), {"column 2 is constant"});
}

TEST_F(SceneFolder, RefusesASelectionBeyondTheData) {
  write("two.csv", "1,2\n3,4\n");
  expect_words(said("file = \"two.csv\"\nrows = \"0:9\""), {"small.toml:4:8", "0:9"});
  expect_words(said("file = \"two.csv\"\ncolumns = 5"), {"5"});
}

TEST_F(SceneFolder, ChecksRandomData) {
  expect_words(said("random = \"gauss\"\nshape = [3]\nseed = 1"), {"\"normal\" or \"uniform\""});
  expect_words(said("random = \"normal\"\nshape = [3]"), {"'seed' is missing"});
  expect_words(said("random = \"normal\"\nseed = 1"), {"'shape' is missing"});
  expect_words(said("random = \"normal\"\nshape = [3]\nseed = -1"), {"at least 0"});
  expect_words(said("random = \"normal\"\nshape = [100000, 100000]\nseed = 1"), {"too large"});
  expect_words(said("random = \"normal\"\nshape = [3]\nseed = 1\nfile = \"x.csv\""),
               {"exactly one of: file, random, value"});
}

TEST_F(SceneFolder, RefusesValuesThatAreNotFinite) {
  expect_words(said("value = [1, nan, 3]"), {"small.toml:3:9", "element [1] is nan"});
  expect_words(said("value = \"1/[1, 0, 1]\""), {"element [1] is inf"});
}

TEST_F(SceneFolder, TellsWhatDataMayName) { expect_words(said("value = \"theta*ones(3)\""), {"unknown name 'theta'"}); }

// --- limits

TEST(SceneLimits, TenMegabytesOfExpressionEndInAMessage) {
  std::string sum = "a";
  sum.reserve(10000000);
  while (sum.size() < 10000000) sum += " + a";
  const std::string c = complaint(with(small_scene(), "a*w - 1", sum));
  expect_words(c, {"small.toml:12:12", "more than 1 MB of expressions"});
  EXPECT_LT(c.size(), 1000u);
}

TEST(SceneLimits, ManyExpressionsCountTogether) {
  std::string more;
  for (int k = 0; k < 300; ++k) more += "d" + std::to_string(k) + " = \"a" + std::string(4000, ' ') + "\"\n";
  expect_words(complaint(with(small_scene(), "residual =", more + "residual =")), {"more than 1 MB of expressions"});
}

TEST(SceneLimits, NestingEndsInAMessage) {
  expect_complaint("a*w - 1", std::string(2000, '(') + "a" + std::string(2000, ')'), "12:513",
                   "nested more than 500 levels deep");
  expect_words(complaint(with(small_scene(), "[1, 2, 3]", std::string(2000, '[') + "1" + std::string(2000, ']'))),
               {"small.toml:3:"});
}

TEST(SceneLimits, AnyDamageEndsInAMessage) {
  // One byte or one stretch of a good scene changed: it reads, or one TextError says why not.
  std::mt19937 random(3);
  int read = 0, refused = 0;
  for (int trial = 0; trial < 400; ++trial) {
    std::string text = small_scene();
    const std::size_t at = random() % text.size();
    if (random() % 2)
      text[at] = static_cast<char>(random() % 256);
    else
      text.erase(at, random() % 9);
    SCOPED_TRACE(text);
    EXPECT_NO_THROW(complaint(text).empty() ? ++read : ++refused);
  }
  EXPECT_GT(read, 20);
  EXPECT_GT(refused, 20);
}

TEST(SceneLimits, AFileThatIsNoSceneEndsInAMessage) {
  EXPECT_THROW(read_scene("/nowhere/at/all.toml", Paths{}), expr::TextError);
  EXPECT_THROW(read_scene(testing::TempDir() + "/", Paths{}), expr::TextError);
  EXPECT_THROW(read_scene("nosuch", Paths{}), expr::TextError);
}

}  // namespace
}  // namespace argscope::io
