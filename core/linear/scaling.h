#pragma once
/// Scalings by powers of two, which cost no rounding: they bring the largest entry of each row and column to about one,
/// so that pivots and condition estimates mean something for badly scaled matrices.

#include <utility>

#include "core/types.h"

namespace argscope::linear {

Vec symmetric_scaling(const Mat& A);                ///< s: diag(s) A diag(s) is balanced
std::pair<Vec, Vec> general_scaling(const Mat& A);  ///< r, c: diag(r) A diag(c) is balanced

}  // namespace argscope::linear
