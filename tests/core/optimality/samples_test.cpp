#include "core/optimality/samples.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/core/optimality/statements.h"

namespace argscope::optimality {
namespace {

Vec normal_vector(Index n, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal;
  return Vec::NullaryExpr(n, [&] { return normal(random); });
}

expr::Array normal_array(const expr::Shape& shape, unsigned seed) {
  const Vec v = normal_vector(shape.size(), seed);
  return filled(shape, [&](Index k) { return v[k]; });
}

/// 23 samples of 4 features, a number and one parameter a sample.
Written stating(const std::string& minimize) {
  return {.variables = {{"w", normal_array({4}, 1)}},
          .parameters = {parameter("theta", {{}, {0.7}}), parameter("z", normal_array({23}, 5))},
          .data = {{"X", normal_array({23, 4}, 2)}, {"y", normal_array({23}, 3)}},
          .minimize = minimize};
}

struct Case {
  std::string_view name;
  std::string minimize;
  bool mean;
};

const std::vector<Case>& of_samples() {
  static const std::vector<Case> all{
      {"Mean", "mean((X @ w - y)**2) + theta*sum(w**2)", true},
      {"Logistic", "mean(log(1 + exp(-y*(X @ w)))) + 0.5*theta*sum(w**2)", true},
      {"Sum", "0.5*sum((X @ w - y)**2)", false},
      {"SumAndPenalty", "0.5*sum((X @ w - y)**2) + theta*sum(w**4)", false},
      {"MeanWrittenOut", "sum((X @ w - y)**2)/23 + theta*sum(w**2)", false},
      {"MeanOverParameters", "mean(log(1 + exp(-z*(X @ w)))) + 0.5*theta*sum(w**2)", true},
      {"SumOverParameters", "sum((X @ w - z)**2) + 0.5*theta*sum(w**2)", false}};
  return all;
}

class OfSamples : public ::testing::TestWithParam<Case> {
 protected:
  ModelPtr model_ = build_model(stated(stating(GetParam().minimize)));
  Vec theta_ = model_->initial_parameters();
  Vec x_ = normal_vector(4, 9);
  std::vector<Batch> batches_ = batches_of(*model_, model_->start(theta_), theta_, 5);
};

TEST_P(OfSamples, AreCutIntoBatchesWhoseMeanIsTheSlope) {
  ASSERT_EQ(batches_.size(), 5u);
  Vec mean = Vec::Zero(4);
  for (const Batch& b : batches_) mean += b.slope->value_at(x_, theta_) / 5;
  const Vec whole = model_->slope()->value_at(x_, theta_);
  EXPECT_LT((mean - whole).norm(), 1e-12 * (1 + whole.norm()));  // sums of 23 terms of the order of ten
  EXPECT_GT((batches_[0].slope->value_at(x_, theta_) - whole).norm(), 1e-3);
}

TEST_P(OfSamples, AreCutIntoBatchesWhoseDerivativesAreOfTheWholeParameters) {
  Mat dx = Mat::Zero(4, 4), dtheta = Mat::Zero(4, 24);
  for (const Batch& b : batches_) {
    const auto at = b.slope->linearize(x_, theta_);
    dx += at.dx->dense() / 5;
    dtheta += at.dtheta->dense() / 5;
    Mat transposed(24, 4);
    at.dtheta->apply_transposed(Mat::Identity(4, 4), transposed);
    EXPECT_LT((transposed.transpose() - at.dtheta->dense()).norm(), 1e-12 * (1 + transposed.norm()));
  }
  const auto whole = model_->slope()->linearize(x_, theta_);
  EXPECT_LT((dx - whole.dx->dense()).norm(), 1e-12 * (1 + whole.dx->dense().norm()));
  EXPECT_LT((dtheta - whole.dtheta->dense()).norm(), 1e-12 * (1 + whole.dtheta->dense().norm()));
}

TEST_P(OfSamples, KnowTheProblemOfABatchWhereAMeanHasOne) {
  for (const Batch& b : batches_) EXPECT_EQ(b.mapping != nullptr, GetParam().mean);
}

INSTANTIATE_TEST_SUITE_P(Objectives, OfSamples, ::testing::ValuesIn(of_samples()),
                         [](const auto& given) { return std::string(given.param.name); });

TEST(Samples, AreNotFoundWhereTheyMeet) {
  for (const char* minimize : {"mean(X @ w - y)**2 + theta*sum(w**2)", "log(sum(exp(X @ w - y))) + theta*sum(w**2)",
                               "norm(X @ w - y) + theta*sum(w**2)", "theta*sum(w**2)"}) {
    const auto model = build_model(stated(stating(minimize)));
    const Vec theta = model->initial_parameters();
    EXPECT_TRUE(batches_of(*model, model->start(theta), theta, 5).empty()) << minimize;
  }
}

TEST(Samples, OfAnEquationAreNone) {
  Written w = stating("");
  w.root = {"X.T @ (X @ w - y)"};
  const auto model = build_model(stated(w));
  const Vec theta = model->initial_parameters();
  EXPECT_TRUE(batches_of(*model, model->start(theta), theta, 5).empty());
}

TEST(Samples, AreAsManyBatchesAsTheyAreAtMost) {
  const auto model = build_model(stated(stating(of_samples().front().minimize)));
  const Vec theta = model->initial_parameters();
  EXPECT_EQ(batches_of(*model, model->start(theta), theta, 100).size(), 23u);
}

}  // namespace
}  // namespace argscope::optimality
