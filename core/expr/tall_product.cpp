#include "core/expr/tall_product.h"

#include <algorithm>
#include <vector>

#include "core/expr/kernels/kernels.h"
#include "core/parallel.h"

namespace argscope::expr {

namespace {

constexpr Index few = 16;    // columns
constexpr Index tall = 512;  // rows
constexpr Index wide = 64;   // below, a row is no work
constexpr Index rows_a_block = 256;
constexpr Index most_parts = 16;  // into which a sum over rows is cut

/// Zeros that begin at the start of a line of the cache, so that no load crosses two.
class Numbers {
 public:
  explicit Numbers(Index size) : lines_(static_cast<std::size_t>(size / Line::length + 1)) {}
  double* data() { return static_cast<double*>(static_cast<void*>(lines_.data())); }
  const double* data() const { return static_cast<const double*>(static_cast<const void*>(lines_.data())); }

 private:
  struct alignas(64) Line {
    static constexpr Index length = 8;
    double numbers[length] = {};
  };
  std::vector<Line> lines_;
};

/// Few numbers with consecutive ones along its rows.
Numbers packed(Operand M) {
  Numbers out(M.rows * M.cols);
  double* to = out.data();
  for (Index i = 0; i < M.rows; ++i)
    for (Index j = 0; j < M.cols; ++j) *to++ = M.data[i * M.row + j * M.column];
  return out;
}

/// C = A B for a tall A with its rows in one piece each.
void dots(Operand A, Operand B, double* C, Index ldc) {
  const Numbers columns = packed(B.transposed());
  const auto& kernel = kernels::best();
  parallel_blocks_alone(A.rows, rows_a_block, [&](Index first, Index count) {
    kernel.few_dots(C + first * ldc, ldc, A.data + first * A.row, A.row, columns.data(), A.cols, count, B.cols, A.cols);
  });
}

/// C = W A for a tall A with its rows in one piece each: parts of the sum over them, added up in order.
void sums(Operand W, Operand A, double* C, Index row, Index column) {
  const auto& kernel = kernels::best();
  const Index parts = std::clamp<Index>(A.rows / rows_a_block, 1, most_parts), rows = (A.rows + parts - 1) / parts;
  const Index size = W.rows * A.cols;
  Numbers partial(parts * size);
  parallel_blocks_alone(A.rows, rows, [&](Index first, Index count) {
    kernel.few_sums(partial.data() + first / rows * size, A.cols, W.data + first * W.column, W.column, W.row,
                    A.data + first * A.row, A.row, count, W.rows, A.cols);
  });
  for (Index p = 1; p < parts; ++p) kernel.accumulate(partial.data(), partial.data() + p * size, size);
  for (Index i = 0; i < W.rows; ++i)
    for (Index j = 0; j < A.cols; ++j) C[i * row + j * column] = partial.data()[i * A.cols + j];
}

bool is_tall(const Operand& A) { return A.column == 1 && A.rows >= tall && A.cols >= wide; }

/// A vector gains by a second core alone, where the matrix is more than the nearest caches hold.
bool is_few(Index columns, const Operand& A) {
  constexpr Index large = 1 << 18;
  return columns <= few && (columns > 1 || (columns == 1 && A.rows * A.cols >= large));
}

}  // namespace

bool tall_product(Operand A, Operand B, double* C, Index ldc) {
  if (is_tall(A) && is_few(B.cols, A)) return dots(A, B, C, ldc), true;
  if (is_tall(B) && is_few(A.rows, B)) return sums(A, B, C, ldc, 1), true;
  if (is_tall(A.transposed()) && is_few(B.cols, A)) return sums(B.transposed(), A.transposed(), C, 1, ldc), true;
  return false;
}

}  // namespace argscope::expr
