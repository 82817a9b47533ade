#pragma once
/// The inner loops of the sparse factorization, compiled for several instruction sets; `best_panels()` picks the widest
/// that this processor has. A panel is a column-major block of rows whose leading dimension is a multiple of 8 and
/// which is followed by at least 8 readable numbers.
///
/// Includes nothing: code inlined from elsewhere must not be compiled for a wider processor.

namespace argscope::linear::sparse {

using Size = long;

inline constexpr Size lanes = 8;  ///< right-hand sides that are solved together, numbers in a vector

/// What the pivots of some columns are measured against, and what becomes of them.
struct Pivots {
  const double* scale;  ///< size of each diagonal entry before elimination; positive
  double* ratio;        ///< pivot / scale
  double* inverse;      ///< of the factor's diagonal
  double tolerance;     ///< a pivot of at most this times its scale is replaced by the scale
};

struct Triangle {
  const double* L;
  Size ld, rows, width;
  const int* row;         ///< global numbers of the panel's rows; the first `width` are first, first + 1, …
  const double* inverse;  ///< of the diagonal
  Size first;
};

struct PanelLoops {
  const char* name;
  /// C (m × k) = A (m × p) B (k × p)ᵀ; rows of C are written up to the next multiple of 8.
  void (*product)(double* C, Size ldc, const double* A, const double* B, Size lda, Size ldb, Size m, Size k, Size p);
  /// A = L S Lᵀ of the first `width` columns; S: the signs of the pivots.
  void (*factor)(double* L, Size ld, Size rows, Size width, Pivots);
  /// One supernode's part in L⁻¹ x and L⁻ᵀ x, for 8 right-hand sides side by side (x: n × 8, row by row) or for one.
  void (*forward)(const Triangle&, double* x);
  void (*backward)(const Triangle&, double* x);
  void (*forward_one)(const Triangle&, double* x, double* work);
  void (*backward_one)(const Triangle&, double* x, double* work);
};

extern const PanelLoops panels_baseline, panels_avx2, panels_avx512;
const PanelLoops& best_panels();

}  // namespace argscope::linear::sparse
