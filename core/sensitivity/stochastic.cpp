/// Implicit differentiation by stochastic steps: where the objective is a mean over samples, (I − ∂₁S)ᵀ v = w is solved
/// with a few of them at a time and steps that shrink, so that the mean square error falls as 1/K. Grazzi, Pontil and
/// Salzo, Nonsmooth implicit differentiation: deterministic and stochastic convergence rates, 2024, with G the
/// identity.

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "core/expr/language.h"
#include "core/io/random.h"
#include "core/linear/condition.h"
#include "core/sensitivity/iteration.h"

namespace argscope::sensitivity {

namespace {

constexpr std::uint32_t seed = 5;
constexpr Index most_batches = 16;
constexpr int usual_steps = 5000;

std::vector<Index> shuffled(Index count, io::RandomState& draw) {
  std::vector<Index> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), Index{0});
  for (Index k = count; k-- > 1;) std::swap(order[std::size_t(k)], order[std::size_t(draw.uniform() * double(k + 1))]);
  return order;
}

expr::Array rows_of(const expr::Array& a, const std::vector<Index>& chosen) {
  expr::Array part;
  part.shape = expr::Shape{Index(chosen.size())};
  for (int k = 1; k < a.shape.rank(); ++k) part.shape = part.shape.appended(a.shape[k]);
  const Index width = a.shape.size() / a.shape[0];
  for (Index r : chosen)
    part.values.insert(part.values.end(), a.values.begin() + r * width, a.values.begin() + (r + 1) * width);
  return part;
}

/// The same problem of some of its samples, and their share of all.
struct Batch {
  optimality::ModelPtr model;
  double share;
};

/// Every array of `samples` rows cut into batches; empty where the problem cannot be stated of a part.
std::vector<Batch> batches_of(const Setting& s, Index samples) {
  io::RandomState draw(seed);
  const std::vector<Index> order = shuffled(samples, draw);
  const Index count = std::min(most_batches, samples);
  std::vector<Batch> batches;
  for (Index b = 0; b < count; ++b) {
    const Index first = b * samples / count, end = (b + 1) * samples / count;
    const std::vector<Index> chosen(order.begin() + first, order.begin() + end);
    auto part = std::make_shared<optimality::Statement>(*s.request.statement);
    for (auto& d : part->data)
      if (d.array.shape.rank() > 0 && d.array.shape[0] == samples) d.array = rows_of(d.array, chosen);
    try {
      auto model = optimality::build_model(part, s.request.start, s.request.theta);
      if (!model->minimizes()) return {};
      batches.push_back({std::move(model), double(end - first) / double(samples)});
    } catch (const expr::TextError&) {
      return {};
    }
  }
  return batches;
}

/// Whether the gradient is the mean of the batches' gradients, looked at where it does not vanish.
bool is_mean(const std::vector<Batch>& batches, const Setting& s) {
  const Vec& at = s.request.start;
  const Vec x = at + 0.1 * (1 + at.cwiseAbs().maxCoeff()) * linear::fixed_probe(at.size());
  Vec mean = Vec::Zero(x.size());
  double size = 0;
  for (const Batch& b : batches) {
    const Vec F = b.share * b.model->optimality().value_at(x, s.request.theta);
    mean += F;
    size += F.norm();
  }
  constexpr double rounding = 1e-10;
  return (s.request.model->optimality().value_at(x, s.request.theta) - mean).norm() <= rounding * size;
}

std::vector<Batch> batches_of(const Setting& s) {
  if (!s.request.model->minimizes()) return {};
  std::set<Index, std::greater<>> lengths;
  for (const auto& d : s.request.statement->data)
    if (d.array.shape.rank() > 0 && d.array.shape[0] > 1) lengths.insert(d.array.shape[0]);
  for (Index samples : lengths)
    if (auto batches = batches_of(s, samples); !batches.empty() && is_mean(batches, s)) return batches;
  return {};
}

class Stochastic final : public Estimator {
 public:
  explicit Stochastic(const Setting& s)
      : n_(s.request.start.size()), p_(s.request.theta.size()), steps_(s.solve.iterations.value_or(usual_steps)) {
    const auto batches = batches_of(s);
    if (batches.empty()) return;
    const Iteration it(s);
    whole_.emplace(it.derivative(it.solution()));
    for (const Batch& b : batches)
      parts_.emplace_back(b.model->optimality().linearize(s.request.start, s.request.theta),
                          -it.step() * b.share * double(batches.size()));
    const double q = 1 - 1 / std::max(1.0, s.system.factorization->condition_number());
    beta_ = 2 / (1 - q * q);
    io::RandomState draw(seed + 1);
    while (int(order_.size()) < steps_)
      for (Index b : shuffled(Index(parts_.size()), draw)) order_.push_back(b);
  }

  Mat pull(ConstMat dx, std::stop_token stop) const override {
    if (!whole_) return unknown(p_, dx.cols());
    Mat v = Mat::Zero(n_, dx.cols());
    for (int k = 0; k < steps_; ++k) {
      if (stop.stop_requested()) return {};
      v = (1 - eta(k)) * v + eta(k) * (sampled(k).back_to_x(v) + dx);
    }
    return whole_->back_to_theta(v);
  }
  /// The transpose of that: the same samples from the last to the first.
  Mat push(ConstMat dtheta, std::stop_token stop) const override {
    if (!whole_) return unknown(n_, dtheta.cols());
    Mat r = whole_->along_theta(dtheta), sum = Mat::Zero(n_, dtheta.cols());
    for (int k = steps_ - 1; k >= 0; --k) {
      if (stop.stop_requested()) return {};
      sum += eta(k) * r;
      r = (1 - eta(k)) * r + eta(k) * sampled(k).along_x(r);
    }
    return sum;
  }
  Mat columns(Index first, Index count, std::stop_token stop) const override {
    return push(unit_columns(p_, first, count), std::move(stop));
  }
  bool prefers_pull(Index rows) const override { return rows < p_; }
  Account account() const override {
    if (whole_) return {.steps = steps_, .memory_bytes = 2 * std::size_t(n_) * sizeof(double)};
    return {.refusal = "the estimator 'stochastic' needs a smooth objective that is a mean over the rows of data",
            .differs = false};
  }

 private:
  static Mat unknown(Index rows, Index cols) {
    return Mat::Constant(rows, cols, std::numeric_limits<double>::quiet_NaN());
  }
  double eta(int k) const { return beta_ / (2 * beta_ + k); }
  const StepDerivative& sampled(int k) const { return parts_[std::size_t(order_[std::size_t(k)])]; }

  Index n_, p_;
  int steps_;
  double beta_ = 1;
  std::optional<StepDerivative> whole_;
  std::vector<StepDerivative> parts_;  // of each batch, at the solution
  std::vector<Index> order_;           // the batch of each step: every epoch sees all, in another order
};

}  // namespace

EstimatorPtr stochastic(const Setting& s) { return std::make_unique<Stochastic>(s); }

}  // namespace argscope::sensitivity
