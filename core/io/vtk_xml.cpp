#include <fmt/format.h>

#include <algorithm>

#include "core/io/formats.h"

namespace argscope::io {
namespace {

/// XML has no way to write most control characters.
std::string without_controls(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  return text;
}

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : without_controls(text)) {
    out += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : c == '"' ? "&quot;" : std::string(1, c);
  }
  return out;
}

/// XML allows no two hyphens in a row inside a comment.
std::string as_comment(const std::string& key, const std::string& text) {
  std::string words = without_controls(fmt::format("{}: {}", key, text));
  std::ranges::replace(words, '-', '_');
  return fmt::format("<!-- {} -->\n", words);
}

bool are_points(const expr::Shape& shape) { return shape.rank() == 2 && (shape[1] == 2 || shape[1] == 3); }

/// One tuple for each row of the leading axis; pairs become triples, since VTK's vectors have three components.
std::string data_array(const NamedValue& value) {
  const auto& shape = value.array.shape;
  const Index width = shape.rows() == 0 ? 0 : shape.size() / shape.rows();
  const bool padded = are_points(shape) && width == 2;
  std::string out =
      fmt::format(R"(<DataArray type="Float64" Name="{}" NumberOfTuples="{}" NumberOfComponents="{}" format="ascii">)",
                  escaped(value.name), shape.rows(), padded ? 3 : width);
  auto number = value.array.values.begin();
  for (Index i = 0; i < shape.rows(); ++i) {
    for (Index j = 0; j < width; ++j) {
      fmt::format_to(std::back_inserter(out), "{}{:.17g}", j == 0 ? '\n' : ' ', *number++);
    }
    if (padded) out += " 0";
  }
  return out + "\n</DataArray>\n";
}

/// "first, first + step, …", one for each of `count` points.
std::string counters(const char* name, Index first, Index step, Index count) {
  std::string out = fmt::format(R"(<DataArray type="Int64" Name="{}" format="ascii">)", name);
  for (Index i = 0; i < count; ++i) fmt::format_to(std::back_inserter(out), " {}", first + i * step);
  return out + "</DataArray>\n";
}

}  // namespace

std::string format_vtk(const std::vector<NamedValue>& values, const Metadata& metadata, VtkKind kind) {
  const auto points =
      std::find_if(values.begin(), values.end(), [](const NamedValue& v) { return are_points(v.array.shape); });
  if (points == values.end()) {
    throw DataError("a VTK file needs positions, an array of k × 2 or k × 3, and there is none; write .npz instead");
  }
  const Index count = points->array.shape.rows();
  std::string at_points, apart;
  for (const auto& value : values) {
    if (&value == &*points) continue;
    const bool one_each = value.array.shape.rank() > 0 && value.array.shape.rows() == count;
    (one_each ? at_points : apart) += data_array(value);
  }
  const bool poly = kind == VtkKind::PolyData;
  const char* type = poly ? "PolyData" : "UnstructuredGrid";
  const char* cells = poly ? "Verts" : "Cells";
  std::string out = fmt::format("<VTKFile type=\"{}\" version=\"0.1\" byte_order=\"LittleEndian\">\n", type);
  for (const auto& [key, text] : metadata) out += as_comment(key, text);
  out += fmt::format("<{}>\n<FieldData>\n{}</FieldData>\n", type, apart);
  out += fmt::format("<Piece NumberOfPoints=\"{0}\" {1}=\"{0}\">\n", count, poly ? "NumberOfVerts" : "NumberOfCells");
  out += fmt::format("<PointData>\n{}</PointData>\n<Points>\n{}</Points>\n", at_points, data_array(*points));
  out += fmt::format("<{}>\n{}{}", cells, counters("connectivity", 0, 1, count), counters("offsets", 1, 1, count));
  if (!poly) out += counters("types", 1, 0, count);  // a vertex
  return out + fmt::format("</{}>\n</Piece>\n</{}>\n</VTKFile>\n", cells, type);
}

}  // namespace argscope::io
