#pragma once
/// Arrays stored as raw numbers, as .npy and IDX do.

#include <span>
#include <string>
#include <string_view>

#include "core/expr/array.h"
#include "core/io/bytes.h"

namespace argscope::io {

/// A type of number in a file. `code` is what the file's format calls it.
struct ElementType {
  std::string_view code;
  std::size_t size;  ///< bytes
  double (*read)(const char*, std::endian);
};

template <class T>
double element(const char* bytes, std::endian order) {
  return static_cast<double>(load<T>(bytes, order));
}

/// The first product(dims) numbers of `data`. Throws DataError when there are fewer, or more axes than a Shape has.
expr::Array decode(std::span<const Index> dims, const ElementType&, std::endian, std::string_view data,
                   const std::string& name);

}  // namespace argscope::io
