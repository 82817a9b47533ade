#include <algorithm>
#include <cstdlib>

#include "core/io/scene.h"

namespace argscope::io {

namespace {

namespace fs = std::filesystem;

void add_home(Paths& p, const fs::path& home) {
  std::error_code ignored;
  if (fs::is_directory(home / "scenes", ignored)) p.scenes.push_back(home / "scenes");
  if (fs::is_directory(home / "assets" / "data", ignored)) p.data.push_back(home / "assets" / "data");
}

}  // namespace

Paths Paths::standard() {
  Paths p;
  if (const char* home = std::getenv("ARGSCOPE_HOME")) add_home(p, home);
  std::error_code trouble;
  const fs::path program = fs::read_symlink("/proc/self/exe", trouble);
  if (!trouble) {
    add_home(p, program.parent_path());
    add_home(p, program.parent_path().parent_path() / "share" / "argscope");
  }
  if (p.scenes.empty()) add_home(p, ARGSCOPE_SOURCE_DIR);
  return p;
}

std::vector<fs::path> built_in_scenes(const Paths& paths) {
  std::vector<fs::path> found;
  std::error_code ignored;
  for (const fs::path& folder : paths.scenes)
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
      const bool known =
          std::any_of(found.begin(), found.end(), [&](const fs::path& p) { return p.stem() == entry.path().stem(); });
      if (entry.path().extension() == ".toml" && !known) found.push_back(entry.path());
    }
  std::sort(found.begin(), found.end(), [](const fs::path& a, const fs::path& b) { return a.stem() < b.stem(); });
  return found;
}

}  // namespace argscope::io
