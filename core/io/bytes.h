#pragma once
/// Files as bytes: reading, writing whole, and zlib's three faces (gzip, and the bare deflate streams inside a zip).
/// Everything throws DataError; `name` is what its message calls the source.

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>

namespace argscope::io {

/// The content of a file; gzip is recognised by its first two bytes and unpacked.
std::string read_bytes(const std::filesystem::path&);

std::string gunzip(std::string_view packed, const std::string& name);
std::string gzip(std::string_view plain);

/// A bare deflate stream that unpacks to exactly `size` bytes.
std::string inflate_bare(std::string_view packed, std::size_t size, const std::string& name);
std::string deflate_bare(std::string_view plain);

/// The number of type T that starts at `bytes`, stored in the given byte order.
template <class T>
T load(const char* bytes, std::endian order) {
  std::array<char, sizeof(T)> raw;
  std::memcpy(raw.data(), bytes, sizeof(T));
  if (order != std::endian::native) std::reverse(raw.begin(), raw.end());
  return std::bit_cast<T>(raw);
}

/// Appends a number in little-endian order.
template <class T>
void append_little(std::string& out, T number) {
  auto raw = std::bit_cast<std::array<char, sizeof(T)>>(number);
  if constexpr (std::endian::native == std::endian::big) std::reverse(raw.begin(), raw.end());
  out.append(raw.data(), raw.size());
}

}  // namespace argscope::io
