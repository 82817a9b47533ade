#pragma once
/// Letters that may be written either way: the endings of file names, words in tables.

#include <filesystem>
#include <string>

namespace argscope::io {

/// Of ASCII letters; all else stays.
std::string lower_case(std::string);

/// ".png" of "Figure.PNG"; empty when there is none.
std::string ending_of(const std::filesystem::path&);

}  // namespace argscope::io
