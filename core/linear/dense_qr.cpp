#include <Eigen/QR>
#include <utility>

#include "core/linear/condition.h"
#include "core/linear/dense.h"
#include "core/linear/lapack.h"

namespace argscope::linear::dense {

namespace {

using Decomposition = Eigen::CompleteOrthogonalDecomposition<Mat>;

class Qr final : public Kernel {
 public:
  Qr(Mat A, double rank_tolerance) : A_(std::move(A)), decomposition_(A_.rows(), A_.cols()) {
    decomposition_.setThreshold(rank_tolerance);
    decomposition_.compute(A_);
  }
  Steps solve(MutMat X, Direction direction) const override {
    X = direction == Direction::Forward ? Mat(decomposition_.solve(X)) : Mat(decomposition_.transpose().solve(X));
    return {};
  }
  void multiply(ConstMat X, MutMat Y, Direction direction) const override {
    const lapack::Op op = direction == Direction::Forward ? lapack::Op::None : lapack::Op::Transposed;
    lapack::product(1, lapack::view(A_), op, lapack::view(X), lapack::Op::None, 0, lapack::panel(Y));
  }
  Index block() const override { return 64; }
  double norm() const override { return A_.norm(); }

  /// The last columns of Q on the left, of P Zᵀ on the right.
  NullSpace null_space() const {
    const Index n = A_.rows(), modes = n - decomposition_.rank();
    NullSpace null;
    null.left = null.right = Mat::Zero(n, modes);
    if (modes == 0) return null;
    null.left.bottomRows(modes).setIdentity();
    null.left.applyOnTheLeft(decomposition_.householderQ());
    null.right = decomposition_.colsPermutation() * decomposition_.matrixZ().transpose().rightCols(modes);
    return null;
  }

 private:
  Mat A_;
  Decomposition decomposition_;
};

}  // namespace

Attempt qr(Mat& A, const Options& options) {
  auto kernel = std::make_unique<Qr>(std::move(A), options.rank_tolerance);
  Attempt attempt{.kernel = nullptr, .method = Method::Qr, .null = kernel->null_space(), .negative = -1, .why = {}};
  attempt.kernel = std::move(kernel);
  return attempt;
}

}  // namespace argscope::linear::dense
