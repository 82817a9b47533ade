#include "app/private_display.h"

#include <X11/Xlib.h>

#include <cstdlib>
#include <string>

#include "app/child_process.h"
#include "app/requests.h"

namespace argscope::app {
namespace {

/// VTK aborts the program when $DISPLAY does not answer, so it is asked first.
bool display_answers() {
  if (!std::getenv("DISPLAY")) return false;
  Display* display = XOpenDisplay(nullptr);
  if (!display) return false;
  XCloseDisplay(display);
  return true;
}

}  // namespace

struct PrivateDisplay::Server {
  ChildProcess xvfb{{"Xvfb", "-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"}};
  std::string before;
  bool had_display = false;
};

PrivateDisplay::PrivateDisplay() {
  if (display_answers()) return;
  server_ = std::make_unique<Server>();
  if (const char* display = std::getenv("DISPLAY")) server_->had_display = true, server_->before = display;
  const auto number = server_->xvfb.read_line(std::chrono::seconds(20));
  if (!number)
    throw WrongInput(
        "drawing needs a display: there is none ($DISPLAY), and Xvfb, which could stand in, did not start; "
        "install it with: apt-get install xvfb");
  setenv("DISPLAY", (":" + *number).c_str(), 1);
}

PrivateDisplay::~PrivateDisplay() {
  if (!server_) return;
  if (server_->had_display)
    setenv("DISPLAY", server_->before.c_str(), 1);
  else
    unsetenv("DISPLAY");
}

}  // namespace argscope::app
