#pragma once
/// argscope bench: times on this machine beside its limits and beside other ways to the same numbers, and how right
/// each is. Measures and prints; judges nothing.

#include "app/requests.h"

namespace argscope::app {

Exit run_bench(const BenchRequest&, Console&);

}  // namespace argscope::app
