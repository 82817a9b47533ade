/// What the Hessian says of a place where the gradient vanishes: a minimum, or a saddle and the way down from it.

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <random>

#include "core/solve/shift.h"
#include "core/solve/walk.h"

namespace argscope::solve {

namespace {

struct Bend {
  double curvature = 0;  ///< dᵀHd with ‖d‖ = 1
  Vec direction;
};

Vec scattered(Index n) {
  std::mt19937 draw(1);
  Vec v(n);
  for (double& e : v) e = (draw() >> 5) * 0x1p-27 * 2 - 1;
  return v.normalized();
}

double curvature_along(const linear::LinearOperator& H, const Vec& d) {
  Mat Hd(d.size(), 1);
  H.apply(d, Hd);
  return d.dot(Hd.col(0));
}

/// Lanczos: the lowest Ritz pair of a Krylov space. A negative value is a proof, a positive one is not.
Bend lowest_by_products(const linear::LinearOperator& H) {
  const Index n = H.rows(), steps = std::min<Index>(n, 40);
  Mat Q(n, steps);
  Vec diagonal(steps), below(steps);
  Mat w(n, 1);
  Index k = 0;
  Q.col(0) = scattered(n);
  for (; k < steps; ++k) {
    H.apply(Q.col(k), w);
    diagonal[k] = Q.col(k).dot(w.col(0));
    for (int twice = 0; twice < 2; ++twice) w.col(0) -= Q.leftCols(k + 1) * (Q.leftCols(k + 1).transpose() * w.col(0));
    below[k] = w.norm();
    if (k + 1 == steps || below[k] < 1e-12 * diagonal.head(k + 1).cwiseAbs().maxCoeff()) break;
    Q.col(k + 1) = w.col(0) / below[k];
  }
  const Index m = std::min(k + 1, steps);
  Eigen::SelfAdjointEigenSolver<Mat> ritz;
  ritz.computeFromTridiagonal(diagonal.head(m), below.head(m - 1));
  const double largest = ritz.eigenvalues().cwiseAbs().maxCoeff();
  const double lowest = ritz.eigenvalues()[0];
  return {lowest < -1e-10 * largest ? lowest : std::max(lowest, 0.0), Q.leftCols(m) * ritz.eigenvectors().col(0)};
}

/// Inverse iteration with H + μI, μ just beyond −λ_min: finds shallow negative curvature too.
Bend lowest_by_factors(Walk& walk, const linear::OperatorPtr& H) {
  Bend bend{0, scattered(walk.size())};
  const double unit = magnitude(*H, bend.direction);
  const Mat none(walk.size(), 0);
  linear::Options options;
  options.method = definite_method(*H);
  for (double mu = 1e-9 * unit; mu < 1e9 * unit; mu *= 4) {
    const auto factor = walk.memory().factorizer.factorize(shifted(H, mu), options, none);
    if (!positive(factor->quality())) continue;
    for (int k = 0; k < 12; ++k) {
      Vec next(walk.size());
      factor->solve(bend.direction, next);
      bend.direction = next.normalized();
    }
    bend.curvature = curvature_along(*H, bend.direction);
    return bend;
  }
  return bend;
}

Bend lowest(Walk& walk) {
  const auto H = walk.linearize().matrix;
  const auto structure = H->structure();
  Bend bend = structure.sparse || structure.dense ? lowest_by_factors(walk, H) : lowest_by_products(*H);
  Index at = 0;
  if (bend.direction.size() > 0) bend.direction.cwiseAbs().maxCoeff(&at);
  if (bend.direction.size() > 0 && bend.direction[at] < 0) bend.direction *= -1;
  return bend;
}

/// Puts the trial at x + t d. Whether the objective is lower there than `level`.
bool lower(Walk& walk, const Vec& d, double t, double level) {
  walk.trial().x = walk.here().x + t * d;
  walk.evaluate_trial();
  return std::isfinite(walk.trial().residual) && walk.trial().objective < level;
}

/// −1: unknown.
Index negative_directions(Walk& walk) {
  const Local& local = walk.linearize();
  const Index counted = local.factorization->quality().negative;
  if (counted >= 0 || !local.matrix->structure().symmetric) return counted;
  return lowest_by_products(*local.matrix).curvature < 0 ? 1 : -1;
}

}  // namespace

void certify(Walk& walk) {
  walk.factor(1e-12, Care::Thorough);
  walk.set_negative_curvature(walk.minimizes() ? negative_directions(walk) : 0);
}

void settle(Walk& walk, double longest_step) {
  constexpr double finest = 8 * std::numeric_limits<double>::epsilon();
  if (walk.free_to_polish()) {
    chord(walk, finest, longest_step);
    if (!walk.reached(1e-13) || !walk.lag()) walk.factor(1e-12, Care::Thorough);
    if (!walk.reached(1e-13)) chord(walk, finest, longest_step);
  }
  certify(walk);
}

bool leave_saddle(Walk& walk) {
  const Bend bend = lowest(walk);
  if (!(bend.curvature < 0)) return false;
  const double level = walk.objective();
  double t = 1e-3 * (1 + walk.here().x.cwiseAbs().maxCoeff());
  for (int shrink = 0; !lower(walk, bend.direction, t, level) && !lower(walk, bend.direction, -t, level); ++shrink) {
    if (shrink == 12) return false;
    t /= 4;
  }
  Vec best = walk.trial().x;
  const Vec d = (best - walk.here().x) / t;  // the side that goes down
  for (double reached = walk.trial().objective; lower(walk, d, 2 * t, reached) && t < 1e6;) {
    t *= 2;
    reached = walk.trial().objective;
    best = walk.trial().x;
  }
  walk.trial().x = best;
  walk.evaluate_trial();
  walk.accept();
  return true;
}

Status to_a_minimum(Walk& walk, double longest_step, const std::function<Status(Walk&)>& minimizer) {
  constexpr int saddles = 10;
  for (int left = 0;; ++left) {
    const Status status = minimizer(walk);
    if (status != Status::Converged) return status;
    settle(walk, longest_step);
    if (walk.negative_curvature() <= 0) return Status::Converged;
    if (left == saddles || !walk.free_to_polish() || !leave_saddle(walk)) return Status::Saddle;
  }
}

}  // namespace argscope::solve
