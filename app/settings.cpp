#include "app/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

#include "app/names.h"
#include "app/requests.h"
#include "core/io/arrays.h"

namespace argscope::app {
namespace {

using nlohmann::json;

std::optional<double> whole_text_number(const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (end == text.c_str() || *end != '\0') return std::nullopt;
  return value;
}

[[noreturn]] void refuse(const std::string& name, const std::string& why) {
  throw WrongInput(fmt::format("--set {}: {}", name, why));
}

void collect(const std::string& name, const json& at, int axis, std::vector<Index>& dims, std::vector<double>& values) {
  if (!at.is_array()) {
    if (!at.is_number()) refuse(name, fmt::format("the array holds {}, which is not a number", at.dump()));
    if (axis != static_cast<int>(dims.size())) refuse(name, "the array is ragged: some rows are numbers, some arrays");
    values.push_back(at.get<double>());
    return;
  }
  const auto length = static_cast<Index>(at.size());
  const bool first_visit = values.empty();
  if (axis == static_cast<int>(dims.size()) && first_visit) dims.push_back(length);
  if (axis >= expr::Shape::max_rank) refuse(name, fmt::format("an array has at most {} axes", expr::Shape::max_rank));
  if (axis >= static_cast<int>(dims.size()) || dims[static_cast<std::size_t>(axis)] != length)
    refuse(name, fmt::format("the array is ragged: a row of {} where others have another length", length));
  for (const json& row : at) collect(name, row, axis + 1, dims, values);
}

expr::Array from_json(const std::string& name, const std::string& text) {
  const json parsed = json::parse(text, nullptr, false);
  if (parsed.is_discarded()) refuse(name, fmt::format("'{}' is not a JSON array; write it like [1, 2.5, 3]", text));
  std::vector<Index> dims;
  expr::Array array;
  collect(name, parsed, 0, dims, array.values);
  array.shape = expr::Shape::of(dims.data(), static_cast<int>(dims.size()));
  return array;
}

expr::Array unchecked_value(const std::string& name, const std::string& text) {
  if (const auto number = whole_text_number(text)) return {{}, {*number}};
  if (text.front() == '[') return from_json(name, text);
  if (!std::filesystem::exists(text))
    refuse(name, fmt::format("'{}' is not a number, not a JSON array such as [1, 2], and there is no such file", text));
  return io::read_array(text, "");
}

}  // namespace

std::vector<Setting> read_settings(const std::vector<std::string>& texts, const io::Settable& names) {
  std::vector<std::string> known = names.parameters;
  known.insert(known.end(), names.choices.begin(), names.choices.end());
  std::vector<Setting> settings;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
      throw WrongInput(
          fmt::format("--set '{}': expected NAME=VALUE, such as {}=1", text, known.empty() ? "theta" : known.front()));
    Setting setting{resolve_name("--set", text.substr(0, equals), known), text.substr(equals + 1)};
    if (std::ranges::find(settings, setting.name, &Setting::name) != settings.end())
      refuse(setting.name, "it is set twice; once is enough");
    setting.is_choice = std::ranges::find(names.choices, setting.name) != names.choices.end();
    settings.push_back(std::move(setting));
  }
  return settings;
}

io::Choices chosen(const std::vector<Setting>& settings) {
  io::Choices choices;
  for (const Setting& s : settings) {
    if (!s.is_choice) continue;
    const auto number = whole_text_number(s.value);
    if (!number || *number != std::round(*number) || std::abs(*number) > 1e15)
      refuse(s.name, fmt::format("it is a choice and takes a whole number, not '{}'", s.value));
    choices[s.name] = static_cast<Index>(*number);
  }
  return choices;
}

expr::Array read_value(const std::string& name, const std::string& text) {
  expr::Array array = unchecked_value(name, text);
  for (const double value : array.values)
    if (!std::isfinite(value)) refuse(name, fmt::format("'{}' holds a number that is not finite", text));
  return array;
}

std::vector<std::string> names_of(const std::vector<optimality::Slot>& slots) {
  std::vector<std::string> names;
  names.reserve(slots.size());
  for (const auto& slot : slots) names.push_back(slot.name);
  return names;
}

void apply_setting(const Setting& setting, const std::vector<optimality::Slot>& parameters, MutVec theta) {
  const auto& slot = *std::find_if(parameters.begin(), parameters.end(),
                                   [&](const optimality::Slot& s) { return s.name == setting.name; });
  const expr::Array value = read_value(setting.name, setting.value);
  auto segment = theta.segment(slot.offset, slot.size());
  if (value.shape == slot.shape)
    segment = Eigen::Map<const Vec>(value.values.data(), slot.size());
  else if (value.shape.rank() == 0)
    segment.setConstant(value.values[0]);
  else
    refuse(setting.name,
           fmt::format("its shape is {}, but the value has shape {}; give as many numbers, or one for all",
                       slot.shape.str(), value.shape.str()));
}

}  // namespace argscope::app
