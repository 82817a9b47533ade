#include "core/io/toml_string.h"

#include <cstdint>

namespace argscope::io {

namespace {

/// Reads a string whose syntax is known to be right, and notes where each byte of its value came from.
class Decoder {
 public:
  Decoder(std::string_view raw, const expr::Location& at) : raw_(raw), place_{at.line, at.column} {
    quote_ = raw.starts_with("\"\"\"") || raw.starts_with("'''") ? raw.substr(0, 3) : raw.substr(0, 1);
    escapes_ = raw.starts_with('"');
    advance(quote_.size());
    if (quote_.size() == 3 && rest().starts_with("\r\n"))
      advance(2);
    else if (quote_.size() == 3 && rest().starts_with("\n"))
      advance(1);
    start_ = place_;
  }

  void run() {
    while (at_ < raw_.size() && !closes()) {
      if (escapes_ && raw_[at_] == '\\')
        escape();
      else
        keep(rest().substr(0, 1), 1);
    }
  }

  std::string value;
  std::vector<expr::Place> places;
  bool moved = false;  ///< an escape made some byte stand elsewhere than counting would put it
  expr::Place start() const { return start_; }

 private:
  std::string_view rest() const { return raw_.substr(at_); }

  /// A multi-line string may end in one or two quotes of its own.
  bool closes() const {
    return rest().starts_with(quote_) && (quote_.size() == 1 || !rest().substr(1).starts_with(quote_));
  }

  void advance(std::size_t bytes) {
    for (; bytes > 0 && at_ < raw_.size(); --bytes, ++at_) {
      if (raw_[at_] == '\n')
        place_ = {place_.line + 1, 1};
      else if ((static_cast<unsigned char>(raw_[at_]) & 0xC0) != 0x80)
        ++place_.column;
    }
  }

  void keep(std::string_view bytes, std::size_t raw_bytes) {
    places.insert(places.end(), bytes.size(), place_);
    value += bytes;
    advance(raw_bytes);
  }

  void escape() {
    moved = true;
    const char c = rest().size() > 1 ? rest()[1] : '\\';
    switch (c) {
      case 'b': return keep("\b", 2);
      case 't': return keep("\t", 2);
      case 'n': return keep("\n", 2);
      case 'f': return keep("\f", 2);
      case 'r': return keep("\r", 2);
      case 'u': return code_point(4);
      case 'U': return code_point(8);
      case '"':
      case '\\': return keep(rest().substr(1, 1), 2);
      default: break;
    }
    advance(1);  // a line joined to the next: blanks and line ends vanish
    while (at_ < raw_.size() && std::string_view(" \t\r\n").find(raw_[at_]) != std::string_view::npos) advance(1);
  }

  void code_point(std::size_t digits) {
    const auto code = static_cast<std::uint32_t>(std::stoul(std::string(rest().substr(2, digits)), nullptr, 16));
    std::string bytes;
    if (code < 0x80) {
      bytes += static_cast<char>(code);
    } else {
      const int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
      bytes += static_cast<char>((0xFF00 >> (more + 1) & 0xFF) | code >> (6 * more));
      for (int k = more; k-- > 0;) bytes += static_cast<char>(0x80 | (code >> (6 * k) & 0x3F));
    }
    keep(bytes, 2 + digits);
  }

  std::string_view raw_, quote_;
  bool escapes_ = false;
  std::size_t at_ = 0;
  expr::Place place_, start_;
};

}  // namespace

expr::Text decoded(std::string_view raw, const expr::Location& at, const std::string& value) {
  Decoder d(raw, at);
  d.run();
  expr::Text text{value, {at.file, d.start().line, d.start().column}};
  if (d.moved && d.value == value) text.places = std::make_shared<const std::vector<expr::Place>>(std::move(d.places));
  return text;
}

}  // namespace argscope::io
