#include "core/linear/tiles.h"

#include <cmath>

#include "core/parallel.h"

namespace argscope::linear::tiles {

namespace {

using lapack::Op;

constexpr Index smallest = 8;  ///< triangle that is inverted entry by entry

void invert_entry_by_entry(lapack::ConstPanel L, lapack::Panel out) {
  for (Index j = 0; j < L.cols; ++j) {
    double* column = out.data + j * out.ld;
    for (Index i = 0; i < j; ++i) column[i] = 0;
    for (Index i = j; i < L.rows; ++i) {
      double sum = i == j ? 1 : 0;
      for (Index k = j; k < i; ++k) sum -= L.data[i + k * L.ld] * column[k];
      column[i] = sum / L.data[i + i * L.ld];
    }
  }
}

lapack::ConstPanel const_part(const lapack::ConstPanel& A, Index row, Index col, Index rows, Index cols) {
  return {A.data + row + col * A.ld, rows, cols, A.ld};
}

lapack::ConstPanel inverse_at(const Mat& inverses, Index k, Index width) {
  return {inverses.data() + k * inverses.rows(), width, width, inverses.rows()};
}

/// The diagonal tile at k ← its factor, its inverse beside it. False: a pivot was not positive.
bool factor_corner(lapack::Panel corner, lapack::Panel inverse) {
  if (lapack::cholesky(corner) != 0) return false;
  invert(corner, inverse);
  return true;
}

/// A ← A L⁻ᵀ for a tile below the diagonal.
void divide(lapack::Panel A, lapack::ConstPanel inverse) {
  Mat copy = Eigen::Map<const Mat, 0, Eigen::OuterStride<>>(A.data, A.rows, A.cols, Eigen::OuterStride<>(A.ld));
  lapack::product(1, lapack::view(copy), Op::None, inverse, Op::Transposed, 0, A);
}

/// X ← op(inverse) X for the rows of one tile.
void apply_inverse(lapack::ConstPanel inverse, Op op, lapack::Panel X) {
  Mat copy = Eigen::Map<const Mat, 0, Eigen::OuterStride<>>(X.data, X.rows, X.cols, Eigen::OuterStride<>(X.ld));
  lapack::product(1, inverse, op, lapack::view(copy), Op::None, 0, X);
}

}  // namespace

void invert(lapack::ConstPanel L, lapack::Panel out) {
  const Index n = L.rows, half = n <= smallest ? n : (n / 2 + smallest - 1) / smallest * smallest, rest = n - half;
  if (rest == 0) return invert_entry_by_entry(L, out);
  const lapack::Panel first = lapack::part(out, 0, 0, half, half), second = lapack::part(out, half, half, rest, rest);
  invert(const_part(L, 0, 0, half, half), first);
  invert(const_part(L, half, half, rest, rest), second);
  Mat between(rest, half);
  lapack::product(1, const_part(L, half, 0, rest, half), Op::None, first, Op::None, 0, lapack::panel(between));
  lapack::product(-1, second, Op::None, lapack::view(between), Op::None, 0, lapack::part(out, half, 0, rest, half));
  for (Index j = half; j < n; ++j) {
    for (Index i = 0; i < half; ++i) out.data[i + j * out.ld] = 0;
  }
}

bool cholesky(Mat& A, Mat& inverses) {
  const Index n = A.rows();
  inverses.resize(tile, n);
  const lapack::Panel all = lapack::panel(A);
  for (Index k = 0; k < n; k += tile) {
    const Index width = std::min(tile, n - k), rest = n - k - width, tiles = (rest + tile - 1) / tile;
    const lapack::Panel inverse{inverses.data() + k * tile, width, width, tile};
    if (!factor_corner(lapack::part(all, k, k, width, width), inverse)) return false;
    const auto below = [&](Index i) {
      return lapack::part(all, k + width + i * tile, k, std::min(tile, rest - i * tile), width);
    };
    parallel_for(tiles, [&](Index i) { divide(below(i), inverse); });
    parallel_for(tiles, [&](Index j) {
      const lapack::Panel head = below(j);
      const Index row = k + width + j * tile, after = n - row - head.rows;
      lapack::subtract_square(head, lapack::part(all, row, row, head.rows, head.rows));
      lapack::product(-1, lapack::part(all, row + head.rows, k, after, width), Op::None, head, Op::Transposed, 1,
                      lapack::part(all, row + head.rows, row, after, head.rows));
    });
  }
  return true;
}

void solve_lower(const Mat& L, const Mat& inverses, Index first, MutMat X) {
  const Index n = L.rows();
  const lapack::Panel x = lapack::panel(X);
  for (Index k = first; k < n; k += tile) {
    const Index width = std::min(tile, n - k), rest = n - k - width;
    const lapack::Panel here = lapack::part(x, k, 0, width, x.cols);
    apply_inverse(inverse_at(inverses, k, width), Op::None, here);
    lapack::product(-1, const_part(lapack::view(L), k + width, k, rest, width), Op::None, here, Op::None, 1,
                    lapack::part(x, k + width, 0, rest, x.cols));
  }
}

void solve_lower_transposed(const Mat& L, const Mat& inverses, Index first, MutMat X) {
  const Index n = L.rows();
  const lapack::Panel x = lapack::panel(X);
  for (Index k = (n - 1) / tile * tile; k >= first; k -= tile) {
    const Index width = std::min(tile, n - k);
    const lapack::Panel here = lapack::part(x, k, 0, width, x.cols);
    apply_inverse(inverse_at(inverses, k, width), Op::Transposed, here);
    lapack::product(-1, const_part(lapack::view(L), k, first, width, k - first), Op::Transposed, here, Op::None, 1,
                    lapack::part(x, first, 0, k - first, x.cols));
  }
}

}  // namespace argscope::linear::tiles
