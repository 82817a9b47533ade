#include "core/sets/polyhedron.h"

#include <Eigen/QR>
#include <algorithm>
#include <limits>
#include <vector>

namespace argscope::sets {

namespace {

using Rows = std::vector<Index>;

/// min ‖E u − f‖ with u_i ≥ 0 for i ≥ free, f the last unit vector, columns of E of moderate size.
class NonnegativeLeastSquares {
 public:
  NonnegativeLeastSquares(const Mat& E, Index free) : E_(E), free_(free), u_(Vec::Zero(E.cols())) {
    for (Index k = 0; k < free; ++k) passive_.push_back(k);
    if (free > 0) u_ = solved();
  }

  void run() {
    constexpr double tolerance = 1e-14;  // of a violated constraint, against rows of length 1
    std::vector<char> useless(static_cast<std::size_t>(E_.cols()), 0);
    for (Index round = 0; round < 10 * (E_.cols() + 5); ++round) {
      const Vec r = residual(), gain = E_.transpose() * r;
      Index best = -1;
      for (Index k = free_; k < E_.cols(); ++k)
        if (!is_passive(k) && !useless[static_cast<std::size_t>(k)] &&
            gain[k] > tolerance * std::abs(r[r.size() - 1]) && (best < 0 || gain[k] > gain[best]))
          best = k;
      if (best < 0) return;
      passive_.push_back(best);
      if (solved()[best] <= 0) {  // rounding alone made it look useful
        useless[static_cast<std::size_t>(best)] = 1;
        passive_.pop_back();
        continue;
      }
      std::fill(useless.begin(), useless.end(), 0);
      advance();
    }
  }

  const Vec& u() const { return u_; }
  const Rows& passive() const { return passive_; }

 private:
  bool is_passive(Index k) const { return std::find(passive_.begin(), passive_.end(), k) != passive_.end(); }

  Vec residual() const {
    Vec r = -E_ * u_;
    r[r.size() - 1] += 1;
    return r;
  }

  /// Least squares on the passive columns, the others 0.
  Vec solved() const {
    const Mat part = E_(Eigen::all, passive_);
    Vec f = Vec::Zero(E_.rows());
    f[f.size() - 1] = 1;
    const Vec s = part.completeOrthogonalDecomposition().solve(f);
    Vec all = Vec::Zero(E_.cols());
    for (std::size_t k = 0; k < passive_.size(); ++k) all[passive_[k]] = s[static_cast<Index>(k)];
    return all;
  }

  /// As far towards the solution on the passive columns as signs allow; what reaches 0 becomes active.
  void advance() {
    while (true) {
      const Vec s = solved();
      double step = 1;
      for (Index k : passive_)
        if (k >= free_ && s[k] <= 0) step = std::min(step, u_[k] / (u_[k] - s[k]));
      u_ += step * (s - u_);
      if (step >= 1) return;
      std::erase_if(passive_, [&](Index k) { return k >= free_ && s[k] <= 0 && u_[k] <= 1e-15 * u_.lpNorm<1>(); });
      for (Index k = free_; k < u_.size(); ++k)
        if (!is_passive(k)) u_[k] = 0;
    }
  }

  const Mat& E_;
  Index free_;
  Vec u_;
  Rows passive_;
};

/// Rows that hold with equality at the projection: all equalities, and inequalities that push; and the largest distance
/// of z from a row's plane.
std::pair<Rows, double> active_rows(const Mat& C, const Vec& d, Index equalities, const Vec& z, const Vec& length) {
  Mat E(C.cols() + 1, C.rows());
  double size = 0;
  for (Index i = 0; i < C.rows(); ++i) {
    const double by = length[i] > 0 ? 1 / length[i] : 0;
    E.col(i).head(C.cols()) = -by * C.row(i).transpose();
    E(C.cols(), i) = by * (C.row(i).dot(z) - d[i]);
    size = std::max(size, std::abs(E(C.cols(), i)));
  }
  if (size > 0) E.row(C.cols()) /= size;
  NonnegativeLeastSquares problem(E, equalities);
  problem.run();
  Rows rows;
  for (Index k : problem.passive())
    if (k < equalities || problem.u()[k] > 0) rows.push_back(k);
  return {rows, size};
}

PolyhedronProjection on_rows(const Mat& C, const Vec& d, const Vec& z, const Rows& rows) {
  PolyhedronProjection p{z, Vec::Zero(C.rows()), Mat::Zero(C.cols(), C.rows())};
  if (!rows.empty()) {
    Eigen::CompleteOrthogonalDecomposition<Mat> factored;
    factored.setThreshold(1e-12);
    const Mat active = C(rows, Eigen::all), right = d(rows);
    factored.compute(active);
    const Mat inverse = factored.pseudoInverse();
    for (int sweep = 0; sweep < 2; ++sweep) p.x -= inverse * (active * p.x - right);  // the second mends rounding
    const Vec multipliers = inverse.transpose() * (z - p.x);
    for (std::size_t k = 0; k < rows.size(); ++k) {
      p.inverse.col(rows[k]) = inverse.col(static_cast<Index>(k));
      p.strictness[rows[k]] = multipliers[static_cast<Index>(k)];
    }
  }
  return p;
}

}  // namespace

PolyhedronProjection project_polyhedron(const Mat& C, const Vec& d, Index equalities, const Vec& z) {
  constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
  PolyhedronProjection nowhere{Vec::Constant(C.cols(), undefined), Vec::Constant(C.rows(), undefined),
                               Mat::Constant(C.cols(), C.rows(), undefined)};
  if (!C.allFinite() || !d.allFinite() || !z.allFinite()) return nowhere;
  const Vec length = C.rowwise().norm();
  const auto [rows, size] = active_rows(C, d, equalities, z, length);
  PolyhedronProjection p = on_rows(C, d, z, rows);
  for (Index i = 0; i < C.rows(); ++i) {
    const double over = C.row(i).dot(p.x) - d[i];
    const double unseen = 1e-13 * length[i] * size;  // beside other rows, too little to become active
    const double allowed = 1e-9 * (std::abs(d[i]) + length[i] * (p.x.norm() + z.norm()) + 1e-300) + unseen;
    if (over > allowed || (i < equalities && over < -allowed)) return nowhere;
    if (std::find(rows.begin(), rows.end(), i) == rows.end()) p.strictness[i] = std::min(over, 0.0);
  }
  return p;
}

}  // namespace argscope::sets
