#include "app/commands_solve.h"

#include <fmt/format.h>

#include "app/answer.h"
#include "app/files.h"
#include "app/names.h"

namespace argscope::app {
namespace {

void require_parameters(const Job& job) {
  if (job.theta.size() == 0)
    throw WrongInput(
        fmt::format("'{}' has no parameters, so there is nothing to differentiate in; add "
                    "[parameters.NAME] to the scene",
                    job.scene->name));
}

std::vector<io::NamedValue> solved_values(const Answer& a, bool with_outputs) {
  std::vector<io::NamedValue> values;
  for (const auto& slot : a.job.model->variables())
    values.push_back(named_value(slot.name, slot.shape, a.found.solution.x.segment(slot.offset, slot.size())));
  if (with_outputs)
    for (const OutputFinding& o : a.found.outputs) values.push_back(named_value(o.name, o.shape, o.value));
  return values;
}

OutputFinding find_output(const Answer& a, const std::string& name) {
  const optimality::Function& h = a.function(name);
  const Vec& theta = a.job.theta;
  return {name, h.shape(), h.value_at(a.found.solution.x, theta), a.derivative->total(h, {})};
}

/// One array a parameter where the file holds many, shaped as the parameter when the output is a number; else one
/// matrix an output.
std::vector<io::NamedValue> gradient_values(const Job& job, bool many, const std::vector<OutputFinding>& outputs) {
  const auto& parameters = job.model->parameters();
  std::vector<io::NamedValue> values;
  for (const OutputFinding& output : outputs) {
    if (!many) values.push_back(named_matrix(output.name, output.derivative, parameters, 0));
    for (const auto& slot : many ? parameters : std::vector<optimality::Slot>{}) {
      const std::string name = outputs.size() == 1 ? slot.name : output.name + "." + slot.name;
      const Mat block = output.derivative.middleCols(slot.offset, slot.size());
      if (output.shape.rank() == 0)
        values.push_back(named_value(name, slot.shape, block.row(0)));
      else
        values.push_back(named_matrix(name, block, parameters, slot.offset));
    }
  }
  return values;
}

Index count_rows(const std::vector<OutputFinding>& outputs) {
  Index rows = 0;
  for (const OutputFinding& o : outputs) rows += o.value.size();
  return rows;
}

}  // namespace

Exit run_solve(const SolveRequest& request, Console& console) {
  if (!request.out.empty()) require_place(request.out, array_endings());
  const Job job = prepare(request.problem);
  Answer a(job);
  if (a.may_show_solution()) {
    if (job.json) a.differentiate(false);
    a.found.outputs = find_outputs(job, a.found.solution, a.shown_derivative());
    if (!request.out.empty()) write_found(request.out, solved_values(a, holds_many(request.out)), job, a.found);
  }
  return conclude(job, a.found, a.why, console);
}

Exit run_jacobian(const JacobianRequest& request, Console& console) {
  require_place(request.out, array_endings());
  const Job job = prepare(request.problem);
  require_parameters(job);
  const std::string of = request.of.empty() ? "" : function_name(*job.model, "--of", request.of);
  Index first = 0, count = job.theta.size();
  if (!request.wrt.empty()) {
    const optimality::Slot& slot = parameter_named(*job.model, "--wrt", request.wrt);
    first = slot.offset, count = slot.size();
  }
  Answer a(job);
  a.differentiate(true);
  if (const sensitivity::Sensitivity* derivative = a.shown_derivative()) {
    const auto begin = Clock::now();
    const Mat J = of.empty() ? Mat(derivative->columns(first, count, {}).topRows(job.model->primal_size()))
                             : derivative_of(a.function(of), *derivative, a.found.solution, job.theta, first, count);
    DerivativeFinding& d = *a.found.derivative;
    d.rows = J.rows(), d.cols = J.cols(), d.seconds += seconds_since(begin);
    a.found.outputs = find_outputs(job, a.found.solution, job.json ? derivative : nullptr);
    write_found(request.out, {named_matrix("jacobian", J, job.model->parameters(), first)}, job, a.found);
  }
  return conclude(job, a.found, a.why, console);
}

Exit run_gradient(const GradientRequest& request, Console& console) {
  if (!request.out.empty()) require_place(request.out, array_endings());
  const Job job = prepare(request.problem);
  require_parameters(job);
  const std::string of = request.of.empty() ? "" : function_name(*job.model, "--of", request.of);
  if (of.empty() && job.scene->statement->outputs.empty())
    throw WrongInput(fmt::format("'{}' has no outputs; name a definition or a variable with --of", job.scene->name));
  Answer a(job);
  a.differentiate(true);
  if (const sensitivity::Sensitivity* derivative = a.shown_derivative()) {
    const auto begin = Clock::now();
    if (of.empty())
      a.found.outputs = find_outputs(job, a.found.solution, derivative);
    else
      a.found.outputs = {find_output(a, of)};
    DerivativeFinding& d = *a.found.derivative;
    d.rows = count_rows(a.found.outputs), d.seconds += seconds_since(begin);
    if (!request.out.empty())
      write_found(request.out, gradient_values(job, holds_many(request.out), a.found.outputs), job, a.found);
  }
  return conclude(job, a.found, a.why, console);
}

}  // namespace argscope::app
