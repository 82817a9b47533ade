#include <Eigen/SparseLU>
#include <cmath>
#include <utility>

#include "core/linear/condition.h"
#include "core/linear/sparse.h"

namespace argscope::linear::sparse {

namespace {

constexpr Index columns_a_block = 16;
using Lu = Eigen::SparseLU<SparseMat, Eigen::COLAMDOrdering<int>>;

/// Two factorizations: Eigen's transposed solve cannot be called through a constant.
class SparseLu final : public Kernel {
 public:
  SparseLu(OperatorPtr A, const SparseMat& M) : A_(std::move(A)), norm_(M.norm()) {
    forward_.compute(M);
    transposed_.compute(SparseMat(M.transpose()));
  }
  bool regular() const { return forward_.info() == Eigen::Success && transposed_.info() == Eigen::Success; }
  Steps solve(MutMat X, Direction direction) const override {
    X = (direction == Direction::Forward ? forward_ : transposed_).solve(Mat(X)).eval();
    return {};
  }
  void multiply(ConstMat X, MutMat Y, Direction direction) const override {
    direction == Direction::Forward ? A_->apply(X, Y) : A_->apply_transposed(X, Y);
  }
  Index block() const override { return columns_a_block; }
  double norm() const override { return norm_; }

 private:
  OperatorPtr A_;
  double norm_;
  Lu forward_, transposed_;
};

}  // namespace

Attempt general(const OperatorPtr& A, const Options& options) {
  Attempt attempt{.kernel = nullptr, .method = Method::Sparse, .null = {}, .negative = -1, .why = {}};
  const auto given = A->sparse();
  const SparsePattern& p = *given->pattern;
  const Eigen::Map<const SparseMat> M(p.rows, p.cols, static_cast<Index>(p.row.size()), p.column_start.data(),
                                      p.row.data(), given->values.data());
  auto kernel = std::make_unique<SparseLu>(A, SparseMat(M));
  if (!kernel->regular()) {
    attempt.why = "the matrix is singular: its sparse LU has a zero pivot; use auto or min-norm";
    return attempt;
  }
  const double inverse = root_of_greatest(p.cols, [&](Vec& v) {
    kernel->solve(v, Direction::Transposed);
    kernel->solve(v, Direction::Forward);
  });
  if (!(inverse * kernel->norm() * options.rank_tolerance < 1)) {
    attempt.why = "the matrix is singular to working precision; use auto or min-norm";
    return attempt;
  }
  attempt.kernel = std::move(kernel);
  return attempt;
}

}  // namespace argscope::linear::sparse
