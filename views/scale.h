#pragma once
/// Lengths of arrows that stand for derivatives.

#include "core/types.h"

namespace argscope::views {

/// 1, 2 or 5 times a power of ten, near v > 0; 0 for anything else.
double round_scale(double v);
/// Arrow length for a derivative of 1, such that the 95th percentile of the sizes becomes `length`, rounded. 0: all
/// zero.
double arrow_scale(Vec sizes, double length);

}  // namespace argscope::views
