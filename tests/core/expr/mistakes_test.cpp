// What the language says to a wrong text: place, what, how to mend it. One message, soon, whatever the text.
#include <gtest/gtest.h>

#include <random>

#include "tests/core/expr/evaluation.h"

namespace argscope::expr {
namespace {

Values given() {
  return {{"X", {{4, 3}, std::vector<double>(12, 1)}},
          {"y", {{4}, {1, 2, 3, 4}}},
          {"w", {{3}, {1, 2, 3}}},
          {"theta", {{}, {2}}},
          {"near.r", {{5}, {1, 2, 3, 4, 5}}}};
}

std::string said(const std::string& source) { return complaint({source, {"scene.toml", 12, 9}}, given()); }

/// The message names the place and holds the words, and its last line marks `marked` in the text.
void expect_mistake(const std::string& source, const std::string& place, const std::string& words,
                    const std::string& marked) {
  const std::string c = said(source);
  EXPECT_TRUE(c.starts_with("scene.toml:" + place + ": ")) << source << "\n" << c;
  EXPECT_NE(c.find(words), std::string::npos) << source << "\n" << c;
  const std::size_t caret = c.rfind("\n  "), line = c.rfind("\n  ", caret - 1);
  ASSERT_NE(line, std::string::npos) << c;
  const std::string text = c.substr(line + 1, caret - line - 1), marks = c.substr(caret + 1);
  const std::size_t begin = marks.find('^'), end = marks.size();
  ASSERT_NE(begin, std::string::npos) << c;
  EXPECT_EQ(begin < text.size() ? text.substr(begin, end - begin) : "", marked) << c;
}

TEST(Mistakes, ShowTheLineWithACaret) {
  EXPECT_EQ(said("0.5*sum((X @ w - y)**2) + thta"),
            "scene.toml:12:35: unknown name 'thta' (did you mean 'theta'?)\n"
            "  0.5*sum((X @ w - y)**2) + thta\n"
            "                            ^~~~");
}

TEST(Mistakes, OfferTheNearestFunction) { expect_mistake("sun(w)", "12:9", "did you mean 'sin' or 'sum'?", "sun"); }

TEST(Mistakes, PrintBothShapesAtTheOperator) {
  expect_mistake("sum(w) + sum(X @ y)", "12:24", "(4, 3) and (4,)", "@");
  expect_mistake("w - 2*y", "12:11", "(3,) and (4,)", "-");
  expect_mistake("(w < y)", "12:12", "(3,) and (4,)", "<");
  expect_mistake("dot(X, y)", "12:9", "(4, 3) and (4,)", "dot");
}

TEST(Mistakes, PointAtTheArgument) {
  expect_mistake("sum(X, axis=2)", "12:9", "axis 2", "sum");
  expect_mistake("zeros((2, theta))", "12:19", "no variable and no parameter", "theta");
  expect_mistake("zeros(1.5)", "12:15", "whole number", "1.5");
  expect_mistake("reshape(X, (5, -1))", "12:20", "(4, 3)", "(5, -1)");
  expect_mistake("sum(X, axes=1)", "12:16", "no parameter 'axes': write sum(x, axis=None, keepdims=False)", "axes");
  expect_mistake("exp(1, 2)", "12:16", "too many arguments: write exp(x)", "2");
  expect_mistake("where(w > 0, w)", "12:9", "'y' is missing", "where");
  expect_mistake("sum(w, axis=0, axis=0)", "12:24", "given twice", "axis");
  expect_mistake("clip(w, low=1, 2)", "12:24", "too many arguments", "2");
  expect_mistake("full(3, X)", "12:9", "(4, 3)", "full");
  expect_mistake("inv(X)", "12:13", "square", "X");
  expect_mistake("concatenate(w)", "12:21", "list of arrays", "w");
  expect_mistake("stack([w, y])", "12:9", "(4,)", "stack");
  expect_mistake("[w, y]", "12:13", "(4,) here, (3,) before", "y");
}

TEST(Mistakes, SayWhatAnIndexMustBe) {
  expect_mistake("w[3]", "12:11", "index 3 is out of range for axis 0 of shape (3,)", "3");
  expect_mistake("w[-4]", "12:11", "index -4 is out of range", "-4");
  expect_mistake("w[0.5]", "12:11", "whole number", "0.5");
  expect_mistake("w[0, 1]", "12:10", "2 indices for an array of shape (3,)", "[0, 1]");
  expect_mistake("w[[0, 7]]", "12:11", "index 7", "[0, 7]");
  expect_mistake("w[w > 0]", "12:11", "a mask cannot index", "w > 0");
  expect_mistake("w[2:1]", "12:11", "empty", "2:1");
  expect_mistake("w[::0]", "12:11", "step", "::0");
  expect_mistake("X[..., ...]", "12:10", "at most one", "[..., ...]");
  expect_mistake("w[]", "12:11", "expected an index", "]");
  expect_mistake("theta[0]", "12:14", "1 index for an array of shape ()", "[0]");
}

TEST(Mistakes, SayWhatWasExpected) {
  expect_mistake("", "12:9", "expected an expression, found nothing", "");
  expect_mistake("1 +", "12:12", "found the end", "");
  expect_mistake("(1 + 2", "12:15", "expected ')'", "");
  expect_mistake("sum(w", "12:14", "expected ')' or ','", "");
  expect_mistake("1 + )", "12:13", "expected a number, a name or '(', found ')'", ")");
  expect_mistake("w)", "12:10", "closes nothing", ")");
  expect_mistake("w w", "12:11", "expected an operator, found 'w'", "w");
  expect_mistake("2w", "12:10", "expected an operator after the number", "w");
  expect_mistake("1.2.3", "12:12", "expected an operator after the number", ".3");
  expect_mistake("w, y", "12:10", "one expression is expected", ",");
  expect_mistake("(w, y)", "12:9", "a tuple stands only where a shape is expected", "(w, y)");
  expect_mistake("1e999", "12:9", "does not fit in double precision", "1e999");
}

TEST(Mistakes, AdviseWhoeverWritesAnotherLanguage) {
  expect_mistake("w^2", "12:10", "write ** for a power", "^");
  expect_mistake("w = 2", "12:11", "write == to compare", "=");
  expect_mistake("0 < w < 1", "12:15", "comparisons do not chain", "<");
  expect_mistake("w > 0 and w < 1", "12:15", "write (a) & (b)", "and");
  expect_mistake("w if theta else y", "12:11", "write where(condition, a, b)", "if");
  expect_mistake("not w", "12:9", "write ~(mask)", "not");
  EXPECT_EQ(said("2 · w"), "scene.toml:12:11: write * for a product, @ for a matrix product\n  2 · w\n    ^");
  EXPECT_EQ(said("2 − w"), "scene.toml:12:11: write the minus sign as -\n  2 − w\n    ^");
  expect_mistake("'w'", "12:9", "quoted text", "'");
  expect_mistake("w $ 2", "12:11", "'$' has no meaning", "$");
  expect_mistake("w(2)", "12:9", "'w' is not a function", "w");
  expect_mistake("sum + 1", "12:9", "'sum' is a function: write sum(x", "sum");
  expect_mistake("lambda z: z", "12:9", "only as the first argument of loop", "lambda z: z");
  expect_mistake("norm1(w)", "12:9", "'norm1' is a set or a penalty", "norm1");
  expect_mistake("w.max", "12:9", "unknown name 'w.max'", "w.max");
}

TEST(Mistakes, HaveTheLineAndColumnOfALongText) {
  const std::string c = said("1 +\n  2 +\n  bad + 3");
  EXPECT_TRUE(c.starts_with("scene.toml:14:3: ")) << c;
  EXPECT_NE(c.find("\n  bad + 3\n  ^~~"), std::string::npos) << c;
}

TEST(Mistakes, CountColumnsInCharactersNotBytes) {
  const std::string c = complaint({"θθ + bad", {"s.toml", 1, 1}}, {{"θθ", {{}, {1}}}});
  EXPECT_TRUE(c.starts_with("s.toml:1:6: ")) << c;
}

TEST(Mistakes, CutLongLines) {
  const std::string c = said(std::string(5000, '(') + "bad" + std::string(5000, ')'));
  EXPECT_LT(c.size(), 600u) << c;
}

std::string repeated(const std::string& s, int n) {
  std::string all;
  for (int k = 0; k < n; ++k) all += s;
  return all;
}

TEST(Mistakes, NestingEndsInAMessage) {
  const std::string deep = "nested more than 500 levels deep";
  for (const std::string& source :
       {repeated("(", 2000) + "w" + repeated(")", 2000), repeated("-", 2000) + "w", repeated("~", 2000) + "w",
        repeated("w**", 2000) + "w", repeated("[", 2000) + "w" + repeated("]", 2000),
        repeated("sum(", 2000) + "w" + repeated(")", 2000), repeated("w[", 2000) + "0" + repeated("]", 2000),
        "w" + repeated("[0]", 3000), "w" + repeated(".T", 3000), repeated("(", 500000),
        repeated("loop(lambda z: ", 600)})
    EXPECT_NE(said(source).find(deep), std::string::npos) << said(source).substr(0, 200);
}

TEST(Mistakes, FiveHundredLevelsAreFine) {
  EXPECT_EQ(said(repeated("(", 499) + "theta" + repeated(")", 499)), "");
  EXPECT_EQ(said(repeated("exp(-(1 + 2*", 160) + "theta" + repeated("))", 160)), "");
}

TEST(Mistakes, TenMegabytesEndInAMessage) {
  const std::string c = said(repeated("w + ", 2500000));
  EXPECT_NE(c.find("at most 1 MB"), std::string::npos) << c.substr(0, 200);
  EXPECT_LT(c.size(), 1000u);
}

TEST(Mistakes, HugeArraysEndInAMessage) {
  for (const char* source :
       {"zeros(1e12)", "zeros((100000, 100000))", "eye(1e6)", "ones((1e6, 1)) * ones((1, 1e6))", "arange(1e12)",
        "linspace(0, 1, 1e12)", "zeros((1e5, 1e5, 1e5, 1e5))", "loop(lambda z: z, 1, 1e12)"})
    EXPECT_FALSE(said(source).empty()) << source;
}

TEST(Mistakes, AnyTextEndsInAValueOrAMessage) {
  // Random words of the language: never a crash, never another exception.
  const std::vector<std::string> words{"w",
                                       "X",
                                       "y",
                                       "theta",
                                       "near.r",
                                       "bad",
                                       "1",
                                       "2.5",
                                       "+",
                                       "-",
                                       "*",
                                       "/",
                                       "**",
                                       "@",
                                       "//",
                                       "%",
                                       "(",
                                       ")",
                                       "[",
                                       "]",
                                       ",",
                                       ":",
                                       "...",
                                       ".T",
                                       ".",
                                       "<",
                                       "==",
                                       "&",
                                       "|",
                                       "~",
                                       "=",
                                       "None",
                                       "sum(",
                                       "axis=0",
                                       "where(",
                                       "zeros(",
                                       "loop(lambda z: ",
                                       "reshape(",
                                       "norm(",
                                       "max(",
                                       "\n",
                                       "#",
                                       "stack([",
                                       "lambda",
                                       "pi"};
  std::mt19937 random(7);
  int understood = 0;
  for (int trial = 0; trial < 20000; ++trial) {
    std::string text;
    for (std::size_t k = 1 + random() % 9; k-- > 0;) text += words[random() % words.size()] + (random() % 3 ? " " : "");
    SCOPED_TRACE(text);
    EXPECT_NO_THROW(understood += said(text).empty());
  }
  EXPECT_GT(understood, 100);
}

// --- suggestions

TEST(Nearest, FindsSlipsOfTheHand) {
  const std::vector<std::string> names{"theta", "tolerance", "start", "seed", "gradient_descent"};
  EXPECT_EQ(nearest("thta", names), (std::vector<std::string>{"theta"}));
  EXPECT_EQ(nearest("thtea", names), (std::vector<std::string>{"theta"}));
  EXPECT_EQ(nearest("Theta", names), (std::vector<std::string>{"theta"}));
  EXPECT_EQ(nearest("gradient-descent", names), (std::vector<std::string>{"gradient_descent"}));
  EXPECT_EQ(nearest("toler", names), (std::vector<std::string>{"tolerance"}));
  EXPECT_TRUE(nearest("zzz", names).empty());
  EXPECT_TRUE(nearest("", names).empty());
}

TEST(Nearest, OffersThreeAtMostAndTheClosestFirst) {
  const auto near = nearest("sine", {"sin", "sinh", "sing", "sink", "line", "sine"});
  ASSERT_EQ(near.size(), 3u);
  EXPECT_EQ(near[0], "sine");
}

TEST(Nearest, IsNotSlowOnLongNames) { EXPECT_TRUE(nearest(std::string(10000000, 'a'), {"a"}).empty()); }

// --- names that a text uses

std::vector<std::string> uses(const std::string& text) {
  std::vector<std::string> names;
  for (const NameUse& u : names_used({text, {}})) names.push_back(u.name);
  return names;
}

TEST(NamesUsed, AreThoseOfDataAndDefinitionsInOrder) {
  EXPECT_EQ(uses("sum(b + a*near.r[i]) + X.T[0] - b + pi + x.mean(axis=0)"),
            (std::vector<std::string>{"b", "a", "near.r", "i", "X", "x"}));
}

TEST(NamesUsed, LeaveOutTheVariableOfALambda) {
  EXPECT_EQ(uses("z0 + loop(lambda z: z*a, z0, n)"), (std::vector<std::string>{"z0", "a", "n"}));
}

}  // namespace
}  // namespace argscope::expr
