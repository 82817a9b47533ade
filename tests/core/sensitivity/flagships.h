#pragma once
/// A built-in scene, solved; and solved again as its parameters move.

#include <map>
#include <vector>

#include "tests/core/sensitivity/stated.h"

namespace argscope::testing {

struct Flagship : Stated {
  explicit Flagship(const std::string& name) : Flagship(name, {}) {}
  Flagship(const std::string& name, const io::Choices& choices) : Stated(read(name, choices)) {}

  static io::Scene read(const std::string& name, const io::Choices& choices) {
    const std::string path = std::string(ARGSCOPE_SOURCE_DIR) + "/scenes/" + name + ".toml";
    return io::parse_scene(io::read_scene(path, io::Paths::standard()).text, path, io::Paths::standard(), choices);
  }

  /// From the present solution.
  void move_to(const Vec& there) {
    theta = there;
    solution = solve::solve({solution.model, scene.statement, theta, solution.x}, options, memory, {}, {});
  }
  /// Of a variable, definition or output.
  Vec value(const std::string& name) const { return solution.model->function(name)->value_at(solution.x, theta); }
  double output(const std::string& name) const { return value(name)[0]; }
  /// One number of θ.
  double& parameter(const std::string& name) {
    for (const optimality::Slot& s : model->parameters())
      if (s.name == name) return theta[s.offset];
    throw std::out_of_range("no parameter " + name);
  }
};

}  // namespace argscope::testing
