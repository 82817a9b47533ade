#include "core/linear/reduced.h"

#include <random>
#include <utility>

#include "core/linear/dense.h"
#include "core/parallel.h"

namespace argscope::linear {

namespace {

struct Split {
  std::vector<Index> support, others;
  double unit = 1;  ///< c of the other rows
};

Split split(const LinearOperator& A) {
  const Index n = A.rows();
  std::mt19937 draw(11);
  Mat r(n, 1), y(n, 1);
  for (double& e : r.reshaped()) e = 0.5 + (draw() >> 5) * 0x1p-27;
  A.apply(r, y);
  Index plus = 0, minus = 0;
  for (Index i = 0; i < n; ++i) {
    if (y(i) == r(i)) ++plus;
    if (y(i) == -r(i)) ++minus;
  }
  Split s;
  s.unit = plus >= minus ? 1 : -1;
  for (Index i = 0; i < n; ++i) (y(i) == s.unit * r(i) ? s.others : s.support).push_back(i);
  return s;
}

class Reduced final : public Kernel {
 public:
  Reduced(OperatorPtr A, Split s, std::unique_ptr<const Kernel> inner)
      : A_(std::move(A)), split_(std::move(s)), inner_(std::move(inner)) {}

  Steps solve(MutMat X, Direction direction) const override {
    return direction == Direction::Forward ? forward(X) : transposed(X);
  }
  void multiply(ConstMat X, MutMat Y, Direction direction) const override {
    direction == Direction::Forward ? A_->apply(X, Y) : A_->apply_transposed(X, Y);
  }
  Index block() const override { return inner_->block(); }
  double norm() const override { return std::max(1.0, inner_->norm()); }

 private:
  Steps forward(MutMat X) const {
    Mat given = Mat::Zero(X.rows(), X.cols()), moved(X.rows(), X.cols());
    for (Index i : split_.others) given.row(i) = X.row(i) / split_.unit;
    A_->apply(given, moved);
    Mat inner = X(split_.support, Eigen::all) - moved(split_.support, Eigen::all);
    const Steps steps = inner_->solve(inner, Direction::Forward);
    X = given;
    X(split_.support, Eigen::all) = inner;
    return steps;
  }

  Steps transposed(MutMat X) const {
    Mat inner = X(split_.support, Eigen::all), found = Mat::Zero(X.rows(), X.cols()), moved(X.rows(), X.cols());
    const Steps steps = inner_->solve(inner, Direction::Transposed);
    found(split_.support, Eigen::all) = inner;
    A_->apply_transposed(found, moved);
    for (Index i : split_.others) found.row(i) = (X.row(i) - moved.row(i)) / split_.unit;
    X = found;
    return steps;
  }

  OperatorPtr A_;
  Split split_;
  std::unique_ptr<const Kernel> inner_;
};

/// A's rows and columns on the support.
Mat core(const LinearOperator& A, const std::vector<Index>& support) {
  constexpr Index width = 64;
  const auto size = static_cast<Index>(support.size());
  Mat M(size, size);
  parallel_blocks(size, width, [&](Index first, Index count) {
    Mat E = Mat::Zero(A.cols(), count), AE(A.rows(), count);
    for (Index k = 0; k < count; ++k) E(support[static_cast<std::size_t>(first + k)], k) = 1;
    A.apply(E, AE);
    M.middleCols(first, count) = AE(support, Eigen::all);
  });
  return M;
}

}  // namespace

Attempt reduced(const OperatorPtr& A, const Options& options) {
  constexpr double worthwhile = 0.8;  // of the unknowns may be left
  constexpr Index most = 3000;
  const auto refuse = [](std::string why) {
    return Attempt{.kernel = nullptr, .method = Method::Lu, .null = {}, .negative = -1, .why = std::move(why)};
  };
  Split s = split(*A);
  const auto left = static_cast<Index>(s.support.size());
  if (left == 0 || static_cast<double>(left) > worthwhile * static_cast<double>(A->rows()) || left > most)
    return refuse("few unknowns are given outright");
  Mat M = core(*A, s.support);
  if (!M.allFinite()) return refuse("the matrix has entries that are not finite");
  Attempt inner = dense::lu(M, options);
  if (!inner.kernel) return inner;
  inner.kernel = std::make_unique<Reduced>(A, std::move(s), std::move(inner.kernel));
  return inner;
}

}  // namespace argscope::linear
