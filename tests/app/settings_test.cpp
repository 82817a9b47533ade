#include "app/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "app/requests.h"
#include "core/io/arrays.h"
#include "tests/app/command_line_tools.h"

namespace argscope::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// The message of the WrongInput that body throws; empty: it throws none.
template <class Body>
std::string mistake(const Body& body) {
  try {
    body();
  } catch (const WrongInput& wrong) {
    return wrong.what();
  }
  return {};
}

const io::Settable names{{"mass", "spring_rate"}, {"seed"}};

const std::vector<optimality::Slot> slots{{"mass", {}, 0}, {"spring_rate", {2}, 1}, {"grid", {2, 2}, 3}};

TEST(Settings, ReadANumber) {
  EXPECT_THAT(read_value("a", "1e-3").values, ElementsAre(1e-3));
  EXPECT_THAT(read_value("a", "-.5").values, ElementsAre(-0.5));
  EXPECT_EQ(read_value("a", "7").shape.rank(), 0);
}

TEST(Settings, ReadANestedArrayWithItsShape) {
  const expr::Array array = read_value("a", "[[1, 2, 3], [4, 5.5, 6]]");
  EXPECT_EQ(array.shape, (expr::Shape{2, 3}));
  EXPECT_THAT(array.values, ElementsAre(1, 2, 3, 4, 5.5, 6));
}

TEST(Settings, ReadAFile) {
  const Scratch scratch;
  const std::string file = scratch.file("values.csv", "1\n2\n4\n");
  EXPECT_THAT(read_value("a", file).values, ElementsAre(1, 2, 4));
}

TEST(Settings, RefuseWhatIsNoValue) {
  const auto why = [](const char* text) { return mistake([&] { read_value("mass", text); }); };
  EXPECT_THAT(why("heavy"), HasSubstr("there is no such file"));
  EXPECT_THAT(why("1.5kg"), HasSubstr("'1.5kg' is not a number"));
  EXPECT_THAT(why("[1, 2"), HasSubstr("not a JSON array"));
  EXPECT_THAT(why("[[1, 2], [3]]"), HasSubstr("ragged"));
  EXPECT_THAT(why("[1, [2]]"), HasSubstr("ragged"));
  EXPECT_THAT(why("[[1], 2]"), HasSubstr("ragged"));
  EXPECT_THAT(why("[1, \"two\"]"), HasSubstr("not a number"));
  EXPECT_THAT(why("[1, null]"), HasSubstr("not a number"));
  EXPECT_THAT(why("[[[[[1]]]]]"), HasSubstr("at most 4 axes"));
  EXPECT_THAT(why("nan"), HasSubstr("not finite"));
  EXPECT_THAT(why("-inf"), HasSubstr("not finite"));
  EXPECT_THAT(why("[1, 1e999]"), HasSubstr("not a JSON array"));
}

TEST(Settings, NeedANameAndAValue) {
  for (const char* text : {"mass", "=3", "mass=", "="})
    EXPECT_THAT(mistake([&] { read_settings({text}, names); }), HasSubstr("expected NAME=VALUE")) << text;
}

TEST(Settings, OfferTheNearestName) {
  EXPECT_THAT(mistake([] { read_settings({"mas=1"}, names); }), HasSubstr("'mass'"));
  EXPECT_THAT(mistake([] { read_settings({"sead=1"}, names); }), HasSubstr("'seed'"));
}

TEST(Settings, TakeHyphenForUnderscore) {
  const auto settings = read_settings({"spring-rate=[3, 4]", "seed=4"}, names);
  ASSERT_EQ(settings.size(), 2u);
  EXPECT_EQ(settings[0].name, "spring_rate");
  EXPECT_FALSE(settings[0].is_choice);
  EXPECT_TRUE(settings[1].is_choice);
}

TEST(Settings, KeepAnEqualsSignInTheValue) { EXPECT_EQ(read_settings({"mass=a=b.csv"}, names)[0].value, "a=b.csv"); }

TEST(Settings, TakeWholeNumbersForChoices) {
  EXPECT_EQ(chosen(read_settings({"mass=1.5", "seed=4"}, names)), (io::Choices{{"seed", 4}}));
  EXPECT_THAT(mistake([] { chosen(read_settings({"seed=4.5"}, names)); }), HasSubstr("whole number"));
  EXPECT_THAT(mistake([] { chosen(read_settings({"seed=[1]"}, names)); }), HasSubstr("whole number"));
  EXPECT_THAT(mistake([] { chosen(read_settings({"seed=1e99"}, names)); }), HasSubstr("whole number"));
}

TEST(Settings, FillTheirPartOfTheta) {
  Vec theta = Vec::Zero(7);
  apply_setting({"mass", "5", false}, slots, theta);
  apply_setting({"spring_rate", "[1, 2]", false}, slots, theta);
  apply_setting({"grid", "[[1, 2], [3, 4]]", false}, slots, theta);
  EXPECT_THAT(std::vector<double>(theta.begin(), theta.end()), ElementsAre(5, 1, 2, 1, 2, 3, 4));
}

TEST(Settings, FillAnArrayWithOneNumber) {
  Vec theta = Vec::Zero(7);
  apply_setting({"grid", "0.25", false}, slots, theta);
  EXPECT_THAT(std::vector<double>(theta.begin(), theta.end()), ElementsAre(0, 0, 0, .25, .25, .25, .25));
}

TEST(Settings, PrintBothShapesWhenTheyDoNotFit) {
  Vec theta = Vec::Zero(7);
  const std::string why = mistake([&] { apply_setting({"spring_rate", "[1, 2, 3]", false}, slots, theta); });
  EXPECT_THAT(why, HasSubstr("(2,)"));
  EXPECT_THAT(why, HasSubstr("(3,)"));
  EXPECT_THAT(mistake([&] { apply_setting({"mass", "[1]", false}, slots, theta); }), HasSubstr("(1,)"));
}

TEST(Settings, ReadBackEveryArrayThatIsWrittenAsJson) {
  std::mt19937 bits(1);
  std::uniform_int_distribution<Index> length(1, 4);
  std::normal_distribution<double> normal;
  for (int trial = 0; trial < 200; ++trial) {
    std::vector<Index> dims(static_cast<std::size_t>(trial % 4 + 1));
    for (Index& d : dims) d = length(bits);
    const expr::Shape shape = expr::Shape::of(dims.data(), static_cast<int>(dims.size()));
    std::vector<nlohmann::json> level;
    std::vector<double> values;
    for (Index k = 0; k < shape.size(); ++k) values.push_back(normal(bits)), level.push_back(values.back());
    for (std::size_t axis = dims.size(); axis-- > 0;) {
      std::vector<nlohmann::json> above;
      const auto width = static_cast<std::size_t>(dims[axis]);
      for (std::size_t k = 0; k < level.size(); k += width)
        above.emplace_back(nlohmann::json(std::vector<nlohmann::json>(
            level.begin() + static_cast<std::ptrdiff_t>(k), level.begin() + static_cast<std::ptrdiff_t>(k + width))));
      level = above;
    }
    const expr::Array array = read_value("a", level.front().dump());
    EXPECT_EQ(array.shape, shape);
    EXPECT_EQ(array.values, values);
  }
}

}  // namespace
}  // namespace argscope::app
