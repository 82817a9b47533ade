#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "core/linear/random.h"
#include "core/same_name.h"
#include "core/sensitivity/estimator.h"
#include "core/sensitivity/iteration.h"

namespace argscope::sensitivity {

namespace {

constexpr bool iterates = true, crosses_kinks = true;

constexpr std::array table{
    EstimatorEntry{"implicit", "A J = B by the factors of ∂₁F at the solution", !iterates, !crosses_kinks, implicit},
    EstimatorEntry{"unrolled-forward", "J ← ∂₁S J + ∂₂S along the iterates of x ← S(x, θ), from J = 0", iterates,
                   !crosses_kinks, unrolled_forward},
    EstimatorEntry{"unrolled-reverse", "the adjoint of that recursion, from its last step to its first", iterates,
                   !crosses_kinks, unrolled_reverse},
    EstimatorEntry{"truncated", "the adjoint recursion over the last 20 steps only", iterates, !crosses_kinks,
                   truncated},
    EstimatorEntry{"one-step", "∂₂S at the solution", iterates, !crosses_kinks, one_step},
    EstimatorEntry{"neumann", "the first K terms of Σ (∂₁S)ⁱ ∂₂S at the solution", iterates, !crosses_kinks, neumann},
    EstimatorEntry{"aid-fixed-point", "K fixed-point steps on (I − ∂₁S)ᵀ v = w at the last iterate", iterates,
                   !crosses_kinks, aid_fixed_point},
    EstimatorEntry{"aid-cg", "K steps of conjugate gradients on the same system", iterates, !crosses_kinks, aid_cg},
    EstimatorEntry{"finite-differences", "central differences of full solves, to fourth order", !iterates,
                   !crosses_kinks, central},
    EstimatorEntry{"forward-differences", "forward differences of full solves", !iterates, !crosses_kinks, forward},
    EstimatorEntry{"smoothed", "∂ of the mean of x* over a normal cloud around θ, one per cent wide", !iterates,
                   crosses_kinks, smoothed},
    EstimatorEntry{"stochastic", "K shrinking steps on (I − ∂₁S)ᵀ v = w, each with a sixteenth of the samples",
                   iterates, !crosses_kinks, stochastic},
    EstimatorEntry{"stochastic-biased", "the same with proximal operators sampled too: biased, for comparison",
                   iterates, !crosses_kinks, stochastic_biased},
};

}  // namespace

std::span<const EstimatorEntry> estimators() { return table; }

const EstimatorEntry* estimator_named(std::string_view name) {
  const auto found = std::ranges::find_if(table, [&](const EstimatorEntry& e) { return same_name(e.name, name); });
  return found == table.end() ? nullptr : &*found;
}

std::vector<std::string_view> estimator_names() {
  std::vector<std::string_view> names;
  names.reserve(std::size(table));
  for (const EstimatorEntry& e : table) names.push_back(e.name);
  return names;
}

std::string unsuitable(std::string_view estimator, const optimality::Model& model) {
  const EstimatorEntry* entry = estimator_named(estimator);
  if (!entry)
    return fmt::format("no estimator is called '{}'; there are {}", estimator, fmt::join(estimator_names(), ", "));
  if (!entry->iterates || Iteration::exists(model)) return "";
  return fmt::format(
      "the estimator '{}' differentiates an iteration x ← S(x, θ), and the condition '{}' is none; use implicit, or a "
      "condition such as fixed_point, proximal_gradient or projected_gradient",
      entry->name, model.condition());
}

Mat unit_columns(Index size, Index first, Index count) {
  Mat E = Mat::Zero(size, count);
  for (Index k = 0; k < count; ++k) E(first + k, k) = 1;
  return E;
}

Vec combination(Index size) {
  thread_local Vec z;  // asked for at every θ of a drag
  if (z.size() == size) return z;
  z = linear::fixed_random(size);
  for (Index k = 0; k < size; ++k)
    if (linear::scattered(k) & 1u) z[k] = -z[k];
  return z;
}

Mat Formed::whole(std::stop_token stop) const {
  const std::lock_guard lock(forming_);
  if (J_.size() == 0) J_ = form(std::move(stop));
  return J_;
}

Mat Formed::push(ConstMat dtheta, std::stop_token stop) const {
  const Mat J = whole(std::move(stop));
  return J.cols() == dtheta.rows() ? Mat(J * dtheta) : Mat();
}

Mat Formed::pull(ConstMat dx, std::stop_token stop) const {
  const Mat J = whole(std::move(stop));
  return J.rows() == dx.rows() ? Mat(J.transpose() * dx) : Mat();
}

Mat Formed::columns(Index first, Index count, std::stop_token stop) const {
  const Mat J = whole(std::move(stop));
  return J.cols() >= first + count ? Mat(J.middleCols(first, count)) : Mat();
}

}  // namespace argscope::sensitivity
