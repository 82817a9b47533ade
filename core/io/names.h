#pragma once
/// The names that a scene may use for solvers, conditions and estimators: those that run, and those of the scene
/// reference that have their place elsewhere. A test holds the first against the rooms that run them.

#include <string>
#include <vector>

namespace argscope::io {

struct Words {
  std::vector<std::string> available, elsewhere;
  std::string place;  ///< after the name of one elsewhere: where that is
};

Words solvers();
Words conditions();
Words estimators();
Words linear_solvers();

}  // namespace argscope::io
