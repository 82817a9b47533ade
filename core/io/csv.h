#pragma once
/// Tables of numbers as text.

#include <string>
#include <string_view>

#include "core/io/arrays.h"

namespace argscope::io {

/// Reads rows of numbers separated by commas, semicolons, tabs or runs of spaces. Blank lines and what follows a # are
/// skipped; so is a header, a first line that has words above numbers. One column gives a vector, more a matrix. A
/// ragged row is a DataError that starts with "name:line:column: "; words and missing values become NaN, so that a
/// column of them may stand beside columns of numbers.
expr::Array parse_csv(std::string_view text, const std::string& name);

/// Why the value at `flat`, row-major, is not a finite number: "name:line:column: ", what is wrong, how to mend it.
std::string csv_complaint(std::string_view text, const std::string& name, Index flat);

/// A line a row (of the leading axis), 17 significant digits, which read back to the same bits. Comments above it hold
/// the metadata and, last, the names of the columns.
std::string format_csv(const NamedValue&, const Metadata&);

}  // namespace argscope::io
