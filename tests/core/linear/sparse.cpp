// Contact networks: sizes from a few discs to the ones where subtrees run in parallel.
#include <gtest/gtest.h>

#include "core/parallel.h"
#include "tests/core/linear/matrices.h"

namespace argscope::linear {
namespace {

using namespace testing;

std::shared_ptr<const Factorization> factorize(const PatternedMatrix& H, const Mat& Z, Factorizer& factorizer) {
  Options options;
  options.method = Method::Sparse;
  return factorizer.factorize(sparse_operator(H, true), options, Z);
}

Mat consistent_right_hand_side(const PatternedMatrix& H, Index columns, Generator& generator) {
  Mat B(H.pattern->rows, columns);
  sparse_operator(H, true)->apply(random_matrix(B.rows(), columns, generator), B);
  return B;
}

TEST(Packing, HasItsTranslationsPinnedAndRemoved) {
  Generator generator(50);
  for (const int side : {5, 12, 40}) {
    const Network network(side, 1.0, generator);
    const PatternedMatrix H = network.hessian(0, {});
    Factorizer factorizer;
    const auto factorization = factorize(H, network.translations(), factorizer);
    ASSERT_TRUE(factorization->quality().usable) << factorization->quality().why;
    EXPECT_EQ(factorization->quality().null_modes, 2);
    EXPECT_EQ(factorization->quality().negative, 0);
    for (const Index columns : {1, 3, 8, 37}) {
      const Mat B = consistent_right_hand_side(H, columns, generator);
      Mat X(B.rows(), columns), AX(B.rows(), columns);
      const SolveReport report = factorization->solve(B, X);
      sparse_operator(H, true)->apply(X, AX);
      EXPECT_LE((AX - B).norm(), 1e-12 * B.norm());  // condition up to 1e4
      EXPECT_LE((network.translations().transpose() * X).norm(), 1e-11 * X.norm());
      EXPECT_TRUE(report.consistent);
      EXPECT_TRUE(report.converged);
      EXPECT_LE(report.residual, 1e-12);
    }
  }
}

TEST(Packing, AgreesWithThePseudoInverse) {
  Generator generator(51);
  const Network network(9, 1.0, generator);
  const PatternedMatrix H = network.hessian(0, {3, 40});
  Factorizer factorizer;
  const auto factorization = factorize(H, network.translations(), factorizer);
  EXPECT_EQ(factorization->quality().null_modes, 6);
  EXPECT_EQ(factorization->quality().null_coordinates, (std::vector<int>{6, 7, 80, 81}));
  const Mat A = sparse_operator(H, true)->dense(), B = A * random_matrix(A.rows(), 5, generator);
  const Mat Z = null_basis(factorization->quality());
  EXPECT_LE((Z.transpose() * Z - Mat::Identity(6, 6)).norm(), 1e-13);
  EXPECT_LE((A * Z).norm(), 1e-13);
  const Mat X = pseudo_inverse(A, 1e-10) * B;
  EXPECT_LE((solved(*factorization, B) - X).norm(), 1e-10 * X.norm());
}

TEST(Packing, ShowsNullVectorsThatNobodySuspected) {
  Generator generator(52);
  const Network network(10, 1.0, generator);
  const PatternedMatrix H = network.hessian(0, {7});
  Factorizer factorizer;
  const auto factorization = factorize(H, Mat(network.unknowns(), 0), factorizer);
  ASSERT_TRUE(factorization->quality().usable) << factorization->quality().why;
  EXPECT_EQ(factorization->quality().null_modes, 4);
  const Mat A = sparse_operator(H, true)->dense(), B = A * random_matrix(A.rows(), 2, generator);
  const Mat X = pseudo_inverse(A, 1e-10) * B;
  EXPECT_LE((solved(*factorization, B) - X).norm(), 1e-9 * X.norm());
}

TEST(Packing, FloppyModesAreFoundOneByOne) {
  Generator generator(53);
  const Network network(8, 0.7, generator);  // about 4.2 springs a disc: near the isostatic point
  const PatternedMatrix H = network.hessian(0, {});
  const Mat A = sparse_operator(H, true)->dense();
  const Eigen::JacobiSVD<Mat> svd(A);
  const Index modes = (svd.singularValues().array() < 1e-11 * svd.singularValues()(0)).count();
  Options options;
  const auto factorization = Factorizer().factorize(sparse_operator(H, true), options, network.translations());
  EXPECT_EQ(factorization->quality().null_modes, modes);
  const Mat B = A * random_matrix(A.rows(), 2, generator), P = pseudo_inverse(A, 1e-11);
  EXPECT_LE((A * solved(*factorization, B) - B).norm(), 1e-8 * B.norm());
  EXPECT_LE((factorization->quality().null_space.transpose() * solved(*factorization, B)).norm(),
            1e-8 * (P * B).norm());
}

TEST(Packing, UnderStressIsIndefiniteAndCounted) {
  Generator generator(54);
  for (const int side : {6, 30}) {
    const Network network(side, 1.0, generator);
    const PatternedMatrix H = network.hessian(-0.36, {});
    Options options;
    const auto factorization = Factorizer().factorize(sparse_operator(H, true), options, network.translations());
    ASSERT_TRUE(factorization->quality().usable) << factorization->quality().why;
    const Mat A = sparse_operator(H, true)->dense();
    const Eigen::SelfAdjointEigenSolver<Mat> eigen(A, Eigen::EigenvaluesOnly);
    const Index negative = (eigen.eigenvalues().array() < -1e-10).count();
    EXPECT_GT(negative, 0);
    EXPECT_EQ(factorization->quality().negative, negative);
    const Mat B = consistent_right_hand_side(H, 2, generator);
    EXPECT_LE((A * solved(*factorization, B) - B).norm(), 1e-9 * B.norm());
  }
}

TEST(Packing, NegativeOfAHessianIsFactorizedAsWell) {
  Generator generator(55);
  const Network network(9, 1.0, generator);
  PatternedMatrix H = network.hessian(0, {3});
  for (double& value : H.values) value = -value;
  Factorizer factorizer;
  const auto factorization = factorize(H, network.translations(), factorizer);
  EXPECT_EQ(factorization->quality().negative, network.unknowns() - 4);
  const Mat B = consistent_right_hand_side(H, 2, generator);
  EXPECT_LE((sparse_operator(H, true)->dense() * solved(*factorization, B) - B).norm(), 1e-11 * B.norm());
}

TEST(Packing, GivesTheSameBitsOnOneThreadAndOnTwo) {
  Generator generator(56);
  const Network network(64, 1.0, generator);  // 8192 unknowns: subtrees and tiles in parallel
  const PatternedMatrix H = network.hessian(0, {});
  const Mat B = consistent_right_hand_side(H, 40, generator);
  const auto run = [&](int threads) {
    return with_threads(threads, [&] {
      Factorizer factorizer;
      return solved(*factorize(H, network.translations(), factorizer), B);
    });
  };
  EXPECT_EQ(run(1), run(2));
}

TEST(Packing, OneColumnAloneIsSolvedAsAmongOthers) {
  Generator generator(57);
  const Network network(20, 1.0, generator);
  const PatternedMatrix H = network.hessian(-0.2, {});
  Factorizer factorizer;
  const auto factorization = factorize(H, network.translations(), factorizer);
  const Mat B = consistent_right_hand_side(H, 12, generator), X = solved(*factorization, B);
  for (Index c = 0; c < 12; ++c) {
    EXPECT_LE((solved(*factorization, B.col(c)) - X.col(c)).norm(), 1e-9 * X.col(c).norm());  // condition 1e4
  }
}

TEST(Factorizer, KeepsAnalysesWithoutChangingAnswers) {
  Generator generator(58);
  const Network network(15, 1.0, generator);
  PatternedMatrix H = network.hessian(0, {});
  Factorizer kept;
  for (int round = 0; round < 8; ++round) {
    for (double& value : H.values) value *= 1.01;
    const Mat B = consistent_right_hand_side(H, 3, generator);
    Factorizer fresh;
    EXPECT_EQ(solved(*factorize(H, network.translations(), kept), B),
              solved(*factorize(H, network.translations(), fresh), B));
    const Network other(3 + round, 1.0, generator);  // drives older analyses out
    EXPECT_TRUE(factorize(other.hessian(0, {}), other.translations(), kept)->quality().usable);
  }
}

TEST(Factorizer, CanBeMoved) {
  Generator generator(59);
  const Network network(6, 1.0, generator);
  Factorizer one, two;
  one = std::move(two);
  EXPECT_TRUE(factorize(network.hessian(0, {}), network.translations(), one)->quality().usable);
}

TEST(Sparse, ConditionAgreesWithTheSingularValues) {
  Generator generator(60);
  const Network network(9, 1.0, generator);
  const PatternedMatrix H = network.hessian(0, {11});
  Factorizer factorizer;
  const Eigen::JacobiSVD<Mat> svd(sparse_operator(H, true)->dense());
  const double condition = svd.singularValues()(0) / svd.singularValues()(network.unknowns() - 5);
  const double found = factorize(H, network.translations(), factorizer)->condition_number();
  EXPECT_GE(found, condition / 2);
  EXPECT_LE(found, condition * 2);
}

TEST(Sparse, SaddlePointsWithZerosOnTheDiagonalFallBackToPivoting) {
  Generator generator(61);
  const Index n = 60, m = 20;
  Mat K = Mat::Zero(n + m, n + m);
  K.topLeftCorner(n, n).diagonal().setLinSpaced(1, 2);
  for (Index i = 0; i < m; ++i) K(n + i, i) = K(i, n + i) = 1, K(n + i, n - 1 - i) = K(n - 1 - i, n + i) = -1;
  const auto factorization = factorized(sparse_operator(patterned(K, true), true), Method::Auto);
  ASSERT_TRUE(factorization->quality().usable);
  EXPECT_EQ(factorization->quality().negative, m);
  const Mat X = random_matrix(n + m, 3, generator);
  EXPECT_LE((solved(*factorization, K * X) - X).norm(), 1e-11 * X.norm());
}

TEST(Sparse, GeneralMatricesAreSolvedBothWays) {
  Generator generator(62);
  const Index n = 150;
  Mat A = random_matrix(n, n, generator);
  A = (A.array().abs() < 2.2).select(Mat::Zero(n, n), A);
  A.diagonal().setConstant(8);
  const auto factorization = factorized(sparse_operator(patterned(A, false), false), Method::Sparse);
  ASSERT_TRUE(factorization->quality().usable) << factorization->quality().why;
  const Mat X = random_matrix(n, 20, generator);
  Mat W(n, 20);
  factorization->solve_transposed(A.transpose() * X, W);
  EXPECT_LE((solved(*factorization, A * X) - X).norm(), 1e-11 * X.norm());
  EXPECT_LE((W - X).norm(), 1e-11 * X.norm());
  A.col(3) = A.col(4);
  const auto singular = factorized(sparse_operator(patterned(A, false), false), Method::Sparse);
  EXPECT_FALSE(singular->quality().usable);
}

}  // namespace
}  // namespace argscope::linear
