#include <fmt/format.h>

#include "core/io/elements.h"
#include "core/io/formats.h"

namespace argscope::io {
namespace {

constexpr ElementType element_types[] = {
    {"\x08", 1, element<std::uint8_t>}, {"\x09", 1, element<std::int8_t>}, {"\x0B", 2, element<std::int16_t>},
    {"\x0C", 4, element<std::int32_t>}, {"\x0D", 4, element<float>},       {"\x0E", 8, element<double>},
};

}  // namespace

expr::Array parse_idx(std::string_view bytes, const std::string& name) {
  if (bytes.size() < 4 || bytes[0] != 0 || bytes[1] != 0) throw DataError(name + ": is not an IDX file");
  const auto* type = std::find_if(std::begin(element_types), std::end(element_types),
                                  [&](const ElementType& t) { return t.code[0] == bytes[2]; });
  if (type == std::end(element_types)) {
    throw DataError(fmt::format("{}: elements of IDX type {} are not known; save it as .npy", name, int{bytes[2]}));
  }
  const std::size_t rank = static_cast<unsigned char>(bytes[3]);
  const std::size_t start = 4 + 4 * rank;
  if (bytes.size() < start) throw DataError(name + ": ends within its header; fetch the file again");
  std::vector<Index> dims;
  for (std::size_t at = 4; at < start; at += 4)
    dims.push_back(load<std::uint32_t>(bytes.data() + at, std::endian::big));
  return decode(dims, *type, std::endian::big, bytes.substr(start), name);
}

}  // namespace argscope::io
