#include "core/optimality/newton_mapping.h"

#include "core/linear/factorize.h"

namespace argscope::optimality {

namespace {

using FactorPtr = std::shared_ptr<const linear::Factorization>;

FactorPtr factor(const linear::OperatorPtr& H) { return linear::Factorizer().factorize(H, {}, Mat(H->rows(), 0)); }

/// −H⁻¹C, by its products.
class Solved final : public linear::LinearOperator {
 public:
  Solved(FactorPtr H, linear::OperatorPtr C) : H_(std::move(H)), C_(std::move(C)) {}
  Index rows() const override { return C_->rows(); }
  Index cols() const override { return C_->cols(); }
  void apply(ConstMat X, MutMat Y) const override {
    Mat CX(rows(), X.cols());
    C_->apply(X, CX);
    H_->solve(-CX, Y);
  }
  void apply_transposed(ConstMat X, MutMat Y) const override {
    Mat V(rows(), X.cols());
    H_->solve_transposed(-X, V);
    C_->apply_transposed(V, Y);
  }

 private:
  FactorPtr H_;
  linear::OperatorPtr C_;
};

}  // namespace

void NewtonMapping::value(ConstVec x, ConstVec theta, MutVec y) const {
  const Vec g = slope_.value_at(x, theta);
  factor(slope_.linearize(x, theta).dx)->solve(-g, y);
}

Linearization NewtonMapping::linearize(ConstVec x, ConstVec theta) const {
  const auto [H, C] = slope_.linearize(x, theta);
  return {linear::dense_operator(-Mat::Identity(x.size(), x.size()), true), std::make_shared<Solved>(factor(H), C)};
}

}  // namespace argscope::optimality
