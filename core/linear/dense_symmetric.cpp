#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "core/linear/dense.h"
#include "core/linear/lapack.h"
#include "core/linear/scaling.h"
#include "core/parallel.h"

namespace argscope::linear::dense {

namespace {

using lapack::Op;
using lapack::Part;
using lapack::Side;

constexpr Index tile = 96;            ///< of the blocked Cholesky: small enough to share out, large enough for GEMM
constexpr Index columns_a_block = 64;

/// Lower triangle of A ← L with A = L Lᵀ, tiles of each step in parallel. False: a pivot was not positive.
bool blocked_cholesky(Mat& A) {
  const Index n = A.rows();
  const lapack::Panel all = lapack::panel(A);
  for (Index k = 0; k < n; k += tile) {
    const Index width = std::min(tile, n - k), rest = n - k - width;
    const lapack::Panel corner = lapack::part(all, k, k, width, width);
    if (lapack::cholesky(corner) != 0) return false;
    const Index tiles = (rest + tile - 1) / tile;
    const auto below = [&](Index i) {
      return lapack::part(all, k + width + i * tile, k, std::min(tile, rest - i * tile), width);
    };
    parallel_for(tiles, [&](Index i) {
      lapack::solve_triangle(corner, Side::Right, Part::Lower, Op::Transposed, lapack::Diagonal::Stored, below(i));
    });
    parallel_for(tiles * (tiles + 1) / 2, [&](Index pair) {
      const auto i = static_cast<Index>((std::sqrt(8.0 * static_cast<double>(pair) + 1) - 1) / 2), j = pair - i * (i + 1) / 2;
      const lapack::Panel row = below(i), column = below(j);
      const lapack::Panel target =
          lapack::part(all, k + width + i * tile, k + width + j * tile, row.rows, column.rows);
      if (i == j) return lapack::subtract_square(row, target);
      lapack::product(-1, row, Op::None, column, Op::Transposed, 1, target);
    });
  }
  return true;
}

/// L below and on the diagonal; above it the matrix itself, whose diagonal is kept apart.
class Cholesky final : public Kernel {
 public:
  Cholesky(Mat factor, Vec diagonal, double sign, double norm)
      : factor_(std::move(factor)), diagonal_(std::move(diagonal)), sign_(sign), norm_(norm) {}

  Steps solve(MutMat X, Direction) const override {
    const Index zeros = leading_zero_rows(X), n = factor_.rows();
    const lapack::Panel x = lapack::part(lapack::panel(X), zeros, 0, n - zeros, X.cols());
    const lapack::ConstPanel L(factor_.data() + zeros + zeros * n, n - zeros, n - zeros, n);
    lapack::solve_triangle(L, Side::Left, Part::Lower, Op::None, lapack::Diagonal::Stored, x);
    lapack::solve_triangle(lapack::view(factor_), Side::Left, Part::Lower, Op::Transposed, lapack::Diagonal::Stored,
                           lapack::panel(X));
    if (sign_ < 0) X = -X;
    return {};
  }
  void multiply(ConstMat X, MutMat Y, Direction) const override {
    lapack::symmetric_product(lapack::view(factor_), Part::Upper, lapack::view(X), lapack::panel(Y));
    Y += (diagonal_ - factor_.diagonal()).asDiagonal() * X;
    if (sign_ < 0) Y = -Y;
  }
  Index block() const override { return columns_a_block; }
  double norm() const override { return norm_; }

 private:
  /// A Jacobian's right-hand side is often diagonal: forward substitution may start at its first entry.
  static Index leading_zero_rows(const MutMat& X) {
    Index zeros = X.rows();
    for (Index c = 0; c < X.cols(); ++c) {
      Index i = 0;
      while (i < zeros && X(i, c) == 0) ++i;
      zeros = i;
    }
    return zeros;
  }

