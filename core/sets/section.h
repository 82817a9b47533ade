#pragma once
/// The multiplier of a box section: the τ for which w·clip(z − τw, l, u) = c.

#include "core/types.h"

namespace argscope::sets {

/// Exact up to rounding, by a search among the kinks of that piecewise linear, falling function. Not-a-number when no
/// τ does it.
double section_multiplier(ConstVec z, ConstVec l, ConstVec u, ConstVec w, double c);

}  // namespace argscope::sets
