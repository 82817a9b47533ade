#include "core/linear/low_rank.h"

#include <utility>

#include "core/linear/dense.h"
#include "core/parallel.h"

namespace argscope::linear {

namespace {

Mat product(const LinearOperator& A, ConstMat X) {
  Mat Y(A.rows(), X.cols());
  A.apply(X, Y);
  return Y;
}

class LowRank final : public Kernel {
 public:
  LowRank(OperatorPtr A, DiagonalAndProduct parts, std::unique_ptr<const Kernel> T)
      : A_(std::move(A)), parts_(std::move(parts)), inverse_(parts_.diagonal.cwiseInverse()), T_(std::move(T)) {}

  Steps solve(MutMat X, Direction) const override {
    X = inverse_.asDiagonal() * X;
    Mat few = product(*parts_.S, X);
    T_->solve(few, Direction::Forward);
    X -= inverse_.asDiagonal() * product(*parts_.R, few);
    return {};
  }
  void multiply(ConstMat X, MutMat Y, Direction) const override { A_->apply(X, Y); }
  Index block() const override { return T_->block(); }
  /// Of the diagonal, and not less than what T is to the smallest of it.
  double norm() const override {
    return parts_.diagonal.cwiseAbs().maxCoeff() + parts_.diagonal.cwiseAbs().minCoeff() * T_->norm();
  }

 private:
  OperatorPtr A_;
  DiagonalAndProduct parts_;
  Vec inverse_;
  std::unique_ptr<const Kernel> T_;
};

/// S D⁻¹ Z, Z = R or Sᵀ, a few columns at a time, which the caches hold.
template <class Widen>
Mat met(const DiagonalAndProduct& p, const Widen& widen) {
  constexpr Index width = 8;
  const Index m = p.S->rows();
  const Vec inverse = p.diagonal.cwiseInverse();
  Mat K(m, m);
  parallel_blocks(m, width, [&](Index first, Index count) {
    Mat E = Mat::Zero(m, count), wide(inverse.size(), count);
    for (Index k = 0; k < count; ++k) E(first + k, k) = 1;
    widen(E, wide);
    wide = inverse.asDiagonal() * wide;
    p.S->apply(wide, K.middleCols(first, count));
  });
  return K;
}

/// Whether T S D⁻¹ Sᵀ is positive definite.
bool certainly_positive(const DiagonalAndProduct& p, const Mat& T, const Options& options) {
  if (!(p.diagonal.array() > 0).all()) return false;
  const Mat VAV = T * met(p, [&](ConstMat few, MutMat wide) { p.S->apply_transposed(few, wide); });
  Mat symmetric = 0.5 * (VAV + VAV.transpose());
  const Attempt attempt = dense::cholesky(symmetric, options);
  return attempt.kernel && attempt.negative == 0;
}

}  // namespace

Attempt low_rank(const OperatorPtr& A, const Options& options) {
  Attempt attempt{.kernel = nullptr, .method = Method::Lu, .null = {}, .negative = -1, .why = {}};
  auto parts = A->diagonal_and_product();
  if (!parts || !(parts->diagonal.cwiseAbs().minCoeff() > 0) || !parts->diagonal.allFinite()) {
    attempt.why = "the matrix is not known as a regular diagonal and a product through few numbers";
    return attempt;
  }
  const Index m = parts->S->rows();
  const Mat T = Mat::Identity(m, m) + met(*parts, [&](ConstMat few, MutMat wide) { parts->R->apply(few, wide); });
  if (!T.allFinite()) {
    attempt.why = "the matrix has entries that are not finite";
    return attempt;
  }
  Mat factored = T;
  attempt = dense::lu(factored, options);
  if (!attempt.kernel) return attempt;
  if (certainly_positive(*parts, T, options)) attempt.negative = 0;
  attempt.kernel = std::make_unique<LowRank>(A, std::move(*parts), std::move(attempt.kernel));
  return attempt;
}

}  // namespace argscope::linear