  Mat factor_;
  Vec diagonal_;
  double sign_, norm_;
};

/// S A S = P L D Lᵀ Pᵀ
class Ldlt final : public Kernel {
 public:
  Ldlt(Mat A, Vec scale) : A_(std::move(A)), scale_(std::move(scale)), factor_(scale_.asDiagonal() * A_ * scale_.asDiagonal()) {
    norm1_ = factor_.cwiseAbs().colwise().sum().maxCoeff();
    info_ = lapack::ldlt(factor_, off_, pivots_);
  }
  Steps solve(MutMat X, Direction) const override {
    X = scale_.asDiagonal() * X;
    const int info = lapack::ldlt_solve(factor_, off_, pivots_, X);
    X = scale_.asDiagonal() * X;
    return {.iterations = 0, .converged = info == 0};
  }
  void multiply(ConstMat X, MutMat Y, Direction) const override {
    lapack::symmetric_product(lapack::view(A_), Part::Lower, lapack::view(X), lapack::panel(Y));
  }
  Index block() const override { return columns_a_block; }
  double norm() const override { return A_.norm(); }
  double rcond() const { return info_ == 0 ? lapack::ldlt_rcond(factor_, off_, pivots_, norm1_) : 0; }
  Mat take_matrix() { return std::move(A_); }

  /// Negative eigenvalues, by Sylvester's law from D: each block of two has one.
  Index negative() const {
    Index count = 0;
    for (Index i = 0; i < factor_.rows(); ++i) {
      const bool block_of_two = i + 1 < factor_.rows() && off_(i) != 0;
      if (block_of_two || factor_(i, i) < 0) ++count;
      if (block_of_two) ++i;
    }
    return count;
  }

 private:
  Mat A_;
  Vec scale_;
  Mat factor_;
  Vec off_;
  std::vector<int> pivots_;
  double norm1_ = 0;
  int info_ = 0;
};

}  // namespace

Attempt cholesky(Mat& A, const Options& options) {
  const Vec diagonal = A.diagonal();
  const double sign = diagonal.sum() < 0 ? -1 : 1;
  const double norm = A.norm();
  const auto refuse = [&](std::string why) {
    A.triangularView<Eigen::StrictlyLower>() = A.transpose();
    A.diagonal() = sign * diagonal;
    if (sign < 0) A = -A;
    return Attempt{.kernel = nullptr, .method = Method::Cholesky, .null = {}, .negative = -1, .why = std::move(why)};
  };
  if (sign < 0) A = -A;
  if ((sign * diagonal.array() <= 0).any() || !blocked_cholesky(A)) {
    return refuse("the matrix is not definite: it is indefinite or singular; use ldlt or auto");
  }
  const double weakest = (A.diagonal().array().square() / (sign * diagonal.array())).minCoeff();
  if (weakest < options.rank_tolerance) {
    return refuse(fmt::format("the matrix is singular to working precision (smallest relative pivot {:.1e}); use auto or min-norm", weakest));
  }
  Attempt done{.kernel = nullptr, .method = Method::Cholesky, .null = {}, .negative = sign < 0 ? A.rows() : 0, .why = {}};
  done.kernel = std::make_unique<Cholesky>(std::move(A), sign * diagonal, sign, norm);
  return done;
}

Attempt ldlt(Mat& A, const Options& options) {
  Vec scale = symmetric_scaling(A);
  auto kernel = std::make_unique<Ldlt>(std::move(A), std::move(scale));
  const double rcond = kernel->rcond();
  Attempt attempt{.kernel = nullptr, .method = Method::Ldlt, .null = {}, .negative = -1, .why = {}};
  if (!(rcond > options.rank_tolerance)) {
    A = kernel->take_matrix();
    attempt.why = fmt::format("the matrix is singular to working precision (reciprocal condition {:.1e}); use auto or min-norm", rcond);
    return attempt;
  }
  attempt.negative = kernel->negative();
  attempt.kernel = std::move(kernel);
  return attempt;
}

}  // namespace argscope::linear::dense
