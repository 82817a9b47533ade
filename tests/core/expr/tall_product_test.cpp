#include "core/expr/tall_product.h"

#include <gtest/gtest.h>

#include <random>

#include "core/expr/kernels/kernels.h"
#include "core/parallel.h"

namespace argscope::expr {
namespace {

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

RowMajor random_matrix(Index rows, Index cols, unsigned seed) {
  std::mt19937 draw(seed);
  std::normal_distribution<double> normal;
  return RowMajor::NullaryExpr(rows, cols, [&](Index, Index) { return normal(draw); });
}

Operand operand(const RowMajor& M) { return {M.data(), M.rows(), M.cols(), M.cols(), 1}; }

/// Relative to the sums of magnitudes: what rounding is measured by.
double error(const RowMajor& found, const RowMajor& A, const RowMajor& B) {
  const Mat terms = A.cwiseAbs() * B.cwiseAbs();
  return ((found - A * B).cwiseAbs().array() / terms.array()).maxCoeff();
}

constexpr double rounding = 1e-14;  // sums of some thousand terms, in two orders

TEST(TallProduct, IsTheProductWhicheverOfTheTwoIsTallAndHowItIsStored) {
  unsigned seed = 0;
  for (const Index rows : {512, 1021, 2600})
    for (const Index width : {64, 101})
      for (const Index few : {2, 5, 11, 16}) {
        const RowMajor X = random_matrix(rows, width, ++seed), W = random_matrix(few, width, ++seed);
        const RowMajor V = W.transpose(), R = random_matrix(few, rows, ++seed), Q = R.transpose();
        RowMajor C(rows, few), G(few, width), H(width, few);
        for (const Operand& columns : {operand(V), operand(W).transposed()}) {
          ASSERT_TRUE(tall_product(operand(X), columns, C.data(), few));
          EXPECT_LT(error(C, X, V), rounding) << rows << " x " << width << ", " << few;
        }
        for (const Operand& weights : {operand(R), operand(Q).transposed()}) {
          ASSERT_TRUE(tall_product(weights, operand(X), G.data(), width));
          EXPECT_LT(error(G, R, X), rounding) << rows << " x " << width << ", " << few;
          ASSERT_TRUE(tall_product(operand(X).transposed(), weights.transposed(), H.data(), few));
          EXPECT_LT(error(H, X.transpose(), Q), rounding) << rows << " x " << width << ", " << few;
        }
      }
}

TEST(TallProduct, WritesWithinALargerArray) {
  const RowMajor X = random_matrix(700, 70, 1), W = random_matrix(70, 3, 2);
  RowMajor C = RowMajor::Constant(700, 8, 7);
  ASSERT_TRUE(tall_product(operand(X), operand(W), C.data() + 2, 8));
  EXPECT_LT(error(C.middleCols(2, 3), X, W), rounding);
  EXPECT_TRUE((C.leftCols(2).array() == 7).all() && (C.rightCols(3).array() == 7).all());
}

TEST(TallProduct, HasTheSameBitsForAnyNumberOfThreads) {
  const RowMajor X = random_matrix(5000, 65, 3), R = random_matrix(7, 5000, 4);
  RowMajor one(7, 65), two(7, 65);
  with_threads(1, [&] { tall_product(operand(R), operand(X), one.data(), 65); });
  with_threads(2, [&] { tall_product(operand(R), operand(X), two.data(), 65); });
  EXPECT_EQ(one, two);
}

TEST(TallProduct, LeavesOthersToTheGeneralProduct) {
  const RowMajor X = random_matrix(600, 64, 5), many = random_matrix(64, 17, 6), one = random_matrix(64, 1, 7);
  RowMajor C(600, 17);
  EXPECT_FALSE(tall_product(operand(X), operand(many), C.data(), 17)) << "not few columns";
  EXPECT_FALSE(tall_product(operand(X), operand(one), C.data(), 1)) << "a vector";
  const RowMajor small = random_matrix(100, 64, 8), two = random_matrix(64, 2, 9);
  EXPECT_FALSE(tall_product(operand(small), operand(two), C.data(), 2)) << "not tall";
}

TEST(Kernels, OfEveryInstructionSetFormTallProducts) {
  const RowMajor X = random_matrix(37, 29, 10), W = random_matrix(9, 29, 11), R = random_matrix(9, 37, 12);
  std::vector<const kernels::Table*> tables{&kernels::baseline};
  if (&kernels::best() != &kernels::baseline) tables.push_back(&kernels::best());
  for (const kernels::Table* table : tables) {
    RowMajor C(37, 9), G = RowMajor::Zero(9, 29);
    table->few_dots(C.data(), 9, X.data(), 29, W.data(), 29, 37, 9, 29);
    EXPECT_LT(error(C, X, W.transpose()), rounding) << table->name;
    table->few_sums(G.data(), 29, R.data(), 1, 37, X.data(), 29, 37, 9, 29);
    EXPECT_LT(error(G, R, X), rounding) << table->name;
  }
}

}  // namespace
}  // namespace argscope::expr
