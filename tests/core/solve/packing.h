#pragma once
/// Soft discs in a periodic square, by hand: Σ ½(1 − r/σ)² over pairs closer than σ; half the discs have diameter θ,
/// half 1. Hessian and right-hand side as in O'Hern et al. and Blondel et al.; all pairs are looked at every time.

#include "core/io/random.h"
#include "tests/core/solve/models.h"

namespace argscope::testing {

class Packing final : public optimality::Model {
 public:
  Packing(Index count, double diameter, double fraction, unsigned seed)
      : count_(count),
        box_(std::sqrt(double(count) * std::numbers::pi * (diameter * diameter + 1) / 8 / fraction)),
        theta_(Vec::Constant(1, diameter)),
        start_(2 * count),
        symmetries_(Mat::Zero(2 * count, 2)),
        variables_{{"x", Shape{count, 2}, 0}},
        parameters_{{"D", Shape{1}, 0}},
        F_(*this) {
    io::RandomState random(seed);
    for (double& e : start_) e = random.uniform() * box_;
    for (Index i = 0; i < count; ++i) symmetries_(2 * i, 0) = symmetries_(2 * i + 1, 1) = 1 / std::sqrt(double(count));
    statement_.variables = {{"x", {Shape{count, 2}, {start_.begin(), start_.end()}}}};
    statement_.parameters = {{"D", "", "", {Shape{1}, {diameter}}, 0.3, 1.0, false}};
    statement_.pairs = {{"near", "x", {}, {}}};
  }

  const optimality::Statement& statement() const override { return statement_; }
  const std::vector<Slot>& variables() const override { return variables_; }
  const std::vector<Slot>& parameters() const override { return parameters_; }
  const std::vector<Slot>& unknowns() const override { return variables_; }
  const std::vector<optimality::Cone>& cones() const override { return cones_; }
  Index primal_size() const override { return size(); }
  Vec completed(ConstVec variables, ConstVec) const override { return variables; }
  bool has_objective() const override { return true; }
  Index size() const override { return 2 * count_; }
  Index parameter_size() const override { return 1; }
  Vec start(ConstVec) const override { return start_; }
  Vec initial_parameters() const override { return theta_; }
  bool minimizes() const override { return true; }
  double objective(ConstVec x, ConstVec theta) const override {
    Vec g(x.size());
    return objective_and_gradient(x, theta, g);
  }
  double objective_and_gradient(ConstVec x, ConstVec theta, MutVec g) const override {
    g.setZero();
    double energy = 0;
    contacts(x, theta[0], [&](Index i, Index j, Eigen::Vector2d n, double r, double sigma, double) {
      const double overlap = 1 - r / sigma;
      energy += 0.5 * overlap * overlap;
      g.segment<2>(2 * i) -= overlap / sigma * n;
      g.segment<2>(2 * j) += overlap / sigma * n;
    });
    return energy;
  }
  const Function& optimality() const override { return F_; }
  std::string_view condition() const override { return "stationary"; }
  double residual_scale(ConstVec, ConstVec) const override { return 1; }  // forces are of order overlap / σ
  const Function* function(std::string_view) const override { return nullptr; }
  bool curvature_depends_on_x() const override { return true; }
  KinkMargin kink_margin(ConstVec x, ConstVec theta) const override {
    KinkMargin least{std::numeric_limits<double>::infinity(), "where(near.r < s, …)"};
    pairs(x, theta[0], [&](Index, Index, Eigen::Vector2d, double r, double sigma, double) {
      least.value = std::min(least.value, std::abs(r - sigma) / sigma);
    });
    return least;
  }
  const Mat& symmetries() const override { return symmetries_; }
  std::string name_mode(ConstVec x, ConstVec theta, ConstVec mode) const override {
    const auto moved = [&](Index i) { return mode.segment<2>(2 * i).norm() > 1e-6; };
    Index first = 0, moving = 0;
    for (Index i = count_; i-- > 0;)
      if (moved(i)) ++moving, first = i;
    if (moving == 1 && contact_counts(x, theta)[first] == 0) return "rattler " + std::to_string(first);
    const bool along_x = std::abs(mode[2 * first]) > std::abs(mode[2 * first + 1]);
    return along_x ? "translation along x" : "translation along y";
  }
  bool holds_at(ConstVec, ConstVec) const override { return true; }

