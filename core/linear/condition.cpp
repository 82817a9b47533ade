#include "core/linear/condition.h"

#include <Eigen/Eigenvalues>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

namespace argscope::linear {

namespace {

constexpr Index most_steps = 60;
constexpr double settled = 1e-3;  ///< relative change of the Ritz value over two steps at which the steps end

double greatest_ritz_value(const Vec& alpha, const Vec& beta, Index steps) {
  Eigen::SelfAdjointEigenSolver<Mat> eigen;
  eigen.computeFromTridiagonal(alpha.head(steps), beta.head(steps - 1), Eigen::EigenvaluesOnly);
  return eigen.eigenvalues()(steps - 1);
}

}  // namespace

Vec fixed_probe(Index n) {
  Vec v(n);
  std::uint64_t state = 0x9E3779B97F4A7C15u;
  for (Index i = 0; i < n; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    v(i) = static_cast<double>(static_cast<std::int64_t>(state)) * 0x1p-63;
  }
  return v;
}

double root_of_greatest(Index n, const std::function<void(Vec&)>& M) {
  const Index steps = std::min(n, most_steps);
  Mat V(n, steps);
  Vec alpha(steps), beta = Vec::Zero(steps), v = fixed_probe(n);
  M(v);  // into the range
  if (!v.allFinite()) return std::numeric_limits<double>::infinity();
  if ((v.array() == 0).all()) return 0;
  const double unit = unit_of(v);
  const auto root = [&](double value) { return std::sqrt(unit) * std::sqrt(std::max(value, 0.0)); };
  v /= unit;
  V.col(0) = v.normalized();
  double before = 0, last = 0;
  for (Index k = 0; k < steps; ++k) {
    v = V.col(k);
    M(v);
    if (!v.allFinite()) return std::numeric_limits<double>::infinity();
    v /= unit;
    alpha(k) = V.col(k).dot(v);
    for (int pass = 0; pass < 2; ++pass) v -= V.leftCols(k + 1) * (V.leftCols(k + 1).transpose() * v).eval();
    const double value = greatest_ritz_value(alpha, beta, k + 1);
    const bool exhausted = v.norm() <= 1e-14 * value;
    if (exhausted || (k >= 3 && std::abs(value - before) <= settled * value)) return root(value);
    before = std::exchange(last, value);
    beta(k) = v.norm();
    if (k + 1 < steps) V.col(k + 1) = v / beta(k);
  }
  return root(last);
}

double unit_of(ConstVec v) {
  const double most = v.size() > 0 ? v.cwiseAbs().maxCoeff() : 0;
  return most > 0 && std::isfinite(most) ? std::exp2(std::ilogb(most)) : 1;
}

double spectral_norm(const LinearOperator& A) {
  const bool symmetric = A.structure().symmetric;
  Vec u(A.rows());
  return root_of_greatest(A.cols(), [&](Vec& v) {
    A.apply(v, u);
    if (symmetric) {
      A.apply(u, v);
    } else {
      A.apply_transposed(u, v);
    }
  });
}

}  // namespace argscope::linear
