#include "core/linear/blocks.h"

#include <algorithm>
#include <utility>

#include "core/linear/dense.h"
#include "core/parallel.h"

namespace argscope::linear {

namespace {

struct Block {
  std::vector<Index> unknowns;
  std::unique_ptr<const Kernel> kernel;
};

class Blocks final : public Kernel {
 public:
  explicit Blocks(std::vector<Block> blocks) : blocks_(std::move(blocks)) {}

  Steps solve(MutMat X, Direction direction) const override {
    for (const Block& b : blocks_) {
      Mat part = X(b.unknowns, Eigen::all);
      b.kernel->solve(part, direction);
      X(b.unknowns, Eigen::all) = part;
    }
    return {};
  }
  void multiply(ConstMat X, MutMat Y, Direction direction) const override {
    for (const Block& b : blocks_) {
      Mat part(static_cast<Index>(b.unknowns.size()), X.cols());
      b.kernel->multiply(X(b.unknowns, Eigen::all), part, direction);
      Y(b.unknowns, Eigen::all) = part;
    }
  }
  Index block() const override { return blocks_.front().kernel->block(); }
  double norm() const override {
    double greatest = 0;
    for (const Block& b : blocks_) greatest = std::max(greatest, b.kernel->norm());
    return greatest;
  }

 private:
  std::vector<Block> blocks_;
};

Attempt factorized(Mat& A, bool symmetric, const Options& options) {
  if (!symmetric) return dense::lu(A, options);
  Attempt attempt = dense::cholesky(A, options);
  return attempt.kernel ? std::move(attempt) : dense::ldlt(A, options);
}

}  // namespace

Attempt blocks(std::vector<Part> parts, bool symmetric, const Options& options) {
  if (parts.size() == 1) return factorized(parts.front().A, symmetric, options);
  std::vector<Attempt> attempts(parts.size());
  parallel_for(static_cast<Index>(parts.size()), [&](Index k) {
    const auto i = static_cast<std::size_t>(k);
    attempts[i] = factorized(parts[i].A, symmetric, options);
  });
  Attempt whole{.kernel = nullptr, .method = Method::Lu, .null = {}, .negative = symmetric ? 0 : -1, .why = {}};
  std::vector<Block> kernels;
  for (std::size_t k = 0; k < parts.size(); ++k) {
    Attempt& a = attempts[k];
    if (!a.kernel) return std::move(a);
    whole.method = k == 0 ? a.method : std::max(whole.method, a.method);
    if (symmetric) whole.negative = whole.negative < 0 || a.negative < 0 ? -1 : whole.negative + a.negative;
    kernels.push_back({std::move(parts[k].unknowns), std::move(a.kernel)});
  }
  whole.kernel = std::make_unique<Blocks>(std::move(kernels));
  return whole;
}

}  // namespace argscope::linear
