#include "core/io/bytes.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <fstream>
#include <limits>
#include <system_error>
#include <utility>

#include "core/io/arrays.h"

namespace argscope::io {
namespace fs = std::filesystem;
namespace {

constexpr int gzip_window = 15 + 16;  // zlib's way to say: a gzip wrapper
constexpr int bare_window = -15;      // and: none at all

/// Unpacks until the stream ends, or until more than `limit` bytes have come out.
std::string inflate(std::string_view packed, int window, std::size_t limit, const std::string& name) {
  z_stream stream{};
  if (inflateInit2(&stream, window) != Z_OK) throw DataError(name + ": not enough memory to unpack it");
  std::string out;
  std::string chunk(std::size_t{1} << 18, '\0');
  int state = Z_OK;
  while (state == Z_OK && out.size() <= limit) {
    if (stream.avail_in == 0) {
      stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
      stream.avail_in = static_cast<uInt>(std::min<std::size_t>(packed.size(), std::size_t{1} << 30));
      packed.remove_prefix(stream.avail_in);
    }
    stream.next_out = reinterpret_cast<Bytef*>(chunk.data());
    stream.avail_out = static_cast<uInt>(chunk.size());
    state = ::inflate(&stream, Z_NO_FLUSH);
    out.append(chunk, 0, chunk.size() - stream.avail_out);
    const bool another_member = window == gzip_window && stream.avail_in + packed.size() > 0;
    if (state == Z_STREAM_END && another_member) state = inflateReset(&stream);
  }
  inflateEnd(&stream);
  if (state != Z_STREAM_END || out.size() > limit) {
    throw DataError(name + ": the compressed data is damaged or cut short; fetch the file again");
  }
  return out;
}

std::string deflate(std::string_view plain, int window) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw DataError("not enough memory to compress what is to be written");
  }
  if (plain.size() > std::numeric_limits<uInt>::max()) {
    deflateEnd(&stream);
    throw DataError("more than 4 GiB in one array cannot be compressed; write .npy instead");
  }
  std::string out(deflateBound(&stream, plain.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  ::deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

DataError cannot(const char* what, const fs::path& path, int error) {
  return DataError(fmt::format("{}: cannot {}: {}", path.string(), what, std::generic_category().message(error)));
}

void write_all(int file, std::string_view bytes, const fs::path& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw cannot("write", path, errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

/// Closes the file whatever happens; `finish` reports what the disk says only then (quota, network).
struct OpenFile {
  int handle;
  ~OpenFile() {
    if (handle >= 0) ::close(handle);
  }
  bool finish() { return ::close(std::exchange(handle, -1)) == 0; }
};

struct Temporary {
  fs::path path;
  int handle;
};

Temporary open_beside(const fs::path& target) {
  for (int attempt = 0;; ++attempt) {
    const auto name = fmt::format(".{}.{}-{}", target.filename().string(), ::getpid(), attempt);
    const fs::path path = target.parent_path() / name;
    const int handle = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (handle >= 0) return {path, handle};
    if (errno != EEXIST) throw cannot("write", target, errno);
  }
}

}  // namespace

std::string gunzip(std::string_view packed, const std::string& name) {
  return inflate(packed, gzip_window, std::numeric_limits<std::size_t>::max() - 1, name);
}

std::string gzip(std::string_view plain) { return deflate(plain, gzip_window); }

std::string inflate_bare(std::string_view packed, std::size_t size, const std::string& name) {
  auto out = inflate(packed, bare_window, size, name);
  if (out.size() != size) throw DataError(name + ": unpacks to another size than it states; fetch the file again");
  return out;
}

std::string deflate_bare(std::string_view plain) { return deflate(plain, bare_window); }

std::string read_bytes(const fs::path& path) {
  std::error_code error;
  if (!fs::exists(path, error)) throw DataError(path.string() + ": no such file");
  if (fs::is_directory(path, error)) throw DataError(path.string() + ": is a folder, not a file");
  std::ifstream in(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  if (!in) throw DataError(path.string() + ": cannot be read; check its permissions");
  return bytes.starts_with("\x1f\x8b") ? gunzip(bytes, path.string()) : bytes;
}

void write_whole(const fs::path& path, std::string_view bytes) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (fs::is_directory(status)) throw DataError(path.string() + ": is a folder; name a file in it");
  if (fs::exists(status) && !fs::is_regular_file(status)) {  // a device or pipe must stay what it is
    OpenFile file{::open(path.c_str(), O_WRONLY | O_CLOEXEC)};
    if (file.handle < 0) throw cannot("write", path, errno);
    return write_all(file.handle, bytes, path);
  }
  const fs::path target = fs::is_symlink(path, error) ? fs::weakly_canonical(path, error) : path;
  const Temporary temporary = open_beside(target);
  try {
    OpenFile file{temporary.handle};
    write_all(file.handle, bytes, path);
    if (!file.finish()) throw cannot("write", path, errno);
    fs::rename(temporary.path, target, error);
    if (error) throw cannot("write", path, error.value());
  } catch (...) {
    fs::remove(temporary.path, error);
    throw;
  }
}

}  // namespace argscope::io
