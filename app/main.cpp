#include <unistd.h>

#include <cstdio>
#include <exception>
#include <iostream>

#include "app/command_line.h"
#include "app/window_main.h"

int main(int argc, char** argv) try {
  using namespace argscope::app;
  Console console{std::cout, std::cerr, isatty(STDERR_FILENO) != 0};
  const auto ending = run_command_line({argv + 1, argv + argc}, console);
  if (const auto* window = std::get_if<OpenWindow>(&ending)) return run_window(argc, argv, window->scene);
  return static_cast<int>(std::get<Exit>(ending));
} catch (const std::exception& trouble) {
  std::fprintf(stderr, "argscope: %s\n", trouble.what());
  return static_cast<int>(argscope::app::Exit::Wrong);
}
