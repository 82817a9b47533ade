#include "core/sensitivity/implicit.h"

#include <algorithm>

namespace argscope::sensitivity {

namespace {

constexpr Index few = 16;  // so many columns are solved for at once, and kept

/// Columns between two looks at the stop token: many where they are short, since a factorization solves many at once by
/// all threads, and a diagonal right-hand side by its inverse.
Index columns_at_once(Index n) { return std::max<Index>(64, 1'000'000 / std::max<Index>(n, 1)); }

}  // namespace

Implicit::Implicit(const System& system) : system_(system), probe_(look()) {}

std::optional<Probe> Implicit::look() {
  if (!system_.factorization || !system_.factorization->quality().usable) return std::nullopt;
  Probe probe;
  if (p() == 0) {
    kept_ = Mat(n(), 0);
    return probe;
  }
  const bool all = p() <= few;
  const Mat U = all ? unit_columns(p(), 0, p()) : Mat(combination(p()));
  probe.R.resize(n(), U.cols());
  system_.B->apply(U, probe.R);
  Mat X(n(), U.cols());
  probe.report = system_.factorization->solve(probe.R, X);
  if (all) kept_ = -X;
  if (all && p() > 1 && probe.report.inconsistency > 0) {
    // A column that is zero but for rounding is inconsistent by itself; what counts is its share of all.
    const Vec together = probe.R * combination(p());
    Vec x(n());
    probe.report.inconsistency = system_.factorization->solve(together, x).inconsistency;
  }
  return probe;
}

Mat Implicit::solved(const Mat& R, std::stop_token stop) const {
  Mat X(n(), R.cols());
  const Index chunk = columns_at_once(n());
  for (Index first = 0; first < R.cols(); first += chunk) {
    if (stop.stop_requested()) return {};
    const Index width = std::min(chunk, R.cols() - first);
    system_.factorization->solve(R.middleCols(first, width), X.middleCols(first, width));
  }
  X *= -1;
  return X;
}

Mat Implicit::push(ConstMat dtheta, std::stop_token stop) const {
  if (kept_) return *kept_ * dtheta;
  Mat R(n(), dtheta.cols());
  system_.B->apply(dtheta, R);
  return solved(R, std::move(stop));
}

Mat Implicit::pull(ConstMat dx, std::stop_token stop) const {
  if (stop.stop_requested()) return {};
  Mat X(n(), dx.cols()), result(p(), dx.cols());
  system_.factorization->solve_transposed(dx, X);
  system_.B->apply_transposed(-X, result);
  return result;
}

Mat Implicit::columns(Index first, Index count, std::stop_token stop) const {
  if (kept_) return kept_->middleCols(first, count);
  if (count < p()) return push(unit_columns(p(), first, count), std::move(stop));
  return solved(system_.B->dense(), std::move(stop));
}

EstimatorPtr implicit(const Setting& s) { return std::make_unique<Implicit>(s.system); }

}  // namespace argscope::sensitivity
