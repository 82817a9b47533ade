/// Unknowns that were free and are pushed now.

#include "core/solve/walk.h"

namespace argscope::solve {

namespace {

/// The rows and columns of a symmetric matrix at some of its unknowns, ascending.
linear::OperatorPtr part_at(const linear::PatternedMatrix& lower, const std::vector<int>& at) {
  std::vector<int> place(static_cast<std::size_t>(lower.pattern->cols), -1);
  for (std::size_t k = 0; k < at.size(); ++k) place[static_cast<std::size_t>(at[k])] = static_cast<int>(k);
  const int size = static_cast<int>(at.size());
  auto pattern = std::make_shared<linear::SparsePattern>(linear::SparsePattern{size, size, {0}, {}});
  linear::PatternedMatrix part;
  for (const int j : at) {
    for (int e = lower.pattern->column_start[j]; e < lower.pattern->column_start[j + 1]; ++e) {
      const int row = place[static_cast<std::size_t>(lower.pattern->row[e])];
      if (row < 0) continue;
      pattern->row.push_back(row);
      part.values.push_back(lower.values[e]);
    }
    pattern->column_start.push_back(static_cast<int>(pattern->row.size()));
  }
  part.pattern = std::move(pattern);
  return linear::sparse_operator(std::move(part), true);
}

}  // namespace

void release(Walk& walk, double longest_step) {
  constexpr double clear = 1.1;
  const auto factor = walk.last_factor();
  if (!factor) return;
  std::vector<int> pushed;
  for (const int i : factor->quality().null_coordinates)
    if (walk.here().F[i] != 0) pushed.push_back(i);
  if (pushed.empty() || !walk.linearize().matrix->structure().sparse) return;
  linear::Options options;
  options.method = linear::Method::Cg;
  options.tolerance = 1e-3;
  const auto count = static_cast<Index>(pushed.size());
  const auto part = part_at(*walk.linearize().matrix->sparse(), pushed);
  Vec step(count);
  const auto report =
      walk.memory().factorizer.factorize(part, options, Mat(count, 0))->solve(walk.here().F(pushed), step);
  if (!report.converged || clear * step.cwiseAbs().maxCoeff() > longest_step) return;
  walk.trial().x = walk.here().x;
  walk.trial().x(pushed) -= clear * step;
  walk.evaluate_trial_without_objective();
  if (walk.trial().residual <= walk.here().residual) walk.accept();
}

}  // namespace argscope::solve