  double box() const { return box_; }
  std::vector<Index> contact_counts(ConstVec x, ConstVec theta) const {
    std::vector<Index> counts(static_cast<std::size_t>(count_), 0);
    contacts(x, theta[0], [&](Index i, Index j, Eigen::Vector2d, double, double, double) { ++counts[i], ++counts[j]; });
    return counts;
  }

  Mat hessian(ConstVec x, ConstVec theta) const {
    Mat H = Mat::Zero(size(), size());
    contacts(x, theta[0], [&](Index i, Index j, Eigen::Vector2d n, double r, double sigma, double) {
      const double force = -(1 - r / sigma) / sigma, stiff = 1 / (sigma * sigma);
      const Eigen::Matrix2d nn = n * n.transpose();
      const Eigen::Matrix2d K = stiff * nn + force / r * (Eigen::Matrix2d::Identity() - nn);
      H.block<2, 2>(2 * i, 2 * i) += K;
      H.block<2, 2>(2 * j, 2 * j) += K;
      H.block<2, 2>(2 * i, 2 * j) -= K;
      H.block<2, 2>(2 * j, 2 * i) -= K;
    });
    return H;
  }

  /// ∂∇f/∂D.
  Vec right_hand_side(ConstVec x, ConstVec theta) const {
    Vec B = Vec::Zero(size());
    contacts(x, theta[0], [&](Index i, Index j, Eigen::Vector2d n, double r, double sigma, double dsigma) {
      const double change = (1 - 2 * r / sigma) / (sigma * sigma) * dsigma;  // of overlap / σ is −this
      B.segment<2>(2 * i) += change * n;
      B.segment<2>(2 * j) -= change * n;
    });
    return B;
  }

 private:
  class Gradient final : public Function {
   public:
    explicit Gradient(const Packing& packing) : packing_(packing), shape_{2 * packing.count_} {}
    const Shape& shape() const override { return shape_; }
    void value(ConstVec x, ConstVec theta, MutVec y) const override { packing_.objective_and_gradient(x, theta, y); }
    Linearization linearize(ConstVec x, ConstVec theta) const override {
      const SparseMat H = packing_.hessian(x, theta).sparseView();
      const SparseMat lower = H.triangularView<Eigen::Lower>();
      auto pattern = std::make_shared<linear::SparsePattern>();
      pattern->rows = pattern->cols = int(H.rows());
      pattern->column_start.assign(lower.outerIndexPtr(), lower.outerIndexPtr() + lower.cols() + 1);
      pattern->row.assign(lower.innerIndexPtr(), lower.innerIndexPtr() + lower.nonZeros());
      std::vector<double> values(lower.valuePtr(), lower.valuePtr() + lower.nonZeros());
      return {linear::sparse_operator({std::move(pattern), std::move(values)}, true),
              linear::dense_operator(packing_.right_hand_side(x, theta), false)};
    }

   private:
    const Packing& packing_;
    Shape shape_;
  };

  double diameter(Index i, double D) const { return 2 * i < count_ ? D : 1.0; }
  double slope(Index i) const { return 2 * i < count_ ? 1.0 : 0.0; }

  template <class Visit>
  void pairs(ConstVec x, double D, const Visit& visit) const {
    for (Index i = 0; i < count_; ++i)
      for (Index j = i + 1; j < count_; ++j) {
        Eigen::Vector2d d = x.segment<2>(2 * i) - x.segment<2>(2 * j);
        d -= box_ * (d / box_).array().round().matrix();
        const double r = d.norm();
        visit(i, j, d / r, r, 0.5 * (diameter(i, D) + diameter(j, D)), 0.5 * (slope(i) + slope(j)));
      }
  }
  template <class Visit>
  void contacts(ConstVec x, double D, const Visit& visit) const {
    pairs(x, D, [&](Index i, Index j, const Eigen::Vector2d& n, double r, double sigma, double dsigma) {
      if (r < sigma) visit(i, j, n, r, sigma, dsigma);
    });
  }

  Index count_;
  double box_;
  Vec theta_, start_;
  Mat symmetries_;
  std::vector<optimality::Cone> cones_;
  std::vector<Slot> variables_, parameters_;
  Gradient F_;
  optimality::Statement statement_;
};

}  // namespace argscope::testing
