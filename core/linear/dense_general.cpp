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

constexpr Index tile = 96, columns_a_block = 64;

/// P A = L U with partial pivoting; the columns right of each panel in parallel. False: an exactly zero pivot.
bool blocked_lu(Mat& A, std::vector<int>& pivots) {
  const Index n = A.rows();
  const lapack::Panel all = lapack::panel(A);
  pivots.resize(n);
  bool regular = true;
  for (Index k = 0; k < n; k += tile) {
    const Index width = std::min(tile, n - k), rest = n - k - width;
    regular = lapack::lu(lapack::part(all, k, k, n - k, width), pivots.data() + k) == 0 && regular;
    for (Index i = k; i < k + width; ++i) pivots[i] += static_cast<int>(k);
    lapack::swap_rows(lapack::part(all, 0, 0, n, k), pivots.data(), k, k + width, false);
    const lapack::Panel corner = lapack::part(all, k, k, width, width),
                        below = lapack::part(all, k + width, k, rest, width);
    parallel_blocks(rest, tile, [&](Index first, Index count) {
      const Index column = k + width + first;
      lapack::swap_rows(lapack::part(all, 0, column, n, count), pivots.data(), k, k + width, false);
      const lapack::Panel right = lapack::part(all, k, column, width, count);
      lapack::solve_triangle(corner, Side::Left, Part::Lower, Op::None, lapack::Diagonal::Unit, right);
      lapack::product(-1, below, Op::None, right, Op::None, 1, lapack::part(all, k + width, column, rest, count));
    });
  }
  return regular;
}

/// R A C = Pᵀ L U
class Lu final : public Kernel {
 public:
  explicit Lu(Mat A) : A_(std::move(A)) {
    std::tie(rows_, columns_) = general_scaling(A_);
    factor_ = rows_.asDiagonal() * A_ * columns_.asDiagonal();
    norm1_ = factor_.cwiseAbs().colwise().sum().maxCoeff();
    regular_ = blocked_lu(factor_, pivots_);
  }
  Steps solve(MutMat X, Direction direction) const override {
    const bool forward = direction == Direction::Forward;
    const lapack::ConstPanel LU = lapack::view(factor_);
    const lapack::Panel x = lapack::panel(X);
    X = (forward ? rows_ : columns_).asDiagonal() * X;
    if (forward) {
      lapack::swap_rows(x, pivots_.data(), 0, X.rows(), false);
      lapack::solve_triangle(LU, Side::Left, Part::Lower, Op::None, lapack::Diagonal::Unit, x);
      lapack::solve_triangle(LU, Side::Left, Part::Upper, Op::None, lapack::Diagonal::Stored, x);
    } else {
      lapack::solve_triangle(LU, Side::Left, Part::Upper, Op::Transposed, lapack::Diagonal::Stored, x);
      lapack::solve_triangle(LU, Side::Left, Part::Lower, Op::Transposed, lapack::Diagonal::Unit, x);
      lapack::swap_rows(x, pivots_.data(), 0, X.rows(), true);
    }
    X = (forward ? columns_ : rows_).asDiagonal() * X;
    return {};
  }
  void multiply(ConstMat X, MutMat Y, Direction direction) const override {
    const Op op = direction == Direction::Forward ? Op::None : Op::Transposed;
    lapack::product(1, lapack::view(A_), op, lapack::view(X), Op::None, 0, lapack::panel(Y));
  }
  Index block() const override { return columns_a_block; }
  double norm() const override { return A_.norm(); }
  double rcond() const { return regular_ ? lapack::lu_rcond(factor_, norm1_) : 0; }
  Mat take_matrix() { return std::move(A_); }

 private:
  Mat A_, factor_;
  Vec rows_, columns_;
  std::vector<int> pivots_;
  double norm1_ = 0;
  bool regular_ = true;
};

