#include <cmath>

#include "core/linear/krylov_column.h"

namespace argscope::linear::krylov {

namespace {

constexpr double vanishes = 1e-14;    ///< relative size at which a divisor is rounding
constexpr double no_progress = 1e-3;  ///< a cycle of GMRES that takes less than this share off the residual is its last

class Gmres final : public Column {
 public:
  static constexpr std::array products{Product::Same};
  Gmres(const Vec& b, const Rules& rules) : Column(b, rules), r_(b) { begin(); }
  const Vec& wanted(std::size_t) const { return v_; }

  void take(std::size_t, const ConstVec& product, MutVec x) {
    const Index k = steps_++;
    const double size = product.norm(), next = extend(product, k);
    rotate(k);
    const double residual = std::abs(g_(k + 1));
    const bool exhausted = !(next > vanishes * size), solved = end_if_small(residual);
    if (!solved && !exhausted && steps_ < rules().restart) return;
    update(x);
    if (solved) return;
    const double left = r_.norm();
    if (exhausted) return end(std::isfinite(size) ? Ending::Stagnated : Ending::BrokeDown);
    if (!(left < (1 - no_progress) * start_)) return end(Ending::Stagnated);
    if (!end_if_small(left)) begin();
  }
  void finish(MutVec x) {
    if (steps_ > 0) update(x);
  }

 private:
  void begin() {
    const Index m = rules().restart;
    start_ = r_.norm();
    steps_ = 0;
    V_.resize(r_.size(), m + 1);
    H_ = R_ = Mat::Zero(m + 1, m);
    g_ = Vec::Zero(m + 1);
    cosine_ = sine_ = Vec::Zero(m);
    g_(0) = start_;
    V_.col(0) = v_ = start_ > 0 ? Vec(r_ / start_) : r_;
  }

  /// The product, made orthogonal to the basis twice over, becomes its next vector; returns its length before.
  double extend(const ConstVec& product, Index k) {
    v_ = product;
    const auto basis = V_.leftCols(k + 1);
    for (int pass = 0; pass < 2; ++pass) {
      const Vec h = basis.transpose() * v_;
      v_ -= basis * h;
      H_.col(k).head(k + 1) += h;
    }
    const double length = H_(k + 1, k) = v_.norm();
    if (length > 0) v_ /= length;
    V_.col(k + 1) = v_;
    return length;
  }

  /// Givens rotations bring column k of H to that of a triangle.
  void rotate(Index k) {
    R_.col(k) = H_.col(k);
    for (Index i = 0; i < k; ++i) {
      const double a = R_(i, k), b = R_(i + 1, k);
      R_(i, k) = cosine_(i) * a + sine_(i) * b;
      R_(i + 1, k) = cosine_(i) * b - sine_(i) * a;
    }
    const double length = std::hypot(R_(k, k), R_(k + 1, k));
    cosine_(k) = length > 0 ? R_(k, k) / length : 1;
    sine_(k) = length > 0 ? R_(k + 1, k) / length : 0;
    R_(k, k) = length;
    R_(k + 1, k) = 0;
    g_(k + 1) = -sine_(k) * g_(k);
    g_(k) *= cosine_(k);
  }

  /// x gains the best combination of the basis. A last column that adds nothing to the others is left out.
  void update(MutVec x) {
    Index k = steps_;
    while (k > 0 && !(std::abs(R_(k - 1, k - 1)) > vanishes * H_.col(k - 1).norm())) --k;
    const Vec y = R_.topLeftCorner(k, k).triangularView<Eigen::Upper>().solve(g_.head(k));
    x += V_.leftCols(k) * y;
    r_ -= V_.leftCols(k + 1) * (H_.topLeftCorner(k + 1, k) * y).eval();
  }

  Mat V_, H_, R_;
  Vec r_, v_, g_, cosine_, sine_;
  double start_ = 0;
  Index steps_ = 0;
};

class Bicgstab final : public Column {
 public:
  static constexpr std::array products{Product::Same, Product::Same};
  Bicgstab(const Vec& b, const Rules& rules) : Column(b, rules), r_(b) { begin(); }
  const Vec& wanted(std::size_t k) const { return k == 0 ? p_ : r_; }
  void take(std::size_t k, const ConstVec& product, MutVec x) { k == 0 ? along(product, x) : stabilize(product, x); }

 private:
  void begin() {
    shadow_ = p_ = r_;
    rho_ = r_.squaredNorm();
  }

  /// Without a step (alpha = 0) when the shadow cannot tell how long it should be; the shadow is then chosen anew.
  void along(const ConstVec& product, MutVec x) {
    v_ = product;
    const double divisor = shadow_.dot(v_);
    if (!std::isfinite(divisor)) return end(Ending::BrokeDown);
    alpha_ = std::abs(divisor) > vanishes * shadow_.norm() * v_.norm() ? rho_ / divisor : 0;
    x += alpha_ * p_;
    r_ -= alpha_ * v_;
    end_if_small(r_.norm());
  }

  void stabilize(const ConstVec& t, MutVec x) {
    const double before = r_.norm(), size = t.norm(), cosine = t.dot(r_) / (size * before);
    const bool steps = std::abs(cosine) > vanishes;
    if (!steps && alpha_ == 0) return end(Ending::BrokeDown);
    const double omega = steps ? cosine * before / size : 0;
    x += omega * r_;
    r_ -= omega * t;
    const double left = r_.norm(), rho = shadow_.dot(r_);
    if (end_if_small(left)) return;
    if (!std::isfinite(left)) return end(Ending::BrokeDown);
    if (alpha_ == 0 || omega == 0 || !(std::abs(rho) > vanishes * shadow_.norm() * left)) return begin();
    p_ = r_ + (rho / rho_ * (alpha_ / omega)) * (p_ - omega * v_);
    rho_ = rho;
  }

  Vec r_, shadow_, p_, v_;
  double rho_ = 0, alpha_ = 0;
};

}  // namespace

KernelPtr gmres(Parts parts) { return kernel_of<Gmres>(std::move(parts)); }
KernelPtr bicgstab(Parts parts) { return kernel_of<Bicgstab>(std::move(parts)); }

}  // namespace argscope::linear::krylov
