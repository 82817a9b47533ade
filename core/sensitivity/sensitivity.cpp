#include "core/sensitivity/sensitivity.h"

#include <algorithm>
#include <mutex>
#include <random>

#include "core/parallel.h"
#include "core/sensitivity/null_modes.h"
#include "core/sensitivity/trust.h"

namespace argscope::sensitivity {

namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
constexpr Index few = 16;    // so many columns are solved for at once, and kept
constexpr Index chunk = 64;  // columns between two looks at the stop token

Mat unit_columns(Index size, Index first, Index count) {
  Mat E = Mat::Zero(size, count);
  for (Index k = 0; k < count; ++k) E(first + k, k) = 1;
  return E;
}

/// A fixed combination of all columns, none of which can hide in it.
Vec combination(Index size) {
  std::mt19937 draw(3);
  Vec z(size);
  for (double& e : z) e = (draw() & 1u ? 1.0 : -1.0) * (0.5 + (draw() >> 5) * 0x1p-27);
  return z;
}

bool by_differences(const Options& options) {
  return options.method == "finite-differences" || options.method == "finite_differences";
}

}  // namespace

struct Sensitivity::Parts {
  System system;
  solve::Request request;  // at the solution: where differences start
  solve::Options solve_options;
  Options options;
  Trust trust;
  std::optional<Mat> kept;  // J, when it has few columns
  std::mutex differencing;
  Mat differences;  // J by differences once it has been asked for, when those are the method

  Index n() const { return system.x.size(); }
  Index p() const { return system.theta.size(); }
  bool answers() const { return system.factorization && (trust.defined || options.force); }

  void factorize(const solve::Solution&, linear::Factorizer&);
  std::optional<Probe> probe();
  /// −A⁻¹ R, column blocks; empty when stopped.
  Mat solved(const Mat& R, std::stop_token) const;
  Mat solved_transposed(const Mat& R) const;
  const Mat& by_differences_of_solves(std::stop_token);
};

void Sensitivity::Parts::factorize(const solve::Solution& solution, linear::Factorizer& factorizer) {
  if (!system.x.allFinite() || !system.theta.allFinite()) return;
  const bool reuse = solution.factorization && (options.linear.method == linear::Method::Auto ||
                                                options.linear.method == solution.factorization->quality().method);
  if (solution.matrix && solution.dtheta) {
    system.A = solution.matrix;
    system.B = solution.dtheta;
  } else {
    auto [dx, dtheta] = system.model->optimality().linearize(system.x, system.theta);
    system.A = std::move(dx);
    system.B = std::move(dtheta);
  }
  system.factorization =
      reuse ? solution.factorization : factorizer.factorize(system.A, options.linear, system.model->symmetries());
}

std::optional<Probe> Sensitivity::Parts::probe() {
  if (!system.factorization || !system.factorization->quality().usable) return std::nullopt;
  Probe probe;
  if (p() == 0) {
    kept = Mat(n(), 0);
    return probe;
  }
  const bool all = p() <= few;
  const Mat U = all ? unit_columns(p(), 0, p()) : Mat(combination(p()));
  probe.R.resize(n(), U.cols());
  system.B->apply(U, probe.R);
  Mat X(n(), U.cols());
  probe.report = system.factorization->solve(probe.R, X);
  if (all) kept = -X;
  if (all && p() > 1 && probe.report.inconsistency > 0) {
    // A column that is zero but for rounding is inconsistent by itself; what counts is its share of all.
    const Vec together = probe.R * combination(p());
    Vec x(n());
    probe.report.inconsistency = system.factorization->solve(together, x).inconsistency;
  }
  return probe;
}

Mat Sensitivity::Parts::solved(const Mat& R, std::stop_token stop) const {
  Mat X(n(), R.cols());
  for (Index first = 0; first < R.cols(); first += chunk) {
    if (stop.stop_requested()) return {};
    const Index width = std::min(chunk, R.cols() - first);
    system.factorization->solve(R.middleCols(first, width), X.middleCols(first, width));
  }
  return -X;
}

Mat Sensitivity::Parts::solved_transposed(const Mat& R) const {
  Mat X(n(), R.cols());
  system.factorization->solve_transposed(R, X);
  return -X;
}

