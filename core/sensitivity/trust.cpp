#include "core/sensitivity/trust.h"

#include <fmt/format.h>

#include <cmath>

#include "core/sensitivity/kinks.h"
#include "core/sensitivity/null_modes.h"

namespace argscope::sensitivity {

namespace {

constexpr double near_kink = 1e-4, at_kink = 1e-9;
constexpr double poor_residual = 1e-9, useless_residual = 1e-6;

/// The first reason found is the one that is shown.
void refuse(Trust& trust, std::string reason) {
  if (!trust.reason.empty()) return;
  trust.defined = false;
  trust.reason = std::move(reason);
}

void judge_solution(Trust& trust, const solve::Solution& solution) {
  trust.solution_residual = solution.relative_residual;
  trust.negative_curvature = std::max<Index>(solution.negative_curvature, 0);
  if (solution.status == solve::Status::Saddle)
    refuse(trust, "x is a saddle, not a minimum: " + solution.message);
  else if (solution.status != solve::Status::Converged)
    refuse(trust,
           fmt::format("the solution is not converged ({}): {}", solve::name(solution.status), solution.message));
}

void judge_curvature(Trust& trust, const System& system, const linear::Quality& quality) {
  if (!system.model->minimizes()) return;
  trust.negative_curvature = std::max({trust.negative_curvature, quality.negative, Index{0}});
  if (trust.negative_curvature > 0)
    refuse(trust, fmt::format("x is not a minimum: the objective curves downwards along {} direction{}",
                              trust.negative_curvature, trust.negative_curvature == 1 ? "" : "s"));
}

/// The null vector along which the right-hand side pushes most.
Vec worst_mode(const linear::Quality& quality, const Mat& R) {
  Vec worst = Vec::Zero(R.rows());
  double most = 0;
  const auto consider = [&](double push, const auto& mode) {
    if (push <= most) return;
    most = push;
    worst = mode;
  };
  for (int k : quality.null_coordinates) consider(R.row(k).norm(), Vec::Unit(R.rows(), k));
  if (quality.null_space.cols() == 0) return worst;
  const Mat basis = simplest_basis(quality.null_space);
  for (Index k = 0; k < basis.cols(); ++k) consider((basis.col(k).transpose() * R).norm(), basis.col(k));
  return worst;
}

/// ‖U₀ᵀR‖ / ‖R‖ over all columns together, for a symmetric matrix, whose left null vectors are its right ones.
double inconsistency(const linear::Quality& quality, const Mat& R) {
  const double size = R.norm();
  if (!(size > 0)) return 0;
  double squares = 0;
  for (int k : quality.null_coordinates) squares += R.row(k).squaredNorm();
  if (quality.null_space.cols() > 0) squares += (quality.null_space.transpose() * R).squaredNorm();
  return std::sqrt(squares) / size;
}

std::string words_of_inconsistency(const Trust& trust, const System& system, const Probe& probe) {
  const auto& quality = system.factorization->quality();
  std::string which = "a direction that nothing holds in place";
  if (system.A->structure().symmetric)
    if (const Vec mode = worst_mode(quality, probe.R); mode.squaredNorm() > 0)
      which += " (" + system.model->name_mode(system.x, system.theta, mode) + ")";
  return fmt::format("the parameters push x along {}: the right-hand side leaves the range of ∂₁F, ‖U₀ᵀB‖/‖B‖ = {:.2g}",
                     which, trust.inconsistency);
}

void judge_rank(Trust& trust, const System& system, const linear::Quality& quality) {
  trust.rank = quality.rank;
  trust.null_modes = quality.null_modes;
  if (quality.rank == 0 && system.x.size() > 0)
    refuse(trust, "nothing determines x here: ∂₁F is zero, so every x nearby is as good");
  else if (!quality.usable)
    refuse(trust, "the linear system cannot be solved: " + quality.why);
  if (quality.null_modes == 0 || quality.rank == 0) return;
  trust.null_mode_names = name_modes(*system.model, system.x, system.theta, quality);
  const std::string names = list_of(trust.null_mode_names);
  trust.warnings.push_back(fmt::format("{} direction{} of x {} not determined and left at rest{}{}", quality.null_modes,
                                       quality.null_modes == 1 ? "" : "s", quality.null_modes == 1 ? "is" : "are",
                                       names.empty() ? "" : ": ", names));
}

void judge_range(Trust& trust, const System& system, const linear::Options& options, const Probe& probe) {
  const auto& quality = system.factorization->quality();
  trust.linear_residual = probe.report.residual;
  trust.inconsistency = system.A->structure().symmetric ? inconsistency(quality, probe.R) : probe.report.inconsistency;
  if (trust.inconsistency > options.consistency) {
    refuse(trust, words_of_inconsistency(trust, system, probe));
  } else if (!probe.report.converged || !(probe.report.residual <= useless_residual)) {
    refuse(trust, fmt::format("the linear solver '{}' did not solve A J = B: ‖AJ − B‖/‖B‖ = {:.2g}; try another",
                              trust.linear_solver, probe.report.residual));
  } else if (probe.report.residual > poor_residual) {
    trust.warnings.push_back(fmt::format("A J = B is solved to {:.2g} only", probe.report.residual));
  }
}

void judge_kinks(Trust& trust, const System& system, AtKink at) {
  trust.kink = system.model->kink_margin(system.x, system.theta);
  if (!(trust.kink.value < near_kink)) return;
  trust.at_kink = trust.kink.value < at_kink && one_sided(*system.model, system.x, system.theta);
  if (trust.at_kink && at == AtKink::Refuse)
    refuse(trust, fmt::format("x is at a kink, where the derivatives of the two sides differ: {}", trust.kink.where));
  else
    trust.warnings.push_back(fmt::format("close to a kink, where J may jump: {} (relative distance {:.2g})",
                                         trust.kink.where, trust.kink.value));
}

}  // namespace

Trust judge(const solve::Solution& solution, const System& system, const linear::Options& options,
            const std::optional<Probe>& probe, AtKink at_a_kink) {
  Trust trust;
  judge_solution(trust, solution);
  if (const auto caveat = system.model->caveat(); !caveat.empty()) trust.warnings.emplace_back(caveat);
  if (system.factorization) {
    const auto& quality = system.factorization->quality();
    trust.linear_solver = linear::name(quality.method);
    judge_curvature(trust, system, quality);
    judge_rank(trust, system, quality);
    if (probe) judge_range(trust, system, options, *probe);
    judge_kinks(trust, system, at_a_kink);
  } else {
    refuse(trust, "x is not finite");
  }
  trust.defined = trust.reason.empty();
  return trust;
}

}  // namespace argscope::sensitivity
