// The losses of classification: gradients and Hessians that are known.
#include <gtest/gtest.h>

#include <cmath>

#include "core/expr/derivatives.h"
#include "tests/core/expr/evaluation.h"
#include "tests/core/expr/trial.h"

namespace argscope::expr {
namespace {

using check::expect_close;
using check::Numbers;

/// The gradient of Σ text in the variable `s` at these scores, and its derivative along d.
struct Slopes {
  Numbers gradient, along;
};
Slopes slopes(const std::string& text, const Array& scores, const Numbers& d) {
  Graph g;
  const Values values{{"s", scores}};
  GivenNames names(g, values, true);
  const Id f = sum(g, compile(g, {text, {}}, names), std::nullopt, false);
  const Id s = *names.find("s"), first = gradient(g, f, Ids{s})[0];
  const Id outs[] = {first}, wrt[] = {s}, dirs[] = {g.input("d", scores.shape, true)};
  const auto numbers = check::run(g, {{s, scores.values}, {dirs[0], d}}, {first, jvp(g, outs, wrt, dirs)[0]}, 1);
  return {numbers[0], numbers[1]};
}

const Array scores{{2, 3}, {0.75, -0.25, 0.5, 1.5, -0.5, 1}};
constexpr double rounding = 1e-15;

TEST(SparsemaxLoss, HasSparsemaxLessTheLabelAsItsGradient) {
  const Slopes at = slopes("multiclass_sparsemax_loss([2, 0], s)", scores, {1, 5, 0, 0, 0, 2});
  expect_close(at.gradient, {0.625, 0, -0.625, -0.25, 0, 0.25}, rounding, "p - e");
  // two entries are active in each row: half their difference moves from one to the other
  expect_close(at.along, {0.5, 0, -0.5, -1, 0, 1}, rounding, "the derivative of sparsemax");
}

TEST(HingeLoss, TakesTheWorstRivalLessTheLabel) {
  const Slopes at = slopes("multiclass_hinge_loss([2, 0], s)", scores, {1, 1, 1, 1, 1, 1});
  EXPECT_EQ(at.gradient, Numbers({1, 0, -1, -1, 0, 1}));
  EXPECT_EQ(at.along, Numbers(6, 0));
}

TEST(PerceptronLoss, IsFlatWhereTheLabelWins) {
  EXPECT_EQ(slopes("multiclass_perceptron_loss([2, 0], s)", scores, Numbers(6, 1)).gradient,
            Numbers({1, 0, -1, 0, 0, 0}));
}

TEST(BinaryLosses, HaveTheirSlopesOnBothSidesOfTheMargin) {
  const Array four{{4}, {0.5, 0.5, -2, -2}};
  const auto gradient_of = [&](const std::string& loss) {
    return slopes(loss + "([1, 0, 1, 0], s)", four, Numbers(4, 1)).gradient;
  };
  EXPECT_EQ(gradient_of("binary_hinge_loss"), Numbers({-1, 1, -1, 0}));
  EXPECT_EQ(gradient_of("binary_perceptron_loss"), Numbers({0, 1, -1, 0}));
  EXPECT_EQ(gradient_of("binary_sparsemax_loss"), Numbers({-0.25, 0.75, -1, 0}));
  EXPECT_EQ(slopes("binary_sparsemax_loss([1, 0, 1, 0], s)", four, Numbers(4, 1)).along, Numbers({0.5, 0.5, 0, 0}));
}

TEST(Losses, RefuseScoresThatDoNotFitTheirLabels) {
  const Values values{{"s", scores}};
  for (const std::string loss : {"hinge", "perceptron", "sparsemax", "logistic"})
    EXPECT_NE(complaint({"multiclass_" + loss + "_loss([0, 1, 2], s)", {}}, values)
                  .find("one row of scores a label is expected: labels (3,), scores (2, 3)"),
              std::string::npos)
        << loss;
}

}  // namespace
}  // namespace argscope::expr
