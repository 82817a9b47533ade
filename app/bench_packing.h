#pragma once
/// Rows d₁–d₄ of the benchmark: soft discs of two sizes in a periodic box, the small ones' diameter as θ.

#include "app/bench.h"
#include "core/types.h"

namespace argscope::app {

/// Edge of the periodic box in which the discs fill the fraction 0.98 when the small ones have diameter 0.6.
double packing_box(Index particles);
/// The scene, in text, from random positions of seed 0.
std::string packing_scene(Index particles);

/// N = 128, 1,000, 10,000, and 100,000 where `large`: J at a fixed x*, and updates, against derivatives written by
/// hand.
std::vector<BenchRow> bench_packing(int rounds, bool large);

}  // namespace argscope::app
