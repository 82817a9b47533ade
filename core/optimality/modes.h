#pragma once
/// Directions of x in words, and those that pairs cannot feel.

#include "core/optimality/problem.h"

namespace argscope::optimality {

/// Orthonormal columns: all positions of a variable with pairs moved alike along one axis. Whether they really leave F
/// unchanged is for whoever uses them to check.
Mat translations(const Problem&);

/// "translation of x along axis 0", "rattler x[17]", "w[3]", "w[3], w[7] and 4 more".
std::string describe_mode(const Problem&, ConstVec mode);

}  // namespace argscope::optimality
