#pragma once
/// The smaller formats: IDX and PNG are read; JSON, Matrix Market and VTK's XML written.

#include <string>
#include <string_view>

#include "core/io/arrays.h"

namespace argscope::io {

/// IDX, the format of MNIST: any element type, values as they are stored. `name` is what a DataError calls the source.
expr::Array parse_idx(std::string_view bytes, const std::string& name);

/// A picture as rows × columns of grey between 0 and 1; colours are weighed into grey, transparency onto white.
expr::Array parse_png(std::string_view bytes, const std::string& name);

/// {"arrays": {NAME: {"shape", "columns", "values"}}, "metadata": {…}}; values are nested lists, null where not finite.
std::string format_json(const std::vector<NamedValue>&, const Metadata&);

/// Matrix Market, coordinates: the entries that are not zero. More than two axes become rows × the rest.
std::string format_mtx(const NamedValue&, const Metadata&);

enum class VtkKind { PolyData, UnstructuredGrid };  ///< .vtp, .vtu

/// The first array of k × 2 or k × 3 gives the positions of k vertices; the other arrays of k rows are data at them,
/// the rest is data of the file. Throws DataError when no array is one of positions.
std::string format_vtk(const std::vector<NamedValue>&, const Metadata&, VtkKind);

}  // namespace argscope::io
