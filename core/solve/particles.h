#pragma once
/// What tells problems of particles from others: lengths have a natural unit.

#include "core/optimality/model.h"

namespace argscope::solve {

/// About the distance between neighbours: the extent of the positions over the number of particles along an edge.
/// Infinity when the problem has no pairs.
double spacing(const optimality::Model&, ConstVec x);

}  // namespace argscope::solve
