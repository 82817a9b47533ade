#pragma once
/// How large the terms are that an expression is the sum of: what its residual is small against.

#include "core/expr/graph.h"

namespace argscope::optimality {

/// Shaped as `of`: |a| + |b| for a + b, and so on through sums, scatters and products with one factor that moves;
/// |of| where there is nothing to take apart.
expr::Id magnitude(expr::Graph&, expr::Id of);

}  // namespace argscope::optimality
