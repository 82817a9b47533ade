#pragma once
/// The words after `argscope`: which command, with which options, and what the shell is told.

#include <string>
#include <variant>
#include <vector>

#include "app/requests.h"

namespace argscope::app {

/// No command was named: the window is to be opened.
struct OpenWindow {
  std::optional<std::string> scene;  ///< none: the gallery
};

/// Reads the words (without the program's own name) and runs the command that they name. Mistakes end as one message on
/// console.err and Exit::Wrong; nothing is thrown.
std::variant<Exit, OpenWindow> run_command_line(const std::vector<std::string>& words, Console&);

}  // namespace argscope::app
