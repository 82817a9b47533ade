#pragma once
/// Arrays in files. Reading knows csv (any separator, header and # comments recognised, .gz too), npy, npz, idx (.gz
/// too) and png (8-bit grey, 0..255 → 0..1); writing npy, npz, csv, json, mtx, vtp, vtu. A file is written whole under
/// a temporary name and then renamed: it is there complete, or as it was.

#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "core/expr/array.h"
#include "core/types.h"

namespace argscope::io {

/// What is wrong with a data file and how to mend it, with "file:line:column: " in front where there is a line.
class DataError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// By the ending of the name. `entry`: which array of an npz (empty: its only one). What is not a number in the file is
/// NaN in the array: it is for whoever uses the value to refuse it, with the words of complaint_about.
expr::Array read_array(const std::filesystem::path&, const std::string& entry);

/// Why the value at `flat`, row-major, of that array is not a finite number: "file:line:column: " in a csv and
/// "file: [i, j]: " elsewhere, what is wrong, how to mend it. Reads the file again.
std::string complaint_about(const std::filesystem::path&, const std::string& entry, Index flat);

struct NamedValue {
  std::string name;
  expr::Array array;
  std::vector<std::string> column_names;  ///< of a matrix; may be empty
};
using Metadata = std::map<std::string, std::string>;

/// By the ending of the name. npy, csv and mtx hold one array; npz and json any number; vtp and vtu any
/// number among which are positions. Throws DataError.
void write_arrays(const std::filesystem::path&, const std::vector<NamedValue>&, const Metadata&);

/// Writes text or bytes whole under a temporary name beside the target, then renames.
void write_whole(const std::filesystem::path&, std::string_view bytes);

/// Selects "0:9" (end exclusive, steps and single numbers and commas allowed) out of `count`; throws DataError.
std::vector<Index> parse_selection(const std::string&, Index count);

}  // namespace argscope::io
