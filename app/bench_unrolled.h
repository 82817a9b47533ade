#pragma once
/// Row f of the benchmark: the derivative through the solver's steps beside the one by the implicit function theorem,
/// of the same solution, with what each remembers.

#include "app/bench.h"

namespace argscope::app {

std::vector<BenchRow> bench_unrolled(int rounds);

}  // namespace argscope::app
