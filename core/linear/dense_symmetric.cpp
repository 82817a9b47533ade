#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "core/linear/dense.h"
#include "core/linear/lapack.h"
#include "core/linear/scaling.h"
#include "core/linear/tiles.h"
#include "core/parallel.h"

namespace argscope::linear::dense {

namespace {

using lapack::Part;

constexpr Index columns_a_block = 64;

/// L below the diagonal, whose part on it is in the tiles' inverses alone; on it and above the matrix itself.
class Cholesky final : public Kernel {
 public:
  Cholesky(Mat factor, Mat inverses, double sign, double norm)
      : factor_(std::move(factor)), inverses_(std::move(inverses)), sign_(sign), norm_(norm) {}

  Steps solve(MutMat X, Direction) const override {
    tiles::solve_lower(factor_, inverses_, 0, X);
    tiles::solve_lower_transposed(factor_, inverses_, 0, X);
    if (sign_ < 0) X = -X;
    return {};
  }

  /// Half of the inverse from the half of L⁻¹ that is not zero, the other half by symmetry: a third of the work of
  /// solving.
  bool inverse(MutMat X) const override {
    const Index n = factor_.rows();
    parallel_blocks(n, tiles::tile, [&](Index first, Index width) {
      const MutMat block = X.middleCols(first, width);
      X.block(first, first, n - first, width).setIdentity();
      tiles::solve_lower(factor_, inverses_, first, block);
      tiles::solve_lower_transposed(factor_, inverses_, first, block);
      if (sign_ < 0) X.block(first, first, n - first, width) *= -1;
    });
    parallel_blocks(n, tiles::tile, [&](Index first, Index width) {
      X.block(0, first, first, width) = X.block(first, 0, width, first).transpose();
    });
    return true;
  }

  void multiply(ConstMat X, MutMat Y, Direction) const override {
    lapack::symmetric_product(lapack::view(factor_), Part::Upper, lapack::view(X), lapack::panel(Y));
    if (sign_ < 0) Y = -Y;
  }
  Index block() const override { return columns_a_block; }
  double norm() const override { return norm_; }

 private:
  Mat factor_, inverses_;
  double sign_, norm_;
};

/// S A S = P L D Lᵀ Pᵀ
class Ldlt final : public Kernel {
 public:
  Ldlt(Mat A, Vec scale)
      : A_(std::move(A)), scale_(std::move(scale)), factor_(scale_.asDiagonal() * A_ * scale_.asDiagonal()) {
    norm1_ = factor_.cwiseAbs().colwise().sum().maxCoeff();
    info_ = lapack::ldlt(factor_, off_, pivots_);
  }
  Steps solve(MutMat X, Direction) const override {
    X = scale_.asDiagonal() * X;
    const int info = lapack::ldlt_solve(factor_, off_, pivots_, X);
    X = scale_.asDiagonal() * X;
    return {.iterations = 0, .ending = info == 0 ? Ending::Solved : Ending::BrokeDown};
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
  Mat inverses;
  if ((sign * diagonal.array() <= 0).any() || !tiles::cholesky(A, inverses)) {
    return refuse("the matrix is not definite: it is indefinite or singular; use ldlt or auto");
  }
  const double weakest = (A.diagonal().array().square() / (sign * diagonal.array())).minCoeff();
  if (weakest < options.rank_tolerance) {
    return refuse(fmt::format(
        "the matrix is singular to working precision (smallest relative pivot {:.1e}); use auto or min-norm", weakest));
  }
  A.diagonal() = sign * diagonal;
  Attempt done{
      .kernel = nullptr, .method = Method::Cholesky, .null = {}, .negative = sign < 0 ? A.rows() : 0, .why = {}};
  done.kernel = std::make_unique<Cholesky>(std::move(A), std::move(inverses), sign, norm);
  return done;
}

Attempt ldlt(Mat& A, const Options& options) {
  Vec scale = symmetric_scaling(A);
  auto kernel = std::make_unique<Ldlt>(std::move(A), std::move(scale));
  const double rcond = kernel->rcond();
  Attempt attempt{.kernel = nullptr, .method = Method::Ldlt, .null = {}, .negative = -1, .why = {}};
  if (!(rcond > options.rank_tolerance)) {
    A = kernel->take_matrix();
    attempt.why = fmt::format(
        "the matrix is singular to working precision (reciprocal condition {:.1e}); use auto or min-norm", rcond);
    return attempt;
  }
  attempt.negative = kernel->negative();
  attempt.kernel = std::move(kernel);
  return attempt;
}

}  // namespace argscope::linear::dense