const Mat& Sensitivity::Parts::by_differences_of_solves(std::stop_token stop) {
  const std::lock_guard lock(differencing);
  if (differences.size() == 0 && p() > 0)
    differences =
        central_differences(request, solve_options, 0, p(), null_space(system.factorization->quality(), n()), stop);
  return differences;
}

Sensitivity::Sensitivity(const solve::Solution& solution, ConstVec theta, const Options& options,
                         linear::Factorizer& factorizer)
    : parts_(std::make_unique<Parts>()) {
  Parts& s = *parts_;
  s.options = options;
  s.system = {solution.model, solution.x, theta, nullptr, nullptr, nullptr};
  // The model owns its statement; the alias keeps the model alive for as long as the statement is looked at.
  const std::shared_ptr<const optimality::Statement> statement(solution.model, &solution.model->statement());
  s.request = {solution.model, statement, theta, solution.x};
  s.factorize(solution, factorizer);
  s.trust = judge(solution, s.system, options.linear, s.probe());
  if (by_differences(options)) s.kept.reset();
}

Sensitivity::~Sensitivity() = default;
Sensitivity::Sensitivity(Sensitivity&&) noexcept = default;

const Trust& Sensitivity::trust() const { return parts_->trust; }

void Sensitivity::estimate_condition() {
  if (parts_->system.factorization && parts_->system.factorization->quality().usable)
    parts_->trust.condition_number = parts_->system.factorization->condition_number();
}

Mat Sensitivity::push(ConstMat dtheta) const {
  const Parts& s = *parts_;
  if (!s.answers()) return Mat::Constant(s.n(), dtheta.cols(), unknown);
  if (by_differences(s.options)) return parts_->by_differences_of_solves({}) * dtheta;
  if (s.kept) return *s.kept * dtheta;
  Mat R(s.n(), dtheta.cols());
  s.system.B->apply(dtheta, R);
  return s.solved(R, {});
}

Mat Sensitivity::pull(ConstMat dx) const {
  const Parts& s = *parts_;
  if (!s.answers()) return Mat::Constant(s.p(), dx.cols(), unknown);
  if (by_differences(s.options)) return parts_->by_differences_of_solves({}).transpose() * dx;
  Mat result(s.p(), dx.cols());
  s.system.B->apply_transposed(s.solved_transposed(dx), result);
  return result;
}

Mat Sensitivity::jacobian(std::stop_token stop) const { return columns(0, parts_->p(), std::move(stop)); }

Mat Sensitivity::columns(Index first, Index count, std::stop_token stop) const {
  const Parts& s = *parts_;
  if (!s.answers()) return Mat::Constant(s.n(), count, unknown);
  if (by_differences(s.options)) {
    const Mat& J = parts_->by_differences_of_solves(stop);
    return J.cols() == s.p() ? Mat(J.middleCols(first, count)) : Mat();
  }
  if (s.kept) return s.kept->middleCols(first, count);
  Mat R;
  if (count == s.p()) {
    R = s.system.B->dense();
  } else {
    R.resize(s.n(), count);
    s.system.B->apply(unit_columns(s.p(), first, count), R);
  }
  return s.solved(R, std::move(stop));
}

Mat Sensitivity::total(const optimality::Function& h, std::stop_token stop) const {
  const Parts& s = *parts_;
  const Index rows = h.shape().size();
  if (!s.answers()) return Mat::Constant(rows, s.p(), unknown);
  const auto [dx, dtheta] = h.linearize(s.system.x, s.system.theta);
  const bool adjoint = rows < s.p() && !s.kept;
  if (adjoint) {
    const Mat E = unit_columns(rows, 0, rows);
    Mat along_x(s.n(), rows), direct(s.p(), rows);
    dx->apply_transposed(E, along_x);
    dtheta->apply_transposed(E, direct);
    return stop.stop_requested() ? Mat() : Mat((direct + pull(along_x)).transpose());
  }
  const Mat J = jacobian(stop);
  if (J.cols() != s.p()) return {};
  Mat through(rows, s.p());
  dx->apply(J, through);
  return through + dtheta->dense();
}

}  // namespace argscope::sensitivity
