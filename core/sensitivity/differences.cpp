#include "core/sensitivity/differences.h"

#include <algorithm>
#include <cmath>

#include "core/sensitivity/estimator.h"
#include "core/sensitivity/null_modes.h"

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

/// x* at θ + t eₖ; empty when the solve did not end well.
Vec solved_at(const solve::Request& at, const solve::Options& options, Index k, double t, std::stop_token stop) {
  Vec theta = at.theta;
  theta[k] += t;
  const auto s = solved_near(at, theta, options, std::move(stop));
  return s ? s->x : Vec();
}

Mat without(const Mat& null_space, Mat D) {
  if (null_space.cols() > 0) D -= null_space * (null_space.transpose() * D);
  return D;
}

/// J by solves at other θ.
class Differences final : public Formed {
 public:
  Differences(const Setting& s, decltype(&central_differences) differences)
      : system_(s.system), request_(s.request), solve_(s.solve), differences_(differences) {}

  Account account() const override { return {.differs = false}; }

 protected:
  Mat form(std::stop_token stop) const override {
    const Mat N = null_space(system_.factorization->quality(), request_.start.size());
    return differences_(request_, solve_, 0, request_.theta.size(), N, std::move(stop));
  }

 private:
  const System& system_;
  solve::Request request_;
  solve::Options solve_;
  decltype(&central_differences) differences_;
};

}  // namespace

std::optional<solve::Solution> solved_near(const solve::Request& at, const Vec& theta, const solve::Options& options,
                                           std::stop_token stop) {
  solve::Request moved = at;
  moved.theta = theta;
  solve::Options tight = options;
  tight.solver = "auto";
  tight.iterations.reset();
  tight.step.reset();
  tight.tolerance = std::min(options.tolerance, 1e-12);
  solve::Memory memory;
  solve::Solution s = solve::solve(moved, tight, memory, std::move(stop), {});
  const bool good = s.status == solve::Status::Converged || s.relative_residual <= 10 * tight.tolerance;
  if (!good || s.status == solve::Status::Cancelled) return std::nullopt;
  return s;
}

double natural_step(const optimality::Model& model, ConstVec theta, Index k) {
  constexpr double relative = 1e-5;
  double size = std::abs(theta[k]);
  if (const auto* p = parameter_of(model, k)) size = std::max(size, p->log_scale ? p->low : 0.01 * (p->high - p->low));
  return relative * (size > 0 ? size : 1.0);
}

Vec central_quotient(const solve::Request& at, const solve::Options& options, Index k, double h, std::stop_token stop) {
  const Vec after = solved_at(at, options, k, h, stop), before = solved_at(at, options, k, -h, stop);
  if (after.size() == 0 || before.size() == 0)
    return Vec::Constant(at.start.size(), std::numeric_limits<double>::quiet_NaN());
  return (after - before) / (2 * h);
}

Vec forward_quotient(const solve::Request& at, const solve::Options& options, Index k, double h, std::stop_token stop) {
  const Vec after = solved_at(at, options, k, h, stop), here = solved_at(at, options, k, 0, stop);
  if (after.size() == 0 || here.size() == 0)
    return Vec::Constant(at.start.size(), std::numeric_limits<double>::quiet_NaN());
  return (after - here) / h;
}

Mat central_differences(const solve::Request& at, const solve::Options& options, Index first, Index count,
                        const Mat& null_space, std::stop_token stop) {
  Mat D(at.start.size(), count);
  for (Index c = 0; c < count; ++c) {
    if (stop.stop_requested()) return {};
    const double h = natural_step(*at.model, at.theta, first + c);
    const Vec whole = central_quotient(at, options, first + c, h, stop),
              half = central_quotient(at, options, first + c, h / 2, stop);
    // Where the two disagree by more than curvature, the longer step has crossed a kink or left the basin.
    const bool smooth = (whole - half).norm() <= 1e-3 * half.norm();
    D.col(c) = smooth ? Vec((4 * half - whole) / 3) : half;
  }
  if (stop.stop_requested()) return {};
  return without(null_space, std::move(D));
}

Mat forward_differences(const solve::Request& at, const solve::Options& options, Index first, Index count,
                        const Mat& null_space, std::stop_token stop) {
  Mat D(at.start.size(), count);
  for (Index c = 0; c < count; ++c) {
    if (stop.stop_requested()) return {};
    D.col(c) = forward_quotient(at, options, first + c, 0.1 * natural_step(*at.model, at.theta, first + c), stop);
  }
  return stop.stop_requested() ? Mat() : without(null_space, std::move(D));
}

EstimatorPtr central(const Setting& s) { return std::make_unique<Differences>(s, central_differences); }
EstimatorPtr forward(const Setting& s) { return std::make_unique<Differences>(s, forward_differences); }

}  // namespace argscope::sensitivity
