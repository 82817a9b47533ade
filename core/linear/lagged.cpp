#include "core/linear/lagged.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "core/linear/krylov_column.h"
#include "core/linear/solved.h"

namespace argscope::linear {

namespace {

using krylov::Product;

constexpr double certain = 1e-8;  ///< of the probe may be left
constexpr double rough = 1e-4;    ///< the tolerance where a few digits do
constexpr double softest = 1e-6;  ///< a direction that gives way so much more than before may well be a null one
constexpr int patience = 60;      ///< steps of a solve: the probe took a few

class Cg final : public krylov::Column {
 public:
  static constexpr std::array products{Product::Preconditioner, Product::Same};
  Cg(const Vec& b, const krylov::Rules& rules) : Column(b, rules), r_(b) {}
  const Vec& wanted(std::size_t k) const { return k == 0 ? r_ : p_; }
  void take(std::size_t k, const ConstVec& product, MutVec x) { k == 0 ? turn(product) : step(product, x); }

 private:
  /// The next direction, with z = P⁻¹ r, which is P-orthogonal to the last one.
  void turn(const ConstVec& z) {
    const double next = r_.dot(z), beta = rho_ > 0 ? next / rho_ : 0;
    if (!(next > 0)) return end(Ending::BrokeDown);
    p_ = beta > 0 ? Vec(z + beta * p_) : Vec(z);
    before_ = next + beta * beta * before_;
    rho_ = next;
  }
  void step(const ConstVec& q, MutVec x) {
    const double curvature = p_.dot(q);
    if (!(curvature > softest * before_)) return end(Ending::BrokeDown);
    x += (rho_ / curvature) * p_;
    r_ -= (rho_ / curvature) * q;
    end_if_small(r_.norm());
  }

  Vec r_, p_;
  double rho_ = 0;     // rᵀP⁻¹r
  double before_ = 0;  // pᵀPp
};

/// The system of A and the factors near to it.
struct Near {
  OperatorPtr A;
  std::shared_ptr<const Factorization> factors;

  krylov::Krylov<Cg> solver(double tolerance, int limit) const {
    return krylov::Krylov<Cg>(
        {.A = A, .scalings = {}, .rules = {tolerance, 0, 0, {}}, .limit = limit, .near = factors});
  }

  /// X ← A⁻¹ X to ‖AX − B‖ ≤ tolerance ‖B‖, column by column, from `start`; empty: from zero.
  Steps solve(MutMat X, const Mat& start, double tolerance, int limit) const {
    if (start.size() == 0) return solver(tolerance, limit).solve(X, Direction::Forward);
    Mat product(X.rows(), X.cols());
    A->apply(start, product);
    double left = 1;  // of what is still to be solved
    for (Index c = 0; c < X.cols(); ++c) {
      const double goal = tolerance * X.col(c).norm(), there = (X.col(c) - product.col(c)).norm();
      if (there > goal) left = std::min(left, goal / there);
    }
    X -= product;
    const Steps steps = left < 1 ? solver(left, limit).solve(X, Direction::Forward) : Steps{};
    X = left < 1 ? Mat(start + X) : start;
    return steps;
  }
};

/// Not called iterative: what it leaves is rounding, as a direct method does.
class Lagged final : public Kernel {
 public:
  Lagged(Near near, double tolerance, double norm, std::shared_ptr<Recollection> recollection)
      : near_(std::move(near)), tolerance_(tolerance), norm_(norm), recollection_(std::move(recollection)) {}
  Steps solve(MutMat X, Direction) const override {
    const Mat B = X;
    const Steps steps = near_.solve(X, recollection_->start(*near_.A, B), tolerance_, patience);
    if (steps.ending == Ending::Solved) recollection_->remember(B, X);
    return steps;
  }
  Steps solve_roughly(MutMat X, Direction) const override { return near_.solve(X, {}, rough, patience); }
  void multiply(ConstMat X, MutMat Y, Direction) const override { near_.A->apply(X, Y); }
  Index block() const override { return 8; }  // as wide as the operator's own slabs
  double norm() const override { return norm_; }

 private:
  Near near_;
  double tolerance_, norm_;
  std::shared_ptr<Recollection> recollection_;
};

/// A as numbers, which are multiplied with sooner than expressions.
struct Numbers {
  OperatorPtr A;
  Vec column_sums;
};

Numbers in_numbers(const LinearOperator& A) {
  if (const auto lower = A.sparse()) return {sparse_operator(lower, true), column_sums(*lower)};
  Mat M = A.dense();
  Vec sums = column_sums(M);
  return {dense_operator(std::move(M), true), std::move(sums)};
}

std::string fault(const LinearOperator& A, const Factorization& earlier) {
  const Quality& known = earlier.quality();
  const Structure structure = A.structure();
  if (!structure.symmetric || !(structure.sparse || structure.dense)) return "it needs a symmetric matrix in numbers";
  if (!known.usable || iterative(known.method)) return "there are no factors of an earlier matrix";
  if (known.negative != 0) return "the earlier matrix is not known to be positive definite";
  if (known.rank + known.null_modes != A.rows()) return "the earlier matrix is of another size";
  return {};
}

std::string check_null_space(const LinearOperator& A, const Vec& sums, const NullSpace& null, double tolerance) {
  if (zero_lines(sums, sums).right_coordinates != null.right_coordinates) return "other rows than before are zero";
  if (null.right.cols() == 0) return {};
  Mat AZ(A.rows(), null.right.cols());
  A.apply(null.right, AZ);
  if (!(AZ.norm() <= tolerance)) return "a null vector of the earlier matrix is none any more";
  return {};
}

std::string probe(const Near& near, const NullSpace& null, int limit, Recollection& recollection) {
  const Index n = near.A->rows();
  Vec x = fixed_probe(n);
  null.remove_right(x);
  const Steps steps = near.solve(x, recollection.probe(n), certain, limit);
  if (steps.ending == Ending::Solved) return recollection.remember_probe(std::move(x)), "";
  return fmt::format("the factors of the earlier matrix do not serve: {} after {} steps", words(steps.ending),
                     steps.iterations);
}

}  // namespace

std::shared_ptr<const Factorization> lagged(const OperatorPtr& A, const std::shared_ptr<const Factorization>& earlier,
                                            const Options& options, int steps,
                                            std::shared_ptr<Recollection> recollection) {
  Attempt attempt{.kernel = nullptr, .method = Method::Cg, .null = {}, .negative = -1, .why = fault(*A, *earlier)};
  const auto result = [&] { return std::make_shared<const Solved>(std::move(attempt), A->rows(), options); };
  if (!attempt.why.empty()) return result();
  const auto [numbers, sums] = in_numbers(*A);
  const Near near{numbers, earlier};
  const double norm = sums.size() > 0 ? sums.maxCoeff() : 0;
  attempt.null.right_coordinates = attempt.null.left_coordinates = earlier->quality().null_coordinates;
  attempt.null.right = attempt.null.left = earlier->quality().null_space;
  attempt.why = check_null_space(*numbers, sums, attempt.null, options.rank_tolerance * norm);
  if (attempt.why.empty()) attempt.why = probe(near, attempt.null, steps, *recollection);
  if (!attempt.why.empty()) return result();
  attempt.kernel = std::make_unique<Lagged>(near, options.tolerance, norm, std::move(recollection));
  attempt.negative = 0;
  return result();
}

}  // namespace argscope::linear
