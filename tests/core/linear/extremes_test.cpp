// Every method where the numbers are extreme: right-hand sides near the ends of the range, zeros, columns without end,
// not-a-number, and rows of very different sizes.
#include <gtest/gtest.h>

#include <limits>

#include "core/parallel.h"
#include "tests/core/linear/matrices.h"

namespace argscope::linear {
namespace {

using namespace testing;

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double inf = std::numeric_limits<double>::infinity();

std::vector<Method> all_methods() {
  std::vector<Method> methods;
  for (const std::string_view text : method_names()) methods.push_back(*method_named(text));
  return methods;
}

/// Definite, so that every method is for it; of condition 50.
Mat matrix_of(Index n, Generator& generator) {
  return with_eigenvalues(Vec::LinSpaced(n, 1, n > 1 ? 50 : 1), generator);
}

std::shared_ptr<const Factorization> by(Method method, const Mat& A) {
  return factorized(method == Method::Sparse ? sparse_operator(patterned(A, true), true) : dense_operator(A, true),
                    method);
}

Outcome solve_transposed(const Factorization& factorization, const Mat& B) {
  Outcome out{Mat(B.rows(), B.cols()), {}};
  out.report = factorization.solve_transposed(B, out.X);
  return out;
}

/// Krylov methods stop at residuals of 1e-12; times the condition, times a few for the normal equations.
constexpr double tolerance = 1e-9;

class Extremes : public ::testing::TestWithParam<Method> {
 protected:
  Generator generator{200};
};

TEST_P(Extremes, OfScaleGiveTheSameSolutionScaled) {
  for (const Index n : {1, 2, 24}) {
    const Mat A = matrix_of(n, generator);
    const auto factorization = by(GetParam(), A);
    for (const Index columns : {1, 2, 9, 33}) {
      const Mat X = random_matrix(n, columns, generator), B = A * X;
      for (const double scale : {1e-150, 1e-100, 1e100, 1e150}) {
        const Outcome out = solve(*factorization, scale * B), back = solve_transposed(*factorization, scale * B);
        EXPECT_LE((out.X / scale - X).norm(), tolerance * X.norm()) << n << " × " << columns << " at " << scale;
        EXPECT_LE((back.X / scale - X).norm(), tolerance * X.norm()) << n << " × " << columns << " at " << scale;
        EXPECT_TRUE(out.report.converged && out.report.consistent && back.report.converged) << scale;
        EXPECT_EQ(out.report.ending, Ending::Solved);
      }
    }
  }
}

/// Beyond what norms can be taken of: the answer is right, or it is said not to be.
TEST_P(Extremes, BeyondTheRangeOfSquaresAreSolvedOrRefused) {
  const Mat A = matrix_of(12, generator), X = random_matrix(12, 2, generator), B = A * X;
  const auto factorization = by(GetParam(), A);
  for (const double scale : {1e-290, 1e-200, 1e-170, 1e170, 1e200, 1e290}) {
    const Outcome out = solve(*factorization, scale * B);
    const double error = (out.X / scale - X).norm();
    EXPECT_TRUE(error <= tolerance * X.norm() || !out.report.converged) << scale << ": error " << error;
  }
}

TEST_P(Extremes, OfMixedColumnsDoNotSpoilEachOther) {
  const Mat A = matrix_of(20, generator), X = random_matrix(20, 5, generator);
  Mat B = A * X;
  const Vec scale = (Vec(5) << 1e120, 1, 0, 1e-120, 1e-3).finished();
  B = B * scale.asDiagonal();
  const Outcome out = solve(*by(GetParam(), A), B);
  EXPECT_TRUE(out.report.converged);
  for (Index c = 0; c < 5; ++c)
    EXPECT_LE((out.X.col(c) - scale(c) * X.col(c)).norm(), tolerance * scale(c) * X.col(c).norm()) << c;
}

TEST_P(Extremes, OfNothingHaveTheZeroSolution) {
  for (const Index n : {1, 2, 30}) {
    const auto factorization = by(GetParam(), matrix_of(n, generator));
    for (const Index columns : {0, 1, 9, 33}) {
      Mat X = Mat::Constant(n, columns, 7), Y = X;
      const SolveReport forward = factorization->solve(Mat::Zero(n, columns), X);
      const SolveReport back = factorization->solve_transposed(Mat::Zero(n, columns), Y);
      EXPECT_TRUE((X.array() == 0).all() && (Y.array() == 0).all());
      for (const SolveReport& report : {forward, back}) {
        EXPECT_TRUE(report.converged && report.consistent);
        EXPECT_EQ(report.residual, 0);
        EXPECT_EQ(report.ending, Ending::Solved);
      }
    }
  }
}

TEST_P(Extremes, ThatAreNotFiniteAreNeverCalledSolved) {
  for (const Index n : {1, 2, 16})
    for (const double bad : {not_a_number, inf, -inf}) {
      const auto factorization = by(GetParam(), matrix_of(n, generator));
      for (const Index columns : {Index{1}, n, Index{9}}) {
        Mat B = random_matrix(n, columns, generator);
        B(n / 2, columns - 1) = bad;
        for (const Outcome& out : {solve(*factorization, B), solve_transposed(*factorization, B)}) {
          EXPECT_FALSE(out.report.converged) << n << " × " << columns << " with " << bad;
          EXPECT_NE(out.report.ending, Ending::Solved);
          EXPECT_FALSE(out.report.residual <= 1e-6);
        }
      }
    }
}

TEST_P(Extremes, OnADiagonalThatAreNotFiniteAreNeverCalledSolved) {
  const Index n = 40;
  const auto factorization = by(GetParam(), matrix_of(n, generator));
  for (const double bad : {not_a_number, inf}) {
    Vec d = random_matrix(n, 1, generator);
    d(17) = bad;
    EXPECT_FALSE(solve(*factorization, d.asDiagonal()).report.converged) << bad;
  }
}

TEST_P(Extremes, OnADiagonalGiveTheColumnsOfTheInverse) {
  const Index n = 40;
  const Mat A = matrix_of(n, generator), inverse = A.inverse();
  const auto factorization = by(GetParam(), A);
  Vec d = random_matrix(n, 1, generator);
  d(3) = 0;
  d(4) = 1e-140;
  d(5) = 1e140;
  const Outcome out = solve(*factorization, d.asDiagonal());
  EXPECT_TRUE(out.report.converged);
  for (Index c = 0; c < n; ++c)
    EXPECT_LE((out.X.col(c) - d(c) * inverse.col(c)).norm(), tolerance * std::abs(d(c))) << c;
}

TEST_P(Extremes, OfAMatrixThatIsNotFiniteGiveNoSolutionAndNoZeros) {
  for (const double bad : {not_a_number, inf})
    for (const Index n : {1, 2, 12}) {
      Mat A = matrix_of(n, generator);
      A(n - 1, n - 1) = bad;
      const auto factorization = by(GetParam(), A);
      Mat X = Mat::Zero(n, 3);
      const SolveReport report = factorization->solve(Mat::Ones(n, 3), X);
      EXPECT_FALSE(report.converged) << n << " with " << bad;
      EXPECT_FALSE((X.array() == 0).all());
      if (!factorization->quality().usable) {
        EXPECT_NE(factorization->quality().why, "");
        EXPECT_TRUE(X.array().isNaN().all());
        EXPECT_EQ(factorization->condition_number(), inf);
        Mat Y = Mat::Zero(n, 2);
        factorization->precondition(Y);
        EXPECT_TRUE(Y.array().isNaN().all());
      }
    }
}

TEST_P(Extremes, OfAWholeMatrixOnlyScaleItsSolution) {
  const Mat A = matrix_of(20, generator), X = random_matrix(20, 3, generator);
  for (const double scale : {1e-100, 1e-20, 1e20, 1e100}) {
    const auto factorization = by(GetParam(), scale * A);
    ASSERT_TRUE(factorization->quality().usable) << scale << ": " << factorization->quality().why;
    EXPECT_EQ(factorization->quality().rank, 20) << scale;
    const Outcome out = solve(*factorization, scale * A * X);
    if (iterative(GetParam()) && std::abs(std::log10(scale)) > 50 && !out.report.converged) continue;  // and it says so
    EXPECT_TRUE(out.report.converged) << scale;
    EXPECT_LE((out.X - X).norm(), tolerance * X.norm()) << scale;
    EXPECT_GE(factorization->condition_number(), 25) << scale;  // within a factor of two of 50
    EXPECT_LE(factorization->condition_number(), 100) << scale;
  }
}

TEST_P(Extremes, GiveTheSameBitsOnOneThreadAndOnTwo) {
  const Index n = 70;
  const Mat A = matrix_of(n, generator);
  Mat B = random_matrix(n, 33, generator);
  B.col(7) *= 1e150;
  B.col(8) *= 1e-150;
  B.col(9).setZero();
  const auto run = [&](int threads) {
    return with_threads(threads, [&] {
      const auto factorization = by(GetParam(), A);
      Mat both(n, 66);
      both << solve(*factorization, B).X, solve_transposed(*factorization, B).X;
      return both;
    });
  };
  EXPECT_EQ(run(1), run(2));
}

INSTANTIATE_TEST_SUITE_P(Methods, Extremes, ::testing::ValuesIn(all_methods()), [](const auto& given) {
  std::string text(name(given.param));
  std::erase(text, '-');
  return text;
});

TEST(BadlyScaledRows, AreSolvedToTheirOwnSize) {
  Generator generator(210);
  for (const Method method : {Method::Auto, Method::Lu, Method::Qr}) {
    const Index n = 30;
    const Mat G = with_singular_values(Vec::LinSpaced(n, 1, 10), generator), X = random_matrix(n, 4, generator);
    const Vec rows =
        Vec::LinSpaced(n, method == Method::Qr ? -3 : -12, method == Method::Qr ? 3 : 12).unaryExpr([](double t) {
          return std::pow(10.0, t);
        });
    const Mat A = rows.asDiagonal() * G;
    const auto factorization = factorized(dense_operator(A, false), method);
    ASSERT_EQ(factorization->quality().rank, n) << name(method) << ": " << factorization->quality().why;
    const Outcome out = solve(*factorization, A * X);
    EXPECT_TRUE(out.report.converged);
    // Condition 10 once the rows are scaled; QR does not scale them and pays with the square root of their spread.
    EXPECT_LE((out.X - X).norm(), (method == Method::Qr ? 1e-7 : 1e-11) * X.norm()) << name(method);
  }
}

}  // namespace
}  // namespace argscope::linear
