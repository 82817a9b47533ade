#include <gtest/gtest.h>

#include "core/parallel.h"
#include "tests/core/linear/matrices.h"

namespace argscope::linear {
namespace {

using namespace testing;

constexpr double rounding = 1e-13;  // products of some dozens of numbers of size one

TEST(LinearOperator, BecomesDenseByProductsWithTheIdentity) {
  Generator generator(1);
  for (const auto& [rows, cols] : {std::pair{1, 1}, {3, 17}, {40, 8}, {5, 0}}) {
    const Mat A = random_matrix(rows, cols, generator);
    EXPECT_LE((ProductsOnly(A, false).dense() - A).norm(), rounding);
  }
}

TEST(DenseOperator, MultipliesBlocksFromBothSides) {
  Generator generator(2);
  const Mat A = random_matrix(30, 20, generator), X = random_matrix(20, 130, generator),
            V = random_matrix(30, 1, generator);
  const OperatorPtr op = dense_operator(A, false);
  Mat Y(30, 130), W(20, 1);
  op->apply(X, Y);
  op->apply_transposed(V, W);
  EXPECT_LE((Y - A * X).norm(), rounding * Y.norm());
  EXPECT_LE((W - A.transpose() * V).norm(), rounding * W.norm());
  EXPECT_TRUE(op->structure().dense);
  EXPECT_FALSE(op->structure().symmetric);
}

TEST(SparseOperator, ReadsTheLowerTriangleOfASymmetricMatrix) {
  Generator generator(3);
  Mat A = random_matrix(25, 25, generator);
  A = (A.array().abs() < 1).select(Mat::Zero(25, 25), A);
  A = (A + A.transpose()).eval();
  const OperatorPtr op = sparse_operator(patterned(A, true), true);
  const Mat X = random_matrix(25, 19, generator);
  Mat Y(25, 19), Z(25, 19);
  op->apply(X, Y);
  op->apply_transposed(X, Z);
  EXPECT_LE((Y - A * X).norm(), rounding * Y.norm());
  EXPECT_EQ(Y, Z);
  EXPECT_EQ(op->dense(), A);
}

TEST(SparseOperator, MultipliesAGeneralRectangleFromBothSides) {
  Generator generator(4);
  Mat A = random_matrix(12, 31, generator);
  A = (A.array().abs() < 1).select(Mat::Zero(12, 31), A);
  const OperatorPtr op = sparse_operator(patterned(A, false), false);
  const Mat X = random_matrix(31, 9, generator), V = random_matrix(12, 2, generator);
  Mat Y(12, 9), W(31, 2);
  op->apply(X, Y);
  op->apply_transposed(V, W);
  EXPECT_LE((Y - A * X).norm(), rounding * Y.norm());
  EXPECT_LE((W - A.transpose() * V).norm(), rounding * W.norm());
  EXPECT_EQ(op->dense(), A);
}

TEST(SparseOperator, SharesItsPattern) {
  Generator generator(5);
  PatternedMatrix A = patterned(random_matrix(4, 4, generator), false);
  const auto pattern = A.pattern;
  EXPECT_EQ(sparse_operator(std::move(A), false)->sparse()->pattern, pattern);
}

TEST(Methods, NamesGoThereAndBack) {
  for (const std::string_view text : method_names()) {
    const auto method = method_named(text);
    ASSERT_TRUE(method.has_value()) << text;
    EXPECT_EQ(name(*method), text);
  }
  EXPECT_EQ(method_named("min_norm"), Method::MinNorm);
  EXPECT_EQ(method_names().size(), 14u);
  EXPECT_FALSE(method_named("gauss").has_value());
  EXPECT_FALSE(method_named("").has_value());
}

}  // namespace
}  // namespace argscope::linear
