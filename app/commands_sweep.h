#pragma once
/// argscope sweep: x*, outputs and derivatives along a parameter, each solve starting where the last derivative points.

#include "app/requests.h"

namespace argscope::app {

/// Done when any row has an answer (the rows say which); NoAnswer, and no file, when none has.
Exit run_sweep(const SweepRequest&, Console&);

}  // namespace argscope::app
