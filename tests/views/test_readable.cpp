// What a person reads off a picture, over random numbers and ranges: numbers, ticks, colours, lengths of arrows.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <set>

#include "views/colormap.h"
#include "views/format.h"
#include "views/plot.h"
#include "views/scale.h"

namespace argscope::views {
namespace {

constexpr double huge = std::numeric_limits<double>::max(), tiny = std::numeric_limits<double>::denorm_min();

/// A written number read again; raised powers of ten too.
double read_back(std::string text) {
  std::string ascii;
  bool power = false;
  for (std::size_t k = 0; k < text.size();) {
    const auto starts = [&](const char* part) { return text.compare(k, std::string(part).size(), part) == 0; };
    static constexpr const char* raised[10] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
    int digit = 0;
    while (digit < 10 && !starts(raised[digit])) ++digit;
    if (digit < 10) {
      if (!power) ascii = "1e" + ascii.substr(2);  // "10" stands in front
      power = true, ascii += static_cast<char>('0' + digit), k += std::string(raised[digit]).size();
    } else if (starts("⁻")) {
      ascii = "1e-", power = true, k += 3;
    } else if (starts("−")) {
      ascii += '-', k += 3;
    } else {
      ascii += text[k++];
    }
  }
  std::size_t used = 0;
  const double value = std::stod(ascii, &used);
  EXPECT_EQ(used, ascii.size()) << text;
  return value;
}

/// Random numbers of every size that a double may have, both signs.
double any_size(std::mt19937& random) {
  std::uniform_real_distribution<double> exponent(-307, 307), mantissa(1, 10);
  return (random() % 2 == 0 ? 1 : -1) * mantissa(random) * std::pow(10.0, exponent(random));
}

TEST(WrittenNumbers, ReadBackAsWhatTheyStandFor) {
  std::mt19937 random(1);
  for (int trial = 0; trial < 5000; ++trial) {
    const double v = any_size(random);
    EXPECT_NEAR(read_back(number(v)) / v, 1, 0.005 + 1e-9) << v;  // three digits: half a unit of the third
    for (const int digits : {2, 4, 9}) {
      const double off = 0.5 * std::pow(10.0, 2 - digits);
      EXPECT_NEAR(read_back(number(v, digits)) / v, 1, off * (1 + 1e-9)) << v << " " << digits;
    }
  }
}

TEST(WrittenNumbers, AreRightAtTheEdges) {
  const std::pair<double, const char*> edges[]{
      {tiny, "4.94e−324"}, {-tiny, "−4.94e−324"}, {huge, "1.8e308"}, {9.9996e-5, "0.0001"},  {9.996e-14, "1e−13"},
      {99995, "1e5"},      {12345, "1.23e4"},     {9999, "9999"},    {0.0001, "0.0001"},     {-1e-5, "−1e−5"},
      {1.0 / 3, "0.3333"}, {-0.0, "0"},           {1e15, "1e15"},    {2.5e-300, "2.5e−300"},
  };
  for (const auto& [v, text] : edges) EXPECT_EQ(number(v), text);
}

TEST(WrittenNumbers, OfAPowerOfTenReadBack) {
  for (int e = -30; e <= 30; ++e) EXPECT_NEAR(read_back(power_of_ten(e)) / std::pow(10.0, e), 1, 1e-12) << e;
}

TEST(WrittenNumbers, WithDecimalsAreRounded) {
  std::mt19937 random(2);
  std::uniform_real_distribution<double> uniform(-1e4, 1e4);
  for (int trial = 0; trial < 1000; ++trial) {
    const double v = uniform(random);
    for (int digits = 0; digits < 6; ++digits)
      EXPECT_NEAR(read_back(fixed(v, digits)), v, 0.5 * std::pow(10.0, -digits) + 1e-9);
  }
  EXPECT_EQ(fixed(-0.4, 0), "0") << "no minus in front of nothing";
}

struct Range {
  double low, high;
};

/// Ranges of every size and place: about zero, far from it, a sliver of a large number.
std::vector<Range> ranges(int count) {
  std::mt19937 random(5);
  std::uniform_real_distribution<double> exponent(-12, 12), part(0, 1);
  std::vector<Range> all;
  for (int k = 0; k < count; ++k) {
    const double middle = k % 3 == 0 ? 0 : (k % 2 ? 1 : -1) * std::pow(10.0, exponent(random));
    const double size = middle == 0
                            ? std::pow(10.0, exponent(random))
                            : std::abs(middle) * std::pow(10.0, k % 3 == 1 ? -8 * part(random) : 2 * part(random));
    all.push_back({middle - size * part(random), middle + size * (0.05 + part(random))});
  }
  return all;
}

TEST(TickLabels, TellTheTicksApartAndSayWhereTheyAre) {
  for (const auto& [low, high] : ranges(2000))
    for (const int wanted : {2, 5, 9}) {
      const auto found = ticks({low, high, false}, wanted);
      std::set<std::string> labels;
      for (const Tick& t : found) {
        EXPECT_TRUE(labels.insert(t.label).second) << t.label << " twice in " << low << " to " << high;
        const double step = found.size() > 1 ? found[1].value - found[0].value : high - low;
        EXPECT_NEAR(read_back(t.label), t.value, 0.1 * step) << low << " to " << high;
      }
    }
}

TEST(TickLabels, OfLinearTicksStandAtEvenSteps) {
  for (const auto& [low, high] : ranges(500)) {
    const auto found = ticks({low, high, false}, 6);
    for (std::size_t k = 2; k < found.size(); ++k)
      EXPECT_NEAR(found[k].value - found[k - 1].value, found[1].value - found[0].value,
                  1e-9 * (high - low) + 1e-15 * std::max(std::abs(low), std::abs(high)));
  }
}

TEST(Ticks, OfALogarithmicAxisStayInsideFewAndInOrder) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> exponent(-290, 290), decades(0.01, 10);
  for (int trial = 0; trial < 500; ++trial) {
    const double low = std::pow(10.0, exponent(random));
    const double high = low * std::pow(10.0, trial % 5 ? decades(random) : 100 * decades(random) / 10);
    if (!std::isfinite(high)) continue;
    const auto found = ticks({low, high, true}, 7);
    int labelled = 0;
    double before = 0;
    for (const Tick& t : found) {
      labelled += !t.label.empty();
      EXPECT_GT(t.value, before);
      EXPECT_GE(t.value, low * (1 - 1e-6));
      EXPECT_LE(t.value, high * (1 + 1e-6));
      before = t.value;
    }
    EXPECT_LE(labelled, 9) << low << " " << high;
  }
}

TEST(Ticks, SurviveTheEndsOfWhatNumbersAre) {
  for (const Axis& axis : {Axis{-huge, huge, false}, Axis{0, tiny, false}, Axis{-tiny, tiny, false},
                           Axis{tiny, huge, true}, Axis{1e-300, 1e300, true}, Axis{NAN, 1, false}, Axis{1, NAN, true},
                           Axis{huge / 2, huge, false}, Axis{2, 1, false}, Axis{-INFINITY, INFINITY, false}})
    for (const int wanted : {-1, 0, 1, 9}) EXPECT_LE(ticks(axis, wanted).size(), 6000U) << axis.low << " " << axis.high;
}

TEST(Axis, GoesThereAndBackOverAnyRange) {
  std::mt19937 random(11);
  std::uniform_real_distribution<double> part(0, 1);
  for (const auto& [low, high] : ranges(1000)) {
    const Axis axis{low, high, false};
    const double t = part(random), size = std::max(std::abs(low), std::abs(high));
    EXPECT_NEAR(axis.part(axis.value(t)), t, 1e-15 * (4 + 4 * size / (high - low)));  // some roundings of the ends
    EXPECT_EQ(axis.part(low), 0);
    EXPECT_EQ(axis.part(high), 1);
    if (!(low > 0)) continue;
    const Axis log{low, high, true};
    EXPECT_NEAR(log.part(log.value(t)), t, 1e-13 * (1 + 1 / std::log(high / low)));
    EXPECT_TRUE(std::isnan(log.part(-1)));
  }
}

TEST(Held, ShowsWhatItMustAndStandsStillMeanwhile) {
  std::mt19937 random(13);
  std::normal_distribution<double> normal;
  Held held;
  int moved = 0;
  Axis before = held.axis();
  for (int frame = 0; frame < 2000; ++frame) {
    const double a = -1 + 0.1 * normal(random), b = 1 + 0.1 * normal(random);
    held.cover(a, b, 0.05);
    const Axis now = held.axis();
    EXPECT_LE(now.low, a);
    EXPECT_GE(now.high, b);
    moved += now.low != before.low || now.high != before.high;
    before = now;
  }
  EXPECT_LT(moved, 50) << "an axis that never rests cannot be read";
}

TEST(Held, KeepsARangeWhateverItIsTold) {
  for (const double low : {-huge, -1e308, -1.0, -tiny, 0.0, tiny, 1.0, 1e308, huge})
    for (const double high : {-huge, -1.0, 0.0, tiny, 1.0, huge}) {
      if (high < low) continue;
      Held held;
      held.cover(low, high, 0.1);
      held.cover(0, 1, 0.1);
      EXPECT_LT(held.axis().low, held.axis().high) << low << " " << high;
      EXPECT_LE(held.axis().low, 0);
      EXPECT_GE(held.axis().high, 1);
    }
}

TEST(Colours, RiseAlongTheirBarAndEndWhereItEnds) {
  const auto light = [](Color c) { return 0.2126 * c.r + 0.7152 * c.g + 0.0722 * c.b; };
  for (const bool dark : {false, true})
    for (const Tint tint : {Tint::Magnitude, Tint::Grey}) {
      const Colormap map{tint, -3, 5, false, false, dark};
      double before = -1;
      for (int k = 0; k <= 100; ++k) {
        const double now = light(map.color(-3 + 0.08 * k));
        EXPECT_GE(now, before - 0.8) << k;  // each channel is rounded
        before = now;
      }
      EXPECT_EQ(map.color(-1e300), map.color(-3));
      EXPECT_EQ(map.color(1e300), map.color(5));
    }
}

TEST(Colours, OfASignGrowAwayFromTheGround) {
  for (const bool dark : {false, true}) {
    const Colormap map{Tint::Signed, -2, 2, false, false, dark};
    const auto away = [&](double v) {
      const Color a = map.color(v), zero = map.color(0);
      return std::abs(a.r - zero.r) + std::abs(a.g - zero.g) + std::abs(a.b - zero.b);
    };
    for (const double sign : {-1.0, 1.0})
      for (int k = 1; k <= 40; ++k) EXPECT_GE(away(sign * 0.05 * k), away(sign * 0.05 * (k - 1)) - 2) << sign * k;
  }
}

TEST(Colours, AreFittedToEveryKindOfNumbers) {
  std::mt19937 random(17);
  for (int trial = 0; trial < 1000; ++trial) {
    std::vector<double> values(1 + trial % 7);
    for (double& v : values) v = any_size(random);
    if (trial % 3 == 0)
      for (double& v : values) v = std::abs(v);
    if (trial % 5 == 0) values[0] = NAN;
    if (trial % 7 == 0) values.back() = INFINITY;
    const Colormap map = fit_colormap(values, {});
    ASSERT_LT(map.low, map.high);
    EXPECT_FALSE(map.cut_low || map.cut_high);
    for (const double v : values) {
      if (!std::isfinite(v)) continue;
      EXPECT_GE(v, map.low);
      EXPECT_LE(v, map.high);
      if (map.tint == Tint::Signed && std::abs(v) > 0.05 * map.high)  // nearer to zero it is the ground's grey
        EXPECT_EQ(map.color(v).b > map.color(v).r, v < 0) << v << " of " << map.high;
    }
  }
}

TEST(Colours, FollowWhatTheSceneSaysHoweverOddly) {
  const double values[] = {-1, 2};
  for (const std::optional<double> low : {std::optional<double>(), std::optional(5.0), std::optional(-huge)})
    for (const std::optional<double> high : {std::optional<double>(), std::optional(-5.0), std::optional(0.0)})
      for (const std::optional<Tint> tint :
           {std::optional<Tint>(), std::optional(Tint::Grey), std::optional(Tint::Signed)}) {
        const Colormap map = fit_colormap(values, {tint, low, high, false});
        EXPECT_LT(map.low, map.high);
        EXPECT_EQ(map.cut_low, -1 < map.low);
        EXPECT_EQ(map.cut_high, 2 > map.high);
        if (map.tint == Tint::Signed) EXPECT_EQ(map.low, -map.high);
      }
}

TEST(Scales, AreOneTwoOrFiveTimesAPowerOfTenNearWhatIsAsked) {
  std::mt19937 random(19);
  for (int trial = 0; trial < 2000; ++trial) {
    const double v = std::abs(any_size(random)), s = round_scale(v);
    const double mantissa = s / std::pow(10.0, std::floor(std::log10(s) + 1e-9));
    EXPECT_TRUE(std::abs(mantissa - 1) < 1e-9 || std::abs(mantissa - 2) < 1e-9 || std::abs(mantissa - 5) < 1e-9) << v;
    EXPECT_GE(s / v, 0.6);
    EXPECT_LE(s / v, 1.7);
  }
  for (const double v : {0.0, -1.0, double(NAN), double(INFINITY)}) EXPECT_EQ(round_scale(v), 0);
}

}  // namespace
}  // namespace argscope::views
