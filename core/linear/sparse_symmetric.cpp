#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/linear/condition.h"
#include "core/linear/sparse.h"
#include "core/linear/supernodal.h"

namespace argscope::linear::sparse {

namespace {

constexpr Index columns_a_block = 16;
constexpr std::size_t most_found = 256;  ///< null vectors that may show themselves
constexpr double poor_solution = 1e-10;  ///< backward error at which an indefinite factor without pivoting is rejected

class Supernodal final : public Kernel {
 public:
  Supernodal(OperatorPtr A, std::shared_ptr<const Factor> factor, double sign, double norm)
      : A_(std::move(A)), factor_(std::move(factor)), sign_(sign), norm_(norm) {}
  Steps solve(MutMat X, Direction) const override {
    factor_->solve(X);
    if (sign_ < 0) X = -X;
    return {};
  }
  void multiply(ConstMat X, MutMat Y, Direction) const override { A_->apply(X, Y); }
  Index block() const override { return columns_a_block; }
  double norm() const override { return norm_; }
  double effort() const override { return factor_->effort(); }

 private:
  OperatorPtr A_;
  std::shared_ptr<const Factor> factor_;
  double sign_, norm_;
};

/// What the entries tell.
struct Survey {
  double trace = 0, mean_diagonal = 0, greatest = 0;
  Vec column_sums;  // of magnitudes, both triangles
};

Survey survey(const PatternedMatrix& A) {
  const SparsePattern& pattern = *A.pattern;
  Survey s;
  s.column_sums = column_sums(A);
  for (const double value : A.values) s.greatest = std::max(s.greatest, std::abs(value));
  for (int j = 0; j < pattern.cols; ++j) {
    const int first = pattern.column_start[j];  // of a lower triangle: the diagonal, where it is there
    if (first == pattern.column_start[j + 1] || pattern.row[first] != j) continue;
    s.trace += A.values[first];
    s.mean_diagonal += std::abs(A.values[first]) / pattern.cols;
  }
  return s;
}

/// The null vectors that showed themselves as vanishing pivots: A⁻¹ of the pinned matrix at those unknowns.
Mat shown_null_vectors(const Factor& factor, const NullSpace& known, Index n) {
  Mat E = Mat::Zero(n, static_cast<Index>(factor.replaced().size()));
  for (Index k = 0; k < E.cols(); ++k) E(factor.replaced()[k], k) = 1;
  factor.solve(E);
  for (const int i : known.right_coordinates) E.row(i).setZero();
  Mat all(n, known.right.cols() + E.cols());
  all << known.right, E.colwise().normalized();
  return orthonormal(std::move(all));
}

double backward_error(const Kernel& kernel, const NullSpace& null, Index n) {
  Vec b = fixed_probe(n), r(n);
  null.remove_left(b);
  Vec x = b;
  kernel.solve(x, Direction::Forward);
  null.remove_right(x);
  kernel.multiply(x, r, Direction::Forward);
  return (r - b).norm() / (kernel.norm() * x.norm() + b.norm());
}

std::string check_null_space(const LinearOperator& A, const Factor& factor, NullSpace& null, double tolerance) {
  if (factor.replaced().empty()) return {};
  if (factor.negative() > 0) return "the matrix is indefinite and a pivot vanishes";
  if (factor.replaced().size() > most_found) return fmt::format("{} pivots vanish", factor.replaced().size());
  const Index expected = null.right.cols() + static_cast<Index>(factor.replaced().size());
  const Mat Z = shown_null_vectors(factor, null, A.cols());
  Mat AZ(Z.rows(), Z.cols());
  A.apply(Z, AZ);
  if (Z.cols() != expected || !(AZ.colwise().norm().maxCoeff() <= tolerance)) {
    return "the matrix is singular to working precision and its null vectors are not clear";
  }
  null.right = null.left = Z;
  return {};
}

}  // namespace

Attempt symmetric(OperatorPtr A, const Options& options, const Mat& null_candidates, Analyses& analyses) {
  Attempt attempt{.kernel = nullptr, .method = Method::Sparse, .null = {}, .negative = -1, .why = {}};
  const auto lower = A->sparse();
  const Index n = A->rows();
  A = sparse_operator(lower, true);  // numbers are multiplied with sooner than expressions
  const Survey seen = survey(*lower);
  const auto refuse = [&](std::string why) {
    attempt.why = std::move(why);
    return std::move(attempt);
  };
  const auto analysis = analyses.of(lower->pattern);
  if (!analysis) return refuse("the sparse matrix fills in beyond what its factorization can index or memory can hold");
  NullSpace null = zero_lines(seen.column_sums, seen.column_sums);
  const double norm1 = seen.column_sums.maxCoeff(), tolerance = options.rank_tolerance * norm1;
  null.left = null.right = annihilated(*A, null_candidates, null.right_coordinates, tolerance);
  std::vector<int> pins = null.right_coordinates;
  const std::vector<int> more = independent_rows(null.right);
  pins.insert(pins.end(), more.begin(), more.end());
  const double sign = seen.trace < 0 ? -1 : 1, sigma = seen.mean_diagonal > 0 ? seen.mean_diagonal : seen.greatest;
  auto factor = std::make_shared<const Factor>(analysis, lower->values, sign, pins, sigma, options.rank_tolerance);
  std::string trouble = check_null_space(*A, *factor, null, 10 * tolerance);
  if (!trouble.empty()) return refuse(std::move(trouble));
  auto kernel = std::make_unique<Supernodal>(A, factor, sign, norm1);
  if (factor->negative() > 0 && !(backward_error(*kernel, null, n) < poor_solution)) {
    return refuse("the matrix is indefinite and its factorization without pivoting is inaccurate");
  }
  attempt.negative = sign < 0 ? n - null.modes() - factor->negative() : factor->negative();
  attempt.null = std::move(null);
  attempt.kernel = std::move(kernel);
  return attempt;
}

}  // namespace argscope::linear::sparse
