#include "app/sweep_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/app/command_line_tools.h"

namespace argscope::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

optimality::ModelPtr shrink() {
  static const optimality::ModelPtr model =
      optimality::build_model(io::parse_scene(shrink_scene, {}, io::Paths::standard()).statement);
  return model;
}

std::string mistake(const std::string& text) {
  try {
    parse_vary(text, *shrink());
  } catch (const WrongInput& wrong) {
    return wrong.what();
  }
  return {};
}

TEST(Vary, SpacesValuesEvenly) {
  const Vary vary = parse_vary("theta[1]=1:3:5", *shrink());
  EXPECT_EQ(vary.name, "theta[1]");
  EXPECT_EQ(vary.first, 1);
  EXPECT_EQ(vary.count, 1);
  EXPECT_THAT(vary.values, ElementsAre(1, 1.5, 2, 2.5, 3));
}

TEST(Vary, SpacesValuesByRatioWhenLogarithmic) {
  const Vary vary = parse_vary("theta=0.01:100:5:log", *shrink());
  ASSERT_EQ(vary.values.size(), 5u);
  // pow and division round to a few parts in 1e16
  for (int k = 0; k < 5; ++k) EXPECT_NEAR(vary.values[k], 0.01 * std::pow(10, k), 1e-14 * std::pow(10, k));
  EXPECT_EQ(vary.values.back(), 100);
}

TEST(Vary, TakesAWholeArrayAsOneNumber) {
  const Vary vary = parse_vary("theta=1:2:2", *shrink());
  EXPECT_EQ(vary.name, "theta");
  EXPECT_EQ(vary.count, 3);
}

TEST(Vary, GoesBackwardsAndStandsStill) {
  EXPECT_THAT(parse_vary("theta=3:-1:3", *shrink()).values, ElementsAre(3, 1, -1));
  EXPECT_THAT(parse_vary("theta=3:5:1", *shrink()).values, ElementsAre(3));
}

TEST(Vary, SaysWhatIsWrong) {
  EXPECT_THAT(mistake("theta"), HasSubstr("no NAME="));
  EXPECT_THAT(mistake("=1:2:3"), HasSubstr("no NAME="));
  EXPECT_THAT(mistake("theta=1:2"), HasSubstr("NAME=FROM:TO:COUNT"));
  EXPECT_THAT(mistake("theta=1:2:3:4:5"), HasSubstr("5 parts"));
  EXPECT_THAT(mistake("theta=a:2:3"), HasSubstr("'a' is not a number"));
  EXPECT_THAT(mistake("theta=1::3"), HasSubstr("'' is not a number"));
  EXPECT_THAT(mistake("theta=1:2:0"), HasSubstr("COUNT"));
  EXPECT_THAT(mistake("theta=1:2:2.5"), HasSubstr("COUNT"));
  EXPECT_THAT(mistake("theta=1:2:3:lug"), HasSubstr("'lug' is not a scale"));
  EXPECT_THAT(mistake("theta=0:2:3:log"), HasSubstr("positive at both ends"));
  EXPECT_THAT(mistake("thta=1:2:3"), HasSubstr("'theta'"));
  EXPECT_THAT(mistake("theta[3]=1:2:3"), HasSubstr("(3,)"));
  EXPECT_THAT(mistake("theta[-1]=1:2:3"), HasSubstr("(3,)"));
  EXPECT_THAT(mistake("theta[0=1:2:3"), HasSubstr("closing bracket"));
  EXPECT_THAT(mistake("theta[0, 1]=1:2:3"), HasSubstr("takes 1 indices"));
}

SweepTable small_table() {
  SweepTable table;
  table.vary = {"t", 0, 1, {1, 2}};
  table.derivatives = true;
  table.outputs = {{"loss", {}, 0}};
  table.variables = {{"x", {2}, 0}, {"M", {1, 2}, 2}};
  const double nan = std::nan("");
  table.rows.push_back({1, "converged", true, Vec{{1, 2, 3, 4}}, {Vec{{0.5}}}, Vec{{5, 6, 7, 8}}, {Vec{{-1}}}});
  table.rows.push_back(
      {2, "stalled", false, Vec{{nan, nan, nan, nan}}, {Vec{{nan}}}, Vec{{nan, nan, nan, nan}}, {Vec{{nan}}}});
  return table;
}

TEST(SweepTable, IsACommentedHeaderAndARowAValue) {
  const Scratch scratch;
  write_table(scratch.path("t.csv"), small_table(), {{"scene", "small"}});
  EXPECT_THAT(
      lines(scratch.read("t.csv")),
      ElementsAre("# scene: small",
                  "# t,status,loss,x[0],x[1],\"M[0, 0]\",\"M[0, 1]\",dloss_dt,dx_dt[0],dx_dt[1],\"dM_dt[0, 0]\","
                  "\"dM_dt[0, 1]\"",
                  "1,converged,0.5,1,2,3,4,-1,5,6,7,8", "2,stalled,nan,nan,nan,nan,nan,nan,nan,nan,nan,nan"));
}

TEST(SweepTable, IsOneArrayANameInJson) {
  const Scratch scratch;
  write_table(scratch.path("t.json"), small_table(), {});
  const auto json = nlohmann::json::parse(scratch.read("t.json"))["arrays"];
  EXPECT_EQ(json["t"]["values"], (nlohmann::json{1, 2}));
  EXPECT_EQ(json["converged"]["values"], (nlohmann::json{1, 0}));
  EXPECT_EQ(json["M"]["shape"], (nlohmann::json{2, 1, 2}));
  EXPECT_EQ(json["dx_dt"]["values"][0], (nlohmann::json{5, 6}));
  EXPECT_TRUE(json["x"]["values"][1][0].is_null());
}

}  // namespace
}  // namespace argscope::app
