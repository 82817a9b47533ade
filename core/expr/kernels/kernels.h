#pragma once
/// The inner loops, compiled for several instruction sets; `best()` picks the widest that this processor has. Loops run
/// over contiguous numbers. A value never depends on its position in a loop: tails are padded to whole vectors, because
/// vector and scalar exp differ in the last bit.
///
/// Includes nothing but op.h: code inlined from the standard library must not be compiled for a wider processor.

#include "core/expr/op.h"

namespace argscope::expr::kernels {

using Size = long;

struct Table {
  const char* name;
  void (*unary[static_cast<int>(Op::Count_)])(double* y, const double* a, Size n);
  void (*binary[static_cast<int>(Op::Count_)])(double* y, const double* a, const double* b, Size n);
  void (*where)(double* y, const double* mask, const double* a, const double* b, Size n);
  void (*accumulate)(double* y, const double* a, Size n);                ///< y += a
  void (*add_total)(double* y, const double* a, Size rows, Size width);  ///< y[c] += Σ_r a[r, c]
  /// y[i, l] = a[i, l] by[i]
  void (*scale)(double* y, const double* a, const double* by, Size n, Size lanes);
  /// y[r, l] = Σ_c a[r, c, l]
  void (*row_sum)(double* y, const double* a, Size rows, Size count, Size lanes);
  /// y[r, c, l] = a[r, l]
  void (*row_repeat)(double* y, const double* a, Size rows, Size count, Size lanes);
  void (*gather)(double* y, const double* source, const double* index, Size rows, Size width);
  void (*scatter_add)(double* target, const double* a, const double* index, Size rows, Size width);
  Size (*first_greatest)(const double* a, Size n);  ///< not-a-number counts as the greatest; n > 0
  /// y[j · y_stride + l] = Σ_k a[k · a_step + l] b[k · b_step + j · b_stride]
  void (*lanes_product)(double* y, Size y_stride, const double* a, Size a_step, const double* b, Size b_step,
                        Size b_stride, Size columns, Size inner, Size lanes);
  void (*interleave)(double* y, const double* x, Size ldx, Size rows);  ///< y[8 r + c] = x[c · ldx + r], c < 8
  void (*separate)(double* x, Size ldx, const double* y, Size rows);    ///< the inverse
  // Products of a tall matrix and few columns, which reading the tall one bounds: nothing is packed.
  /// y[r, j] = Σ_k a[r, k] b[j, k]
  void (*few_dots)(double* y, Size ldy, const double* a, Size lda, const double* b, Size ldb, Size rows, Size columns,
                   Size inner);
  /// y[j, c] += Σ_r w[r · w_row + j · w_column] a[r, c]
  void (*few_sums)(double* y, Size ldy, const double* w, Size w_row, Size w_column, const double* a, Size lda,
                   Size rows, Size columns, Size width);
  /// y[r, c] = Σ_k a[r · a_row + k · a_column] b[k · b_row + c · b_column], one of b's steps 1, for matrices that the
  /// caches hold; a general product packs them first, which takes as long as a small product itself. False, y
  /// untouched: of so few columns or so long sums it is not made for them.
  bool (*small_product)(double* y, Size ldy, const double* a, Size a_row, Size a_column, const double* b, Size b_row,
                        Size b_column, Size rows, Size columns, Size inner);
};

extern const Table baseline, avx2, avx512;
const Table& best();

}  // namespace argscope::expr::kernels
