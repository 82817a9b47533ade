#include "core/io/lower_case.h"

#include <cctype>

namespace argscope::io {

std::string lower_case(std::string s) {
  for (char& c : s) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return s;
}

std::string ending_of(const std::filesystem::path& path) { return lower_case(path.extension().string()); }

}  // namespace argscope::io
