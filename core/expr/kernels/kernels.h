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
  void (*accumulate)(double* y, const double* a, Size n);                        ///< y += a
  void (*repeat)(double* y, const double* a, Size n, Size times);                ///< each element `times` times
  /// y[r, l] = Σ_c a[r, c, l]
  void (*row_sum)(double* y, const double* a, Size rows, Size count, Size lanes);
  /// y[r, c, l] = a[r, l]
  void (*row_repeat)(double* y, const double* a, Size rows, Size count, Size lanes);
  void (*gather)(double* y, const double* source, const double* index, Size rows, Size width);
  void (*scatter_add)(double* target, const double* a, const double* index, Size rows, Size width);
};

extern const Table baseline, avx2, avx512;
const Table& best();

}  // namespace argscope::expr::kernels
