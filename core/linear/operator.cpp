#include "core/linear/operator.h"

#include <utility>

#include "core/linear/lapack.h"
#include "core/parallel.h"

namespace argscope::linear {

namespace {

constexpr Index identity_block = 8, product_block = 64, sparse_block = 8;

class DenseOperator final : public LinearOperator {
 public:
  DenseOperator(Mat A, bool symmetric) : A_(std::move(A)), symmetric_(symmetric) {}
  Index rows() const override { return A_.rows(); }
  Index cols() const override { return A_.cols(); }
  void apply(ConstMat X, MutMat Y) const override { multiply(lapack::Op::None, X, Y); }
  void apply_transposed(ConstMat X, MutMat Y) const override {
    multiply(symmetric_ ? lapack::Op::None : lapack::Op::Transposed, X, Y);
  }
  Structure structure() const override { return {.symmetric = symmetric_, .dense = true}; }
  Mat dense() const override { return A_; }

 private:
  void multiply(lapack::Op op, ConstMat X, MutMat Y) const {
    if (A_.size() == 0) {
      Y.setZero();
      return;
    }
    parallel_blocks(X.cols(), product_block, [&](Index first, Index width) {
      lapack::product(1, lapack::view(A_), op, lapack::view(X.middleCols(first, width)), lapack::Op::None, 0,
                      lapack::panel(Y.middleCols(first, width)));
    });
  }

  Mat A_;
  bool symmetric_;
};

class SparseOperator final : public LinearOperator {
 public:
  SparseOperator(std::shared_ptr<const PatternedMatrix> A, bool symmetric) : A_(std::move(A)), symmetric_(symmetric) {}
  Index rows() const override { return A_->pattern->rows; }
  Index cols() const override { return A_->pattern->cols; }
  Structure structure() const override { return {.symmetric = symmetric_, .sparse = true}; }
  std::shared_ptr<const PatternedMatrix> sparse() const override { return A_; }

  void apply(ConstMat X, MutMat Y) const override {
    for_columns(X, Y, [&](const double* x, double* y, Index j, Index begin, Index end) {
      if (symmetric_) return both_triangles(x, y, j, begin, end);
      for (Index k = begin; k < end; ++k) y[row(k)] += value(k) * x[j];
    });
  }

  void apply_transposed(ConstMat X, MutMat Y) const override {
    if (symmetric_) return apply(X, Y);
    for_columns(X, Y, [&](const double* x, double* y, Index j, Index begin, Index end) {
      for (Index k = begin; k < end; ++k) y[j] += value(k) * x[row(k)];
    });
  }

  Mat dense() const override {
    Mat A = Mat::Zero(rows(), cols());
    for (Index j = 0; j < cols(); ++j) {
      for (Index k = start(j); k < start(j + 1); ++k) {
        A(row(k), j) = value(k);
        if (symmetric_) A(j, row(k)) = value(k);
      }
    }
    return A;
  }

 private:
  Index start(Index j) const { return A_->pattern->column_start[j]; }
  Index row(Index k) const { return A_->pattern->row[k]; }
  double value(Index k) const { return A_->values[k]; }

  /// Column j of the lower triangle, and what is below the diagonal once more as row j.
  void both_triangles(const double* __restrict x, double* __restrict y, Index j, Index begin, Index end) const {
    const int* const rows = A_->pattern->row.data();
    const double* const values = A_->values.data();
    double sum = 0;
    if (begin < end && rows[begin] == j) sum = values[begin++] * x[j];
    for (Index k = begin; k < end; ++k) {
      y[rows[k]] += values[k] * x[j];
      sum += values[k] * x[rows[k]];
    }
    y[j] += sum;
  }

  /// Y = 0, then body(x, y, j, begin, end) for every column (x, y) of X and Y and every column j of the matrix.
  template <class Body>
  void for_columns(ConstMat X, MutMat Y, const Body& body) const {
    const auto one = [&](Index c) {
      Y.col(c).setZero();
      for (Index j = 0; j < cols(); ++j) body(X.col(c).data(), Y.col(c).data(), j, start(j), start(j + 1));
    };
    if (X.cols() == 1) return one(0);
    parallel_blocks(X.cols(), sparse_block, [&](Index first, Index width) {
      for (Index c = first; c < first + width; ++c) one(c);
    });
  }

  std::shared_ptr<const PatternedMatrix> A_;
  bool symmetric_;
};

}  // namespace

std::optional<DiagonalAndProduct> LinearOperator::diagonal_and_product() const { return std::nullopt; }

Mat LinearOperator::dense() const {
  Mat A(rows(), cols());
  parallel_blocks(cols(), identity_block, [&](Index first, Index width) {
    Mat E = Mat::Zero(cols(), width);
    E.middleRows(first, width).setIdentity();
    apply(E, A.middleCols(first, width));
  });
  return A;
}

std::optional<Vec> diagonal(const LinearOperator& A) {
  const Structure structure = A.structure();
  if (!structure.sparse) return structure.dense ? std::optional<Vec>(A.dense().diagonal()) : std::nullopt;
  const auto given = A.sparse();
  const SparsePattern& p = *given->pattern;
  Vec d = Vec::Zero(std::min(p.rows, p.cols));
  for (int j = 0; j < d.size(); ++j) {
    for (int k = p.column_start[j]; k < p.column_start[j + 1]; ++k) d(j) += p.row[k] == j ? given->values[k] : 0.0;
  }
  return d;
}

OperatorPtr dense_operator(Mat A, bool symmetric) { return std::make_shared<DenseOperator>(std::move(A), symmetric); }

OperatorPtr sparse_operator(PatternedMatrix A, bool symmetric) {
  return sparse_operator(std::make_shared<const PatternedMatrix>(std::move(A)), symmetric);
}

OperatorPtr sparse_operator(std::shared_ptr<const PatternedMatrix> A, bool symmetric) {
  return std::make_shared<SparseOperator>(std::move(A), symmetric);
}

}  // namespace argscope::linear
