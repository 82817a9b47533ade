/// Derivatives of an iteration that stops after T steps: by forward recursion, by its adjoint, and by the end of that.

#include "core/sensitivity/iteration.h"

namespace argscope::sensitivity {

namespace {

/// Few columns are followed together once, and kept; of many, those that are asked for.
class UnrolledForward final : public Formed {
 public:
  explicit UnrolledForward(const Setting& s) : way_(Iteration::of_solver(s), s) {}

  Mat push(ConstMat dtheta, std::stop_token stop) const override {
    return p() <= few ? Formed::push(dtheta, std::move(stop)) : followed(dtheta, std::move(stop));
  }
  Mat columns(Index first, Index count, std::stop_token stop) const override {
    if (p() <= few) return Formed::columns(first, count, std::move(stop));
    return followed(unit_columns(p(), first, count), std::move(stop));
  }
  Account account() const override {
    Account a = way_.account();
    a.memory_bytes = std::size_t(way_.iteration().state_size()) * std::size_t(1 + p()) * sizeof(double);
    return a;
  }

 protected:
  Mat form(std::stop_token stop) const override { return followed(unit_columns(p(), 0, p()), std::move(stop)); }

 private:
  static constexpr Index few = 8;
  Index p() const { return way_.iteration().parameter_size(); }
  Mat followed(const Mat& dtheta, std::stop_token stop) const {
    Mat J = Mat::Zero(way_.iteration().state_size(), dtheta.cols());
    const auto step = [&](const State& at) {
      const StepDerivative dS = way_.iteration().derivative(at);
      J = dS.along_x(J) + dS.along_theta(dtheta);
    };
    return way_.forwards(std::move(stop), step) ? J.topRows(way_.iteration().size()) : Mat();
  }

  Trajectory way_;
};

class UnrolledReverse final : public Formed {
 public:
  UnrolledReverse(const Setting& s, int last_steps) : way_(Iteration::of_solver(s), s), last_steps_(last_steps) {}

  Mat pull(ConstMat dx, std::stop_token stop) const override {
    Mat v = Mat::Zero(way_.iteration().state_size(), dx.cols()),
        g = Mat::Zero(way_.iteration().parameter_size(), dx.cols());
    v.topRows(dx.rows()) = dx;
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
