#pragma once
/// argscope solve, jacobian, gradient: x*, ∂NAME*/∂NAME and the total derivative of outputs, once and to a file.

#include "app/requests.h"

namespace argscope::app {

Exit run_solve(const SolveRequest&, Console&);
Exit run_jacobian(const JacobianRequest&, Console&);
Exit run_gradient(const GradientRequest&, Console&);

}  // namespace argscope::app
