#pragma once
/// Any scene on the bench: text → compiled, the first solution, and an update after a small move of its parameters.

#include "app/bench.h"

namespace argscope::app {

std::vector<BenchRow> bench_scene(const std::string& name, int rounds);
/// Row g: how long the built-in scenes and the packing take from text to a compiled model.
std::vector<BenchRow> bench_compile(int rounds);

}  // namespace argscope::app
