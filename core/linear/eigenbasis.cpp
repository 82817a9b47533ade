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
constexpr Index columns_a_block = 64;

/// V (Λ + μ)⁻¹ Vᵀ, without the eigenvalues that count as zero.
class Shifted final : public Kernel {
 public:
  Shifted(ShiftedMatrix A, std::shared_ptr<const Mat> V, Vec inverse, double norm, double condition)
      : A_(std::move(A)), V_(std::move(V)), inverse_(std::move(inverse)), norm_(norm), condition_(condition) {}
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

Attempt Eigenbasis::attempt(const LinearOperator& A, const Options& options) {
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
  const double greatest = values.cwiseAbs().maxCoeff(), zero = options.rank_tolerance * greatest;
  const auto counts = (values.array().abs() > zero).eval();
  if (!std::isfinite(greatest) || !counts.any()) return attempt;
  Mat null(values.size(), values.size() - counts.count());
  for (Index j = 0, k = 0; j < values.size(); ++j)
    if (!counts(j)) null.col(k++) = vectors_->V.col(j);
  attempt.null.append(null, null);
  attempt.negative = (values.array() < -zero).count();
  const double least = counts.select(values.array().abs(), greatest).minCoeff();
  attempt.kernel =
      std::make_unique<Shifted>(*shifted, std::shared_ptr<const Mat>(vectors_, &vectors_->V),
                                Vec(counts.select(values.array().inverse(), 0)), greatest, greatest / least);
  return attempt;
}

}  // namespace argscope::linear
