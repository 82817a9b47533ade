/// Implicit differentiation by stochastic steps: where the objective is a mean or a sum over samples, (I − ∂₁S)ᵀ v = w
/// is solved with a few of them at a time and steps that shrink, so that the mean square error falls as 1/K. Where a
/// proximal operator or a projection G follows the gradient step T, S = G(T(x, θ), θ), one element of ∂G is chosen at
/// the mean of T over all samples and held. Grazzi, Pontil and Salzo, Nonsmooth implicit differentiation: deterministic
/// and stochastic convergence rates, 2024: NSID, and SID, which samples S as a whole.

#include <cmath>
#include <random>

#include "core/optimality/samples.h"
#include "core/sensitivity/iteration.h"

namespace argscope::sensitivity {

namespace {

constexpr Index most_batches = 16;
constexpr int usual_steps = 5000;

/// ∂₁S as the samples of one batch tell it: G₁(I − η ∂₁slope), with G₁ held, or I + ∂₁F of the batch.
struct SampledDerivative {
  linear::OperatorPtr A;
  Vec factor;                 // of A's part in ∂₁T, one an unknown
  linear::OperatorPtr outer;  // G₁; null: the identity

  Mat along_x(const Mat& r) const {
    Mat moved(r.rows(), r.cols());
    A->apply(r, moved);
    moved = r + factor.asDiagonal() * moved;
    if (!outer) return moved;
    Mat image(r.rows(), r.cols());
    outer->apply(moved, image);
    return image;
  }
  Mat back_to_x(const Mat& v) const {
    Mat u = v, w(v.rows(), v.cols());
    if (outer) outer->apply_transposed(v, u);
    A->apply_transposed(factor.asDiagonal() * u, w);
    return u + w;
  }
};

/// What the estimators of this file need, found or not.
struct Sampled {
  std::vector<SampledDerivative> parts;  // of each batch, at the solution
  std::vector<StepDerivative> whole;     // whose mean has the ∂₂S that ends each answer
  std::string refusal;
};

using Sampling = Sampled (*)(const Setting&, const Iteration&);

Sampled refused(std::string why) { return {{}, {}, std::move(why)}; }

std::vector<optimality::Batch> batches_at(const Setting& s) {
  return optimality::batches_of(*s.request.model, s.request.start, s.request.theta, most_batches);
}

/// η of the gradient step in S; empty where S has none.
Vec step_lengths(const Setting& s, const Iteration& it) {
  const auto& model = *s.request.model;
  return model.minimizes() ? Vec::Constant(model.size(), it.step()) : model.step_lengths();
}

Sampled inner_sampled(const Setting& s, const Iteration& it) {
  const auto& [model, statement, theta, x] = s.request;
  const Vec eta = step_lengths(s, it);
  const auto batches = eta.size() > 0 ? batches_at(s) : std::vector<optimality::Batch>{};
  if (batches.empty())
    return refused(
        "the estimator 'stochastic' needs a smooth part of the objective that is a mean or a sum over the rows of "
        "data, "
        "and no more than a penalty or sets of whole variables beside it");
  Sampled all;
  const linear::OperatorPtr outer = model->outer_slope(x, theta);
  for (const auto& b : batches) all.parts.push_back({b.slope->linearize(x, theta).dx, -eta, outer});
  all.whole.push_back(it.derivative(it.solution()));
  return all;
}

Sampled wholly_sampled(const Setting& s, const Iteration& it) {
  const auto& [model, statement, theta, x] = s.request;
  const Vec eta = step_lengths(s, it);
  const bool one_step = eta.size() > 0 && eta.minCoeff() == eta.maxCoeff();
  const auto batches = one_step ? batches_at(s) : std::vector<optimality::Batch>{};
  if (batches.empty() || !batches.front().mapping)
    return refused("the estimator 'stochastic-biased' needs a smooth part of the objective that is a mean over rows");
  Sampled all;
  const double sigma = model->minimizes() ? -eta[0] : 1.0;
  for (const auto& b : batches) {
    const auto of_F = b.mapping->linearize(x, theta);
    all.parts.push_back({of_F.dx, Vec::Constant(x.size(), sigma), nullptr});
    all.whole.emplace_back(of_F, sigma);
  }
  return all;
}

class Stochastic final : public Estimator {
 public:
  Stochastic(const Setting& s, Sampling sampling)
      : n_(s.request.start.size()), p_(s.request.theta.size()), steps_(s.solve.iterations.value_or(usual_steps)) {
    sampled_ = sampling(s, Iteration(s));
    if (!known()) return;
    const double q = 1 - 1 / std::max(1.0, s.system.factorization->condition_number());
    beta_ = 2 / (1 - q * q);
    std::mt19937 draw(s.solve.seed);
    for (int k = 0; k < steps_; ++k) order_.push_back(Index(draw()) % Index(sampled_.parts.size()));
  }

  Mat pull(ConstMat dx, std::stop_token stop) const override {
    if (!known()) return unknown(p_, dx.cols());
    Mat v = Mat::Zero(n_, dx.cols());
    for (int k = 0; k < steps_; ++k) {
      if (stop.stop_requested()) return {};
      v = (1 - eta(k)) * v + eta(k) * (part(k).back_to_x(v) + dx);
    }
    Mat g = Mat::Zero(p_, dx.cols());
    for (const auto& dS : sampled_.whole) g += dS.back_to_theta(v) / double(sampled_.whole.size());
    return g;
  }
  /// The transpose of that: the same samples from the last to the first.
  Mat push(ConstMat dtheta, std::stop_token stop) const override {
    if (!known()) return unknown(n_, dtheta.cols());
    Mat r = Mat::Zero(n_, dtheta.cols()), sum = r;
    for (const auto& dS : sampled_.whole) r += dS.along_theta(dtheta) / double(sampled_.whole.size());
    for (int k = steps_ - 1; k >= 0; --k) {
      if (stop.stop_requested()) return {};
      sum += eta(k) * r;
      r = (1 - eta(k)) * r + eta(k) * part(k).along_x(r);
    }
    return sum;
  }
  Mat columns(Index first, Index count, std::stop_token stop) const override {
    return push(unit_columns(p_, first, count), std::move(stop));
  }
  bool prefers_pull(Index rows) const override { return rows < p_; }
  Account account() const override {
    if (known()) return {.steps = steps_, .memory_bytes = 2 * std::size_t(n_) * sizeof(double)};
    return {.refusal = sampled_.refusal, .differs = false};
  }

 private:
  static Mat unknown(Index rows, Index cols) {
    return Mat::Constant(rows, cols, std::numeric_limits<double>::quiet_NaN());
  }
  bool known() const { return sampled_.refusal.empty(); }
  double eta(int k) const { return beta_ / (2 * beta_ + k); }
  const SampledDerivative& part(int k) const { return sampled_.parts[std::size_t(order_[std::size_t(k)])]; }

  Index n_, p_;
  int steps_;
  double beta_ = 1;
  Sampled sampled_;
  std::vector<Index> order_;  // the batch of each step, drawn independently, as the theory has it
};

}  // namespace

EstimatorPtr stochastic(const Setting& s) { return std::make_unique<Stochastic>(s, inner_sampled); }
EstimatorPtr stochastic_biased(const Setting& s) { return std::make_unique<Stochastic>(s, wholly_sampled); }

}  // namespace argscope::sensitivity
