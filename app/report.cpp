#include "app/report.h"

#include <fmt/format.h>

#include <cmath>

namespace argscope::app {
namespace {

/// What the residual is of, in words.
std::string residual_map(const optimality::Model& model) {
  if (model.minimizes()) return "gradient of the objective in the variables";
  return model.condition() == "fixed_point" ? "T(x) - x" : "F";
}

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json parameters(const Job& job) {
  Json values = Json::object();
  for (const auto& slot : job.model->parameters())
    values[slot.name] = nested(job.theta.data() + slot.offset, slot.shape);
  return values;
}

Json choices(const Job& job) {
  Json values = Json::object();
  for (const auto& choice : job.scene->statement->choices) values[choice.name] = choice.value;
  return values;
}

Json solution(const Job& job, const solve::Solution& s) {
  return {{"status", solve::name(s.status)},
          {"solver", text_or_null(s.solver)},
          {"iterations", s.iterations},
          {"residual", number(s.residual)},
          {"objective", number(s.objective)},
          {"seconds", number(s.seconds)},
          {"relative_residual", number(s.relative_residual)},
          {"residual_of", residual_map(*job.model)},
          {"message", text_or_null(s.message)}};
}

Json unknown_derivative(const Job& job) {
  return {{"method", job.scene->differentiate.method},
          {"condition", job.model->condition()},
          {"linear_solver", nullptr},
          {"shape", nullptr},
          {"residual", nullptr},
          {"rank", nullptr},
          {"null_modes", nullptr},
          {"condition_number", nullptr},
          {"defined", nullptr},
          {"warnings", Json::array()},
          {"seconds", nullptr},
          {"reason", nullptr},
          {"one_sided", nullptr}};
}

/// The first rows of a matrix, as nested lists.
Json rows(const Mat& M, Index count) {
  Json all = Json::array();
  for (Index r = 0; r < count; ++r) {
    const Vec row = M.row(r);
    all.push_back(nested(row.data(), expr::Shape{row.size()}));
  }
  return all;
}

Json derivative(const Job& job, const DerivativeFinding& d) {
  Json j = unknown_derivative(job);
  j["linear_solver"] = text_or_null(d.trust.linear_solver);
  j["shape"] = {d.rows, d.cols};
  j["residual"] = number(d.trust.linear_residual);
  if (!d.trust.linear_solver.empty()) {
    j["rank"] = d.trust.rank;
    j["null_modes"] = d.trust.null_modes;
  }
  if (d.trust.condition_number) j["condition_number"] = number(*d.trust.condition_number);
  j["defined"] = d.trust.defined;
  j["warnings"] = d.trust.warnings;
  j["seconds"] = number(d.seconds);
  j["reason"] = text_or_null(d.trust.reason);
  if (d.sides)
    j["one_sided"] = {{"falling", rows(d.sides->falling, d.rows)}, {"growing", rows(d.sides->growing, d.rows)}};
  return j;
}

/// ∂output/∂parameter in the output's shape followed by the parameter's.
Json gradient(const OutputFinding& output, const optimality::Slot& parameter) {
  if (output.derivative.cols() == 0) return nullptr;
  const Index width = parameter.size();
  if (output.shape.rank() == 0) {
    const Vec row = output.derivative.row(0).segment(parameter.offset, width);
    return nested(row.data(), parameter.shape);
  }
  Json rows = Json::array();
  for (Index r = 0; r < output.derivative.rows(); ++r) {
    const Vec row = output.derivative.row(r).segment(parameter.offset, width);
    rows.push_back(nested(row.data(), parameter.shape));
  }
  return rows;
}

Json outputs(const Job& job, const Findings& findings) {
  Json all = Json::object();
  for (const OutputFinding& output : findings.outputs) {
    Json gradients = Json::object();
    for (const auto& slot : job.model->parameters()) gradients[slot.name] = gradient(output, slot);
    Json value = output.value.size() ? nested(output.value.data(), output.shape) : Json(nullptr);
    all[output.name] = {{"value", std::move(value)}, {"gradient", std::move(gradients)}};
  }
  return all;
}

}  // namespace

Json nested(const double* values, const expr::Shape& shape) {
  if (shape.rank() == 0) return number(*values);
  const expr::Shape row = shape.without_axis(0);
  Json list = Json::array();
  for (Index r = 0; r < shape.rows(); ++r) list.push_back(nested(values + r * shape.width(), row));
  return list;
}

Findings findings_of(const Job& job, const live::Snapshot& snapshot) {
  Findings f;
  f.solution = snapshot.solution;
  const Index columns = snapshot.theta.size();
  if (snapshot.has_jacobian)
    f.derivative = {snapshot.trust, {}, job.model->primal_size(), columns, snapshot.timings.jacobian};
  const bool honest = snapshot.solution.status == solve::Status::Converged || job.force;
  for (const auto& output : job.scene->statement->outputs) {
    OutputFinding finding{output.name, {}, {}, {}};
    if (const live::Field* field = snapshot.field(output.name); field && honest) {
      finding.shape = field->shape, finding.value = field->value;
      if (field->derivative.cols() == columns) finding.derivative = field->derivative;
    }
    f.outputs.push_back(std::move(finding));
  }
  return f;
}

Json report(const Job& job, const Findings& f) {
  Json j = {{"scene", job.scene->name},
            {"parameters", parameters(job)},
            {"choices", choices(job)},
            {"solution", solution(job, f.solution)},
            {"derivative", f.derivative ? derivative(job, *f.derivative) : unknown_derivative(job)},
            {"outputs", outputs(job, f)},
            {"forced", f.forced},
            {"file", text_or_null(f.file)}};
  j.update(f.more);
  return j;
}

io::Metadata metadata(const Job& job, const Findings& f) {
  io::Metadata m{{"program", "argscope " ARGSCOPE_VERSION},
                 {"scene", job.scene->name},
                 {"parameters", parameters(job).dump()},
                 {"solver", f.solution.solver},
                 {"status", std::string(solve::name(f.solution.status))},
                 {"tolerance", fmt::format("{:g}", job.scene->solve.tolerance)},
                 {"residual", fmt::format("{:.3g}", f.solution.residual)}};
  if (job.scene->solve.step) m["step"] = fmt::format("{:g}", *job.scene->solve.step);
  if (job.scene->solve.decay > 0) m["decay"] = fmt::format("{:g}", job.scene->solve.decay);
  if (!job.scene->statement->choices.empty()) m["choices"] = choices(job).dump();
  if (f.derivative) {
    m["method"] = job.scene->differentiate.method;
    m["linear_residual"] = fmt::format("{:.3g}", f.derivative->trust.linear_residual);
    m["derivative"] = f.derivative->trust.defined ? "defined" : "not defined: " + f.derivative->trust.reason;
  }
  if (f.forced) m["forced"] = "no honest answer exists here; written because --force was given";
  return m;
}

std::vector<OutputFinding> find_outputs(const Job& job, const solve::Solution& solution,
                                        const sensitivity::Sensitivity* derivative) {
  std::vector<OutputFinding> found;
  for (const auto& output : job.scene->statement->outputs) {
    const optimality::Function& h = *solution.model->function(output.name);
    OutputFinding finding{output.name, h.shape(), h.value_at(solution.x, job.theta), {}};
    if (derivative && job.theta.size() > 0) finding.derivative = derivative->total(h, {});
    found.push_back(std::move(finding));
  }
  return found;
}

}  // namespace argscope::app
