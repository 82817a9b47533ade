#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "core/io/arrays.h"
#include "tests/app/command_line_tools.h"

namespace argscope::app {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr double solved = 1e-8;  // the solver's tolerance is 1e-10 of terms of size one

using Train = CommandTest;

TEST_F(Train, MovesAParameterDownhillThroughTheSolver) {
  const auto report =
      done({"train", one, "--of", "energy", "--rate", "0.1", "--steps", "60", "--json", "--out", scratch.path("t.npz")})
          .json();
  EXPECT_EQ(report["parameters"]["theta"], 4) << "energy falls up to the end of the range";
  EXPECT_EQ(report["training"]["steps"], 60);
  EXPECT_NEAR(report["training"]["first_and_last"]["energy"][0].get<double>(), 1, solved);
  EXPECT_NEAR(report["training"]["first_and_last"]["energy"][1].get<double>(), 4.0 / 25, solved);
  EXPECT_EQ(array("t.npz", "theta").values, (std::vector<double>{4}));
  const expr::Array course = array("t.npz", "course");
  EXPECT_EQ(course.shape, (expr::Shape{61, 1}));
  EXPECT_TRUE(std::is_sorted(course.values.rbegin(), course.values.rend()));
}

TEST_F(Train, WritesWhatSetReads) {
  done({"train", shrink, "--of", "total", "--wrt", "theta", "--steps", "3", "--out", scratch.path("theta.npy")});
  const auto again = done({"solve", shrink, "--json", "--set", "theta=" + scratch.path("theta.npy")}).json();
  EXPECT_EQ(again["parameters"]["theta"].get<std::vector<double>>(), array("theta.npy", "").values);
}

/// IDX bytes: 300 images of 6 × 6 pixels, the k-th lit in its own places; or their labels, k mod 10.
std::string idx_of_digits(bool images) {
  std::string bytes{0, 0, 8, char(images ? 3 : 1), 0, 0, 1, 44};  // 256 + 44
  if (images) bytes += std::string{0, 0, 0, 6, 0, 0, 0, 6};
  for (int k = 0; k < 300; ++k)
    for (int pixel = 0; pixel < (images ? 36 : 1); ++pixel)
      bytes += images ? char(pixel % 10 == k % 10 ? 120 : (pixel * k) % 7) : char(k % 10);
  return bytes;
}

TEST_F(Train, DistilsAnyFolderOfImages) {
  scratch.file("my-images-idx3-ubyte", idx_of_digits(true));
  scratch.file("my-labels-idx1-ubyte", idx_of_digits(false));
  const auto report = done({"train", "distillation", "--data", scratch.path(""), "--set", "kept=120", "--of",
                            "train_loss", "--wrt", "theta", "--steps", "30", "--json", "--out", scratch.path("t.npy")})
                          .json();
  EXPECT_EQ(array("t.npy", "").shape, (expr::Shape{10, 36}));
  const auto& loss = report["training"]["first_and_last"]["train_loss"];
  EXPECT_LT(loss[1].get<double>(), 0.9 * loss[0].get<double>());
  EXPECT_EQ(report["outputs"]["test_accuracy"]["value"], 1) << "no two digits share a lit pixel";
}

TEST_F(Train, RefusesWhatCannotFall) {
  const Outcome array = run_here({"train", shrink, "--of", "squares"});
  EXPECT_EQ(array.status, 2);
  EXPECT_THAT(array.err, AllOf(HasSubstr("squares"), HasSubstr("(3,)"), HasSubstr("one number")));
  EXPECT_EQ(run_here({"train", shrink, "--of", "totl"}).status, 2);
  EXPECT_EQ(run_here({"train", shrink, "--of", "total", "--steps", "0"}).status, 2);
}

TEST_F(Train, EndsWhereThereIsNoDerivativeAndWritesNothing) {
  const Outcome o = run_here({"train", loose, "--of", "x", "--out", scratch.path("t.npz")});
  EXPECT_EQ(o.status, 3);
  EXPECT_THAT(o.err, HasSubstr("after 0 of 200 steps"));
  EXPECT_FALSE(scratch.has("t.npz"));
}

}  // namespace
}  // namespace argscope::app
