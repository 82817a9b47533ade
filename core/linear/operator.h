#pragma once
/// A matrix known by its products. Immutable; callable from many threads at once.

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/types.h"

namespace argscope::linear {

/// Where the numbers of a sparse matrix stand: compressed columns, rows ascending within a column.
struct SparsePattern {
  int rows = 0, cols = 0;
  std::vector<int> column_start;  ///< cols + 1
  std::vector<int> row;           ///< column_start.back() of them
};

/// A sparse matrix whose pattern may be shared by many (equal pointer: equal pattern, so a symbolic analysis is kept).
struct PatternedMatrix {
  std::shared_ptr<const SparsePattern> pattern;
  std::vector<double> values;
};

struct Structure {
  bool symmetric = false;
  bool sparse = false;  ///< sparse() gives the matrix
  bool dense = false;   ///< dense() is cheaper than products with the identity
};

struct DiagonalAndProduct;

/// A = fixed + shift · I. An equal pointer is the same fixed matrix, so that what is known of it can be kept.
struct ShiftedMatrix {
  std::shared_ptr<const Mat> fixed;
  double shift = 0;
};

class LinearOperator {
 public:
  virtual ~LinearOperator() = default;
  virtual Index rows() const = 0;
  virtual Index cols() const = 0;
  virtual void apply(ConstMat X, MutMat Y) const = 0;             ///< Y = A X
  virtual void apply_transposed(ConstMat X, MutMat Y) const = 0;  ///< Y = Aᵀ X
  virtual Structure structure() const { return {}; }

  /// The matrix when structure().sparse: its lower triangle when symmetric, all of it otherwise; else null.
  virtual std::shared_ptr<const PatternedMatrix> sparse() const { return nullptr; }

  /// Of each unknown of a square A the number of a group: A couples none of different groups, and a group's rows are
  /// its unknowns'. Empty: no groups are known.
  virtual std::span<const int> groups() const { return {}; }
  /// A as a diagonal and a product through few numbers; none: it is not known to be of that kind.
  virtual std::optional<DiagonalAndProduct> diagonal_and_product() const;
  /// A dense symmetric A of that form, and always of that form, wherever it is taken; none: it is not known to be.
  virtual std::optional<ShiftedMatrix> fixed_and_shift() const { return std::nullopt; }

  /// The full matrix. By default from products with the identity, blocks of columns in parallel.
  virtual Mat dense() const;
};

using OperatorPtr = std::shared_ptr<const LinearOperator>;

/// A = diag(d) + R S, R n × m and S m × n with m much smaller than n.
struct DiagonalAndProduct {
  Vec diagonal;
  OperatorPtr R, S;
};

/// The diagonal of a matrix that is sparse or dense; none of one known by its products only.
std::optional<Vec> diagonal(const LinearOperator&);

OperatorPtr dense_operator(Mat A, bool symmetric);
OperatorPtr sparse_operator(PatternedMatrix A, bool symmetric);                       ///< lower triangle when symmetric
OperatorPtr sparse_operator(std::shared_ptr<const PatternedMatrix>, bool symmetric);  ///< likewise

}  // namespace argscope::linear
