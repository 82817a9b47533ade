/// ∂x* by central differences of full solves at two step lengths, combined to fourth order.

#include <algorithm>
#include <cmath>

#include "core/sensitivity/sensitivity.h"

namespace argscope::sensitivity {

namespace {

const optimality::Parameter* parameter_of(const optimality::Model& model, Index k) {
  for (std::size_t s = 0; s < model.parameters().size(); ++s) {
    const auto& slot = model.parameters()[s];
    if (k >= slot.offset && k < slot.offset + slot.size() && s < model.statement().parameters.size())
      return &model.statement().parameters[s];
  }
  return nullptr;
}

/// Small against what the parameter is made of, large against the solver's rounding.
double step_length(const optimality::Model& model, ConstVec theta, Index k) {
  constexpr double relative = 1e-5;
  double size = std::abs(theta[k]);
  if (const auto* p = parameter_of(model, k)) size = std::max(size, p->log_scale ? p->low : 0.01 * (p->high - p->low));
  return relative * (size > 0 ? size : 1.0);
}

/// x* at θ + t eₖ, solved as tightly as rounding allows; empty when the solve did not end well.
Vec solved_at(const solve::Request& at, const solve::Options& options, Index k, double t, std::stop_token stop) {
  solve::Request moved = at;
  moved.theta[k] += t;
  solve::Options tight = options;
  tight.solver = "auto";
  tight.iterations.reset();
  tight.step.reset();
  tight.tolerance = std::min(options.tolerance, 1e-12);
  solve::Memory memory;
  solve::Solution s = solve::solve(moved, tight, memory, std::move(stop), {});
  const bool good = s.status == solve::Status::Converged || s.relative_residual <= 10 * tight.tolerance;
  return good && s.status != solve::Status::Cancelled ? std::move(s.x) : Vec();
}

Vec central(const solve::Request& at, const solve::Options& options, Index k, double h, std::stop_token stop) {
  const Vec after = solved_at(at, options, k, h, stop), before = solved_at(at, options, k, -h, stop);
  if (after.size() == 0 || before.size() == 0)
    return Vec::Constant(at.start.size(), std::numeric_limits<double>::quiet_NaN());
  return (after - before) / (2 * h);
}

}  // namespace

Mat central_differences(const solve::Request& at, const solve::Options& options, Index first, Index count,
                        const Mat& null_space, std::stop_token stop) {
  Mat D(at.start.size(), count);
  for (Index c = 0; c < count; ++c) {
    if (stop.stop_requested()) return {};
    const double h = step_length(*at.model, at.theta, first + c);
    const Vec whole = central(at, options, first + c, h, stop), half = central(at, options, first + c, h / 2, stop);
    // Where the two disagree by more than curvature, the longer step has crossed a kink or left the basin.
    const bool smooth = (whole - half).norm() <= 1e-3 * half.norm();
    D.col(c) = smooth ? Vec((4 * half - whole) / 3) : half;
  }
  if (stop.stop_requested()) return {};
  if (null_space.cols() > 0) D -= null_space * (null_space.transpose() * D);
  return D;
}

}  // namespace argscope::sensitivity
