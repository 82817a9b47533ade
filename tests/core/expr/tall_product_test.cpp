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

TEST(TallProduct, TakesAVectorWhereTheMatrixIsLarge) {
  const RowMajor X = random_matrix(2100, 130, 1), w = random_matrix(130, 1, 2), r = random_matrix(1, 2100, 3);
  RowMajor y(2100, 1), g(1, 130), h(130, 1);
  ASSERT_TRUE(tall_product(operand(X), operand(w), y.data(), 1));
  EXPECT_LT(error(y, X, w), rounding);
  ASSERT_TRUE(tall_product(operand(r), operand(X), g.data(), 130));
  EXPECT_LT(error(g, r, X), rounding);
  ASSERT_TRUE(tall_product(operand(X).transposed(), operand(r).transposed(), h.data(), 1));
  EXPECT_LT(error(h, X.transpose(), r.transpose()), rounding);
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
  EXPECT_FALSE(tall_product(operand(X), operand(one), C.data(), 1)) << "a vector and a small matrix";
  const RowMajor small = random_matrix(100, 64, 8), two = random_matrix(64, 2, 9);
  EXPECT_FALSE(tall_product(operand(small), operand(two), C.data(), 2)) << "not tall";
}

/// Those that this machine can run.
std::vector<const kernels::Table*> tables() {
  std::vector<const kernels::Table*> all{&kernels::baseline};
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) all.push_back(&kernels::avx2);
  if (&kernels::best() != all.back() && &kernels::best() != all.front()) all.push_back(&kernels::best());
  return all;
}

TEST(Kernels, OfEveryInstructionSetFormTallProducts) {
  for (const Index few : {1, 4, 9, 12}) {
    const RowMajor X = random_matrix(37, 29, 10), W = random_matrix(few, 29, 11), R = random_matrix(few, 37, 12);
    for (const kernels::Table* table : tables()) {
      RowMajor C(37, few), G = RowMajor::Zero(few, 29);
      table->few_dots(C.data(), few, X.data(), 29, W.data(), 29, 37, few, 29);
      EXPECT_LT(error(C, X, W.transpose()), rounding) << table->name;
      table->few_sums(G.data(), 29, R.data(), 1, 37, X.data(), 29, 37, few, 29);
      EXPECT_LT(error(G, R, X), rounding) << table->name;
    }
  }
}

TEST(Kernels, OfEveryInstructionSetTurnBlocksOfEightColumnsOverAndBack) {
  for (const Index rows : {0, 1, 7, 8, 21}) {
    const Mat X = random_matrix(rows + 2, 8, 13);  // two rows more than are turned
    for (const kernels::Table* table : tables()) {
      Mat lanes = Mat::Constant(8, rows, 7), back = Mat::Constant(rows + 2, 8, 7);
      table->interleave(lanes.data(), X.data(), rows + 2, rows);
      EXPECT_EQ(lanes, X.topRows(rows).transpose()) << table->name;
      table->separate(back.data(), rows + 2, lanes.data(), rows);
      EXPECT_EQ(back.topRows(rows), X.topRows(rows)) << table->name;
      EXPECT_TRUE((back.bottomRows(2).array() == 7).all()) << table->name;
    }
  }
}

TEST(Kernels, OfEveryInstructionSetMultiplyByLanes) {
  for (const Index lanes : {8, 3})
    for (const Index few : {1, 4, 13, 25}) {
      const RowMajor A = random_matrix(few, 31, 14), B = random_matrix(31, lanes, 15);
      for (const kernels::Table* table : tables()) {
        RowMajor C = RowMajor::Constant(few, lanes + 1, 7);
        table->lanes_product(C.data(), lanes + 1, B.data(), lanes, A.data(), 1, 31, few, 31, lanes);
        EXPECT_LT(error(C.leftCols(lanes), A, B), rounding) << table->name;
        EXPECT_TRUE((C.rightCols(1).array() == 7).all()) << table->name;
      }
    }
}

}  // namespace
}  // namespace argscope::expr
