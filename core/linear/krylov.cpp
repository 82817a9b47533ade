#include "core/linear/krylov.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "core/linear/krylov_column.h"

namespace argscope::linear::krylov {

namespace {

struct Row {
  Method method;
  KernelPtr (*make)(Parts);
  bool symmetric_only;
};

constexpr Row rows[] = {{Method::Cg, cg, true},
                        {Method::Minres, minres, true},
                        {Method::Gmres, gmres, false},
                        {Method::Bicgstab, bicgstab, false},
                        {Method::NormalCg, normal_cg, false},
                        {Method::Lsqr, lsqr, false},
                        {Method::Lsmr, lsmr, false}};

constexpr Index fewest_remembered = 30, most_remembered = 400, numbers_remembered = 1 << 20;

/// GMRES's basis, as long as it is for a small matrix, holds 8 MiB a column for a large one.
Index restart(Index n) { return std::min(n, std::clamp(numbers_remembered / n, fewest_remembered, most_remembered)); }

/// What the matrix is divided by: a missing diagonal entry counts as one of mean size.
Vec divisors(const Vec& diagonal) {
  const double mean = diagonal.cwiseAbs().mean(), usual = mean > 0 && std::isfinite(mean) ? mean : 1;
  return diagonal.unaryExpr([&](double d) { return std::isfinite(1 / d) ? d : usual; });
}

/// From both sides when the product must stay symmetric, else from the right, which leaves residuals as they are.
Scalings jacobi(const Vec& divisors, bool symmetric) {
  if (!symmetric) return {.left = {}, .right = divisors.cwiseInverse()};
  const Vec roots = divisors.cwiseAbs().cwiseSqrt().cwiseInverse();
  return {.left = roots, .right = roots};
}

/// Candidates that both A and Aᵀ annihilate.
NullSpace null_space(const LinearOperator& A, const Mat& candidates, const Options& options) {
  NullSpace null;
  null.right = null.left = Mat(A.cols(), 0);
  if (candidates.cols() == 0) return null;
  const double tolerance = options.rank_tolerance * spectral_norm(A);
  Mat Z = annihilated(A, candidates, {}, tolerance), ZA(A.cols(), Z.cols());
  A.apply_transposed(Z, ZA);
  if (ZA.norm() <= tolerance) null.right = null.left = std::move(Z);
  return null;
}

/// Empty, or what forbids the method.
std::string fault(const LinearOperator& A, const Row& row) {
  if (row.symmetric_only && !A.structure().symmetric) {
    return fmt::format("{} needs a symmetric matrix; use gmres, bicgstab, lsqr, lu or auto", name(row.method));
  }
  Vec probe = fixed_probe(A.cols()), product(A.rows());
  A.apply(probe, product);
  if (!product.allFinite()) return "the matrix has entries that are not finite";
  if ((product.array() == 0).all()) return "nothing is determined: the matrix is zero";
  return {};
}

}  // namespace

Attempt method(const OperatorPtr& A, Method wanted, const Options& options, const Mat& null_candidates) {
  const Row& row = *std::find_if(std::begin(rows), std::end(rows), [&](const Row& r) { return r.method == wanted; });
  Attempt attempt{.kernel = nullptr, .method = wanted, .null = {}, .negative = -1, .why = fault(*A, row)};
  if (!attempt.why.empty()) return attempt;
  const auto n = static_cast<int>(A->rows());
  Parts parts{.A = A,
              .scalings = {},
              .rules = {options.tolerance, options.rank_tolerance, restart(n), {}},
              .limit = options.iterations > 0 ? options.iterations : std::max(200, 4 * n),
              .near = nullptr};
  if (options.preconditioner == Preconditioner::Jacobi) {
    const auto d = diagonal(*A);
    if (!d) {
      attempt.why =
          "jacobi needs the matrix's diagonal, and this one is known by its products only; precondition with none";
      return attempt;
    }
    parts.scalings = jacobi(divisors(*d), row.symmetric_only);
    if (row.symmetric_only) parts.rules.unweighted = parts.scalings.left.cwiseInverse();
  }
  attempt.null = null_space(*A, null_candidates, options);
  attempt.kernel = row.make(std::move(parts));
  return attempt;
}

}  // namespace argscope::linear::krylov
