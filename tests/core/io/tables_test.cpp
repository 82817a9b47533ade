// Tables as people and programs write them, and selections out of them: what is read, or which line is wrong.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/io/csv.h"
#include "core/io/random.h"
#include "tests/core/io/errors.h"

namespace argscope::io {
namespace {

using expr::Shape;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::StartsWith;

constexpr double inf = std::numeric_limits<double>::infinity();

expr::Array read(std::string_view text) { return parse_csv(text, "data.csv"); }

/// A number as somebody writes it, and what it means.
struct Written {
  std::string text;
  double value;
};

TEST(Tables, ReadTheNearestDoubleOfEveryNumber) {
  const std::string zeros(400, '0');
  for (const Written& w : std::vector<Written>{{"0", 0},
                                               {"-0", -0.0},
                                               {"1e308", 1e308},
                                               {"1.7976931348623157e308", 1.7976931348623157e308},
                                               {"5e-324", 5e-324},
                                               {"2.2250738585072014e-308", 2.2250738585072014e-308},
                                               {"1e-310", 1e-310},
                                               {"0.1", 0.1},
                                               {"1E+05", 1e5},
                                               {"1e-999", 0},
                                               {"-1e-999", -0.0},
                                               {"1e999", inf},
                                               {"-1e999", -inf},
                                               {"0." + zeros + "1", 0},
                                               {"0." + zeros + "1e401", 1},
                                               {"1" + zeros + "e-400", 1},
                                               {"1" + zeros + "e-5", inf},
                                               {"1" + zeros, inf},
                                               {"123456789012345678901234567890", 123456789012345678901234567890.0},
                                               {"\" 7 \"", 7}}) {
    const expr::Array a = read("1," + w.text + "\n2,3\n");
    ASSERT_EQ(a.shape, (Shape{2, 2})) << w.text;
    EXPECT_EQ(a.values[1], w.value) << w.text;
    EXPECT_EQ(std::signbit(a.values[1]), std::signbit(w.value)) << w.text;
  }
}

TEST(Tables, TakeWhatIsNoNumberForAWord) {
  for (const std::string word :
       {"+-5", "-+5", "--5", "++5", "1.2.3", "1e", "e5", "0x1F", "1_000", "5%", "$5", "1 2x", "½"})
    EXPECT_TRUE(std::isnan(read("1,2\n3," + word + "\n").values[3])) << word;
}

/// The same table in every dress that files wear.
TEST(Tables, AreTheSameInEveryDress) {
  RandomState random(31);
  for (int round = 0; round < 60; ++round) {
    const Index rows = 1 + static_cast<Index>(random.uniform() * 6),
                columns = 2 + static_cast<Index>(random.uniform() * 4);
    std::vector<double> values;
    for (Index k = 0; k < rows * columns; ++k) values.push_back(std::round(random.normal() * 1000) / 8);
    for (const std::string end : {"\n", "\r\n", "\r"})
      for (const std::string separator : {",", ";", "\t", " ", "  ", " , "})
        for (const bool dressed : {false, true}) {
          std::string text = dressed ? "\xef\xbb\xbf# a comment, with \"one quote" + end + end : "";
          for (Index i = 0; i < rows; ++i) {
            for (Index j = 0; j < columns; ++j) {
              const std::string number = fmt::format("{}", values[static_cast<std::size_t>(i * columns + j)]);
              text += (j ? separator : "") + (dressed ? '"' + number + '"' : number);
            }
            text += (dressed && i % 2 ? " # \"note" : "") + end + (dressed ? "  " + end : "");
          }
          const expr::Array a = read(text);
          EXPECT_EQ(a.shape, (Shape{rows, columns})) << testing::PrintToString(text);
          EXPECT_THAT(a.values, ElementsAreArray(values)) << testing::PrintToString(text);
        }
  }
}

TEST(Tables, NameTheLineAndColumnOfTheFirstRaggedRow) {
  for (const Index lines : {2, 3, 50}) {
    for (const int found : {1, 2, 4, 9}) {
      std::string text = "# head\n";
      for (Index i = 0; i + 1 < lines; ++i) text += "1.5,2,3\n";
      text += "7";
      for (int k = 1; k < found; ++k) text += ",7";
      text += "\n1\n";
      const std::string words = error_of([&] { read(text); });
      EXPECT_THAT(words, StartsWith(fmt::format("data.csv:{}:", lines + 1)));
      EXPECT_THAT(words, HasSubstr(fmt::format("expected 3 values, as in line 2, found {}", found)));
    }
  }
}

TEST(Tables, OfOneVeryLongLineAreRead) {
  constexpr int columns = 100000;
  std::string text = "0";
  for (int k = 1; k < columns; ++k) text += ',' + std::to_string(k % 10);
  const expr::Array a = read(text);
  EXPECT_EQ(a.shape, (Shape{1, columns}));
  EXPECT_EQ(a.values.back(), (columns - 1) % 10);
  const std::string word(100000, 'x');
  EXPECT_LT(csv_complaint("1,2\n3," + word, "data.csv", 3).size(), 300u) << "a message is no copy of the file";
}

TEST(Tables, InUtf16SayWhatToSave) {
  for (const std::string_view text : {std::string_view("\xff\xfe"
                                                       "1\0,\0"
                                                       "2\0\n\0",
                                                       10),
                                      std::string_view("\xfe\xff\0"
                                                       "1\0,\0"
                                                       "2",
                                                       8)})
    EXPECT_THAT(error_of([&] { read(text); }), HasSubstr("data.csv: is not text in UTF-8"));
}

TEST(Tables, CutNoCharacterOfAWordInTwo) {
  for (std::size_t before = 0; before < 4; ++before) {
    std::string word(before, 'x');
    while (word.size() < 90) word += "ü";
    const std::string words = csv_complaint("1,2\n3," + word + "\n", "data.csv", 3);
    for (std::size_t k = 0; k < words.size(); ++k) {
      const bool starts = (words[k] & 0xE0) == 0xC0;
      if (starts) {
        EXPECT_EQ(words[k + 1] & 0xC0, 0x80) << words;
      }
    }
  }
}

// --- selections

TEST(Selections, SurviveStepsAndNumbersOfAnySize) {
  const std::string most = "9223372036854775807", least = "-9223372036854775808";
  EXPECT_THAT(parse_selection("1:5:" + most, 5), ElementsAre(1));
  EXPECT_THAT(parse_selection("4::" + most, 5), ElementsAre(4));
  EXPECT_THAT(parse_selection("0:5:4", 5), ElementsAre(0, 4));
  for (const std::string& text : {most, least, "0:" + most, least + ":", ":" + least, "0:5:" + least})
    EXPECT_THAT(error_of([&] { parse_selection(text, 5); }), StartsWith("selection \"" + text + "\" out of 5"));
}

TEST(Selections, AreTheOnesOfALoop) {
  RandomState random(32);
  for (int round = 0; round < 400; ++round) {
    const Index count = 1 + static_cast<Index>(random.uniform() * 12);
    const auto draw = [&](Index low, Index high) {
      return low + static_cast<Index>(random.uniform() * static_cast<double>(high - low + 1));
    };
    const Index first = draw(-count, count), last = draw(-count, count), step = draw(1, 4);
    std::vector<Index> expected;
    const auto from_front = [&](Index k) { return k < 0 ? k + count : k; };
    for (Index i = from_front(first); i < from_front(last); i += step) expected.push_back(i);
    const std::string text = fmt::format("{}:{}:{}", first, last, step);
    if (expected.empty()) {
      EXPECT_THAT(error_of([&] { parse_selection(text, count); }), HasSubstr("it selects nothing")) << text;
    } else {
      EXPECT_EQ(parse_selection(text, count), expected) << text << " of " << count;
    }
  }
}

TEST(Selections, OfNothingAreRefused) {
  for (const std::string text : {":", "0", "-1", "0:1", "::2"})
    EXPECT_THAT(error_of([&] { parse_selection(text, 0); }), StartsWith("selection \"")) << text;
}

}  // namespace
}  // namespace argscope::io
