#pragma once
/// How names of solvers, conditions, sets and methods are compared wherever a person types them.

#include <algorithm>
#include <string_view>

namespace argscope {

/// Hyphen equals underscore.
inline bool same_name(std::string_view a, std::string_view b) {
  const auto plain = [](char c) { return c == '-' ? '_' : c; };
  return std::ranges::equal(a, b, {}, plain, plain);
}

}  // namespace argscope
