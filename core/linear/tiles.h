#pragma once
/// Dense triangles as tiles: a diagonal tile is inverted once, so that factoring and solving are products, which run
/// two to four times as fast as OpenBLAS's triangular solves. What the inversion of a small tile costs in accuracy, the
/// step of refinement that follows a poor residual mends.

#include "core/linear/lapack.h"

namespace argscope::linear::tiles {

inline constexpr Index tile = 64;

/// out = L⁻¹, both lower triangles of the same size; what stands above the diagonal of `out` becomes zero.
void invert(lapack::ConstPanel L, lapack::Panel out);

/// Lower triangle of A ← L with A = L Lᵀ, tiles of each step in parallel; the k-th diagonal tile's inverse stands in
/// columns 64k … of `inverses` (64 × n). False: a pivot was not positive. The strict upper triangle of A is left alone.
bool cholesky(Mat& A, Mat& inverses);

/// X ← L⁻¹ X, where X is zero above row `first`, a multiple of the tile.
void solve_lower(const Mat& L, const Mat& inverses, Index first, MutMat X);
/// Rows from `first` on, a multiple of the tile, of X ← L⁻ᵀ X.
void solve_lower_transposed(const Mat& L, const Mat& inverses, Index first, MutMat X);

}  // namespace argscope::linear::tiles
