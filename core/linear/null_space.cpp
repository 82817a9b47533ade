#include "core/linear/null_space.h"

#include <Eigen/SVD>
#include <cmath>

#include "core/parallel.h"

namespace argscope::linear {

namespace {

constexpr double dependent = 1e-10;  ///< a column that loses all but this much to earlier ones is a combination of them

NullSpace without_columns(Index n) {
  NullSpace space;
  space.right = space.left = Mat(n, 0);
  return space;
}

Vec remove(const std::vector<int>& coordinates, const Mat& Z, MutMat X) {
  Vec removed = Vec::Zero(X.cols());
  for (Index c = 0; c < X.cols(); ++c) {
    for (const int i : coordinates) removed(c) += X(i, c) * X(i, c);
    for (const int i : coordinates) X(i, c) = 0;
  }
  Vec part(Z.cols());
  for (Index c = 0; c < X.cols(); ++c) {
    for (Index k = 0; k < Z.cols(); ++k) part(k) = Z.col(k).dot(X.col(c));
    for (Index k = 0; k < Z.cols(); ++k) X.col(c) -= part(k) * Z.col(k);
    removed(c) += part.squaredNorm();
  }
  return removed.cwiseSqrt();
}

}  // namespace

Vec NullSpace::remove_right(MutMat X) const { return remove(right_coordinates, right, X); }
Vec NullSpace::remove_left(MutMat X) const { return remove(left_coordinates, left, X); }

void NullSpace::append(const Mat& more_right, const Mat& more_left) {
  const auto join = [](Mat& into, const Mat& more) {
    into.conservativeResize(more.rows(), into.cols() + more.cols());
    into.rightCols(more.cols()) = more;
  };
  join(right, more_right);
  join(left, more_left);
}

Vec column_sums(const Mat& M) {
  Vec sums(M.cols());
  parallel_blocks(M.cols(), 64, [&](Index first, Index width) {
    sums.segment(first, width) = M.middleCols(first, width).cwiseAbs().colwise().sum().transpose();
  });
  return sums;
}

Vec column_sums(const PatternedMatrix& lower) {
  const SparsePattern& p = *lower.pattern;
  Vec sums = Vec::Zero(p.cols);
  for (int j = 0; j < p.cols; ++j) {
    for (int k = p.column_start[j]; k < p.column_start[j + 1]; ++k) {
      const double size = std::abs(lower.values[k]);
      sums(j) += size;
      if (p.row[k] != j) sums(p.row[k]) += size;
    }
  }
  return sums;
}

NullSpace zero_lines(const Vec& columns, const Vec& rows) {
  NullSpace space = without_columns(columns.size());
  for (Index i = 0; i < columns.size(); ++i) {
    if (columns(i) == 0) space.right_coordinates.push_back(static_cast<int>(i));
    if (rows(i) == 0) space.left_coordinates.push_back(static_cast<int>(i));
  }
  if (space.left_coordinates.size() != space.right_coordinates.size()) return without_columns(columns.size());
  return space;
}

Mat orthonormal(Mat Z) {
  Index kept = 0;
  for (Index c = 0; c < Z.cols(); ++c) {
    const double before = Z.col(c).norm();
    for (int pass = 0; pass < 2; ++pass) {
      for (Index k = 0; k < kept; ++k) Z.col(c) -= Z.col(k) * Z.col(k).dot(Z.col(c));
    }
    const double after = Z.col(c).norm();
    if (!(after > dependent * before)) continue;
    const Vec unit = Z.col(c) / after;
    Z.col(kept++) = unit;
  }
  return Z.leftCols(kept);
}

Mat annihilated(const LinearOperator& A, const Mat& candidates, const std::vector<int>& coordinates, double tolerance) {
  if (candidates.cols() == 0) return Mat(A.cols(), 0);
  Mat Z = candidates;
  for (const int i : coordinates) Z.row(i).setZero();
  Z = orthonormal(std::move(Z));
  Mat AZ(A.rows(), Z.cols());
  A.apply(Z, AZ);
  if (AZ.norm() <= tolerance) return Z;
  const Eigen::JacobiSVD<Mat> svd(AZ, Eigen::ComputeThinU | Eigen::ComputeThinV);
  const Index kept = (svd.singularValues().array() <= tolerance).count();
  return Z * svd.matrixV().rightCols(kept);
}

std::vector<int> independent_rows(const Mat& Z) {
  std::vector<int> rows;
  Mat rest = Z;
  for (Index k = 0; k < Z.cols(); ++k) {
    Index best = 0;
    rest.rowwise().squaredNorm().maxCoeff(&best);
    rows.push_back(static_cast<int>(best));
    const Vec direction = rest.row(best).normalized();
    rest -= (rest * direction).eval() * direction.transpose();
  }
  return rows;
}

}  // namespace argscope::linear
