#include "core/linear/recollection.h"

#include <Eigen/Cholesky>

#include "core/linear/null_space.h"

namespace argscope::linear {

namespace {

constexpr Index most_columns = 4;      // of a block
constexpr std::size_t remembered = 6;  // vectors; each costs a product with A
constexpr double correction = 1e-3;    // a right-hand side so much smaller than the last one is a refinement's

}  // namespace

Mat Recollection::start(const LinearOperator& A, ConstMat B) const {
  Mat basis;
  {
    const std::lock_guard lock(mutex_);
    if (B.cols() > most_columns || solutions_.empty() || solutions_.back().size() != B.rows()) return {};
    basis.resize(B.rows(), static_cast<Index>(solutions_.size()));
    for (Index k = 0; k < basis.cols(); ++k)
      basis.col(k) = solutions_[solutions_.size() - 1 - static_cast<std::size_t>(k)];
  }
  const Mat Q = orthonormal(std::move(basis));
  Mat AQ(Q.rows(), Q.cols());
  A.apply(Q, AQ);
  const Eigen::LLT<Mat> small(Q.transpose() * AQ);
  if (Q.cols() == 0 || small.info() != Eigen::Success) return {};
  const Mat c = small.solve(Q.transpose() * B);
  if (!((B - AQ * c).norm() < B.norm())) return {};
  return Q * c;
}

void Recollection::remember(ConstMat B, ConstMat X) {
  const std::lock_guard lock(mutex_);
  if (B.cols() > most_columns || B.norm() < correction * usual_ || !X.allFinite()) return;
  if (!solutions_.empty() && solutions_.back().size() != X.rows()) solutions_.clear();
  usual_ = B.norm();
  for (Index c = 0; c < X.cols(); ++c) solutions_.emplace_back(X.col(c));
  while (solutions_.size() > remembered) solutions_.pop_front();
}

Vec Recollection::probe(Index n) const {
  const std::lock_guard lock(mutex_);
  return probe_.size() == n ? probe_ : Vec();
}

void Recollection::remember_probe(Vec x) {
  const std::lock_guard lock(mutex_);
  probe_ = std::move(x);
}

}  // namespace argscope::linear
