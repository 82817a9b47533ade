#pragma once
/// The null space of a square matrix: where it stands, and how to keep out of it.

#include <vector>

#include "core/linear/operator.h"

namespace argscope::linear {

/// Right null vectors (A z = 0) and left ones (wᵀ A = 0), equally many; the same for a symmetric matrix. A row or
/// column of zeros is kept as the number of its coordinate, the rest as orthonormal columns that are zero at those
/// coordinates.
struct NullSpace {
  std::vector<int> right_coordinates, left_coordinates;
  Mat right, left;  ///< n × k

  Index modes() const { return static_cast<Index>(right_coordinates.size()) + right.cols(); }
  Vec remove_right(MutMat X) const;  ///< X ← X − Z Zᵀ X; returns the norm removed, column by column
  Vec remove_left(MutMat X) const;   ///< X ← X − W Wᵀ X
  void append(const Mat& more_right, const Mat& more_left);
};

/// Sums of magnitudes, column by column: of a dense matrix, and of a symmetric one that is given by its lower triangle.
Vec column_sums(const Mat&);
Vec column_sums(const PatternedMatrix& lower);

/// Coordinates of zero columns and of zero rows, known by the sums of their magnitudes, when they are equally many;
/// else none, and they are left to a rank-revealing method.
NullSpace zero_lines(const Vec& column_sums, const Vec& row_sums);

/// Orthonormal combinations of the candidates' columns, away from the given coordinates, with ‖A z‖ ≤ tolerance.
Mat annihilated(const LinearOperator& A, const Mat& candidates, const std::vector<int>& coordinates, double tolerance);

/// Orthonormal basis of the columns' span; columns that depend on earlier ones to 1e-10 are left out.
Mat orthonormal(Mat Z);

/// As many coordinates as Z has columns, such that those rows of Z are independent (pivoted, so well so).
std::vector<int> independent_rows(const Mat& Z);

}  // namespace argscope::linear
