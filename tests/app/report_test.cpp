#include "app/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "app/files.h"
#include "tests/app/command_line_tools.h"

namespace argscope::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Job job_of(const char* text) {
  const Scratch scratch;
  ProblemOptions options;
  options.scene = scratch.file("named.toml", text);
  return prepare(options);
}

TEST(Report, NestsNumbersInTheirShape) {
  const double values[]{1, 2, 3, 4, 5, 6};
  EXPECT_EQ(nested(values, {}).dump(), "1.0");
  EXPECT_EQ(nested(values, {3}).dump(), "[1.0,2.0,3.0]");
  EXPECT_EQ(nested(values, {2, 3}).dump(), "[[1.0,2.0,3.0],[4.0,5.0,6.0]]");
  EXPECT_EQ(nested(values, {1, 2, 1}).dump(), "[[[1.0],[2.0]]]");
  EXPECT_EQ(nested(values, {0}).dump(), "[]");
}

TEST(Report, HasNullWhereNumbersAreNotFinite) {
  const double values[]{std::nan(""), INFINITY, -INFINITY};
  EXPECT_EQ(nested(values, {3}).dump(), "[null,null,null]");
  const Job job = job_of(one_scene);
  Findings f;
  f.solution.residual = std::nan("");
  f.solution.seconds = INFINITY;
  f.derivative.emplace();
  f.derivative->trust.condition_number = INFINITY;
  f.outputs.push_back({"energy", {}, Vec{{std::nan("")}}, Mat{{INFINITY}}});
  const Json j = report(job, f);
  EXPECT_TRUE(j["solution"]["residual"].is_null());
  EXPECT_TRUE(j["solution"]["seconds"].is_null());
  EXPECT_TRUE(j["derivative"]["condition_number"].is_null());
  EXPECT_TRUE(j["outputs"]["energy"]["value"].is_null());
  EXPECT_TRUE(j["outputs"]["energy"]["gradient"]["theta"].is_null());
}

TEST(Report, KeepsTheOrderOfItsSchema) {
  const Json j = report(job_of(one_scene), {});
  std::vector<std::string> keys;
  for (const auto& item : j.items()) keys.push_back(item.key());
  EXPECT_THAT(keys,
              ElementsAre("scene", "parameters", "choices", "solution", "derivative", "outputs", "forced", "file"));
}

TEST(Report, ShapesTheGradientOfAnArrayAsOutputThenParameter) {
  const Job job = job_of(shrink_scene);
  Findings f;
  f.outputs.push_back({"squares", {3}, Vec::Zero(3), Mat::Identity(3, 3)});
  const Json g = report(job, f)["outputs"]["squares"]["gradient"]["theta"];
  EXPECT_EQ(g.dump(), "[[1.0,0.0,0.0],[0.0,1.0,0.0],[0.0,0.0,1.0]]");
}

TEST(Report, SaysSoWhereNumbersAreForced) {
  const Job job = job_of(one_scene);
  Findings f;
  f.forced = true;
  EXPECT_EQ(report(job, f)["forced"], true);
  EXPECT_THAT(metadata(job, f).at("forced"), HasSubstr("no honest answer"));
  EXPECT_THAT(summary(job, f), HasSubstr("forced"));
}

TEST(Summary, ShowsAtMostEightNumbers) {
  EXPECT_EQ(preview({}, Vec{{0.1}}), "0.1");
  EXPECT_EQ(preview({2}, Vec{{1, 2.5}}), "(2,)  1 2.5");
  EXPECT_THAT(preview({9}, Vec::Ones(9)), testing::EndsWith("1 ..."));
}

TEST(Summary, PutsTimesIntoWords) {
  EXPECT_EQ(in_words(1.234e-5), "12.3 us");
  EXPECT_EQ(in_words(0.0123), "12.3 ms");
  EXPECT_EQ(in_words(2.5), "2.5 s");
}

TEST(Files, AreRefusedBeforeAnyWork) {
  const Scratch scratch;
  EXPECT_NO_THROW(require_place(scratch.path("a.npz"), array_endings()));
  EXPECT_NO_THROW(require_place("a.NPY", array_endings()));
  EXPECT_THROW(require_place("a.txt", array_endings()), WrongInput);
  EXPECT_THROW(require_place("a", array_endings()), WrongInput);
  EXPECT_THROW(require_place(scratch.path("no/a.npz"), array_endings()), WrongInput);
}

TEST(Files, HoldMatricesInCOrderWithNamedColumns) {
  const std::vector<optimality::Slot> parameters{{"a", {}, 0}, {"b", {2}, 1}};
  const io::NamedValue value = named_matrix("J", Mat{{1, 2}, {3, 4}}, parameters, 1);
  EXPECT_THAT(value.array.values, ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(value.column_names, ElementsAre("b[0]", "b[1]"));
}

}  // namespace
}  // namespace argscope::app
