#pragma once
/// argscope list: every name that a scene or the command line may use, with a line about each.

#include "app/requests.h"

namespace argscope::app {

Exit run_list(Console&);

}  // namespace argscope::app
