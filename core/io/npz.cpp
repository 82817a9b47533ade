#include <fmt/format.h>
#include <zlib.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "core/io/bytes.h"
#include "core/io/npy.h"

namespace argscope::io {
namespace {

// The zip format (PKWARE's APPNOTE, sections 4.3.7, 4.3.12 and 4.3.16): each entry's bytes behind a local header, then
// a directory of all entries, then a record that says where the directory is.
constexpr std::string_view local_mark = "PK\3\4", directory_mark = "PK\1\2", end_mark = "PK\5\6";
constexpr std::size_t local_size = 30, directory_size = 46, end_size = 22;
constexpr std::uint16_t stored = 0, deflated = 8;

struct Entry {
  std::string name;
  std::uint16_t method = deflated;
  std::uint32_t crc = 0, packed_size = 0, size = 0, offset = 0;
};

std::uint32_t crc_of(std::string_view bytes) {
  return static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

class Archive {
 public:
  Archive(std::string_view bytes, const std::string& name) : bytes_(bytes), name_(name) {
    const auto end = bytes.rfind(end_mark);
    if (!bytes.starts_with("PK") || end == bytes.npos) {
      throw DataError(name + ": is not a complete .npz file; save it with numpy.savez or fetch it again");
    }
    const auto count = number<std::uint16_t>(end, 10);
    std::size_t at = number<std::uint32_t>(end, 16);
    for (int i = 0; i < count; ++i) {
      if (slice(at, 4) != directory_mark) throw damaged();
      const std::size_t name_size = number<std::uint16_t>(at, 28);
      entries_.push_back({std::string(slice(at + directory_size, name_size)), number<std::uint16_t>(at, 10),
                          number<std::uint32_t>(at, 16), number<std::uint32_t>(at, 20), number<std::uint32_t>(at, 24),
                          number<std::uint32_t>(at, 42)});
      at += directory_size + name_size + number<std::uint16_t>(at, 30) + number<std::uint16_t>(at, 32);
    }
  }

  const std::vector<Entry>& entries() const { return entries_; }

  std::string content(const Entry& entry) const {
    const std::string place = fmt::format("{} ({})", name_, entry.name);
    if (std::max({entry.size, entry.packed_size, entry.offset}) == std::numeric_limits<std::uint32_t>::max()) {
      throw DataError(place + ": is larger than 4 GiB; save it as .npy");
    }
    if (slice(entry.offset, 4) != local_mark) throw damaged();
    const std::size_t start =
        entry.offset + local_size + number<std::uint16_t>(entry.offset, 26) + number<std::uint16_t>(entry.offset, 28);
    const auto packed = slice(start, entry.packed_size);
    std::string plain;
    if (entry.method == stored) {
      plain = packed;
    } else if (entry.method == deflated) {
      plain = inflate_bare(packed, entry.size, place);
    } else {
      throw DataError(fmt::format("{}: zip method {} is not known; save it with numpy.savez", place, entry.method));
    }
    if (crc_of(plain) != entry.crc) throw DataError(place + ": its checksum does not match; fetch the file again");
    return plain;
  }

 private:
  DataError damaged() const { return DataError(name_ + ": the archive is damaged or cut short; fetch the file again"); }

  std::string_view slice(std::size_t at, std::size_t size) const {
    if (at > bytes_.size() || bytes_.size() - at < size) throw damaged();
    return bytes_.substr(at, size);
  }

  template <class T>
  T number(std::size_t base, std::size_t offset) const {
    return load<T>(slice(base + offset, sizeof(T)).data(), std::endian::little);
  }

  std::string_view bytes_;
  const std::string& name_;
  std::vector<Entry> entries_;
};

/// What the local header and the directory have in common.
void append_facts(std::string& out, const Entry& entry) {
  constexpr std::uint16_t version = 20, utf8_names = 1 << 11, midnight = 0, first_of_1980 = 33;
  for (const std::uint16_t field : {version, utf8_names, entry.method, midnight, first_of_1980})
    append_little(out, field);
  for (const std::uint32_t field : {entry.crc, entry.packed_size, entry.size}) append_little(out, field);
  append_little(out, static_cast<std::uint16_t>(entry.name.size()));
  append_little(out, std::uint16_t{0});  // no extra field
}

void append_directory(std::string& out, const std::vector<Entry>& entries, std::string_view comment) {
  const auto start = static_cast<std::uint32_t>(out.size());
  for (const auto& entry : entries) {
    out += directory_mark;
    append_little(out, std::uint16_t{20});
    append_facts(out, entry);
    out.append(10, '\0');  // no comment, first disk, no attributes
    append_little(out, entry.offset);
    out += entry.name;
  }
  const auto size = static_cast<std::uint32_t>(out.size()) - start;
  const auto count = static_cast<std::uint16_t>(entries.size());
  out += end_mark;
  append_little(out, std::uint32_t{0});  // one disk
  append_little(out, count);
  append_little(out, count);
  append_little(out, size);
  append_little(out, start);
  append_little(out, static_cast<std::uint16_t>(comment.size()));
  out += comment;
}

/// The comment holds at most 65,535 bytes: the longest entries give way.
std::string comment_of(Metadata metadata) {
  for (;;) {
    auto text = nlohmann::json(metadata).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    if (text.size() <= std::numeric_limits<std::uint16_t>::max()) return text;
    const auto longer = [](const auto& a, const auto& b) { return a.second.size() < b.second.size(); };
    std::max_element(metadata.begin(), metadata.end(), longer)->second = "too long to be kept here";
  }
}

}  // namespace

expr::Array parse_npz(std::string_view bytes, const std::string& entry, const std::string& name) {
  const Archive archive(bytes, name);
  std::string names;
  for (const auto& candidate : archive.entries()) {
    auto stem = candidate.name;
    if (stem.ends_with(".npy")) stem.resize(stem.size() - 4);
    const bool only = entry.empty() && archive.entries().size() == 1;
    if (only || stem == entry) return parse_npy(archive.content(candidate), fmt::format("{} ({})", name, stem));
    names += names.empty() ? stem : ", " + stem;
  }
  if (entry.empty()) throw DataError(fmt::format("{}: holds several arrays; say which one of: {}", name, names));
  throw DataError(fmt::format("{}: has no array '{}'; it has: {}", name, entry, names));
}

std::string format_npz(const std::vector<NamedValue>& values, const Metadata& metadata) {
  std::string out;
  std::vector<Entry> entries;
  for (const auto& value : values) {
    const std::string plain = format_npy(value.array, {});
    const std::string packed = deflate_bare(plain);
    if (out.size() + packed.size() > std::numeric_limits<std::uint32_t>::max()) {
      throw DataError("more than 4 GiB do not fit into one .npz; write each array as .npy");
    }
    entries.push_back({value.name + ".npy", deflated, crc_of(plain), static_cast<std::uint32_t>(packed.size()),
                       static_cast<std::uint32_t>(plain.size()), static_cast<std::uint32_t>(out.size())});
    out += local_mark;
    append_facts(out, entries.back());
    out += entries.back().name;
    out += packed;
  }
  append_directory(out, entries, metadata.empty() ? "" : comment_of(metadata));
  return out;
}

}  // namespace argscope::io
