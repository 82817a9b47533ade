#pragma once
/// The program as a window.

#include <optional>
#include <string>

namespace argscope::app {

/// Opens the window, on a scene (a built-in's name or a path) or on the gallery, and returns when it is closed.
int run_window(int argc, char** argv, const std::optional<std::string>& scene);

/// What every window of this program needs before its QApplication exists: the surface format that VTK draws into, and
/// the name under which settings are kept.
void prepare_toolkit();

}  // namespace argscope::app
