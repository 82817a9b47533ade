#include "core/solve/shift.h"

#include <algorithm>
#include <cmath>

namespace argscope::solve {

namespace {

using linear::OperatorPtr;
using linear::PatternedMatrix;
using linear::SparsePattern;

/// A + μI for an A known by its products only.
class Shifted final : public linear::LinearOperator {
 public:
  Shifted(OperatorPtr A, double mu) : A_(std::move(A)), mu_(mu) {}
  Index rows() const override { return A_->rows(); }
  Index cols() const override { return A_->cols(); }
  void apply(ConstMat X, MutMat Y) const override {
    A_->apply(X, Y);
    Y += mu_ * X;
  }
  void apply_transposed(ConstMat X, MutMat Y) const override {
    A_->apply_transposed(X, Y);
    Y += mu_ * X;
  }
  linear::Structure structure() const override { return {A_->structure().symmetric, false, false}; }

 private:
  OperatorPtr A_;
  double mu_;
};

/// Where entry (k, k) stands among the values of column k; −1: it is not in the pattern.
Index diagonal_place(const SparsePattern& p, int k) {
  const auto first = p.row.begin() + p.column_start[k], last = p.row.begin() + p.column_start[k + 1];
  const auto at = std::lower_bound(first, last, k);
  return at != last && *at == k ? at - p.row.begin() : -1;
}

PatternedMatrix with_diagonal(const PatternedMatrix& A) {
  const SparsePattern& p = *A.pattern;
  auto full = std::make_shared<SparsePattern>();
  full->rows = p.rows;
  full->cols = p.cols;
  full->column_start.push_back(0);
  PatternedMatrix result;
  for (int k = 0; k < p.cols; ++k) {
    bool placed = diagonal_place(p, k) >= 0;
    for (int e = p.column_start[k]; e < p.column_start[k + 1]; ++e) {
      if (!placed && p.row[e] > k) {
        full->row.push_back(k);
        result.values.push_back(0);
        placed = true;
      }
      full->row.push_back(p.row[e]);
      result.values.push_back(A.values[e]);
    }
    if (!placed) {
      full->row.push_back(k);
      result.values.push_back(0);
    }
    full->column_start.push_back(static_cast<int>(full->row.size()));
  }
  result.pattern = std::move(full);
  return result;
}

PatternedMatrix plus_diagonal(PatternedMatrix A, double mu) {
  for (int k = 0; k < A.pattern->cols; ++k) {
    const Index at = diagonal_place(*A.pattern, k);
    if (at < 0) return plus_diagonal(with_diagonal(A), mu);
    A.values[at] += mu;
  }
  return A;
}

}  // namespace

OperatorPtr shifted(const OperatorPtr& A, double mu) {
  const auto structure = A->structure();
  if (structure.sparse) return linear::sparse_operator(plus_diagonal(*A->sparse(), mu), structure.symmetric);
  if (!structure.dense) return std::make_shared<Shifted>(A, mu);
  Mat M = A->dense();
  M.diagonal().array() += mu;
  return linear::dense_operator(std::move(M), structure.symmetric);
}

double magnitude(const linear::LinearOperator& A, const Vec& g) {
  double size = 0;
  if (A.structure().sparse) {
    const auto S = A.sparse();
    for (double v : S->values) size = std::max(size, std::abs(v));
  } else if (A.structure().dense) {
    size = A.dense().diagonal().cwiseAbs().maxCoeff();
  }
  if (size > 0) return size;
  Mat Ag(g.size(), 1);
  A.apply(g, Ag);
  const double length = g.norm();
  size = length > 0 ? Ag.norm() / length : 0;
  return size > 0 ? size : 1.0;
}

linear::Method quick_method(const linear::LinearOperator& A) {
  constexpr Index small = 48;  // dense methods are as fast, and know more
  const auto structure = A.structure();
  return structure.sparse && structure.symmetric && A.rows() >= small ? linear::Method::Sparse : linear::Method::Auto;
}

linear::Method definite_method(const linear::LinearOperator& A) {
  constexpr Index most = 3000;  // of a matrix that has to be formed from products
  const auto method = quick_method(A);
  if (method != linear::Method::Auto) return method;
  return A.structure().dense || A.rows() <= most ? linear::Method::Cholesky : linear::Method::Auto;
}

bool positive(const linear::Quality& q) { return q.usable && q.negative <= 0; }

}  // namespace argscope::solve
