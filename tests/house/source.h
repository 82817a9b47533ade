#pragma once
/// A file of the tree as text, and what is code in it.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace argscope::house {

struct Source {
  std::string path;  ///< from the root of the tree, with forward slashes
  std::string text;

  bool in(std::string_view folder) const;  ///< "core/expr": lies in that folder or below it
  bool is_header() const { return path.ends_with(".h"); }
  bool is_cpp() const { return is_header() || path.ends_with(".cpp") || path.ends_with(".inc"); }
};

/// The text's lines, without their ends.
std::vector<std::string> lines_of(std::string_view text);

/// The same text with comments and the insides of literals turned into blanks; lines and columns stay where they are.
std::string code_of(std::string_view text);

/// Every file that people wrote, sorted by path: sources, scenes, CMake, scripts, Markdown.
std::vector<Source> read_tree(const std::filesystem::path& root);

}  // namespace argscope::house
