#include "app/commands_list.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/names.h"
#include "core/io/scene.h"
#include "core/sensitivity/value_gradient.h"
#include "core/sets/sets.h"

namespace argscope::app {
namespace {

struct Row {
  std::string name, summary;
};

std::string table(std::string_view title, const std::vector<Row>& rows) {
  std::size_t width = 0;
  for (const Row& row : rows) width = std::max(width, row.name.size());
  std::string text = fmt::format("{}\n", title);
  for (const Row& row : rows) text += fmt::format("  {:<{}}  {}\n", row.name, width, row.summary);
  return text + "\n";
}

/// A scene that cannot be read is listed with its mistake rather than left out.
Row about_scene(const std::filesystem::path& path, const io::Paths& paths) {
  const std::string name = path.stem().string();
  try {
    const io::Scene scene = io::read_scene(path.string(), paths);
    return {name, scene.summary.empty() ? scene.title : scene.summary};
  } catch (const std::exception& mistake) {
    const std::string_view what = mistake.what();
    return {name, fmt::format("cannot be read: {}", what.substr(0, what.find('\n')))};
  }
}

std::vector<Row> scenes() {
  const io::Paths paths = io::Paths::standard();
  std::vector<Row> rows;
  for (const auto& path : io::built_in_scenes(paths)) rows.push_back(about_scene(path, paths));
  return rows;
}

std::string views() {
  std::string text = "Views: the kinds of [[views]] and their keys\n";
  for (const auto& kind : io::view_kinds()) {
    text += fmt::format("  {}: {}\n", kind.name, kind.summary);
    for (const auto& key : kind.keys)
      text += fmt::format("    {:<16}{:<12}{}{}\n", key.name, key.type, key.summary, key.required ? " (required)" : "");
  }
  return text + "\n";
}

std::string language() {
  std::vector<Row> rows;
  for (const auto& function : expr::functions()) rows.push_back({function.usage, function.summary});
  return table("Functions of the language", rows);
}

std::string sets_and_penalties() {
  const auto rows = [](const auto& entries) {
    std::vector<Row> all;
    for (const auto& entry : entries) all.push_back({std::string(entry.usage), std::string(entry.summary)});
    return all;
  };
  return table("Sets (subject_to = [\"x in SET\"])", rows(sets::all())) +
         table("Penalties (penalty = \"theta*PENALTY\")", rows(sets::penalties()));
}

std::string names(std::string_view title, const Catalogue& catalogue) {
  return fmt::format("{} ({})\n  {}\n\n", title, catalogue.option, joined(catalogue.today, ", "));
}

std::string of_minimum() {
  std::vector<Row> rows;
  for (const auto& entry : sensitivity::value_estimators())
    rows.push_back({std::string(entry.name), std::string(entry.summary)});
  return table("Estimators of a minimum's value (argscope gradient SCENE --of minimum --method NAME)", rows);
}

}  // namespace

Exit run_list(Console& console) {
  console.out << table("Scenes", scenes()) << views() << language() << sets_and_penalties()
              << names("Conditions", conditions()) << names("Solvers", solvers()) << names("Estimators", methods())
              << of_minimum() << names("Linear solvers", linear_solvers())
              << "Hyphen and underscore are the same in every name.\n";
  return Exit::Done;
}

}  // namespace argscope::app
