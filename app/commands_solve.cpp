#include "app/commands_solve.h"

#include <fmt/format.h>

#include <limits>

#include "app/answer.h"
#include "app/files.h"
#include "app/names.h"
#include "core/sensitivity/bound.h"
#include "core/sensitivity/dual_descent.h"
#include "core/sensitivity/value_gradient.h"

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

using sensitivity::ValueEstimatorEntry;
constexpr std::string_view minimum = "minimum";  // what --of calls the value of the minimum
constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// The estimator that --method names, where it knows a minimum's value only.
const ValueEstimatorEntry* named_for_minimum(const GradientRequest& request) {
  const auto& name = request.problem.method;
  const ValueEstimatorEntry* entry = name ? sensitivity::value_estimator_named(*name) : nullptr;
  if (!entry || entry->by == sensitivity::ValueEstimator::Implicit) return nullptr;
  if (!request.of.empty() && !same_name(request.of, minimum))
    throw WrongInput(
        fmt::format("--method {} is of the minimum's value: leave --of out, or write --of {}", entry->name, minimum));
  return entry;
}

const ValueEstimatorEntry& of_minimum(const std::string& method) {
  if (const ValueEstimatorEntry* entry = sensitivity::value_estimator_named(method)) return *entry;
  std::vector<std::string> names;
  for (const ValueEstimatorEntry& e : sensitivity::value_estimators()) names.emplace_back(e.name);
  throw WrongInput(fmt::format("--of {}: '{}' is no estimator of a minimum's value; choose --method {}", minimum,
                               method, joined(names, ", ")));
}

/// The same question, to be solved in a way that the estimator understands.
Job prepared_for(const ValueEstimatorEntry& by, Job job) {
  if (const std::string why = sensitivity::unsuitable(by.by, *job.model); !why.empty())
    throw WrongInput(fmt::format("'{}': {}", job.scene->name, why));
  io::Scene scene = *job.scene;
  scene.differentiate.method = by.name;
  if (by.by == sensitivity::ValueEstimator::Automatic) {
    const solve::Options plain = sensitivity::plain_steps(*job.model, job.theta, solve_options(scene));
    if (plain.solver.empty())
      throw WrongInput(
          fmt::format("--method automatic differentiates the solver's own steps, and those of '{}' are not "
                      "plain ones: leave --solver out, or choose gradient-descent, sgd, ...",
                      scene.solve.solver));
    scene.solve.solver = plain.solver, scene.solve.step = plain.step;
  }
  job.scene = std::make_shared<const io::Scene>(std::move(scene));
  return job;
}

/// Where K steps were asked for and the dual problem can be descended on, its K-th iterate in place of g.
void take_dual_steps(Answer& a, const optimality::Slot& slot, Vec& g) {
  const io::SolveSpec& asked = a.job.scene->solve;
  if (!asked.iterations) return;
  const auto found =
      sensitivity::dual_descent(*a.found.solution.model, a.job.theta, slot.offset, slot.size(), *asked.iterations);
  if (!found) return;
  g.segment(slot.offset, slot.size()) = found->y;
  if (found->residual > asked.tolerance && a.why.empty())
    a.why = fmt::format("not converged: the descent on the dual problem in {} after {} steps, residual {:.2g}",
                        slot.name, *asked.iterations, found->residual);
}

/// What is known of the gradient in all parameters: of the dual, those are refused in which the problem has none.
sensitivity::Trust judged(Answer& a, const ValueEstimatorEntry& by, Vec& g) {
  const solve::Solution& at = a.found.solution;
  sensitivity::Trust trust;
  trust.linear_residual = unknown;
  trust.reason = sensitivity::undefined(at, a.job.theta, a.memory.factorizer);
  Index without = 0;
  for (const auto& slot : a.job.model->parameters()) {
    if (by.by != sensitivity::ValueEstimator::Dual) break;
    const std::string why = sensitivity::without_dual(at, a.job.theta, slot.offset, slot.size());
    if (why.empty()) {
      take_dual_steps(a, slot, g);
      continue;
    }
    trust.warnings.push_back(fmt::format("in {}: {}", slot.name, why));
    without += slot.size();
    if (!a.job.force) g.segment(slot.offset, slot.size()).setConstant(unknown);
  }
  if (trust.reason.empty() && without == g.size()) trust.reason = trust.warnings.front();
  if (trust.reason.empty() && without == 0 && !g.allFinite()) trust.reason = "the estimate is not finite there";
  trust.defined = trust.reason.empty();
  return trust;
}

/// The slope of the minimum's value where the solver stopped.
Exit run_minimum(const Job& job, const ValueEstimatorEntry& by, const std::string& out, Console& console) {
  Answer a(job);
  a.found.outputs = {{std::string(minimum), {}, {}, {}}};
  if (a.may_show_solution()) {
    const auto begin = Clock::now();
    const solve::Solution& at = a.found.solution;
    Vec g = sensitivity::value_gradient(by.by, *at.model->minimum(), at, job.theta, solve_options(*job.scene));
    const sensitivity::Trust trust = judged(a, by, g);
    a.found.derivative = {trust, {}, 1, job.theta.size(), seconds_since(begin)};
    if (a.why.empty()) a.why = why_no_derivative(trust);
    a.found.forced = job.force && !a.why.empty();
    OutputFinding& value = a.found.outputs.front();
    value.value = Vec::Constant(1, at.model->objective(at.x, job.theta));
    if (a.may_show_solution()) value.derivative = g.transpose();
    if (!out.empty() && a.may_show_solution())
      write_found(out, gradient_values(job, holds_many(out), a.found.outputs), job, a.found);
  }
  return conclude(job, a.found, a.why, console);
}

/// Of a solution that was not solved for to the end: how far its Jacobian may be from the exact one, where that is
/// known.
void add_bound(Answer& a) {
  if (!a.job.scene->solve.iterations || !a.found.derivative) return;
  const auto bound = sensitivity::jacobian_bound(*a.found.solution.model, a.found.solution.x, a.job.theta);
  if (!bound) return;
  a.found.more["bound"] = {
      {"value", bound->value()}, {"alpha", bound->alpha}, {"beta", bound->beta}, {"distance", bound->distance}};
  a.found.derivative->trust.warnings.push_back(fmt::format(
      "the exact Jacobian is within {:.2g} in the spectral norm, by the bound of Blondel et al.: x is within "
      "{:.2g} of the solution",
      bound->value(), bound->distance));
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
  add_bound(a);
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
  const ValueEstimatorEntry* of_value = named_for_minimum(request);
  ProblemOptions problem = request.problem;
  if (of_value) problem.method.reset();
  const Job job = prepare(problem);
  require_parameters(job);
  if (!of_value && same_name(request.of, minimum) && !job.model->function(minimum))
    of_value = &of_minimum(job.scene->differentiate.method);
  if (of_value) return run_minimum(prepared_for(*of_value, job), *of_value, request.out, console);
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
