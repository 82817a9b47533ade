#include "app/files.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "app/names.h"
#include "core/io/lower_case.h"

namespace argscope::app {

void require_place(const std::string& file, const std::vector<std::string>& endings) {
  if (std::find(endings.begin(), endings.end(), io::ending_of(file)) == endings.end())
    throw WrongInput(
        fmt::format("--out '{}': cannot write a file with this ending; known are {}", file, joined(endings, ", ")));
  const std::filesystem::path folder = std::filesystem::path(file).parent_path();
  if (!folder.empty() && !std::filesystem::is_directory(folder))
    throw WrongInput(fmt::format("--out '{}': there is no folder '{}'; make it first", file, folder.string()));
}

const std::vector<std::string>& array_endings() {
  static const std::vector<std::string> endings{".npy", ".npz", ".csv", ".json", ".mtx", ".vtp", ".vtu"};
  return endings;
}

bool holds_many(const std::string& file) {
  const std::string ending = io::ending_of(file);
  return ending == ".npz" || ending == ".json" || ending == ".vtp" || ending == ".vtu";
}

io::NamedValue named_value(std::string name, const expr::Shape& shape, const Vec& row_major) {
  return {std::move(name), {shape, {row_major.begin(), row_major.end()}}, {}};
}

io::NamedValue named_matrix(std::string name, const Mat& M, const std::vector<optimality::Slot>& parameters,
                            Index first) {
  io::NamedValue value{
      std::move(name), {{M.rows(), M.cols()}, std::vector<double>(static_cast<std::size_t>(M.size()))}, {}};
  using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  Eigen::Map<RowMajor>(value.array.values.data(), M.rows(), M.cols()) = M;
  for (Index k = 0; k < M.cols(); ++k) value.column_names.push_back(optimality::element_name(parameters, first + k));
  return value;
}

void write_found(const std::string& file, const std::vector<io::NamedValue>& values, const Job& job,
                 Findings& findings) {
  io::write_arrays(file, values, metadata(job, findings));
  findings.file = file;
}

}  // namespace argscope::app
