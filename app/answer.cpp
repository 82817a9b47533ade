#include "app/answer.h"

#include <fmt/format.h>

namespace argscope::app {

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

Answer::Answer(const Job& asked) : job(asked) {
  found.solution = find_solution(job, memory);
  for (const auto& output : job.scene->statement->outputs) found.outputs.push_back({output.name, {}, {}, {}});
  why = why_no_solution(found.solution);
  found.forced = job.force && !why.empty();
}

void Answer::differentiate(bool needed) {
  if (!may_show_solution() || job.theta.size() == 0) return;
  const auto begin = Clock::now();
  derivative.emplace(found.solution, job.theta, sensitivity_options(job), memory.factorizer);
  const double seconds = seconds_since(begin);
  const std::string refusal = why_no_derivative(derivative->trust());
  if (refusal.empty()) derivative->estimate_condition();
  found.derivative = {derivative->trust(), {}, job.model->primal_size(), job.theta.size(), seconds};
  constexpr Index most = 16;  // each column is two solves
  if (!derivative->trust().defined && derivative->trust().at_kink && job.theta.size() <= most) {
    const solve::Request at{found.solution.model, job.scene->statement, job.theta, found.solution.x};
    found.derivative->sides =
        sensitivity::one_sided_derivatives(at, solve_options(*job.scene), 0, job.theta.size(), {});
  }
  if (needed && why.empty()) why = refusal;
  found.forced = job.force && !why.empty();
}

const sensitivity::Sensitivity* Answer::shown_derivative() const {
  return derivative && (derivative->trust().defined || job.force) ? &*derivative : nullptr;
}

Exit conclude(const Job& job, const Findings& found, const std::string& why, Console& console) {
  const bool honest = why.empty();
  if (job.json)
    console.out << report(job, found).dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
  else if (honest || job.force)
    console.out << summary(job, found);
  if (honest) return Exit::Done;
  if (job.force) {
    console.err << fmt::format("argscope: warning: {}: forced: {}\n", job.scene->name, why);
    return Exit::Done;
  }
  console.err << fmt::format(
      "argscope: {}: no honest answer: {}\n  nothing was written; --force gives the numbers as they are\n",
      job.scene->name, why);
  return Exit::NoAnswer;
}

}  // namespace argscope::app
