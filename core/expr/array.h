#pragma once
/// A value: a shape and its numbers, row-major.

#include <vector>

#include "core/expr/shape.h"

namespace argscope::expr {

struct Array {
  Shape shape;
  std::vector<double> values;  ///< shape.size() of them
};

}  // namespace argscope::expr
