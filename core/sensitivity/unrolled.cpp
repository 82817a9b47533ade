/// Derivatives of an iteration that stops after T steps: by forward recursion, by its adjoint, and by the end of that.

#include "core/sensitivity/iteration.h"

namespace argscope::sensitivity {

namespace {

class UnrolledForward final : public Formed {
 public:
  explicit UnrolledForward(const Setting& s) : way_(Iteration(s), s) {}

  Mat push(ConstMat dtheta, std::stop_token stop) const override {
    Mat J = Mat::Zero(way_.iteration().size(), dtheta.cols());
    const auto step = [&](const State& at) {
      const StepDerivative dS = way_.iteration().derivative(at);
      J = dS.along_x(J) + dS.along_theta(dtheta);
    };
    return way_.forwards(std::move(stop), step) ? J : Mat();
  }
  Mat columns(Index first, Index count, std::stop_token stop) const override {
    return push(unit_columns(way_.iteration().parameter_size(), first, count), std::move(stop));
  }
  Account account() const override {
    Account a = way_.account();
    a.memory_bytes =
        std::size_t(way_.iteration().size()) * std::size_t(1 + way_.iteration().parameter_size()) * sizeof(double);
    return a;
  }

 protected:
  Mat form(std::stop_token stop) const override {
    return columns(0, way_.iteration().parameter_size(), std::move(stop));
  }

 private:
  Trajectory way_;
};

class UnrolledReverse final : public Formed {
 public:
  UnrolledReverse(const Setting& s, int last_steps) : way_(Iteration(s), s), last_steps_(last_steps) {}

  Mat pull(ConstMat dx, std::stop_token stop) const override {
    Mat v = dx, g = Mat::Zero(way_.iteration().parameter_size(), dx.cols());
    const auto step = [&](const State& at) {
      const StepDerivative dS = way_.iteration().derivative(at);
      g += dS.back_to_theta(v);
      v = dS.back_to_x(v);
    };
    return way_.backwards(last_steps_, std::move(stop), step) ? g : Mat();
  }
  bool prefers_pull(Index rows) const override { return rows < way_.iteration().size(); }
  Account account() const override { return way_.account(); }

 protected:
  Mat form(std::stop_token stop) const override {
    const Index n = way_.iteration().size();
    return pull(unit_columns(n, 0, n), std::move(stop)).transpose();
  }

 private:
  Trajectory way_;
  int last_steps_;
};

}  // namespace

EstimatorPtr unrolled_forward(const Setting& s) { return std::make_unique<UnrolledForward>(s); }

EstimatorPtr unrolled_reverse(const Setting& s) {
  return std::make_unique<UnrolledReverse>(s, std::numeric_limits<int>::max());
}

EstimatorPtr truncated(const Setting& s) {
  constexpr int last_steps = 20;
  return std::make_unique<UnrolledReverse>(s, last_steps);
}

}  // namespace argscope::sensitivity