/// A⁺ = V diag(1/s) Uᵀ over the values that count
class MinNorm final : public Kernel {
 public:
  MinNorm(Mat A, Mat U, Mat V, Vec s) : A_(std::move(A)), U_(std::move(U)), V_(std::move(V)), s_(std::move(s)) {}
  Steps solve(MutMat X, Direction direction) const override {
    const bool forward = direction == Direction::Forward;
    const Mat &from = forward ? U_ : V_, &to = forward ? V_ : U_;
    Mat part(s_.size(), X.cols());
    lapack::product(1, lapack::view(from), Op::Transposed, lapack::view(X), Op::None, 0, lapack::panel(part));
    part = s_.cwiseInverse().asDiagonal() * part;
    lapack::product(1, lapack::view(to), Op::None, lapack::view(part), Op::None, 0, lapack::panel(X));
    return {};
  }
  void multiply(ConstMat X, MutMat Y, Direction direction) const override {
    const Op op = direction == Direction::Forward ? Op::None : Op::Transposed;
    lapack::product(1, lapack::view(A_), op, lapack::view(X), Op::None, 0, lapack::panel(Y));
  }
  Index block() const override { return columns_a_block; }
  double norm() const override { return s_.cwiseAbs().maxCoeff(); }
  std::optional<double> condition() const override { return s_.cwiseAbs().maxCoeff() / s_.cwiseAbs().minCoeff(); }

 private:
  Mat A_, U_, V_;
  Vec s_;  // eigenvalues with their signs, or singular values
};

/// The columns of M whose entry of `chosen` is `wanted`.
Mat columns_where(const Mat& M, const std::vector<char>& chosen, char wanted) {
  Mat out(M.rows(), std::count(chosen.begin(), chosen.end(), wanted));
  for (Index j = 0, k = 0; j < M.cols(); ++j) {
    if (chosen[j] == wanted) out.col(k++) = M.col(j);
  }
  return out;
}

}  // namespace

Attempt lu(Mat& A, const Options& options) {
  auto kernel = std::make_unique<Lu>(std::move(A));
  const double rcond = kernel->rcond();
  Attempt attempt{.kernel = nullptr, .method = Method::Lu, .null = {}, .negative = -1, .why = {}};
  if (rcond > options.rank_tolerance) {
    attempt.kernel = std::move(kernel);
  } else {
    A = kernel->take_matrix();
    attempt.why = fmt::format(
        "the matrix is singular to working precision (reciprocal condition {:.1e}); use auto or min-norm", rcond);
  }
  return attempt;
}

Attempt min_norm(Mat& A, bool symmetric, const Options& options) {
  Attempt attempt{.kernel = nullptr, .method = Method::MinNorm, .null = {}, .negative = -1, .why = {}};
  Mat U = A, V;
  Vec s;
  Mat copy = A;
  const int info = symmetric ? lapack::symmetric_eigen(U, s) : lapack::svd(copy, U, s, V);
  if (info != 0) {
    attempt.why = "the iteration for the eigenvalues or singular values did not converge";
    return attempt;
  }
  if (!symmetric) V.transposeInPlace();
  const double smallest = options.rank_tolerance * s.cwiseAbs().maxCoeff();
  std::vector<char> counts(s.size());
  for (Index i = 0; i < s.size(); ++i) counts[i] = std::abs(s(i)) > smallest;
  if (symmetric) attempt.negative = (s.array() < -smallest).count();
  const Mat& right = symmetric ? U : V;
  attempt.null.append(columns_where(right, counts, 0), columns_where(U, counts, 0));
  Vec kept = columns_where(s.transpose(), counts, 1).transpose();
  attempt.kernel = std::make_unique<MinNorm>(std::move(A), columns_where(U, counts, 1), columns_where(right, counts, 1),
                                             std::move(kept));
  return attempt;
}

double fill_null_space(Mat& A, const NullSpace& null) {
  if (null.modes() == 0) return 0;
  const double mean = A.diagonal().mean(), size = A.diagonal().cwiseAbs().mean();
  const double sigma = (mean < 0 ? -1 : 1) * (size > 0 ? size : A.cwiseAbs().maxCoeff());
  for (std::size_t k = 0; k < null.right_coordinates.size(); ++k) {
    A(null.left_coordinates[k], null.right_coordinates[k]) = sigma;
  }
  if (null.right.cols() > 0) A += sigma * (null.right * null.right.transpose()).eval();
  return sigma;
}

}  // namespace argscope::linear::dense
