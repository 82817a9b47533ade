#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/io/formats.h"

namespace argscope::io {
namespace {

using Json = nlohmann::ordered_json;

Json nested(const expr::Shape& shape, int axis, const double*& number) {
  if (axis == shape.rank()) {
    const double value = *number++;
    return std::isfinite(value) ? Json(value) : Json(nullptr);
  }
  Json list = Json::array();
  for (Index i = 0; i < shape[axis]; ++i) list.push_back(nested(shape, axis + 1, number));
  return list;
}

Json dims_of(const expr::Shape& shape) {
  Json dims = Json::array();
  for (int axis = 0; axis < shape.rank(); ++axis) dims.push_back(shape[axis]);
  return dims;
}

std::string as_comment(const std::string& key, const std::string& text) {
  std::string line = fmt::format("% {}: {}", key, text);
  std::ranges::replace_if(
      line, [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return line + '\n';
}

}  // namespace

std::string format_json(const std::vector<NamedValue>& values, const Metadata& metadata) {
  Json arrays = Json::object();
  for (const auto& value : values) {
    Json entry{{"shape", dims_of(value.array.shape)}};
    if (!value.column_names.empty()) entry["columns"] = value.column_names;
    const double* number = value.array.values.data();
    entry["values"] = nested(value.array.shape, 0, number);
    arrays[value.name] = std::move(entry);
  }
  const Json whole{{"arrays", std::move(arrays)}, {"metadata", metadata}};
  return whole.dump(1, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::string format_mtx(const NamedValue& value, const Metadata& metadata) {
  const Index rows = value.array.shape.rows();
  const Index columns = value.array.shape.width();
  const auto& numbers = value.array.values;
  const auto nonzeros = std::count_if(numbers.begin(), numbers.end(), [](double number) { return number != 0; });
  std::string out = "%%MatrixMarket matrix coordinate real general\n" + as_comment("name", value.name);
  for (const auto& [key, text] : metadata) out += as_comment(key, text);
  out += fmt::format("{} {} {}\n", rows, columns, nonzeros);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i] == 0) continue;
    const auto width = static_cast<std::size_t>(columns);
    fmt::format_to(std::back_inserter(out), "{} {} {:.17g}\n", i / width + 1, i % width + 1, numbers[i]);
  }
  return out;
}

}  // namespace argscope::io
