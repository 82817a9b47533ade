/// The built program as the shell sees it: exit statuses, what goes to which stream, pictures without a display.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/io/arrays.h"
#include "tests/app/command_line_tools.h"

namespace argscope::app {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class Program : public testing::Test {
 protected:
  Scratch scratch;
  const std::string shrink = scratch.file("shrink.toml", shrink_scene);
  const std::string loose = scratch.file("loose.toml", loose_scene);

  static Outcome run(const std::vector<std::string>& words) { return run_program(words, ""); }
};

TEST_F(Program, EndsWithTheStatusesOfItsContract) {
  EXPECT_EQ(run({"solve", shrink}).status, 0);
  EXPECT_EQ(run({"check", shrink}).status, 0);
  EXPECT_EQ(run({"solve", "nowhere"}).status, 2);
  EXPECT_EQ(run({"solve", shrink, "--wrong"}).status, 2);
  EXPECT_EQ(run({"gradient", loose}).status, 3);
  EXPECT_EQ(run({"gradient", loose, "--force"}).status, 0);
  EXPECT_EQ(run({"--help"}).status, 0);
}

TEST_F(Program, PrintsOneObjectAndNothingElseUnderJson) {
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"solve", shrink, "--json"}, {"check", shrink, "--json"}, {"gradient", loose, "--json"}}) {
    const Outcome o = run(words);
    EXPECT_THAT(o.out, StartsWith("{"));
    EXPECT_NO_THROW(o.json()) << o.out;  // the parser refuses anything behind the object, NaN and Infinity
  }
}

TEST_F(Program, SaysOneThingOnTheErrorStreamWhenWordsAreWrong) {
  const Outcome o = run({"solve", shrink, "--json", "--set", "thta=2"});
  EXPECT_EQ(o.status, 2);
  EXPECT_THAT(o.out, IsEmpty());
  EXPECT_EQ(lines(o.err).size(), 1u) << o.err;
}

TEST_F(Program, ComesBackBeforeAWindowOpensOnAWrongName) {
  const Outcome o = run({"sovle"});
  EXPECT_EQ(o.status, 2);
  EXPECT_THAT(o.err, HasSubstr("'solve'"));
}

TEST_F(Program, CannotWriteWhereItMayNot) {
  const Outcome o = run({"solve", shrink, "--out", "/proc/no-file-can-be-made-here.npz"});
  EXPECT_EQ(o.status, 2);
  EXPECT_THAT(o.err, HasSubstr("/proc/"));
}

TEST_F(Program, GivesTheSameBitsForAnyNumberOfThreads) {
  ASSERT_EQ(run({"jacobian", shrink, "--threads", "1", "--out", scratch.path("one.npy")}).status, 0);
  ASSERT_EQ(run({"jacobian", shrink, "--threads", "2", "--out", scratch.path("two.npy")}).status, 0);
  EXPECT_EQ(io::read_array(scratch.path("one.npy"), "").values, io::read_array(scratch.path("two.npy"), "").values);
}

TEST_F(Program, DrawsWithoutADisplay) {
  const std::vector<std::string> words{"render", shrink, "--size", "320x240", "--out", scratch.path("p.png")};
  const Outcome o = run_program(words, "-u DISPLAY");
  if (o.status == 2 && o.err.find("xvfb") != std::string::npos) GTEST_SKIP() << o.err;
  ASSERT_EQ(o.status, 0) << o.err;
  EXPECT_THAT(scratch.read("p.png"), StartsWith("\x89PNG"));
  const expr::Array picture = io::read_array(scratch.path("p.png"), "");
  EXPECT_EQ(picture.shape, (expr::Shape{240, 320}));
}

TEST_F(Program, DrawsWhenTheDisplayDoesNotAnswer) {
  const Outcome o = run_program({"render", shrink, "--size", "64x64", "--out", scratch.path("p.png")}, "DISPLAY=:4711");
  if (o.status == 2 && o.err.find("xvfb") != std::string::npos) GTEST_SKIP() << o.err;
  EXPECT_EQ(o.status, 0) << o.err;
}

TEST_F(Program, AsksForADisplayWhenNoneCanBeHad) {
  const std::vector<std::string> words{"render", shrink, "--size", "64x64", "--out", scratch.path("p.png")};
  const Outcome o = run_program(words, "-u DISPLAY PATH=" + scratch.path("empty"));
  EXPECT_EQ(o.status, 2);
  EXPECT_THAT(o.err, HasSubstr("needs a display"));
  EXPECT_FALSE(scratch.has("p.png"));
}

TEST_F(Program, DrawsThePictureOfASolutionWithoutDerivative) {
  const Outcome o = run({"render", loose, "--size", "200x150", "--json", "--out", scratch.path("p.png")});
  if (o.status == 2 && o.err.find("xvfb") != std::string::npos) GTEST_SKIP() << o.err;
  ASSERT_EQ(o.status, 0) << o.err;
  EXPECT_EQ(o.json()["derivative"]["defined"], false);
  EXPECT_TRUE(scratch.has("p.png"));
}

}  // namespace
}  // namespace argscope::app
