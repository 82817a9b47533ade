#include "core/io/toml_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "core/io/toml_string.h"

namespace argscope::io {

namespace {

std::string without_mark(std::string text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  return text;
}

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

}  // namespace

std::string_view type_of(const toml::node& n) {
  switch (n.type()) {
    case toml::node_type::table: return "a table";
    case toml::node_type::array: return "an array";
    case toml::node_type::string: return "a string";
    case toml::node_type::integer:
    case toml::node_type::floating_point: return "a number";
    case toml::node_type::boolean: return "true or false";
    default: return "a date or time";
  }
}

std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates) {
  const auto near = expr::nearest(name, candidates);
  if (near.empty()) return "";
  return fmt::format(" (did you mean '{}'?)", fmt::join(near, "' or '"));
}

std::string canonical(std::string_view name) {
  std::string s(name);
  std::replace(s.begin(), s.end(), '-', '_');
  return s;
}

TomlFile::TomlFile(std::string text, std::string name) : file_{without_mark(std::move(text)), {std::move(name), 1, 1}} {
  lines_.push_back(0);
  for (std::size_t k = 0; k < file_.source.size(); ++k)
    if (file_.source[k] == '\n') lines_.push_back(k + 1);
  try {
    root_ = toml::parse(std::string_view(file_.source));
  } catch (const toml::parse_error& e) {
    fail(e.source(), fmt::format("this is not TOML: {}", e.description()));
  }
}

std::size_t TomlFile::offset(const toml::source_position& p) const {
  if (p.line == 0 || p.line > lines_.size()) return file_.source.size();
  std::size_t at = lines_[p.line - 1];
  for (toml::source_index c = 1; c < p.column && at < file_.source.size() && file_.source[at] != '\n'; ++c) {
    ++at;
    while (at < file_.source.size() && continues_character(file_.source[at])) ++at;
  }
  return at;
}

void TomlFile::fail(const toml::source_region& r, const std::string& message) const {
  if (r.begin.line == 0) fail(message);
  throw expr::error_in(file_, offset(r.begin), offset(r.end), message);
}

void TomlFile::fail(const std::string& message) const { throw expr::TextError({file_.at.file, 0, 0}, message, ""); }

expr::Text TomlFile::expression(const toml::node& n, const std::string& what) const {
  const toml::source_region& r = n.source();
  const expr::Location at{file_.at.file, static_cast<int>(r.begin.line), static_cast<int>(r.begin.column)};
  if (n.is_number()) {
    const std::size_t begin = offset(r.begin), end = offset(r.end);
    return {file_.source.substr(begin, end - begin), at};
  }
  if (!n.is_string()) fail(r, fmt::format("{} must be an expression in quotes, not {}", what, type_of(n)));
  return decoded(std::string_view(file_.source).substr(offset(r.begin)), at, n.as_string()->get());
}

Section::Section(const TomlFile& file, const toml::table& table, std::string title)
    : file_(file), title_(std::move(title)) {
  for (const auto& [key, value] : table) entries_.push_back({canonical(key.str()), key.source(), &value});
  std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
    const auto p = a.at.begin, q = b.at.begin;
    return p.line != q.line ? p.line < q.line : p.column < q.column;
  });
  std::set<std::string_view> seen;
  for (const Entry& e : entries_)
    if (!seen.insert(e.name).second)
      fail_key(e, fmt::format("'{}' is given twice; hyphen and underscore are the same", e.name));
}

const Entry* Section::find(std::string_view name) const {
  for (const Entry& e : entries_)
    if (e.name == name) return &e;
  return nullptr;
}

void Section::allow(const std::vector<std::string>& names) const {
  for (const Entry& e : entries_) {
    if (std::find(names.begin(), names.end(), e.name) != names.end()) continue;
    fail_key(e, fmt::format("{} has no key '{}'{}; it has: {}", title_.empty() ? "the scene" : title_,
                            e.name.substr(0, 80), did_you_mean(e.name, names), fmt::join(names, ", ")));
  }
}

Section Section::section(const Entry& e) const {
  const toml::table* t = e.value->as_table();
  const std::string title = title_.empty() ? e.name : title_.substr(1, title_.size() - 2) + "." + e.name;
  if (!t) fail(e, fmt::format("[{}] must be a table, not {}", title, type_of(*e.value)));
  return Section(file_, *t, "[" + title + "]");
}

void Section::wrong_type(const Entry& e, std::string_view expected) const {
  fail(e, fmt::format("'{}' must be {}, not {}", e.name, expected, type_of(*e.value)));
}

std::string Section::string(std::string_view name, const std::string& otherwise) const {
  const Entry* e = find(name);
  if (!e) return otherwise;
  if (!e->value->is_string()) wrong_type(*e, "a string");
  return e->value->as_string()->get();
}

bool Section::flag(std::string_view name, bool otherwise) const {
  const Entry* e = find(name);
  if (!e) return otherwise;
  if (!e->value->is_boolean()) wrong_type(*e, "true or false");
  return e->value->as_boolean()->get();
}

std::optional<double> Section::number(std::string_view name) const {
  const Entry* e = find(name);
  if (!e) return std::nullopt;
  if (!e->value->is_number()) wrong_type(*e, "a number");
  return e->value->value<double>();
}

std::optional<Index> Section::whole(std::string_view name) const {
  const auto v = number(name);
  if (!v) return std::nullopt;
  if (*v != std::floor(*v) || std::abs(*v) > 1e15) wrong_type(*find(name), "a whole number");
  return static_cast<Index>(*v);
}

void Section::fail(const Entry& e, const std::string& message) const { file_.fail(e.value->source(), message); }
void Section::fail_key(const Entry& e, const std::string& message) const { file_.fail(e.at, message); }

}  // namespace argscope::io
