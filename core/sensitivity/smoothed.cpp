/// ∂ of E x*(θ + σZ), Z standard normal: of x* where it is smooth on the scale σ, and of what a kink or a jump of x*
/// looks like from that distance. Berthet et al., Learning with differentiable perturbed optimizers, 2020.

#include "core/io/random.h"
#include "core/sensitivity/estimator.h"

namespace argscope::sensitivity {

namespace {

constexpr std::uint32_t seed = 11;
constexpr Index pairs = 16;   // of θ ± σz
constexpr double wide = 1e3;  // steps of differences, which are 1e-5 of θ: one per cent

class Smoothed final : public Formed {
 public:
  explicit Smoothed(const Setting& s) : request_(s.request), solve_(s.solve), sigma_(s.request.theta.size()) {
    for (Index k = 0; k < sigma_.size(); ++k) sigma_[k] = wide * natural_step(*request_.model, request_.theta, k);
  }
  Account account() const override { return {.steps = 2 * pairs, .differs = false}; }

 protected:
  Mat form(std::stop_token stop) const override {
    const Index n = request_.start.size(), p = sigma_.size();
    Mat Z(p, pairs), half_changes(n, pairs), slopes = Mat::Zero(n, p);
    io::RandomState draw(seed);
    for (double& z : Z.reshaped()) z = draw.normal();
    for (Index k = 0; k < pairs; ++k) {
      if (stop.stop_requested()) return {};
      const Vec step = sigma_.cwiseProduct(Z.col(k));
      half_changes.col(k) = (look(request_.theta + step, slopes, stop) - look(request_.theta - step, slopes, stop)) / 2;
    }
    if (stop.stop_requested()) return {};
    slopes = slopes * sigma_.asDiagonal() / (2 * pairs);
    // Stein's identity holds for jumps too, but is noisy: what the mean slope explains is left out of it.
    slopes += (half_changes - slopes * Z) * Z.transpose() / pairs;
    return slopes * sigma_.cwiseInverse().asDiagonal();
  }

 private:
  /// x* at θ; adds its implicit derivative to `slopes`. Not-a-number where the solve did not end well.
  Vec look(const Vec& theta, Mat& slopes, const std::stop_token& stop) const {
    const auto solution = solved_near(request_, theta, solve_, stop);
    if (!solution) return Vec::Constant(slopes.rows(), std::numeric_limits<double>::quiet_NaN());
    linear::Factorizer factorizer;
    Options options;
    options.force = true;  // x* need not be differentiable there: the slopes only take noise away
    const Mat J = Sensitivity(*solution, theta, options, factorizer).jacobian({});
    if (J.allFinite()) slopes += J;
    return solution->x;
  }

  solve::Request request_;
  solve::Options solve_;
  Vec sigma_;
};

}  // namespace

EstimatorPtr smoothed(const Setting& s) { return std::make_unique<Smoothed>(s); }

}  // namespace argscope::sensitivity
