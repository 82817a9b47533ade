#include "core/sensitivity/convexity.h"

#include <Eigen/Eigenvalues>
#include <cmath>

namespace argscope::sensitivity {

namespace {

/// ∂L at (x, θ) + z, and where z stands in them.
class Gradient {
 public:
  Gradient(const optimality::Function& L, ConstVec x, ConstVec theta, Together in)
      : L_(L), x_(x), theta_(theta), in_(in) {}

  Vec at(const Vec& z) const {
    Vec x = x_, theta = theta_;
    x.head(in_.primal) += z.head(in_.primal);
    theta.segment(in_.first, in_.count) += z.tail(in_.count);
    const auto of_L = L_.linearize(x, theta);
    const Mat one = Mat::Ones(1, 1);
    Mat along_x(x.size(), 1), along_theta(theta.size(), 1);
    of_L.dx->apply_transposed(one, along_x);
    of_L.dtheta->apply_transposed(one, along_theta);
    Vec g(in_.size());
    g << along_x.col(0).head(in_.primal), along_theta.col(0).segment(in_.first, in_.count);
    return g;
  }
  double size_of(Index k) const { return std::abs(k < in_.primal ? x_[k] : theta_[in_.first + k - in_.primal]); }

 private:
  const optimality::Function& L_;
  Vec x_, theta_;
  Together in_;
};

}  // namespace

std::optional<double> least_joint_curvature(const optimality::Function& L, ConstVec x, ConstVec theta, Together in) {
  constexpr Index most = 600;
  const Index n = in.size();
  if (n > most) return std::nullopt;
  const Gradient gradient(L, x, theta, in);
  Mat H(n, n);
  for (Index k = 0; k < n; ++k) {
    const double h = 1e-5 * (1 + gradient.size_of(k));
    const Vec step = h * Vec::Unit(n, k);
    H.col(k) = (gradient.at(step) - gradient.at(-step)) / (2 * h);
  }
  H = 0.5 * (H + H.transpose()).eval();
  if (!H.allFinite()) return -1;
  constexpr double rounding = 1e-9;  // of gradients, over the steps of the differences
  const double least = rounding * (1 + gradient.at(Vec::Zero(n)).cwiseAbs().maxCoeff());
  Vec scale = Vec::Zero(n);
  for (Index k = 0; k < n; ++k) {
    if (H(k, k) > least)
      scale[k] = 1 / std::sqrt(H(k, k));
    else if (H(k, k) < -least || H.col(k).cwiseAbs().maxCoeff() > std::sqrt(least))
      return -1;
  }
  return Eigen::SelfAdjointEigenSolver<Mat>(scale.asDiagonal() * H * scale.asDiagonal(), Eigen::EigenvaluesOnly)
      .eigenvalues()
      .minCoeff();
}

}  // namespace argscope::sensitivity
