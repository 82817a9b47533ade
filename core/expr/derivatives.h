#pragma once
/// Derivatives as graph transformations. A nonlinear primitive defines its JVP, a linear one its transpose; nothing
/// else is needed (Radul et al., You Only Linearize Once, POPL 2023). Results are again nodes of the same graph.

#include "core/expr/graph.h"

namespace argscope::expr {

/// Tangents of outs when each wrt[k] moves along dirs[k] (same shapes). wrt may be any nodes, not only inputs: what
/// lies behind them does not move; a direction of −1 holds its node fixed. A tangent that vanishes is a constant zero.
Ids jvp(Graph&, std::span<const Id> outs, std::span<const Id> wrt, std::span<const Id> dirs);

/// outs are linear in dirs (they came from jvp). Given cotangents of outs, the cotangents of dirs.
Ids transpose(Graph&, std::span<const Id> outs, std::span<const Id> cotangents, std::span<const Id> dirs);

/// ∂f/∂wrt[k] of a scalar f, each shaped as wrt[k]. Applies to its own result.
Ids gradient(Graph&, Id f, std::span<const Id> wrt);

}  // namespace argscope::expr
