#include "core/sensitivity/bound.h"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

namespace argscope::sensitivity {

namespace {

constexpr double most_numbers = 4e6;
constexpr Index most_unknowns = 600;  // of an eigendecomposition while a person waits

double spectral_norm(const Mat& M) {
  const Mat gram = M.rows() < M.cols() ? Mat(M * M.transpose()) : Mat(M.transpose() * M);
  const Eigen::SelfAdjointEigenSolver<Mat> eigen(gram, Eigen::EigenvaluesOnly);
  return std::sqrt(std::max(0.0, eigen.eigenvalues().tail<1>()[0]));
}

/// sup ‖T v‖₂ over unit v of the n × p × n numbers T v = ∂₂F(x + v) − ∂₂F(x): no less than that, as the norm of T laid
/// out as a matrix in any of the three ways is.
double lipschitz_constant(const optimality::Function& F, ConstVec x, ConstVec theta) {
  const Index n = x.size(), p = theta.size();
  const Mat here = F.linearize(x, theta).dtheta->dense();
  Mat by_direction(n * p, n), by_row(n, p * n), by_column(p, n * n);
  for (Index k = 0; k < n; ++k) {
    const Mat slope = F.linearize(x + Vec::Unit(n, k), theta).dtheta->dense() - here;
    by_direction.col(k) = slope.reshaped();
    by_row.middleCols(k * p, p) = slope;
    by_column.middleCols(k * n, n) = slope.transpose();
  }
  return std::min({spectral_norm(by_direction), spectral_norm(by_row), spectral_norm(by_column)});
}

}  // namespace

std::optional<JacobianBound> jacobian_bound(const optimality::Model& model, ConstVec x, ConstVec theta) {
  const Index n = x.size(), p = theta.size();
  const double numbers = static_cast<double>(n) * static_cast<double>(n) * static_cast<double>(p);
  if (!model.minimizes() || model.curvature_depends_on_x()) return std::nullopt;
  if (n == 0 || p == 0 || n > most_unknowns || p > most_unknowns || numbers > most_numbers) return std::nullopt;
  const optimality::Function& F = model.optimality();
  const Mat A = F.linearize(x, theta).dx->dense();
  if (!A.allFinite()) return std::nullopt;
  const Vec eigenvalues = Eigen::SelfAdjointEigenSolver<Mat>(A, Eigen::EigenvaluesOnly).eigenvalues();
  constexpr double rounding = 1e-12;  // of the greatest: an eigenvalue is not known better
  const double alpha = eigenvalues[0] - rounding * eigenvalues[n - 1];
  if (!(alpha > 0)) return std::nullopt;
  JacobianBound bound{alpha, lipschitz_constant(F, x, theta), F.value_at(x, theta).norm() / alpha};
  return std::isfinite(bound.value()) ? std::optional(bound) : std::nullopt;
}

}  // namespace argscope::sensitivity
