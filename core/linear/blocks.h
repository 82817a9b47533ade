#pragma once
/// A matrix that falls apart into small dense ones, each with its own factors.

#include "core/linear/kernel.h"

namespace argscope::linear {

/// The rows and columns `unknowns` of the whole; every unknown is in one part. A single part has them in order.
struct Part {
  std::vector<Index> unknowns;
  Mat A;
};

/// LU; for symmetric parts Cholesky, or LDLᵀ where that fails. No kernel, and why not, when a part is singular.
Attempt blocks(std::vector<Part>, bool symmetric, const Options&);

}  // namespace argscope::linear
