#pragma once
/// A TOML file with its places: every mistake is reported where it stands, and the text inside a quoted string keeps
/// the place of each of its characters.

#include <toml++/toml.h>

#include "core/expr/language.h"

namespace argscope::io {

class TomlFile {
 public:
  /// `name` is what errors call the file. Throws expr::TextError for text that is not TOML.
  TomlFile(std::string text, std::string name);

  const toml::table& root() const { return root_; }
  const std::string& text() const { return file_.source; }

  [[noreturn]] void fail(const toml::source_region&, const std::string& message) const;
  [[noreturn]] void fail(const std::string& message) const;  ///< of the file as a whole

  /// A string, or a number as it is written. `what` names it in the error for anything else.
  expr::Text expression(const toml::node&, const std::string& what) const;

 private:
  std::size_t offset(const toml::source_position&) const;

  expr::Text file_;
  std::vector<std::size_t> lines_;  ///< where each begins
  toml::table root_;
};

/// One key of a table.
struct Entry {
  std::string name;        ///< hyphens as underscores
  toml::source_region at;  ///< of the key
  const toml::node* value = nullptr;
};

/// A table whose keys and types are checked; entries are in the order of the file.
class Section {
 public:
  /// `title` names it in messages: "[data.X]". Throws when two keys are one name.
  Section(const TomlFile&, const toml::table&, std::string title);

  const TomlFile& file() const { return file_; }
  const std::vector<Entry>& entries() const { return entries_; }
  const Entry* find(std::string_view name) const;           ///< null: absent
  void allow(const std::vector<std::string>& names) const;  ///< any other key is an error that offers the nearest
  Section section(const Entry&) const;                      ///< a table inside

  // Absent: the value `otherwise`. Of another type: an error.
  std::string string(std::string_view name, const std::string& otherwise) const;
  bool flag(std::string_view name, bool otherwise) const;
  std::optional<double> number(std::string_view name) const;
  std::optional<Index> whole(std::string_view name) const;

  [[noreturn]] void fail(const Entry&, const std::string& message) const;      ///< points at the value
  [[noreturn]] void fail_key(const Entry&, const std::string& message) const;  ///< points at the key

 private:
  [[noreturn]] void wrong_type(const Entry&, std::string_view expected) const;

  const TomlFile& file_;
  std::string title_;
  std::vector<Entry> entries_;
};

std::string_view type_of(const toml::node&);  ///< "a number", "a table", …

/// " (did you mean 'a' or 'b'?)", or nothing.
std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates);

std::string canonical(std::string_view name);  ///< hyphens as underscores

}  // namespace argscope::io
