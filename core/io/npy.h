#pragma once
/// NumPy's format for one array (.npy) and for several (.npz, a zip archive of them).

#include <string>
#include <string_view>

#include "core/io/arrays.h"

namespace argscope::io {

/// Versions 1 to 3, either byte order, C or Fortran order, booleans, integers and floats of 4 or 8 bytes.
/// `name` is what a DataError calls the source.
expr::Array parse_npy(std::string_view bytes, const std::string& name);

/// Version 1, '<f8', C order. Metadata follows the data as one line of JSON, which NumPy does not read.
std::string format_npy(const expr::Array&, const Metadata&);

/// The array called `entry`, stored or deflated; empty: the archive's only one.
expr::Array parse_npz(std::string_view bytes, const std::string& entry, const std::string& name);

/// Deflated. Metadata is one line of JSON in the archive's comment, so that it adds no array.
std::string format_npz(const std::vector<NamedValue>&, const Metadata&);

}  // namespace argscope::io
