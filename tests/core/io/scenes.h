#pragma once
/// Small scenes for tests.

#include <string>

#include "core/io/scene.h"

namespace argscope::io {

/// A scene that reads without complaint; tests replace a line of it.
inline const std::string& small_scene() {
  static const std::string text = R"toml(title = "Small"
[data.a]
value = [1, 2, 3]
[parameters.theta]
value = 2.0
range = [0.5, 8]
scale = "log"
[variables.w]
shape = [3]
start = "ones(3)"
[definitions]
residual = "a*w - 1"
[problem]
minimize = "sum(residual**2) + theta*sum(w**2)"
[outputs]
error = "mean(residual**2)"
[solve]
tolerance = 1e-9
[[views]]
kind = "bars"
show = "w"
)toml";
  return text;
}

inline std::string with(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  if (at == std::string::npos) throw std::logic_error("the scene has no " + from);
  return text.replace(at, from.size(), to);
}

inline Scene parsed(const std::string& text) { return parse_scene(text, "small.toml", Paths::standard()); }

/// What the reader says to a wrong scene; empty when it says nothing.
inline std::string complaint(const std::string& text, const std::filesystem::path& path, const Paths& paths) {
  try {
    parse_scene(text, path, paths);
  } catch (const expr::TextError& e) {
    return e.what();
  }
  return "";
}
inline std::string complaint(const std::string& text) { return complaint(text, "small.toml", Paths::standard()); }

}  // namespace argscope::io
