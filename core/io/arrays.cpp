#include "core/io/arrays.h"

#include <fmt/format.h>

#include "core/io/bytes.h"
#include "core/io/csv.h"
#include "core/io/formats.h"
#include "core/io/lower_case.h"
#include "core/io/npy.h"

namespace argscope::io {
namespace fs = std::filesystem;
namespace {

/// "digits.csv.gz" → ".csv"; "t10k-images-idx3-ubyte.gz", as MNIST is published → ".idx".
std::string format_of(const fs::path& path) {
  auto name = lower_case(path.filename().string());
  if (name.ends_with(".gz")) name.resize(name.size() - 3);
  if (name.find("-idx") != name.npos || name.find(".idx") != name.npos) return ".idx";
  return fs::path(name).extension().string();
}

bool is_table(const std::string& ending) {
  return ending == ".csv" || ending == ".txt" || ending == ".tsv" || ending == ".dat";
}

expr::Array parse(std::string_view bytes, const std::string& ending, const std::string& entry,
                  const std::string& name) {
  if (ending == ".npz") return parse_npz(bytes, entry, name);
  if (!entry.empty()) throw DataError(fmt::format("{}: only an .npz holds arrays by name, such as '{}'", name, entry));
  if (is_table(ending)) return parse_csv(bytes, name);
  if (ending == ".npy") return parse_npy(bytes, name);
  if (ending == ".idx") return parse_idx(bytes, name);
  if (ending == ".png") return parse_png(bytes, name);
  throw DataError(
      fmt::format("{}: files ending in '{}' cannot be read; known are .csv, .npy, .npz, .idx and .png, "
                  "and .gz behind any of them",
                  name, ending));
}

std::string place_in(const expr::Shape& shape, Index flat) {
  std::string place;
  for (int axis = shape.rank() - 1; axis >= 0; --axis) {
    place = place.empty() ? fmt::format("{}", flat % shape[axis]) : fmt::format("{}, {}", flat % shape[axis], place);
    flat /= shape[axis];
  }
  return "[" + place + "]";
}

const NamedValue& only(const std::vector<NamedValue>& values, const std::string& ending, const fs::path& path) {
  if (values.size() == 1) return values.front();
  throw DataError(fmt::format("{}: {} holds one array, and there are {}; write .npz or .json", path.string(), ending,
                              values.size()));
}

}  // namespace

expr::Array read_array(const fs::path& path, const std::string& entry) {
  return parse(read_bytes(path), format_of(path), entry, path.string());
}

std::string complaint_about(const fs::path& path, const std::string& entry, Index flat) {
  if (is_table(format_of(path))) return csv_complaint(read_bytes(path), path.string(), flat);
  const auto array = read_array(path, entry);
  return fmt::format("{}: {}: {} is not a finite number; fill it in, or leave its row or column out", path.string(),
                     place_in(array.shape, flat), array.values.at(static_cast<std::size_t>(flat)));
}

void write_arrays(const fs::path& path, const std::vector<NamedValue>& values, const Metadata& metadata) {
  const auto ending = ending_of(path);
  if (ending == ".npz") return write_whole(path, format_npz(values, metadata));
  if (ending == ".json") return write_whole(path, format_json(values, metadata));
  if (ending == ".vtp") return write_whole(path, format_vtk(values, metadata, VtkKind::PolyData));
  if (ending == ".vtu") return write_whole(path, format_vtk(values, metadata, VtkKind::UnstructuredGrid));
  if (ending == ".npy") return write_whole(path, format_npy(only(values, ending, path).array, metadata));
  if (ending == ".csv") return write_whole(path, format_csv(only(values, ending, path), metadata));
  if (ending == ".mtx") return write_whole(path, format_mtx(only(values, ending, path), metadata));
  throw DataError(
      fmt::format("{}: files ending in '{}' cannot be written; known are .csv, .json, .npy, .npz, .mtx, .vtp and .vtu",
                  path.string(), ending));
}

}  // namespace argscope::io
