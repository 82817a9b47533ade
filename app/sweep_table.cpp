#include "app/sweep_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/files.h"
#include "app/names.h"

namespace argscope::app {
namespace {

[[noreturn]] void refuse(const std::string& text, const std::string& why) {
  throw WrongInput(fmt::format("--vary '{}': {}; write NAME=FROM:TO:COUNT or NAME=FROM:TO:COUNT:log", text, why));
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts{""};
  for (const char c : text)
    if (c == separator)
      parts.emplace_back();
    else
      parts.back() += c;
  return parts;
}

double number(const std::string& text, const std::string& part) {
  char* end = nullptr;
  const double value = std::strtod(part.c_str(), &end);
  if (part.empty() || *end != '\0' || !std::isfinite(value)) refuse(text, fmt::format("'{}' is not a number", part));
  return value;
}

/// "theta", "theta[3]", "theta[1, 2]" → the entries of θ.
void find_entries(const std::string& text, const std::string& typed, const optimality::Model& model, Vary& vary) {
  const std::size_t bracket = typed.find('[');
  const optimality::Slot& slot = parameter_named(model, "--vary", typed.substr(0, bracket));
  vary.name = slot.name, vary.first = slot.offset, vary.count = slot.size();
  if (bracket == std::string::npos) return;
  if (typed.back() != ']') refuse(text, fmt::format("'{}' has no closing bracket", typed));
  const auto indices = split(typed.substr(bracket + 1, typed.size() - bracket - 2), ',');
  if (static_cast<int>(indices.size()) != slot.shape.rank())
    refuse(text,
           fmt::format("'{}' has shape {}, so it takes {} indices", slot.name, slot.shape.str(), slot.shape.rank()));
  Index flat = 0;
  for (int axis = 0; axis < slot.shape.rank(); ++axis) {
    const double index = number(text, indices[static_cast<std::size_t>(axis)]);
    if (index < 0 || index >= static_cast<double>(slot.shape[axis]) || index != std::floor(index))
      refuse(text, fmt::format("the indices of '{}', of shape {}, count from 0", slot.name, slot.shape.str()));
    flat = flat * slot.shape[axis] + static_cast<Index>(index);
  }
  vary.first += flat, vary.count = 1;
  vary.name = optimality::element_name(model.parameters(), vary.first);
}

/// Logarithms to base ten, so that whole decades come out whole.
std::vector<double> spaced(double from, double to, Index count, bool logarithmic) {
  const double first = logarithmic ? std::log10(from) : from, last = logarithmic ? std::log10(to) : to;
  std::vector<double> values;
  for (Index k = 0; k < count; ++k) {
    const double at =
        count == 1 ? first : first + static_cast<double>(k) * (last - first) / static_cast<double>(count - 1);
    values.push_back(logarithmic ? std::pow(10.0, at) : at);
  }
  values.front() = from;
  if (count > 1) values.back() = to;
  return values;
}

std::string cells(const Vec& values) {
  std::string text;
  for (const double v : values) text += std::isfinite(v) ? fmt::format(",{:.17g}", v) : ",nan";
  return text;
}

std::string columns(const std::string& prefix, const optimality::Slot& slot, const std::string& suffix) {
  std::string text;
  const optimality::Slot alone{slot.name, slot.shape, 0};
  for (Index k = 0; k < slot.size(); ++k) {
    std::string name = optimality::element_name({alone}, k);
    name.insert(std::min(name.find('['), name.size()), suffix);
    name.insert(0, prefix);
    text += name.find(',') == std::string::npos ? "," + name : fmt::format(",\"{}\"", name);
  }
  return text;
}

std::string format_csv(const SweepTable& table, const io::Metadata& metadata) {
  std::string text;
  for (auto [key, value] : metadata) {
    std::replace(value.begin(), value.end(), '\n', ' ');
    text += fmt::format("# {}: {}\n", key, value);
  }
  text += "# " + table.vary.name + ",status";
  const std::string suffix = "_d" + table.vary.name;
  for (const auto& o : table.outputs) text += columns("", o, "");
  for (const auto& v : table.variables) text += columns("", v, "");
  if (table.derivatives) {
    for (const auto& o : table.outputs) text += columns("d", o, suffix);
    for (const auto& v : table.variables) text += columns("d", v, suffix);
  }
  for (const SweepRow& row : table.rows) {
    text += fmt::format("\n{:.17g},{}", row.at, row.status);
    for (const Vec& o : row.outputs) text += cells(o);
    text += cells(row.x);
    for (const Vec& d : row.doutputs) text += cells(d);
    text += cells(row.dx);
  }
  return text + "\n";
}

/// One array of the table: what `cell` gives of each row, row after row.
template <class Cell>
io::NamedValue stacked(const SweepTable& table, std::string name, const expr::Shape& shape, const Cell& cell) {
  std::array<Index, expr::Shape::max_rank> dims{static_cast<Index>(table.rows.size())};
  if (shape.rank() == expr::Shape::max_rank)
    throw io::DataError(fmt::format("'{}' has {} axes, and a sweep adds one; write .csv", name, shape.rank()));
  for (int axis = 0; axis < shape.rank(); ++axis) dims[static_cast<std::size_t>(axis) + 1] = shape[axis];
  io::NamedValue value{std::move(name), {expr::Shape::of(dims.data(), shape.rank() + 1), {}}, {}};
  for (const SweepRow& row : table.rows) {
    const Vec numbers = cell(row);
    value.array.values.insert(value.array.values.end(), numbers.begin(), numbers.end());
  }
  return value;
}

std::vector<io::NamedValue> arrays(const SweepTable& t) {
  std::vector<io::NamedValue> all;
  all.push_back(stacked(t, t.vary.name, {}, [](const SweepRow& r) { return Vec::Constant(1, r.at); }));
  all.push_back(stacked(t, "converged", {}, [](const SweepRow& r) { return Vec::Constant(1, r.converged ? 1 : 0); }));
  for (std::size_t k = 0; k < t.outputs.size(); ++k) {
    const auto& o = t.outputs[k];
    all.push_back(stacked(t, o.name, o.shape, [&](const SweepRow& r) { return r.outputs[k]; }));
    if (t.derivatives)
      all.push_back(
          stacked(t, "d" + o.name + "_d" + t.vary.name, o.shape, [&](const SweepRow& r) { return r.doutputs[k]; }));
  }
  for (const auto& v : t.variables) {
    all.push_back(stacked(t, v.name, v.shape, [&](const SweepRow& r) { return Vec(r.x.segment(v.offset, v.size())); }));
    if (t.derivatives)
      all.push_back(stacked(t, "d" + v.name + "_d" + t.vary.name, v.shape,
                            [&](const SweepRow& r) { return Vec(r.dx.segment(v.offset, v.size())); }));
  }
  return all;
}

}  // namespace

Vary parse_vary(const std::string& text, const optimality::Model& model) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) refuse(text, "there is no NAME=");
  const auto parts = split(text.substr(equals + 1), ':');
  if (parts.size() < 3 || parts.size() > 4) refuse(text, fmt::format("it has {} parts between colons", parts.size()));
  const bool logarithmic = parts.size() == 4 && parts[3] == "log";
  if (parts.size() == 4 && !logarithmic && parts[3] != "linear")
    refuse(text, fmt::format("'{}' is not a scale", parts[3]));
  const double from = number(text, parts[0]), to = number(text, parts[1]), count = number(text, parts[2]);
  if (count < 1 || count != std::floor(count) || count > 1e6) refuse(text, "COUNT is a whole number from 1 to 1000000");
  if (!std::isfinite(to - from)) refuse(text, "the range is wider than numbers go");
  if (logarithmic && (from <= 0 || to <= 0)) refuse(text, "a logarithmic range is positive at both ends");
  Vary vary;
  find_entries(text, text.substr(0, equals), model, vary);
  vary.values = spaced(from, to, static_cast<Index>(count), logarithmic);
  return vary;
}

void write_table(const std::string& file, const SweepTable& table, const io::Metadata& metadata) {
  if (holds_many(file))
    io::write_arrays(file, arrays(table), metadata);
  else
    io::write_whole(file, format_csv(table, metadata));
}

}  // namespace argscope::app
