#pragma once
/// How long a person waits while dragging, measured in a real window: slider events replayed at 60 Hz.

#include <ostream>
#include <string>

namespace argscope::app {

struct DragBenchOptions {
  std::string scene;  ///< a built-in's name or a path
  int events = 240;
  int width = 1280, height = 820;  ///< of the window
};

/// Opens a window (needs a display), drags the first parameter back and forth and prints the 50th and 95th percentiles
/// of event → ghost, event → solution and of drawing a frame. Returns false when the scene could not be shown.
bool run_drag_bench(const DragBenchOptions&, std::ostream& out);

}  // namespace argscope::app
