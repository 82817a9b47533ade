#pragma once
/// How fast errors fall.

#include <Eigen/LU>
#include <cmath>
#include <vector>

#include "core/types.h"

namespace argscope::testing {

/// The slope of log y over log x, by least squares.
inline double slope(const std::vector<double>& x, const std::vector<double>& y) {
  Mat A(Index(x.size()), 2);
  Vec b(Index(x.size()));
  for (std::size_t k = 0; k < x.size(); ++k) {
    A.row(Index(k)) << 1, std::log(x[k]);
    b[Index(k)] = std::log(y[k]);
  }
  return (A.transpose() * A).inverse().eval().row(1).dot(A.transpose() * b);
}

}  // namespace argscope::testing
