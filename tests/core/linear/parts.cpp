// The parts that the methods are made of.
#include <gtest/gtest.h>

#include <Eigen/LU>

#include "core/linear/analysis.h"
#include "core/linear/condition.h"
#include "core/linear/null_space.h"
#include "core/linear/panels.h"
#include "core/linear/scaling.h"
#include "core/linear/tiles.h"
#include "tests/core/linear/matrices.h"

namespace argscope::linear {
namespace {

using namespace testing;

TEST(Tiles, InvertTrianglesOfEverySize) {
  Generator generator(70);
  for (const Index n : {1, 7, 8, 9, 23, 40, 63, 64}) {
    Mat L = random_matrix(n, n, generator).triangularView<Eigen::Lower>();
    L.diagonal().array() += 10;
    Mat inverse = Mat::Constant(n, n, 99);
    tiles::invert(lapack::view(L), lapack::panel(inverse));
    EXPECT_LE((L * inverse - Mat::Identity(n, n)).norm(), 1e-13 * static_cast<double>(n));
    EXPECT_EQ(Mat(inverse.triangularView<Eigen::StrictlyUpper>()).norm(), 0);
  }
}

TEST(Tiles, CholeskyLeavesTheUpperTriangleAlone) {
  Generator generator(71);
  for (const Index n : {1, 64, 65, 200}) {
    const Mat A = positive_definite(n, 50, generator);
    Mat F = A, inverses;
    ASSERT_TRUE(tiles::cholesky(F, inverses));
    const Mat L = F.triangularView<Eigen::Lower>();
    EXPECT_LE((L * L.transpose() - A).norm(), 1e-14 * static_cast<double>(n));
    EXPECT_EQ(Mat(F.triangularView<Eigen::StrictlyUpper>()), Mat(A.triangularView<Eigen::StrictlyUpper>()));
  }
}

TEST(Tiles, CholeskyRefusesAnIndefiniteMatrix) {
  Mat A = Mat::Identity(100, 100), inverses;
  A(80, 80) = -1;
  EXPECT_FALSE(tiles::cholesky(A, inverses));
}

/// The tables that this processor can run.
std::vector<const sparse::PanelLoops*> runnable() {
  std::vector<const sparse::PanelLoops*> tables{&sparse::panels_baseline};
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) tables.push_back(&sparse::panels_avx2);
  if (&sparse::best_panels() == &sparse::panels_avx512) tables.push_back(&sparse::panels_avx512);
  return tables;
}

TEST(Panels, MultiplyInEveryInstructionSet) {
  Generator generator(72);
  for (const auto* loops : runnable()) {
    for (const auto& [m, k, p] : {std::tuple{1, 1, 1}, {7, 3, 2}, {8, 4, 5}, {17, 6, 9}, {40, 13, 31}}) {
      const Index ld = m + 8;
      const Mat A = random_matrix(ld, p + 1, generator), B = random_matrix(k, p, generator);
      Mat C((m + 7) / 8 * 8, k);
      loops->product(C.data(), C.rows(), A.data(), B.data(), ld, k, m, k, p);
      const Mat expected = A.topLeftCorner(m, p) * B.transpose();
      EXPECT_LE((C.topRows(m) - expected).norm(), 1e-13 * (1 + expected.norm())) << loops->name;
    }
  }
}

TEST(Panels, FactorSignedPivotsInEveryInstructionSet) {
  Generator generator(73);
  for (const auto* loops : runnable()) {
    for (const Index width : {1, 3, 4, 10, 19}) {
      const Index rows = width + 11, ld = (rows + 7) / 8 * 8;
      Vec values = Vec::LinSpaced(width, 1, 2);
      Mat A = with_eigenvalues(values, generator);
      for (Index i = 0; i < width; i += 2) A.row(i) *= 3, A.col(i) *= 3;
      A.diagonal().tail(width / 2) *= -1;  // still strongly regular: leading minors do not vanish for these matrices
      const Mat below = random_matrix(rows - width, width, generator);
      Mat L = Mat::Zero(ld, width + 1);
      L.topLeftCorner(width, width) = A;
      L.block(width, 0, rows - width, width) = below;
      const Vec scale = A.diagonal().cwiseAbs();
      Vec ratio(width), inverse(width);
      loops->factor(L.data(), ld, rows, width, {scale.data(), ratio.data(), inverse.data(), 1e-11});
      const Mat T = L.topLeftCorner(width, width).triangularView<Eigen::Lower>();
      const Mat S = ratio.array().sign().matrix().asDiagonal();
      EXPECT_LE((T * S * T.transpose() - A).norm(), 1e-11 * A.norm()) << loops->name << " " << width;
      EXPECT_LE((L.block(width, 0, rows - width, width) * S * T.transpose() - below).norm(), 1e-11 * below.norm());
      EXPECT_LE((inverse.cwiseProduct(T.diagonal()) - Vec::Ones(width)).norm(), 1e-14 * static_cast<double>(width));
    }
  }
}

TEST(Panels, ReplaceAVanishingPivot) {
  Mat L = Mat::Zero(8, 3);
  L.topLeftCorner(2, 2) = Mat::Ones(2, 2);
  const Vec scale = Vec::Ones(2);
  Vec ratio(2), inverse(2);
  sparse::best_panels().factor(L.data(), 8, 8, 2, {scale.data(), ratio.data(), inverse.data(), 1e-11});
  EXPECT_EQ(ratio, Vec::Unit(2, 0));
  EXPECT_EQ(L(1, 1), 1);
}

TEST(Panels, SolveAloneAndSideBySideInEveryInstructionSet) {
  Generator generator(74);
  for (const auto* loops : runnable()) {
    for (const Index width : {1, 2, 5, 8, 13}) {
      const Index below = 9, n = width + 2 * below, rows = width + below, ld = (rows + 7) / 8 * 8;
      Mat L = Mat::Zero(ld, width + 1);
      L.topLeftCorner(rows, width) = random_matrix(rows, width, generator);
      L.diagonal().array() += 10;
      std::vector<int> row;
      for (Index i = 0; i < rows; ++i) row.push_back(static_cast<int>(i < width ? i : width + 2 * (i - width)));
      const Vec inverse = L.diagonal().head(width).cwiseInverse();
      const sparse::Triangle t{L.data(), ld, rows, width, row.data(), inverse.data(), 0};
      Mat full = Mat::Identity(n, n);  // the supernode's columns of a whole factor
      for (Index r = 0; r < rows; ++r) {
        for (Index c = 0; c < std::min(r + 1, width); ++c) full(row[r], c) = L(r, c);
      }
      const Mat X = random_matrix(8, n, generator);
      Mat Y = X, Z = X;
      loops->forward(t, Y.data());
      loops->backward(t, Z.data());
      const Mat forward = full.triangularView<Eigen::Lower>().solve(X.transpose());
      const Mat backward = full.triangularView<Eigen::Lower>().transpose().solve(X.transpose());
      EXPECT_LE((Y.transpose() - forward).norm(), 1e-12 * forward.norm()) << loops->name;
      EXPECT_LE((Z.transpose() - backward).norm(), 1e-12 * backward.norm()) << loops->name;
      Vec y = X.row(3), z = y, work(rows + 8);
      loops->forward_one(t, y.data(), work.data());
      loops->backward_one(t, z.data(), work.data());
      EXPECT_LE((y - forward.col(3)).norm(), 1e-12 * y.norm()) << loops->name;
      EXPECT_LE((z - backward.col(3)).norm(), 1e-12 * z.norm()) << loops->name;
    }
  }
}

TEST(Analysis, PlacesEveryEntryOfThePatternOnce) {
  Generator generator(75);
  const Network network(13, 1.0, generator);
  const PatternedMatrix H = network.hessian(0, {});
  const auto a = sparse::analyse(*H.pattern);
  ASSERT_TRUE(a);
  std::vector<std::int64_t> places = a->place;
  std::sort(places.begin(), places.end());
  EXPECT_EQ(std::unique(places.begin(), places.end()), places.end());
  EXPECT_EQ(places.size(), H.values.size());
  EXPECT_GE(places.front(), 0);
  EXPECT_LT(places.back(), a->size);
  std::vector<int> order = a->order;
  std::sort(order.begin(), order.end());
  for (int i = 0; i < a->n; ++i) EXPECT_EQ(order[i], i);
}

TEST(Analysis, ListsChildrenBeforeParents) {
  Generator generator(76);
  const Network network(20, 0.8, generator);
  const auto a = sparse::analyse(*network.hessian(0, {}).pattern);
  ASSERT_TRUE(a);
  for (std::size_t s = 0; s < a->nodes.size(); ++s) {
    const sparse::Supernode& node = a->nodes[s];
    EXPECT_TRUE(node.parent < 0 || node.parent > static_cast<int>(s));
    EXPECT_LE(node.first_descendant, static_cast<int>(s));
    for (int u = a->update_start[s]; u < a->update_start[s + 1]; ++u) {
      EXPECT_GE(a->updates[u].from, node.first_descendant);
      EXPECT_LT(a->updates[u].from, static_cast<int>(s));
    }
  }
}

TEST(Analyses, AreKeptByThePatternsAddress) {
  Generator generator(77);
  const Network network(4, 1.0, generator);
  const auto one = network.hessian(0, {}).pattern, equal = network.hessian(0, {}).pattern;
  sparse::Analyses analyses;
  const auto first = analyses.of(one);
  EXPECT_EQ(analyses.of(one), first);
  EXPECT_NE(analyses.of(equal), first);
  EXPECT_EQ(analyses.of(one), first);
}

TEST(NullSpace, OrthonormalLeavesDependentColumnsOut) {
  Generator generator(78);
  Mat Z(20, 4);
  Z.leftCols(2) = random_matrix(20, 2, generator);
  Z.col(2) = 2 * Z.col(0) - Z.col(1);
  Z.col(3).setZero();
  const Mat Q = orthonormal(Z);
  ASSERT_EQ(Q.cols(), 2);
  EXPECT_LE((Q.transpose() * Q - Mat::Identity(2, 2)).norm(), 1e-14);
}

TEST(NullSpace, IndependentRowsCanBeSolvedWith) {
  Generator generator(79);
  Mat Z = random_matrix(30, 3, generator);
  Z.topRows(20).setZero();  // coordinates that must not be chosen
  const std::vector<int> rows = independent_rows(Z);
  Mat chosen(3, 3);
  for (int k = 0; k < 3; ++k) {
    EXPECT_GE(rows[k], 20);
    chosen.row(k) = Z.row(rows[k]);
  }
  EXPECT_GT(std::abs(chosen.determinant()), 0.1);
}

TEST(Scaling, BringsRowsAndColumnsNearOne) {
  Generator generator(80);
  const Vec wild = Vec::LinSpaced(15, -30, 30).unaryExpr([](double t) { return std::exp2(t); });
  const Mat A = wild.asDiagonal() * random_matrix(15, 15, generator) * wild.reverse().asDiagonal();
  const auto [r, c] = general_scaling(A);
  const Mat balanced = r.asDiagonal() * A * c.asDiagonal();
  // three passes leave the eighth root of a spread of 2^60
  EXPECT_GT(balanced.cwiseAbs().colwise().maxCoeff().minCoeff(), 1.0 / 256);
  EXPECT_LT(balanced.cwiseAbs().maxCoeff(), 256);
  for (Index i = 0; i < 15; ++i) EXPECT_EQ(std::exp2(std::round(std::log2(r(i)))), r(i));  // powers of two
}

TEST(Condition, NormIsTheGreatestSingularValue) {
  Generator generator(81);
  const Mat A = with_singular_values(Vec::LinSpaced(50, 0, 7), generator);
  EXPECT_NEAR(spectral_norm(*dense_operator(A, false)), 7, 0.2);  // from below, within a few per cent
  EXPECT_EQ(spectral_norm(*dense_operator(Mat::Zero(5, 5), true)), 0);
}

}  // namespace
}  // namespace argscope::linear
