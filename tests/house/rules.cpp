#include "tests/house/rules.h"

#include <algorithm>
#include <regex>

#include "tests/house/functions.h"

namespace argscope::house {
namespace {

constexpr std::size_t longest_file = 400;
constexpr int longest_function = 60;

std::string at(const Source& source, std::size_t line, const std::string& what) {
  return source.path + ":" + std::to_string(line) + ": " + what;
}

/// A finding for each line of code that the expression matches.
Findings wherever(const Source& source, const std::regex& expression, const std::string& what) {
  Findings findings;
  const auto lines = lines_of(code_of(source.text));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (std::regex_search(lines[i], expression)) findings.push_back(at(source, i + 1, what));
  }
  return findings;
}

/// The same for the text as it stands, comments and literals included.
Findings wherever_written(const Source& source, const std::regex& expression, const std::string& what) {
  Findings findings;
  const auto lines = lines_of(source.text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (std::regex_search(lines[i], expression)) findings.push_back(at(source, i + 1, what));
  }
  return findings;
}

bool is_blank(const std::string& line) { return line.find_first_not_of(" \t\r") == line.npos; }

std::size_t lines_that_say_something(const Source& source) {
  const auto lines = lines_of(source.text);
  return lines.size() - static_cast<std::size_t>(std::count_if(lines.begin(), lines.end(), is_blank));
}

}  // namespace

Findings pragma_once(const Source& source) {
  if (!source.is_header() || source.text.starts_with("#pragma once\n")) return {};
  return {at(source, 1, "a header begins with #pragma once")};
}

Findings no_umbrella(const Source& source) {
  if (!source.is_header()) return {};
  for (const auto& line : lines_of(code_of(source.text))) {
    if (!is_blank(line) && !line.starts_with("#")) return {};
  }
  return {at(source, 1, "holds nothing but includes; include what is used where it is used")};
}

Findings short_file(const Source& source) {
  const auto lines = lines_of(source.text).size();
  if (!source.is_cpp() || lines <= longest_file) return {};
  return {at(source, lines, "the file has more than 400 lines; which second idea lives in it?")};
}

Findings short_functions(const Source& source) {
  if (!source.is_cpp()) return {};
  Findings findings;
  for (const auto& function : functions_of(code_of(source.text))) {
    if (function.lines <= longest_function) continue;
    findings.push_back(
        at(source, static_cast<std::size_t>(function.line),
           "a function of " + std::to_string(function.lines) + " lines; 60 is the limit: " + function.head));
  }
  return findings;
}

Findings no_macros(const Source& source) {
  // The same loops compiled for several instruction sets need a name for each.
  static const std::regex instruction_set(R"((baseline|avx2|avx512)\.cpp$)");
  const bool kernels = source.in("core/expr/kernels") || std::regex_search(source.path, instruction_set);
  if (!source.is_cpp() || kernels) return {};
  return wherever(source, std::regex(R"(^\s*#\s*define\b)"), "a macro; write a function, a constant or a template");
}

Findings quiet_core(const Source& source) {
  if (!source.is_cpp() || !source.in("core")) return {};
  return wherever(
      source,
      std::regex(
          R"(\bstd::(cout|cerr|clog|exit|abort|terminate|quick_exit)\b|\bfmt::print|\b(printf|puts|fprintf)\s*\()"),
      "core never prints and never exits; return it or throw it");
}

Findings names(const Source& source) {
  if (!source.is_header()) return {};
  auto findings =
      wherever(source, std::regex(R"(\bget_\w+\s*\()"), "a function is called what it returns, without get_");
  const auto defaults = wherever(source, std::regex(R"(\bbool\s+\w+\s*=\s*(true|false)\s*[,)])"),
                                 "a bool argument with a default; use an enum, a struct or a second function");
  findings.insert(findings.end(), defaults.begin(), defaults.end());
  return findings;
}

Findings finished(const Source& source) {
  // Cut in two, so that the words do not stand in this file.
  static const std::regex words(
      "\\b(TO"
      "DO|FIX"
      "ME|XX"
      "X|HA"
      "CK|not imple"
      "mented|place"
      "holder|for n"
      "ow|st"
      "ub)\\b",
      std::regex::icase);
  return wherever_written(source, words, "an unfinished word; finish it, or say what is so");
}

Findings no_machine_paths(const Source& source) {
  static const std::regex path(
      "(^|[^A-Za-z0-9_.])/(tm"
      "p|wor"
      "k|roo"
      "t|hom"
      "e)/[A-Za-z.]");
  return wherever_written(source, path, "a path of one machine; find it from where the program or the file is");
}

Findings no_tabs(const Source& source) {
  if (!source.is_cpp()) return {};
  return wherever_written(source, std::regex("\t|[ \r]$"), "a tab or a blank at the end of the line; run ./dev format");
}

Findings enough_tests(std::span<const Source> tree, double least) {
  std::size_t code = 0, tests = 0;
  for (const auto& source : tree) {
    if (!source.is_cpp()) continue;
    (source.in("tests") ? tests : code) += lines_that_say_something(source);
  }
  if (static_cast<double>(tests) >= least * static_cast<double>(code)) return {};
  return {"tests: " + std::to_string(tests) + " lines for " + std::to_string(code) + " of code; too few"};
}

}  // namespace argscope::house
