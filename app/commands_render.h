#pragma once
/// argscope render: the picture of a scene's solution and its derivative, to a file, with or without a display.

#include <string>

#include "app/requests.h"

namespace argscope::app {

/// A picture without arrows, saying why, where the derivative is undefined; NoAnswer when there is no solution.
Exit run_render(const RenderRequest&, Console&);

struct PictureSize {
  int width = 0, height = 0;
};
/// "1600x1200". Throws WrongInput.
PictureSize parse_size(const std::string& text);

}  // namespace argscope::app
