// Places, excerpts and suggestions: what a mistake looks like to the person who made it.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <numeric>

#include "core/expr/language.h"

namespace argscope::expr {

namespace {

constexpr std::size_t excerpt_width = 100;

bool starts_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

std::size_t characters(std::string_view s) {
  return static_cast<std::size_t>(std::count_if(s.begin(), s.end(), starts_character));
}

/// The line of `source` around [begin, end), no wider than a terminal, and a row of ^~~ under the bytes.
std::string excerpt(std::string_view source, std::size_t begin, std::size_t end) {
  begin = std::min(begin, source.size());
  const std::size_t before = begin == 0 ? std::string_view::npos : source.rfind('\n', begin - 1);
  std::size_t first = before == std::string_view::npos ? 0 : before + 1;
  std::size_t last = std::min(source.find('\n', begin), source.size());
  while (first < begin && (source[first] == ' ' || source[first] == '\t')) ++first;
  if (last - first > excerpt_width) {
    if (begin - first > excerpt_width / 2) first = begin - excerpt_width / 2;
    while (first < begin && !starts_character(source[first])) ++first;
    last = std::min(last, first + excerpt_width);
  }
  std::string line(source.substr(first, last - first));
  std::replace_if(
      line.begin(), line.end(), [](char c) { return std::iscntrl(static_cast<unsigned char>(c)); }, ' ');
  end = std::clamp(end, begin, std::max(begin, last));
  const std::size_t marks = std::max<std::size_t>(1, characters(source.substr(begin, end - begin)));
  const std::size_t indent = characters(source.substr(first, begin - first));
  return fmt::format("  {}\n  {}^{}", line, std::string(indent, ' '), std::string(marks - 1, '~'));
}

Location place_of(const Text& text, std::size_t offset) {
  Location at = text.at;
  offset = std::min(offset, text.source.size());
  if (text.places && !text.places->empty()) {
    const bool past = offset >= text.places->size();
    const Place& p = past ? text.places->back() : (*text.places)[offset];
    return {at.file, p.line, p.column + (past ? 1 : 0)};
  }
  for (std::size_t k = 0; k < offset; ++k) {
    if (text.source[k] == '\n') {
      ++at.line;
      at.column = 1;
    } else if (starts_character(text.source[k])) {
      ++at.column;
    }
  }
  return at;
}

std::string printed(const Location& at, const std::string& message, const std::string& cut) {
  const std::string file = at.file.empty() ? "<text>" : at.file;
  if (at.line == 0) return fmt::format("{}: {}", file, message);
  return fmt::format("{}:{}:{}: {}{}{}", file, at.line, at.column, message, cut.empty() ? "" : "\n", cut);
}

std::string folded(std::string_view name) {
  std::string s(name);
  for (char& c : s) c = c == '-' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return s;
}

/// Edits (insert, delete, replace, swap of neighbours) that turn a into b.
std::size_t edits(const std::string& a, const std::string& b) {
  std::vector<std::size_t> older(b.size() + 1), old(b.size() + 1), now(b.size() + 1);
  std::iota(old.begin(), old.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      now[j] = std::min({old[j] + 1, now[j - 1] + 1, old[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) now[j] = std::min(now[j], older[j - 2] + 1);
    }
    std::swap(older, old);
    std::swap(old, now);
  }
  return old[b.size()];
}

}  // namespace

TextError::TextError(Location at, std::string message, const std::string& cut)
    : std::runtime_error(printed(at, message, cut)), at_(std::move(at)), message_(std::move(message)) {}

TextError error_in(const Text& text, std::size_t begin, std::size_t end, const std::string& message) {
  return {place_of(text, begin), message, excerpt(text.source, begin, end)};
}

std::vector<std::string> nearest(std::string_view name, const std::vector<std::string>& candidates) {
  constexpr std::size_t longest = 64;  // nobody misspells a longer name
  if (name.empty() || name.size() > longest) return {};
  const std::string wanted = folded(name);
  std::vector<std::pair<std::size_t, std::string>> found;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > longest) continue;
    const std::string c = folded(candidate);
    const std::size_t tolerated = std::max<std::size_t>(1, std::min(wanted.size(), c.size()) / 3);
    const std::size_t distance = edits(wanted, c);
    const bool begins = wanted.size() >= 3 && (c.starts_with(wanted) || (c.size() >= 3 && wanted.starts_with(c)));
    if (distance <= tolerated && distance < std::max(wanted.size(), c.size()))
      found.emplace_back(distance, candidate);
    else if (begins)
      found.emplace_back(tolerated + 1, candidate);
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> best;
  for (const auto& [distance, candidate] : found)
    if (best.size() < 3 && std::find(best.begin(), best.end(), candidate) == best.end()) best.push_back(candidate);
  return best;
}

}  // namespace argscope::expr
