#include "core/io/npy.h"

#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>

#include "core/io/elements.h"

namespace argscope::io {
namespace {

constexpr std::string_view magic = "\x93NUMPY";

struct Header {
  std::string descr;  ///< byte order and type: "<f8"
  bool fortran = false;
  std::vector<Index> dims;
};

/// Reads the header, a Python dictionary such as {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }.
class HeaderReader {
 public:
  HeaderReader(std::string_view text, const std::string& name) : text_(text), name_(name) {}

  Header read() {
    return {std::string(quoted(after("descr"))), after("fortran_order").starts_with("True"), tuple(after("shape"))};
  }

 private:
  std::string_view after(const std::string& key) const {
    const auto at = text_.find("'" + key + "'");
    const auto colon = at == text_.npos ? at : text_.find(':', at);
    const auto start = colon == text_.npos ? colon : text_.find_first_not_of(' ', colon + 1);
    if (start == text_.npos)
      throw DataError(fmt::format("{}: the header has no '{}'; save the array again", name_, key));
    return text_.substr(start);
  }

  std::string_view quoted(std::string_view rest) const {
    const auto end = rest.starts_with('\'') ? rest.find('\'', 1) : rest.npos;
    if (end == rest.npos) {
      throw DataError(name_ + ": holds records, not plain numbers; save one field of it as its own array");
    }
    return rest.substr(1, end - 1);
  }

  std::vector<Index> tuple(std::string_view rest) const {
    const auto close = rest.find(')');
    if (!rest.starts_with('(') || close == rest.npos) throw bad_shape();
    rest = rest.substr(1, close - 1);
    std::vector<Index> dims;
    for (;;) {
      rest.remove_prefix(std::min(rest.find_first_not_of(" ,L"), rest.size()));
      if (rest.empty()) return dims;
      Index length = -1;
      const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), length);
      if (error != std::errc{} || length < 0) throw bad_shape();
      dims.push_back(length);
      rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    }
  }

  DataError bad_shape() const { return DataError(name_ + ": the header's shape cannot be read; save the array again"); }

  std::string_view text_;
  const std::string& name_;
};

constexpr ElementType element_types[] = {
    {"f8", 8, element<double>},        {"f4", 4, element<float>},         {"i8", 8, element<std::int64_t>},
    {"i4", 4, element<std::int32_t>},  {"i2", 2, element<std::int16_t>},  {"i1", 1, element<std::int8_t>},
    {"u8", 8, element<std::uint64_t>}, {"u4", 4, element<std::uint32_t>}, {"u2", 2, element<std::uint16_t>},
    {"u1", 1, element<std::uint8_t>},  {"b1", 1, element<std::uint8_t>},
};

const ElementType& element_type(const std::string& descr, const std::string& name) {
  for (const auto& type : element_types) {
    if (descr.size() == 3 && descr.substr(1) == type.code) return type;
  }
  throw DataError(
      fmt::format("{}: elements of type '{}' are not plain real numbers; save it with .astype('f8')", name, descr));
}

/// From the first axis fastest to the last axis fastest.
std::vector<double> from_fortran(const std::vector<double>& values, const expr::Shape& shape) {
  std::vector<double> out(values.size());
  std::array<Index, expr::Shape::max_rank> at{};
  for (const double value : values) {
    Index flat = 0;
    for (int axis = 0; axis < shape.rank(); ++axis) flat = flat * shape[axis] + at[axis];
    out[static_cast<std::size_t>(flat)] = value;
    for (int axis = 0; axis < shape.rank() && ++at[axis] == shape[axis]; ++axis) at[axis] = 0;
  }
  return out;
}

struct Parts {
  std::string_view header, data;
};

Parts split(std::string_view bytes, const std::string& name) {
  const DataError cut(name + ": ends within its header; fetch the file again");
  if (!bytes.starts_with(magic)) throw DataError(name + ": is not an .npy file; save it with numpy.save");
  if (bytes.size() < 12) throw cut;
  const int version = static_cast<unsigned char>(bytes[6]);
  if (version < 1 || version > 3) {
    throw DataError(fmt::format("{}: .npy version {} is not known; save it with numpy.save", name, version));
  }
  const std::size_t start = version == 1 ? 10 : 12;
  const std::size_t length = version == 1 ? load<std::uint16_t>(bytes.data() + 8, std::endian::little)
                                          : load<std::uint32_t>(bytes.data() + 8, std::endian::little);
  if (bytes.size() - start < length) throw cut;
  return {bytes.substr(start, length), bytes.substr(start + length)};
}

}  // namespace

expr::Array parse_npy(std::string_view bytes, const std::string& name) {
  const Parts parts = split(bytes, name);
  const Header header = HeaderReader(parts.header, name).read();
  const ElementType& type = element_type(header.descr, name);
  const auto order = header.descr[0] == '>' ? std::endian::big : std::endian::little;
  auto array = decode(header.dims, type, order, parts.data, name);
  if (header.fortran) array.values = from_fortran(array.values, array.shape);
  return array;
}

std::string format_npy(const expr::Array& array, const Metadata& metadata) {
  std::string dims;
  for (int axis = 0; axis < array.shape.rank(); ++axis)
    dims += fmt::format("{}{}", axis == 0 ? "" : ", ", array.shape[axis]);
  if (array.shape.rank() == 1) dims += ',';
  std::string header = fmt::format("{{'descr': '<f8', 'fortran_order': False, 'shape': ({}), }}", dims);
  const std::size_t before = magic.size() + 4;  // the data starts at a multiple of 64 bytes
  header.append(63 - (before + header.size()) % 64, ' ');
  header += '\n';
  std::string out{magic};
  out += {'\1', '\0'};
  append_little(out, static_cast<std::uint16_t>(header.size()));
  out += header;
  for (const double value : array.values) append_little(out, value);
  if (!metadata.empty())
    out += nlohmann::json(metadata).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
  return out;
}

}  // namespace argscope::io
