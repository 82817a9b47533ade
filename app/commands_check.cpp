#include "app/commands_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/checks.h"

namespace argscope::app {
namespace {

std::string table(const std::vector<CheckRow>& rows) {
  std::size_t wide = 0, scope = 0;
  for (const CheckRow& row : rows) wide = std::max(wide, row.name.size()), scope = std::max(scope, row.scope.size());
  std::string text = fmt::format("{:<{}}  {:<{}}  {:>9}  {:>9}\n", "check", wide, "on", scope, "achieved", "allowed");
  for (const CheckRow& row : rows)
    text += fmt::format("{:<{}}  {:<{}}  {:>9.2g}  {:>9.2g}  {}{}\n", row.name, wide, row.scope, scope, row.achieved,
                        row.allowed, row.passed() ? "passed" : "FAILED", row.note.empty() ? "" : "  " + row.note);
  return text;
}

Json as_json(const std::vector<CheckRow>& rows) {
  Json list = Json::array();
  for (const CheckRow& row : rows)
    list.push_back({{"check", row.name},
                    {"on", row.scope},
                    {"achieved", row.achieved},
                    {"allowed", row.allowed},
                    {"passed", row.passed()},
                    {"note", row.note}});
  return list;
}

}  // namespace

Exit run_check(const CheckRequest& request, Console& console) {
  const Job job = prepare(request.problem);
  if (job.theta.size() == 0)
    throw WrongInput(fmt::format("'{}' has no parameters, so there is no derivative to check", job.scene->name));
  Answer a(job);
  a.differentiate(true);
  const sensitivity::Sensitivity* derivative = a.shown_derivative();
  if (derivative) {
    const std::vector<CheckRow> rows = check_all(a);
    a.found.outputs = find_outputs(job, a.found.solution, derivative);
    a.found.more["checks"] = as_json(rows);
    const bool passed = std::all_of(rows.begin(), rows.end(), [](const CheckRow& row) { return row.passed(); });
    const Exit ending = conclude(job, a.found, a.why, console);
    if (!job.json) console.out << "\n" << table(rows);
    return passed ? ending : Exit::CheckFailed;
  }
  return conclude(job, a.found, a.why, console);
}

}  // namespace argscope::app
