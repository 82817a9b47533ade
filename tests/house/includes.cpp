#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <regex>

#include "tests/house/rules.h"

namespace argscope::house {
namespace {

struct Include {
  std::string target;
  std::size_t line;
  bool quoted;
};

std::vector<Include> includes_of(const Source& source) {
  static const std::regex directive(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"])");
  std::vector<Include> includes;
  if (!source.is_cpp()) return includes;
  const auto lines = lines_of(source.text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::smatch match;
    if (std::regex_search(lines[i], match, directive)) includes.push_back({match[2], i + 1, match[1] == "\""});
  }
  return includes;
}

/// The rooms of core, each of which may use those before it.
constexpr std::array rooms{"expr", "linear", "sets", "optimality", "io", "solve", "sensitivity", "live"};

/// A file's floor in the house: a file may include those of its own floor and below. Rooms of core count one by one,
/// what lies in core itself is the ground.
int floor_of(const std::string& path) {
  const Source file{path, {}};
  if (file.in("tests")) return 100;
  if (file.in("app")) return 30;
  if (file.in("views")) return 20;
  for (std::size_t i = 0; i < rooms.size(); ++i) {
    if (file.in("core/" + std::string(rooms[i]))) return static_cast<int>(i) + 1;
  }
  return 0;
}

/// A test may include what the code that it tests may: tests/core/io stands for core/io.
std::string tested_by(const Source& source) {
  if (source.in("tests/gui") || source.in("tests/bench")) return "app/test.cpp";
  return source.in("tests") ? source.path.substr(6) : source.path;
}

bool is_qt(const std::string& target) { return target.size() > 1 && target[0] == 'Q' && std::isalpha(target[1]) != 0; }
bool is_drawing(const std::string& target) { return target.starts_with("vtk") || target.starts_with("imgui"); }

std::string fault_of(const Source& source, const Include& include) {
  const Source place{tested_by(source), {}};
  const auto& target = include.target;
  if (target.starts_with("tbb/")) return place.path == "core/parallel.h" ? "" : "only core/parallel.h opens oneTBB";
  if (is_qt(target)) return place.in("app") ? "" : "Qt lives in app";
  if (is_drawing(target)) return place.in("views") || place.in("app") ? "" : "VTK and Dear ImGui live in views";
  if (!include.quoted) return "";
  const Source included{target, {}};
  if (target.ends_with(".moc")) return "";
  if (included.in("tests")) return source.in("tests") ? "" : "code does not know its tests";
  if (!included.in("core") && !included.in("views") && !included.in("app")) return "name it from the root of the tree";
  if (floor_of(target) > floor_of(place.path)) return place.path + " stands below " + target;
  return "";
}

class Cycles {
 public:
  explicit Cycles(std::span<const Source> tree) {
    for (const auto& source : tree) {
      for (const auto& include : includes_of(source)) edges_[source.path].push_back(include.target);
    }
  }

  Findings find() {
    for (const auto& [path, targets] : edges_) visit(path);
    return findings_;
  }

 private:
  void visit(const std::string& path) {
    const auto seen = std::find(trail_.begin(), trail_.end(), path);
    if (seen != trail_.end()) {
      std::string cycle;
      for (auto step = seen; step != trail_.end(); ++step) cycle += *step + " → ";
      findings_.push_back("includes go in a circle: " + cycle + path);
    }
    if (done_[path] || seen != trail_.end()) return;
    trail_.push_back(path);
    if (const auto found = edges_.find(path); found != edges_.end()) {
      for (const auto& target : found->second) visit(target);
    }
    trail_.pop_back();
    done_[path] = true;
  }

  std::map<std::string, std::vector<std::string>> edges_;
  std::map<std::string, bool> done_;
  std::vector<std::string> trail_;
  Findings findings_;
};

}  // namespace

Findings layers(const Source& source) {
  Findings findings;
  for (const auto& include : includes_of(source)) {
    const auto fault = fault_of(source, include);
    if (fault.empty()) continue;
    findings.push_back(source.path + ":" + std::to_string(include.line) + ": includes " + include.target + ": " +
                       fault);
  }
  return findings;
}

Findings own_header_first(const Source& source) {
  if (!source.path.ends_with(".cpp")) return {};
  const auto own = source.path.substr(0, source.path.size() - 3) + "h";
  const auto includes = includes_of(source);
  const auto found = std::find_if(includes.begin(), includes.end(), [&](const Include& i) { return i.target == own; });
  if (found == includes.end() || found == includes.begin()) return {};
  return {source.path + ":" + std::to_string(found->line) + ": a source includes its own header first"};
}

Findings no_cycles(std::span<const Source> tree) { return Cycles(tree).find(); }

}  // namespace argscope::house
