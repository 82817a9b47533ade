#include "core/linear/choose.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "core/linear/condition.h"
#include "core/linear/dense.h"
#include "core/linear/krylov.h"
#include "core/linear/low_rank.h"
#include "core/linear/reduced.h"
#include "core/linear/sparse.h"
#include "core/parallel.h"

namespace argscope::linear {

namespace {

constexpr Index dense_limit = 3000;  ///< unknowns of a matrix that is not dense by itself
constexpr Index eigen_limit = 3000, svd_limit = 1500;
constexpr const char* not_finite = "the matrix has entries that are not finite";
constexpr const char* nothing_determined = "nothing is determined: the matrix is zero";
constexpr Index sparse_from = 48;  ///< unknowns; below, dense is as fast

Attempt refusal(Method method, std::string why) {
  return {.kernel = nullptr, .method = method, .null = {}, .negative = -1, .why = std::move(why)};
}

Attempt min_norm_within_limit(Mat& M, bool symmetric, const Options& options, const std::string& before) {
  const Index limit = symmetric ? eigen_limit : svd_limit;
  if (M.rows() <= limit) return dense::min_norm(M, symmetric, options);
  return refusal(
      Method::MinNorm,
      fmt::format("{}; a minimum-norm solution is found up to {} unknowns, this has {}: name its null vectors, "
                  "or remove redundant unknowns or conditions",
                  before.empty() ? "the matrix may be singular" : before, limit, M.rows()));
}

Attempt dense_symmetric(Mat& M, const Options& options) {
  switch (options.method) {
    case Method::Cholesky: return dense::cholesky(M, options);
    case Method::Ldlt: return dense::ldlt(M, options);
    case Method::Lu: return dense::lu(M, options);
    case Method::Qr: return dense::qr(M, options);
    case Method::MinNorm: return min_norm_within_limit(M, true, options, {});
    default: break;
  }
  if (Attempt a = dense::cholesky(M, options); a.kernel) return a;
  Attempt a = dense::ldlt(M, options);
  if (a.kernel) return a;
  return min_norm_within_limit(M, true, options, a.why);
}

/// Left null vectors of A from the factors of A + σ Z Zᵀ, whose transposed inverse takes Z to their span.
bool find_left_null_vectors(const Kernel& filled, const LinearOperator& A, double tolerance, NullSpace& null) {
  Mat W = null.right;
  filled.solve(W, Direction::Transposed);
  for (const int i : null.left_coordinates) W.row(i).setZero();
  null.left = orthonormal(std::move(W));
  Mat AW(A.cols(), null.left.cols());
  A.apply_transposed(null.left, AW);
  return null.left.cols() == null.right.cols() && AW.norm() <= tolerance;
}

Attempt dense_general(const LinearOperator& A, Mat& M, const Options& options, const Mat& candidates, const Vec& sums) {
  if (options.method == Method::Cholesky || options.method == Method::Ldlt) {
    return refusal(options.method,
                   fmt::format("{} needs a symmetric matrix; use lu, min-norm or auto", name(options.method)));
  }
  if (options.method == Method::Qr) return dense::qr(M, options);
  if (options.method == Method::MinNorm) return min_norm_within_limit(M, false, options, {});
  const double tolerance = options.rank_tolerance * sums.maxCoeff();
  NullSpace null = zero_lines(sums, M.cwiseAbs().rowwise().sum());
  null.right = annihilated(A, candidates, null.right_coordinates, tolerance);
  Mat given = null.modes() > 0 ? M : Mat();
  dense::fill_null_space(M, null);
  Attempt attempt = dense::lu(M, options);
  if (attempt.kernel && (null.right.cols() == 0 || find_left_null_vectors(*attempt.kernel, A, 10 * tolerance, null))) {
    attempt.null = std::move(null);
    return attempt;
  }
  if (options.method == Method::Lu) return refusal(Method::Lu, std::move(attempt.why));
  return min_norm_within_limit(null.modes() > 0 ? given : M, false, options, attempt.why);
}

Attempt dense_method(const LinearOperator& A, const Options& options, const Mat& candidates) {
  Mat M = A.dense();
  const Vec sums = column_sums(M);
  if (!sums.allFinite()) return refusal(options.method, not_finite);
  if (sums.maxCoeff() == 0) return refusal(options.method, nothing_determined);
  const double tolerance = options.rank_tolerance * sums.maxCoeff();
  if (!A.structure().symmetric) return dense_general(A, M, options, candidates, sums);
  NullSpace null = zero_lines(sums, sums);
  null.left = null.right = annihilated(A, candidates, null.right_coordinates, tolerance);
  const double sigma = dense::fill_null_space(M, null);
  Attempt attempt = dense_symmetric(M, options);
  if (!attempt.kernel) return attempt;
  if (sigma < 0 && attempt.negative >= 0) attempt.negative -= null.modes();
  if (attempt.null.modes() > 0) null.append(attempt.null.right, attempt.null.left);
  attempt.null = std::move(null);
  return attempt;
}

/// Empty, or what forbids a factorization.
std::string fault(const PatternedMatrix& A) {
  double sum = 0;
  for (const double value : A.values) sum += std::abs(value);
  if (!std::isfinite(sum)) return not_finite;
  return sum == 0 ? nothing_determined : "";
}

Attempt sparse_method(const OperatorPtr& A, const Options& options, const Mat& candidates, sparse::Analyses& analyses) {
  if (!A->structure().sparse) return refusal(Method::Sparse, "sparse needs a sparse matrix; use auto");
  if (std::string why = fault(*A->sparse()); !why.empty()) return refusal(Method::Sparse, std::move(why));
  return A->structure().symmetric ? sparse::symmetric(A, options, candidates, analyses) : sparse::general(A, options);
}

Attempt automatic(const OperatorPtr& A, const Options& options, const Mat& candidates, sparse::Analyses& analyses) {
  const Structure structure = A->structure();
  const Index n = A->rows();
  const bool dense_fits = n <= dense_limit || structure.dense;
  if (structure.sparse && n >= sparse_from && (structure.symmetric || !dense_fits)) {
    Attempt attempt = sparse_method(A, options, candidates, analyses);
    if (attempt.kernel) return attempt;
  }
  constexpr Index reduced_from = 64;
  const bool by_products = !structure.dense && !structure.sparse && candidates.cols() == 0;
  if (by_products && n >= reduced_from && (!structure.symmetric || !A->groups().empty()))
    if (Attempt attempt = reduced(A, options); attempt.kernel) return attempt;
  if (dense_fits) return dense_method(*A, options, candidates);
  constexpr double rough = 1e-6;  // a step that is asked for no better costs an iterative method few products
  if (by_products && structure.symmetric && options.tolerance <= rough)
    if (Attempt attempt = low_rank(A, options); attempt.kernel) return attempt;
  return krylov::method(A, structure.symmetric ? Method::Minres : Method::Gmres, options, candidates);
}

/// The only matrix of no unknowns: every solution is empty.
class Empty final : public Kernel {
 public:
  Steps solve(MutMat, Direction) const override { return {}; }
  void multiply(ConstMat, MutMat, Direction) const override {}
  Index block() const override { return 1; }
  double norm() const override { return 0; }
  std::optional<double> condition() const override { return 1; }
};

}  // namespace

Attempt choose(const OperatorPtr& A, const Options& options, const Mat& candidates, sparse::Analyses& analyses) {
  if (A->rows() != A->cols()) {
    return refusal(options.method,
                   fmt::format("the matrix is {} × {}; only a square one can be solved with", A->rows(), A->cols()));
  }
  if (A->rows() == 0) {
    Attempt attempt = refusal(Method::Auto, {});
    attempt.kernel = std::make_unique<Empty>();
    if (A->structure().symmetric) attempt.negative = 0;
    return attempt;
  }
  if (iterative(options.method)) return krylov::method(A, options.method, options, candidates);
  switch (options.method) {
    case Method::Auto: return automatic(A, options, candidates, analyses);
    case Method::Sparse: return sparse_method(A, options, candidates, analyses);
    default: return dense_method(*A, options, candidates);
  }
}

}  // namespace argscope::linear
