#include <fmt/format.h>

#include <cmath>

#include "app/report.h"

namespace argscope::app {
namespace {

std::string heading(const Job& job) {
  const io::Scene& scene = *job.scene;
  const std::string& title = scene.title.empty() ? scene.name : scene.title;
  return title == scene.name ? title + "\n" : fmt::format("{} ({})\n", title, scene.name);
}

std::string line(std::string_view label, std::string_view text) { return fmt::format("  {:<18}{}\n", label, text); }

std::string about_solution(const solve::Solution& s) {
  std::string text =
      line("solution", fmt::format("{} in {} of {}, {}", solve::name(s.status),
                                   solve::iterations_in_words(s.iterations), s.solver, in_words(s.seconds)));
  text += line("residual", fmt::format("{:.2g} ({:.2g} relative)", s.residual, s.relative_residual));
  if (std::isfinite(s.objective)) text += line("objective", fmt::format("{:.10g}", s.objective));
  return text;
}

std::string about_derivative(const Job& job, const DerivativeFinding& d) {
  const sensitivity::Trust& t = d.trust;
  if (!t.defined) {
    std::string text = line("derivative", "not defined: " + t.reason);
    for (Index k = 0; d.sides && k < d.sides->falling.cols(); ++k) {
      const std::string name = optimality::element_name(job.model->parameters(), k);
      const expr::Shape shape{d.rows};
      text += line("  falling " + name, preview(shape, d.sides->falling.col(k).head(d.rows)));
      text += line("  growing " + name, preview(shape, d.sides->growing.col(k).head(d.rows)));
    }
    return text;
  }
  std::string text = line("derivative", fmt::format("{} x {}, {}, {}", d.rows, d.cols, job.scene->differentiate.method,
                                                    in_words(d.seconds)));
  if (!t.linear_solver.empty())
    text += line("linear solve", fmt::format("{}, residual {:.2g}, rank {}, null modes {}", t.linear_solver,
                                             t.linear_residual, t.rank, t.null_modes));
  if (t.condition_number) text += line("condition number", fmt::format("{:.3g}", *t.condition_number));
  for (const std::string& warning : t.warnings) text += line("warning", warning);
  return text;
}

std::string about_output(const Job& job, const OutputFinding& output) {
  if (output.value.size() == 0) return {};
  std::string text = line(output.name, preview(output.shape, output.value));
  if (output.derivative.cols() == 0 || output.shape.rank() > 0) return text;
  for (const auto& slot : job.model->parameters())
    text += line("  d/d" + slot.name, preview(slot.shape, output.derivative.row(0).segment(slot.offset, slot.size())));
  return text;
}

}  // namespace

std::string in_words(double seconds) {
  if (seconds < 1e-3) return fmt::format("{:.3g} us", seconds * 1e6);
  if (seconds < 1) return fmt::format("{:.3g} ms", seconds * 1e3);
  return fmt::format("{:.3g} s", seconds);
}

std::string preview(const expr::Shape& shape, const Vec& values) {
  constexpr Index most = 8;
  std::string text = shape.rank() == 0 ? "" : shape.str() + " ";
  for (Index k = 0; k < std::min(most, values.size()); ++k)
    text += fmt::format("{}{:.6g}", text.empty() ? "" : " ", values[k]);
  return values.size() > most ? text + " ..." : text;
}

std::string summary(const Job& job, const Findings& f) {
  std::string text = heading(job);
  for (const auto& slot : job.model->parameters())
    text += line(slot.name, preview(slot.shape, job.theta.segment(slot.offset, slot.size())));
  text += about_solution(f.solution);
  if (f.derivative) text += about_derivative(job, *f.derivative);
  for (const auto& slot : job.model->variables())
    if (f.solution.x.size() == job.model->size())
      text += line(slot.name, preview(slot.shape, f.solution.x.segment(slot.offset, slot.size())));
  for (const OutputFinding& output : f.outputs) text += about_output(job, output);
  if (f.forced) text += line("forced", "there is no honest answer here; the numbers are given because of --force");
  if (!f.file.empty()) text += line("written", f.file);
  return text;
}

}  // namespace argscope::app
