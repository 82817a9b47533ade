#include "tests/house/source.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <iterator>

namespace argscope::house {
namespace fs = std::filesystem;
namespace {

/// Turns comments and literals into blanks, from left to right.
class Blanker {
 public:
  explicit Blanker(std::string_view text) : text_(text), code_(text) {}

  std::string run() {
    while (at_ < text_.size()) {
      if (ahead("//")) {
        blank(text_.find('\n', at_));
      } else if (ahead("/*")) {
        blank(past("*/", at_ + 2));
      } else if (ahead("R\"")) {
        const auto open = text_.find('(', at_);
        if (open == text_.npos) break;
        inside(at_ + 2, past(")" + std::string(text_.substr(at_ + 2, open - at_ - 2)) + "\"", open) - 1);
      } else if (text_[at_] == '"' || (text_[at_] == '\'' && !digit_separator())) {
        inside(at_ + 1, end_of_literal());
      } else {
        ++at_;
      }
    }
    return std::move(code_);
  }

 private:
  bool ahead(std::string_view mark) const { return text_.substr(at_, mark.size()) == mark; }

  bool digit_separator() const { return at_ > 0 && std::isxdigit(static_cast<unsigned char>(text_[at_ - 1])) != 0; }

  std::size_t past(std::string_view mark, std::size_t from) const {
    const auto found = text_.find(mark, from);
    return found == text_.npos ? found : found + mark.size();
  }

  /// Where the quotation mark stands that closes the one at at_.
  std::size_t end_of_literal() const {
    std::size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != text_[at_] && text_[end] != '\n') end += text_[end] == '\\' ? 2 : 1;
    return end;
  }

  void inside(std::size_t from, std::size_t end) {
    at_ = from;
    blank(end);
    if (at_ < text_.size()) ++at_;
  }

  void blank(std::size_t end) {
    for (end = std::min(end, text_.size()); at_ < end; ++at_) {
      if (text_[at_] != '\n') code_[at_] = ' ';
    }
  }

  std::string_view text_;
  std::string code_;
  std::size_t at_ = 0;
};

bool is_written_by_people(const fs::path& path) {
  constexpr std::array endings{".h", ".cpp", ".inc", ".toml", ".cmake", ".md", ".txt", ".json"};
  const auto name = path.filename();
  return name == "dev" || name == "run" || std::find(endings.begin(), endings.end(), path.extension()) != endings.end();
}

}  // namespace

bool Source::in(std::string_view folder) const {
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string code_of(std::string_view text) { return Blanker(text).run(); }

std::vector<Source> read_tree(const fs::path& root) {
  std::vector<Source> sources;
  const auto add = [&](const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    sources.push_back({fs::relative(path, root).generic_string(), {std::istreambuf_iterator<char>(in), {}}});
  };
  for (const char* folder : {".ci", "app", "assets", "cmake", "core", "scenes", "tests", "views"}) {
    if (!fs::exists(root / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      if (entry.is_regular_file() && is_written_by_people(entry.path())) add(entry.path());
    }
  }
  for (const auto& entry : fs::directory_iterator(root)) {
    if (entry.is_regular_file() && is_written_by_people(entry.path())) add(entry.path());
  }
  std::sort(sources.begin(), sources.end(), [](const Source& a, const Source& b) { return a.path < b.path; });
  return sources;
}

}  // namespace argscope::house
