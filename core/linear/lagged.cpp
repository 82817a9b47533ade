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

krylov::Krylov<Cg> solver(OperatorPtr A, std::shared_ptr<const Factorization> near, double tolerance, int limit) {
  return krylov::Krylov<Cg>(
      {.A = std::move(A), .scalings = {}, .rules = {tolerance, 0, 0, {}}, .limit = limit, .near = std::move(near)});
}

/// Not called iterative: what it leaves is rounding, as a direct method does.
class Lagged final : public Kernel {
 public:
  Lagged(krylov::Krylov<Cg> fine, krylov::Krylov<Cg> coarse, double norm)
      : solver_(std::move(fine)), rough_(std::move(coarse)), norm_(norm) {}
  Steps solve(MutMat X, Direction direction) const override { return solver_.solve(X, direction); }
  Steps solve_roughly(MutMat X, Direction direction) const override { return rough_.solve(X, direction); }
  void multiply(ConstMat X, MutMat Y, Direction direction) const override { solver_.multiply(X, Y, direction); }
  Index block() const override { return solver_.block(); }
  double norm() const override { return norm_; }

 private:
  krylov::Krylov<Cg> solver_, rough_;
  double norm_;
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

std::string probe(const krylov::Krylov<Cg>& solver, const NullSpace& null, Index n) {
  Vec b = fixed_probe(n);
  null.remove_right(b);
  const Steps steps = solver.solve(b, Direction::Forward);
  if (steps.ending == Ending::Solved) return {};
  return fmt::format("the factors of the earlier matrix do not serve: {} after {} steps", words(steps.ending),
                     steps.iterations);
}

}  // namespace

std::shared_ptr<const Factorization> lagged(const OperatorPtr& A, const std::shared_ptr<const Factorization>& earlier,
                                            const Options& options, int steps) {
  const Index n = A->rows();
  Attempt attempt{.kernel = nullptr, .method = Method::Cg, .null = {}, .negative = -1, .why = fault(*A, *earlier)};
  const auto result = [&] { return std::make_shared<const Solved>(std::move(attempt), n, options); };
  if (!attempt.why.empty()) return result();
  const auto [numbers, sums] = in_numbers(*A);
  const double norm = n > 0 ? sums.maxCoeff() : 0;
  attempt.null.right_coordinates = attempt.null.left_coordinates = earlier->quality().null_coordinates;
  attempt.null.right = attempt.null.left = earlier->quality().null_space;
  attempt.why = check_null_space(*numbers, sums, attempt.null, options.rank_tolerance * norm);
  if (attempt.why.empty()) attempt.why = probe(solver(numbers, earlier, certain, steps), attempt.null, n);
  if (!attempt.why.empty()) return result();
  attempt.kernel = std::make_unique<Lagged>(solver(numbers, earlier, options.tolerance, patience),
                                            solver(numbers, earlier, rough, patience), norm);
  attempt.negative = 0;
  return result();
}

}  // namespace argscope::linear
