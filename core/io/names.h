#pragma once
/// The names that a scene may use for solvers, conditions and estimators: those that run, and those of the scene
/// reference that are still to come. A test holds the first against the rooms that run them.

#include <string>
#include <vector>

namespace argscope::io {

struct Words {
  std::vector<std::string> available, planned;
};

Words solvers();
Words conditions();
Words estimators();
Words linear_solvers();

}  // namespace argscope::io
