#include "core/solve/sampled_steps.h"

#include <algorithm>
#include <cmath>

#include "core/linear/condition.h"

namespace argscope::solve {

namespace {

constexpr Index most_batches = 64;

/// A number that looks drawn, of two that are not: Steele, Lea and Flood's splitmix64, 2014.
std::uint64_t mixed(std::uint64_t seed, std::uint64_t t) {
  std::uint64_t z = (seed + 1) * 0x9e3779b97f4a7c15u + t * 0xd1342543de82ef95u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

}  // namespace

SampledSteps::SampledSteps(const optimality::Model& model, ConstVec theta, const Options& options)
    : batches_(optimality::batches_of(model, model.start(theta), theta, most_batches)),
      seed_(options.seed),
      eta_(options.step.value_or(0)),
      decay_(options.decay) {
  if (options.step) return;
  double L = 0;
  for (const optimality::Batch& b : batches_)
    L = std::max(L, linear::spectral_norm(*b.slope->linearize(model.start(theta), theta).dx));
  eta_ = L > 0 ? 1 / L : 1;
}

bool SampledSteps::exist(const optimality::Model& model) {
  if (!model.minimizes()) return false;
  const Vec theta = model.initial_parameters();
  return !optimality::batches_of(model, model.start(theta), theta, 2).empty();
}

const optimality::Function& SampledSteps::slope(int t) const {
  return *batches_[std::size_t(mixed(seed_, std::uint64_t(t)) % batches_.size())].slope;
}

double SampledSteps::length(int t) const { return decay_ == 0 ? eta_ : eta_ * std::pow(1 + t, -decay_); }

}  // namespace argscope::solve
