#pragma once
/// Drawing off screen takes an X display. Where the program was started without one, a private Xvfb stands in.

#include <memory>

namespace argscope::app {

/// While this lives, $DISPLAY names a display that answers: the one that was there, or a private Xvfb.
class PrivateDisplay {
 public:
  /// Throws WrongInput when there is neither.
  PrivateDisplay();
  ~PrivateDisplay();

 private:
  struct Server;
  std::unique_ptr<Server> server_;  ///< null: the display was there
};

}  // namespace argscope::app
