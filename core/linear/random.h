#pragma once
/// Vectors that nothing can hide from.

#include <random>

#include "core/types.h"

namespace argscope::linear {

/// Always the same numbers, between a half and three halves.
inline Vec fixed_random(Index n) {
  std::mt19937 draw(11);
  Vec r(n);
  for (double& e : r) e = 0.5 + (draw() >> 5) * 0x1p-27;
  return r;
}

}  // namespace argscope::linear
