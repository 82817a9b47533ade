#include "app/bench_quadratic_peer.h"

#include <Eigen/Cholesky>
#include <stdexcept>

namespace argscope::app {
namespace {

Mat array_named(const auto& owners, const auto& array_of, std::string_view name) {
  for (const auto& o : owners)
    if (o.name == name) {
      using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
      const expr::Array& a = array_of(o);
      return Eigen::Map<const Rows>(a.values.data(), a.shape.rows(), a.shape.width());
    }
  throw std::logic_error("the quadratic scene has no such array");
}

}  // namespace

QuadraticByHand::QuadraticByHand(const io::Scene& scene) {
  const auto data = [&](std::string_view name) {
    return array_named(
        scene.statement->data, [](const auto& d) -> const expr::Array& { return d.array; }, name);
  };
  const auto parameter = [&](std::string_view name) {
    return array_named(
        scene.statement->parameters, [](const auto& p) -> const expr::Array& { return p.value; }, name);
  };
  A_ = data("A"), G_ = data("G");
  q_ = parameter("q").reshaped(), b_ = parameter("b").reshaped(), h_ = parameter("h").reshaped();
  const Index n = q_.size();
  half_ = Mat::Identity(n, n);
  data("Q").llt().matrixL().solveInPlace(half_);
  update(1);
}

double QuadraticByHand::update(double scale) {
  return milliseconds([&] {
    constexpr int most = 1000;
    for (int k = 0; k < most; ++k) {
      solve(scale);
      if (!change_active_set()) return;
    }
    throw std::runtime_error("no active set was found");
  });
}

void QuadraticByHand::solve(double scale) {
  const Index n = q_.size(), m = b_.size(), held = m + static_cast<Index>(active_.size());
  Mat C(held, n);
  Vec right(held);
  C << A_, G_(active_, Eigen::all);
  right << b_, h_(active_);
  const Mat Y = half_ * C.transpose(), inverse_of_half = half_.transpose();  // Q⁻¹ = half ᵀ half
  const Eigen::LLT<Mat> S(Y.transpose() * Y);
  const Mat QC = inverse_of_half * Y, weights = S.solve(QC.transpose()).transpose();
  J_ = Mat::Zero(n, n + m + h_.size());
  J_.leftCols(n) = weights * QC.transpose() - inverse_of_half * half_;
  J_.middleCols(n, m) = weights.leftCols(m);
  for (std::size_t k = 0; k < active_.size(); ++k) J_.col(n + m + active_[k]) = weights.col(m + static_cast<Index>(k));
  z_ = scale * (J_.leftCols(n) * q_) + weights * right;
  y_ = -S.solve(right + scale * (QC.transpose() * q_));
}

/// One constraint a time: the multiplier that is most negative leaves, else the worst violation enters.
bool QuadraticByHand::change_active_set() {
  Index worst = 0;
  const auto inequalities = y_.tail(static_cast<Index>(active_.size()));
  if (!active_.empty() && inequalities.minCoeff(&worst) < 0) {
    active_.erase(active_.begin() + worst);
    return true;
  }
  Vec beyond = G_ * z_ - h_;
  beyond(active_).setZero();
  if (!(beyond.maxCoeff(&worst) > 1e-12 * (1 + h_.cwiseAbs().maxCoeff()))) return false;
  active_.push_back(worst);
  return true;
}

}  // namespace argscope::app
