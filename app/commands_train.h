#pragma once
/// `argscope train`: hypergradient descent.

#include "app/requests.h"

namespace argscope::app {

/// Moves parameters downhill in an output by its total derivative (live/training.h). The report is of the last point;
/// under "training" stand the outputs at the first one and how the way was. Where a step has no derivative the answer
/// is not honest: NoAnswer.
Exit run_train(const TrainRequest&, Console&);

}  // namespace argscope::app
