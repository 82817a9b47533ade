#include "app/numbers.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <random>

namespace argscope::app {
namespace {

double parsed(const char* text) {
  const auto result = parse_number(QString::fromUtf8(text));
  const double* value = std::get_if<double>(&result);
  return value ? *value : std::numeric_limits<double>::quiet_NaN();
}

TEST(Numbers, TakesLiteralsAndExpressions) {
  EXPECT_EQ(parsed("1e-3"), 1e-3);
  EXPECT_EQ(parsed("  42 "), 42);
  EXPECT_EQ(parsed("2*pi"), 2 * std::numbers::pi);
  EXPECT_EQ(parsed("-3**2"), -9);
  EXPECT_EQ(parsed("sqrt(2)"), std::sqrt(2.0));
}

TEST(Numbers, TakesTheTrueMinusSignThatItPrints) { EXPECT_EQ(parsed(readable(-0.25, 6).toUtf8()), -0.25); }

TEST(Numbers, SaysWhyATextIsNotANumber) {
  for (const char* text : {"", "2*", "theta", "ones(3)", "1/0", "log(0)", "1,5", "nan", "((1)", "\"x\""}) {
    const auto result = parse_number(QString::fromUtf8(text));
    ASSERT_TRUE(std::holds_alternative<QString>(result)) << text;
    EXPECT_FALSE(std::get<QString>(result).isEmpty()) << text;
  }
}

TEST(Numbers, WhatIsWrittenExactlyReadsBackAsTheSameDouble) {
  std::mt19937_64 random(3);
  for (int k = 0; k < 1000; ++k) {
    const double value = std::ldexp(static_cast<double>(random()) - 9e18, static_cast<int>(random() % 600) - 300);
    EXPECT_EQ(parsed(exact(value).toUtf8()), value);
  }
}

TEST(Numbers, UndefinedAndInfiniteAreWords) {
  EXPECT_EQ(readable(std::nan(""), 3), "undefined");
  EXPECT_EQ(readable(-std::numeric_limits<double>::infinity(), 3), QStringLiteral("−∞"));
}

TEST(Numbers, TimesCarryTheirUnit) {
  EXPECT_EQ(readable_time(0.00123), "1.23 ms");
  EXPECT_EQ(readable_time(2.5), "2.5 s");
}

}  // namespace
}  // namespace argscope::app
