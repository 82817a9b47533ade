#include "app/commands_train.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/answer.h"
#include "app/files.h"
#include "app/names.h"
#include "app/progress.h"
#include "core/live/training.h"

namespace argscope::app {
namespace {

live::TrainingSpec spec_of(const TrainRequest& request, const Job& job) {
  live::TrainingSpec spec{function_name(*job.model, "--of", request.of), {}, request.rate};
  const expr::Shape shape = job.model->function(spec.output)->shape();
  if (shape.size() != 1)
    throw WrongInput(fmt::format("--of: '{}' has shape {}; what falls is one number", spec.output, shape.str()));
  for (const std::string& name : request.wrt) {
    const optimality::Slot& slot = parameter_named(*job.model, "--wrt", name);
    const auto same = [&](const optimality::Slot& other) { return other.name == slot.name; };
    if (std::ranges::any_of(spec.parameters, same))
      throw WrongInput(fmt::format("--wrt: '{}' is named twice; once is enough", slot.name));
    spec.parameters.push_back(slot);
  }
  if (request.wrt.empty()) spec.parameters = job.model->parameters();
  if (spec.parameters.empty()) throw WrongInput(fmt::format("'{}' has no parameters to move", job.scene->name));
  return spec;
}

/// The outputs that are one number, step by step.
struct Course {
  std::vector<std::string> names;
  std::vector<std::vector<double>> rows;

  explicit Course(const Job& job) {
    for (const auto& o : job.scene->statement->outputs)
      if (job.model->function(o.name)->shape().size() == 1) names.push_back(o.name);
  }
  void append(const live::Snapshot& at) {
    auto& row = rows.emplace_back();
    for (const std::string& name : names) row.push_back(at.field(name)->value[0]);
  }
  io::NamedValue array() const {
    Mat table(Index(rows.size()), Index(names.size()));
    for (Index r = 0; r < table.rows(); ++r)
      for (Index c = 0; c < table.cols(); ++c) table(r, c) = rows[std::size_t(r)][std::size_t(c)];
    const Mat row_major = table.transpose();
    return named_value("course", expr::Shape{table.rows(), table.cols()}, row_major.reshaped());
  }
  Json first_and_last(std::size_t column) const { return {rows.front()[column], rows.back()[column]}; }
};

/// What can be used again with --set, then what it led to.
std::vector<io::NamedValue> trained_values(const Job& job, const live::TrainingSpec& spec, const live::Snapshot& last,
                                           const Course& course, bool many) {
  std::vector<io::NamedValue> values;
  for (const optimality::Slot& slot : many ? job.model->parameters() : spec.parameters)
    values.push_back(named_value(slot.name, slot.shape, last.theta.segment(slot.offset, slot.size())));
  if (!many) return values;
  for (const optimality::Slot& slot : last.model->variables())
    values.push_back(named_value(slot.name, slot.shape, last.solution.x.segment(slot.offset, slot.size())));
  values.push_back(course.array());
  return values;
}

Json training_report(const TrainRequest& request, const live::TrainingSpec& spec, const live::Training& training,
                     const Course& course) {
  Json j{{"output", spec.output},
         {"rate", request.rate},
         {"steps", training.steps()},
         {"steps_at_kinks", training.steps_at_kinks()}};
  Json outputs = Json::object();
  for (std::size_t k = 0; k < course.names.size(); ++k) outputs[course.names[k]] = course.first_and_last(k);
  j["first_and_last"] = std::move(outputs);
  return j;
}

std::string in_words(const live::Training& training, const Course& course) {
  std::string text = fmt::format("training: {} steps", training.steps());
  if (training.steps_at_kinks() > 0)
    text += fmt::format(", {} of them at a kink, along a generalized derivative", training.steps_at_kinks());
  for (std::size_t k = 0; k < course.names.size(); ++k)
    text +=
        fmt::format("\n  {:<20}{:>12.6g} -> {:.6g}", course.names[k], course.rows.front()[k], course.rows.back()[k]);
  return text + "\n";
}

}  // namespace

Exit run_train(const TrainRequest& request, Console& console) {
  if (!request.out.empty()) require_place(request.out, array_endings());
  Job job = prepare(request.problem);
  const live::TrainingSpec spec = spec_of(request, job);
  if (!request.out.empty() && !holds_many(request.out) && spec.parameters.size() > 1)
    throw WrongInput(fmt::format(
        "--out '{}': such a file holds one array; name one parameter with --wrt, or write .npz", request.out));
  live::SessionOptions options;
  options.model = job.model;
  live::Training training(job.scene, options, spec, job.theta);
  Course course(job);
  live::Snapshot last = training.solve({});
  course.append(last);
  {
    Progress progress(console, std::size_t(request.steps));
    for (int step = 0; step < request.steps && training.descend({}); ++step) {
      last = training.solve({});
      course.append(last);
      progress.show(std::size_t(step));
    }
  }
  job.theta = last.theta;
  Findings found = findings_of(job, last);
  found.more["training"] = training_report(request, spec, training, course);
  std::string why = why_no_solution(last.solution);
  if (why.empty() && !training.why().empty()) why = training.why();
  if (!why.empty()) why = fmt::format("after {} of {} steps: {}", training.steps(), request.steps, why);
  found.forced = job.force && !why.empty();
  if (!request.out.empty() && (why.empty() || job.force))
    write_found(request.out, trained_values(job, spec, last, course, holds_many(request.out)), job, found);
  const Exit ending = conclude(job, found, why, console);
  if (!job.json && (why.empty() || job.force)) console.out << in_words(training, course);
  return ending;
}

}  // namespace argscope::app
