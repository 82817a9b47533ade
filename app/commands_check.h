#pragma once
/// argscope check: derivative against differences, forward against adjoint, one thread against two, as a table.

#include "app/requests.h"

namespace argscope::app {

/// CheckFailed when a row fails; NoAnswer when there is no derivative to check.
Exit run_check(const CheckRequest&, Console&);

}  // namespace argscope::app
