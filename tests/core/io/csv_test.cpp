#include "core/io/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/io/random.h"

namespace argscope::io {
namespace {

using expr::Shape;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsNan;
using testing::StartsWith;

expr::Array read(std::string_view text) { return parse_csv(text, "data.csv"); }

std::string error_of(std::string_view text) {
  try {
    read(text);
  } catch (const DataError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Csv, ReadsCommasSemicolonsTabsAndRunsOfSpacesAlike) {
  for (const char* text :
       {"1,2\n3,4\n", "1;2\n3;4\n", "1\t2\n3\t4\n", "  1   2\n 3 4\n", "1, 2\n3 ,4", "1 \t 2\n3\t\t4\n"}) {
    const auto array = read(text);
    EXPECT_EQ(array.shape, (Shape{2, 2})) << text;
    EXPECT_THAT(array.values, ElementsAre(1, 2, 3, 4)) << text;
  }
}

TEST(Csv, ReadsOneColumnAsAVector) {
  EXPECT_EQ(read("1\n2\n3\n").shape, (Shape{3}));
  EXPECT_EQ(read("weight\n1\n2\n3\n").shape, (Shape{3}));
}

TEST(Csv, ReadsOneRowAsAMatrix) { EXPECT_EQ(read("1,2,3\n").shape, (Shape{1, 3})); }

TEST(Csv, ReadsOneNumberAsAVectorOfOne) { EXPECT_EQ(read("42").shape, (Shape{1})); }

TEST(Csv, ReadsEveryWayOfWritingANumber) {
  EXPECT_THAT(read("+1,-2.5,.5,3.,1e-3,1E+2,\"7\",-inf,1e-999\n").values,
              ElementsAre(1, -2.5, 0.5, 3, 1e-3, 100, 7, -std::numeric_limits<double>::infinity(), 0));
}

TEST(Csv, SkipsTheHeader) {
  const auto array = read("height,weight\n1,2\n");
  EXPECT_EQ(array.shape, (Shape{1, 2}));
  EXPECT_THAT(array.values, ElementsAre(1, 2));
}

TEST(Csv, TakesAFirstLineOfNumbersAndWordsForAHeader) {
  EXPECT_THAT(read("569,30,malignant,benign\n1,2\n3,4\n").values, ElementsAre(1, 2, 3, 4));
}

TEST(Csv, IsNotMisledByWhatAHeaderHolds) {
  EXPECT_THAT(read("my weight\n1\n2\n").values, ElementsAre(1, 2));
  EXPECT_THAT(read("\"a, b\" c\n1 2\n").values, ElementsAre(1, 2));
  EXPECT_THAT(read("rate; in %,b\n1,2\n").values, ElementsAre(1, 2));
}

TEST(Csv, SkipsCommentsBlankLinesAndAByteOrderMark) {
  EXPECT_THAT(read("\xef\xbb\xbf# made by hand\n\n1,2 # the first\n   \n# between\n3,4\n\n").values,
              ElementsAre(1, 2, 3, 4));
}

TEST(Csv, ReadsTheLineEndsOfEverySystem) {
  for (const char* text : {"1,2\n3,4", "1,2\r\n3,4\r\n", "1,2\r3,4\r"}) {
    EXPECT_THAT(read(text).values, ElementsAre(1, 2, 3, 4));
  }
}

TEST(Csv, NamesTheLineOfARaggedRow) {
  EXPECT_THAT(error_of("1,2\n# note\n3,4\n5,6,7\n"),
              StartsWith("data.csv:4:5: expected 2 values, as in line 1, found 3; every row needs"));
  EXPECT_THAT(error_of("1,2,3\n4,5\n"), StartsWith("data.csv:2:3: expected 3 values, as in line 1, found 2"));
}

TEST(Csv, LetsAColumnOfWordsStandBesideNumbers) {
  const std::string text = "5.1,Iris-setosa\n4.9,\"a, \"\"b\"\" # c\"\n";
  const auto array = read(text);
  EXPECT_EQ(array.shape, (Shape{2, 2}));
  EXPECT_THAT(array.values, ElementsAre(5.1, IsNan(), 4.9, IsNan()));
  EXPECT_THAT(csv_complaint(text, "data.csv", 1), StartsWith("data.csv:1:5: expected a number, found 'Iris-setosa'"));
}

TEST(Csv, NamesThePlaceOfAWordAmongNumbers) {
  EXPECT_THAT(csv_complaint("a,b\n1,2\n3, four\n", "data.csv", 3),
              StartsWith("data.csv:3:4: expected a number, found 'four'; numbers are written"));
  EXPECT_THAT(csv_complaint("1,2\n3,0x10\n", "data.csv", 3),
              StartsWith("data.csv:2:3: expected a number, found '0x10'"));
}

TEST(Csv, NamesThePlaceOfWhatIsMissingOrNotFinite) {
  const auto third = [](const char* text) { return csv_complaint(text, "data.csv", 3); };
  EXPECT_THAT(third("1,2,3\n,5,6\n"), StartsWith("data.csv:2:1: a value is missing; fill it in"));
  EXPECT_THAT(third("1,2\n3,nan\n"), StartsWith("data.csv:2:3: 'nan' is not a finite number"));
  EXPECT_THAT(third("1,2\n3,N/A\n"), StartsWith("data.csv:2:3: 'N/A' is not a finite number"));
  EXPECT_THAT(third("1,2\n3,-1e999\n"), StartsWith("data.csv:2:3: '-1e999' is not a finite number"));
}

TEST(Csv, DoesNotTakeARowThatIsNotAllNumbersForAHeader) {
  EXPECT_THAT(read("1,NaN\n3,4\n").values, ElementsAre(1, IsNan(), 3, 4));
  EXPECT_THAT(read("1,,3\n4,5,6\n").values, ElementsAre(1, IsNan(), 3, 4, 5, 6));
  EXPECT_THAT(read("1,1e999\n3,4\n").values, ElementsAre(1, std::numeric_limits<double>::infinity(), 3, 4));
}

TEST(Csv, SaysWhenThereAreNoNumbers) {
  EXPECT_THAT(error_of(""), HasSubstr("holds no numbers"));
  EXPECT_THAT(error_of("# only\n\n"), HasSubstr("holds no numbers"));
  EXPECT_THAT(error_of("a,b\n"), HasSubstr("holds a header and no numbers"));
  EXPECT_THAT(error_of(std::string_view("\0001,2", 4)), HasSubstr("is not text"));
}

TEST(Csv, SurvivesAnyBytes) {
  RandomState random(3);
  const std::string alphabet = "0123456789.,;+-eE#\n\r\t \"naif";
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (int i = 0; i < 40; ++i) text += alphabet[static_cast<std::size_t>(random.uniform() * alphabet.size())];
    try {
      const auto array = read(text);
      EXPECT_EQ(static_cast<std::size_t>(array.shape.size()), array.values.size());
    } catch (const DataError& error) {
      EXPECT_THAT(error.what(), StartsWith("data.csv:"));
    }
  }
}

TEST(Csv, WritesALineARowUnderItsNames) {
  const NamedValue value{"w", {{2, 3}, {1, 2, 3, 4, 5, 6}}, {}};
  EXPECT_EQ(format_csv(value, {{"scene", "ridge"}}), "# scene: ridge\n# w[0],w[1],w[2]\n1,2,3\n4,5,6\n");
  EXPECT_EQ(format_csv({"w", {{2}, {1, 2}}, {}}, {}), "# w\n1\n2\n");
  EXPECT_EQ(format_csv({"f", {{}, {0.5}}, {}}, {}), "# f\n0.5\n");
  EXPECT_EQ(format_csv({"t", {{1, 2}, {1, 2}}, {"a", "b, c"}}, {}), "# a,\"b, c\"\n1,2\n");
}

TEST(Csv, KeepsCommentsOnTheirLine) {
  EXPECT_EQ(format_csv({"w", {{1}, {1}}, {}}, {{"note", "two\nlines"}}), "# note: two lines\n# w\n1\n");
}

TEST(Csv, ReadsBackTheSameBits) {
  RandomState random(5);
  expr::Array array{{50, 4}, {}};
  for (int i = 0; i < 200; ++i) array.values.push_back(random.normal() * std::pow(10, 600 * random.uniform() - 300));
  const auto again = read(format_csv({"x", array, {}}, {{"key", "1,2"}}));
  EXPECT_EQ(again.shape, array.shape);
  EXPECT_EQ(again.values, array.values);
}

}  // namespace
}  // namespace argscope::io
