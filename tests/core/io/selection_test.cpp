#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/io/arrays.h"
#include "tests/core/io/errors.h"

namespace argscope::io {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string error_of(const std::string& text, Index count) {
  return io::error_of([&] { parse_selection(text, count); });
}

TEST(Selection, ReadsNumbersSlicesStepsAndLists) {
  EXPECT_THAT(parse_selection("3", 5), ElementsAre(3));
  EXPECT_THAT(parse_selection("0:3", 5), ElementsAre(0, 1, 2));
  EXPECT_THAT(parse_selection("1:5:2", 5), ElementsAre(1, 3));
  EXPECT_THAT(parse_selection(" 4, 0:2 ,1", 5), ElementsAre(4, 0, 1, 1));
}

TEST(Selection, LetsTheEndsOfASliceOut) {
  EXPECT_THAT(parse_selection(":", 3), ElementsAre(0, 1, 2));
  EXPECT_THAT(parse_selection("1:", 3), ElementsAre(1, 2));
  EXPECT_THAT(parse_selection(":2", 3), ElementsAre(0, 1));
  EXPECT_THAT(parse_selection("::2", 3), ElementsAre(0, 2));
}

TEST(Selection, CountsNegativeNumbersFromTheEnd) {
  EXPECT_THAT(parse_selection("-1", 4), ElementsAre(3));
  EXPECT_THAT(parse_selection(":-1", 4), ElementsAre(0, 1, 2));
}

TEST(Selection, SaysWhatIsWrongAndHowToMendIt) {
  EXPECT_THAT(error_of("7", 5), HasSubstr("selection \"7\" out of 5 (0 to 4): there is no 7; write it as"));
  EXPECT_THAT(error_of("-6", 5), HasSubstr("there is no -6"));
  EXPECT_THAT(error_of("0:300", 200), HasSubstr("300 is beyond the end"));
  EXPECT_THAT(error_of("", 5), HasSubstr("a number is missing"));
  EXPECT_THAT(error_of("1,,2", 5), HasSubstr("a number is missing"));
  EXPECT_THAT(error_of("a", 5), HasSubstr("a number is missing"));
  EXPECT_THAT(error_of("1 2", 5), HasSubstr("'2' is not expected here"));
  EXPECT_THAT(error_of("3:1", 5), HasSubstr("it selects nothing"));
  EXPECT_THAT(error_of("0:4:0", 5), HasSubstr("a step must be positive"));
  EXPECT_THAT(error_of("99999999999999999999", 5), HasSubstr("too large"));
}

}  // namespace
}  // namespace argscope::io
