#pragma once
/// Tables of numbers as text.

#include <string>
#include <string_view>

#include "core/io/arrays.h"

namespace argscope::io {

/// Reads rows of numbers separated by commas, semicolons, tabs or runs of spaces. Blank lines and what follows a # are
/// skipped; a first line that holds words is a header and is skipped too. One column gives a vector, more a matrix.
/// A ragged row, a missing value, a word or a NaN is a DataError that starts with "name:line:column: ".
expr::Array parse_csv(std::string_view text, const std::string& name);

/// A line a row (of the leading axis), 17 significant digits, which read back to the same bits. Comments above it hold
/// the metadata and, last, the names of the columns.
std::string format_csv(const NamedValue&, const Metadata&);

}  // namespace argscope::io
