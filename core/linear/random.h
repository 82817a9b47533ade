#pragma once
/// Vectors that nothing can hide from: always the same numbers, and cheap ones, since large problems draw them often.

#include <cstdint>

#include "core/types.h"

namespace argscope::linear {

/// 64 bits that look random, number k of them (SplitMix64: Steele, Lea & Flood 2014).
inline std::uint64_t scattered(Index k) {
  std::uint64_t z = (static_cast<std::uint64_t>(k) + 1) * 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

/// Between a half and three halves.
inline Vec fixed_random(Index n) {
  return Vec::NullaryExpr(n, [](Index k) { return 0.5 + static_cast<double>(scattered(k) >> 11) * 0x1p-53; });
}

}  // namespace argscope::linear
