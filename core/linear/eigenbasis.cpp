#include "core/linear/eigenbasis.h"

#include <utility>

#include "core/linear/lapack.h"

namespace argscope::linear {

struct Eigenbasis::Vectors {
  Mat V;
  Vec lambda;
};

namespace {

constexpr Index large = 128;             // unknowns; a smaller matrix is factorized in no time
constexpr int factorizations_of_V = 20;  // that cost what V costs: 14 to 24 of 128 to 1,000 unknowns
constexpr double well_conditioned = 1e8;
constexpr Index columns_a_block = 64;

/// V (Λ + μ)⁻¹ Vᵀ
class Shifted final : public Kernel {
 public:
  Shifted(ShiftedMatrix A, std::shared_ptr<const Mat> V, const Vec& values)
      : A_(std::move(A)),
        V_(std::move(V)),
        inverse_(values.cwiseInverse()),
        norm_(values.cwiseAbs().maxCoeff()),
        condition_(norm_ * inverse_.cwiseAbs().maxCoeff()) {}
  Steps solve(MutMat X, Direction) const override {
    Mat part(X.rows(), X.cols());
    lapack::product(1, lapack::view(*V_), lapack::Op::Transposed, lapack::view(X), lapack::Op::None, 0,
                    lapack::panel(part));
    part = inverse_.asDiagonal() * part;
    lapack::product(1, lapack::view(*V_), lapack::Op::None, lapack::view(part), lapack::Op::None, 0, lapack::panel(X));
    return {};
  }
  void multiply(ConstMat X, MutMat Y, Direction) const override {
    lapack::symmetric_product(lapack::view(*A_.fixed), lapack::Part::Lower, lapack::view(X), lapack::panel(Y));
    Y += A_.shift * X;
  }
  Index block() const override { return columns_a_block; }
  double norm() const override { return norm_; }
  std::optional<double> condition() const override { return condition_; }

 private:
  ShiftedMatrix A_;
  std::shared_ptr<const Mat> V_;
  Vec inverse_;
  double norm_, condition_;
};

}  // namespace

Attempt Eigenbasis::attempt(const LinearOperator& A) {
  Attempt attempt{.kernel = nullptr, .method = Method::MinNorm, .null = {}, .negative = -1, .why = {}};
  if (A.rows() < large) return attempt;
  const auto shifted = A.fixed_and_shift();
  if (!shifted) return attempt;
  if (of_ != shifted->fixed) *this = {}, of_ = shifted->fixed;
  if (++asked_ <= factorizations_of_V) return attempt;
  if (!vectors_) {
    auto made = std::make_shared<Vectors>(Vectors{*of_, {}});
    if (lapack::symmetric_eigen(made->V, made->lambda) != 0) return attempt;
    vectors_ = std::move(made);
  }
  const Vec values = vectors_->lambda.array() + shifted->shift;
  const Vec sizes = values.cwiseAbs();
  if (!(sizes.maxCoeff() <= well_conditioned * sizes.minCoeff())) return attempt;
  attempt.negative = (values.array() < 0).count();
  attempt.kernel = std::make_unique<Shifted>(*shifted, std::shared_ptr<const Mat>(vectors_, &vectors_->V), values);
  return attempt;
}

}  // namespace argscope::linear
