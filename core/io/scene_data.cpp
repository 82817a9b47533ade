// [data.NAME]: arrays from files, random streams, literals and expressions.
#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/io/arrays.h"
#include "core/io/constants.h"
#include "core/io/random.h"

namespace argscope::io {

namespace {

using expr::Array;
using expr::Shape;

bool is_pattern(const std::string& name) { return name.find_first_of("*?[") != std::string::npos; }

/// The first file of a folder, by name, that a pattern such as "*labels-idx1*" fits; empty: none.
std::filesystem::path first_that_fits(const std::filesystem::path& folder, const std::string& pattern) {
  std::error_code ignored;
  std::filesystem::path first;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    if (fnmatch(pattern.c_str(), entry.path().filename().c_str(), 0) != 0 || !entry.is_regular_file(ignored)) continue;
    if (first.empty() || entry.path() < first) first = entry.path();
  }
  return first;
}

/// Empty: in none of the folders.
std::filesystem::path find_file(const std::vector<std::filesystem::path>& folders, const std::string& name) {
  std::error_code ignored;
  for (const auto& folder : folders) {
    auto path = is_pattern(name) ? first_that_fits(folder, name) : folder / name;
    if (std::filesystem::is_regular_file(path, ignored)) return path;
  }
  return {};
}

/// The scene's own folder first; an absolute name stays as it is.
std::vector<std::filesystem::path> folders_of(const Reading& r) {
  std::vector<std::filesystem::path> folders{r.folder};
  folders.insert(folders.end(), r.paths.data.begin(), r.paths.data.end());
  return folders;
}

std::filesystem::path located(const Reading& r, const Section& s, const Entry& e) {
  const std::string name = s.string(e.name, "");
  const auto folders = folders_of(r);
  auto path = find_file(folders, name);
  if (!path.empty()) return path;
  std::vector<std::string> words;
  for (const auto& folder : folders) {
    const auto parent = (folder / name).parent_path();
    words.push_back(parent.empty() ? "." : parent.string());
  }
  s.fail(e, fmt::format("no file '{}'; looked in {}", name, fmt::join(words, ", ")));
}

/// The rows or columns that a key selects, and whether the axis stays: one number drops it, as an index does.
struct Selection {
  std::vector<Index> chosen;
  bool drop = false;
};

Selection selection(const Section& s, const std::string& key, Index count) {
  Selection all;
  const Entry* e = s.find(key);
  if (!e) {
    all.chosen.resize(static_cast<std::size_t>(count));
    std::iota(all.chosen.begin(), all.chosen.end(), Index{0});
    return all;
  }
  const bool one = e->value->is_integer();
  try {
    const std::string text = one ? std::to_string(*s.whole(key)) : s.string(key, "");
    return {parse_selection(text, count), one};
  } catch (const DataError& error) {
    s.fail(*e, error.what());
  }
}

/// Which elements of an array are chosen, and the shape that they make.
struct Chosen {
  Shape shape;
  std::vector<Index> flat;
};

/// Which elements of an array, row-major, its "rows" and "columns" select, and the shape that they make.
struct Part {
  Shape shape;
  std::vector<Index> elements;
};

/// Rows of the leading axis, columns of the next one; the rest of a row stays whole.
Part selected(const Section& s, const Shape& from) {
  const Entry* columns = s.find("columns");
  if (columns && from.rank() < 2) s.fail(*columns, "columns are selected of a matrix; this is " + from.str());
  if (from.rank() == 0) return {from, {0}};
  const Selection rows = selection(s, "rows", from[0]);
  const Index width = from.rank() < 2 ? 1 : from[1], depth = from.width() / std::max<Index>(width, 1);
  const Selection cols = from.rank() < 2 ? Selection{{0}, true} : selection(s, "columns", width);
  Part p;
  if (!rows.drop) p.shape = p.shape.appended(static_cast<Index>(rows.chosen.size()));
  if (!cols.drop) p.shape = p.shape.appended(static_cast<Index>(cols.chosen.size()));
  for (int k = 2; k < from.rank(); ++k) p.shape = p.shape.appended(from[k]);
  for (Index r : rows.chosen)
    for (Index c : cols.chosen)
      for (Index d = 0; d < depth; ++d) p.elements.push_back((r * width + c) * depth + d);
  return p;
}

/// Only what is selected must be finite: a csv may hold words in a column that nobody uses.
Array from_file(Reading& r, const Section& s, const Entry& e) {
  s.allow({"file", "entry", "rows", "columns", "standardize", "otherwise"});
  if (const Entry* otherwise = s.find("otherwise"))
    if (find_file(folders_of(r), s.string(e.name, "")).empty()) return read_value(r, s, *otherwise, Known::Data);
  const std::filesystem::path path = located(r, s, e);
  const std::string entry = s.string("entry", "");
  try {
    const Array a = read_array(path, entry);
    Part p = selected(s, a.shape);
    Array b{p.shape, {}};
    for (Index k : p.elements) {
      b.values.push_back(a.values[static_cast<std::size_t>(k)]);
      if (!std::isfinite(b.values.back())) s.fail(e, complaint_about(path, entry, k));
    }
    return b;
  } catch (const DataError& error) {
    s.fail(e, error.what());
  }
}

Array from_stream(Reading& r, const Section& s, const Entry& e) {
  s.allow({"random", "shape", "seed", "standardize"});
  const std::string kind = s.string("random", "");
  if (kind != "normal" && kind != "uniform")
    s.fail(e, fmt::format("'random' must be \"normal\" or \"uniform\"{}", did_you_mean(kind, {"normal", "uniform"})));
  const Entry* shape = s.find("shape");
  const Entry* seed = s.find("seed");
  if (!shape) s.fail_key(e, "'shape' is missing: write shape = [rows, columns]");
  if (!seed) s.fail_key(e, "'seed' is missing: random data need one, so that everyone sees the same: write seed = 0");
  Array a{read_shape(r, s, *shape), {}};
  const Index number = read_whole(r, s, *seed, 0);
  if (number > 0xFFFFFFFFLL) s.fail(*seed, "a seed is below 2**32");
  RandomState stream(static_cast<std::uint32_t>(number));
  a.values.resize(static_cast<std::size_t>(a.shape.size()));
  for (double& v : a.values) v = kind == "normal" ? stream.normal() : stream.uniform();
  return a;
}

/// Zero mean and unit variance (that of the whole population, as NumPy's std) a column; a constant column is refused.
void standardize(const Section& s, const Entry& e, Array& a) {
  const Index rows = a.shape.rows(), width = a.shape.width();
  for (Index c = 0; c < width; ++c) {
    auto value = [&](Index r) -> double& { return a.values[static_cast<std::size_t>(r * width + c)]; };
    double mean = 0, square = 0;
    for (Index r = 0; r < rows; ++r) mean += value(r);
    mean /= static_cast<double>(rows);
    for (Index r = 0; r < rows; ++r) square += (value(r) - mean) * (value(r) - mean);
    const double deviation = std::sqrt(square / static_cast<double>(rows));
    if (!(deviation > 1e-14 * std::abs(mean)))
      s.fail(e, fmt::format("column {} is constant and cannot be standardized; leave it out with 'columns'", c + 1));
    for (Index r = 0; r < rows; ++r) value(r) = (value(r) - mean) / deviation;
  }
}

Array read_one(Reading& r, const Section& s, const Entry& name) {
  const Entry *file = s.find("file"), *random = s.find("random"), *value = s.find("value");
  if ((file != nullptr) + (random != nullptr) + (value != nullptr) != 1) {
    s.allow({"file", "entry", "rows", "columns", "random", "shape", "seed", "value", "standardize", "otherwise"});
    s.fail_key(name, fmt::format("data '{}' needs exactly one of: file, random, value", name.name));
  }
  if (file) return from_file(r, s, *file);
  if (random) return from_stream(r, s, *random);
  s.allow({"value", "standardize"});
  return read_value(r, s, *value, Known::Data);
}

}  // namespace

void read_data(Reading& r, const Section& data) {
  for (const Entry& e : data.entries()) {
    const Section s = data.section(e);
    Array a = read_one(r, s, e);
    if (const Entry* key = s.find("standardize"); key && s.flag("standardize", false)) standardize(s, *key, a);
    r.claim(data, e, "data");
    r.statement.data.push_back({e.name, std::move(a)});
  }
}

}  // namespace argscope::io
