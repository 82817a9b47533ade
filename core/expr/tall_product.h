#pragma once
/// Products of a tall matrix with few columns, as every loss over samples has: X Wᵀ, then Rᵀ X. Reading X once is what
/// they cost; a general product packs it first, which costs that again.

#include "core/types.h"

namespace argscope::expr {

/// A row-major operand: element (i, j) at data[i · row + j · column], one of which is 1.
struct Operand {
  const double* data;
  Index rows, cols, row, column;
  Operand transposed() const { return {data, cols, rows, column, row}; }
};

/// Row-major C (leading dimension ldc) = A B. False, C untouched: it is not such a product, or too small to matter.
/// Blocks in parallel; the bits do not depend on the number of threads.
bool tall_product(Operand A, Operand B, double* C, Index ldc);

}  // namespace argscope::expr
