#include "core/io/elements.h"

#include <fmt/format.h>

#include "core/io/arrays.h"

namespace argscope::io {

expr::Array decode(std::span<const Index> dims, const ElementType& type, std::endian order, std::string_view data,
                   const std::string& name) {
  if (dims.size() > expr::Shape::max_rank) {
    throw DataError(
        fmt::format("{}: has {} axes, and at most {} are known; reshape it", name, dims.size(), expr::Shape::max_rank));
  }
  const std::size_t room = data.size() / type.size;
  std::size_t size = std::ranges::find(dims, Index{0}) == dims.end() ? 1 : 0;
  bool fits = true;
  for (const Index dim : dims) {
    const auto length = static_cast<std::size_t>(dim);
    fits = fits && (size == 0 || size <= room / length);
    size *= length;
  }
  if (!fits || size > room) throw DataError(name + ": ends before its last element; fetch the file again");
  std::vector<double> values(size);
  for (std::size_t i = 0; i < size; ++i) values[i] = type.read(data.data() + i * type.size, order);
  return {expr::Shape::of(dims.data(), static_cast<int>(dims.size())), std::move(values)};
}

}  // namespace argscope::io
