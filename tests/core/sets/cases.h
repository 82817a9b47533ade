#pragma once
/// For every row of the table of sets, calls as a scene would write them.

#include "tests/core/sets/trial.h"

namespace argscope::sets::check {

struct SetCase {
  std::string text;
  Shape shape;
  Values parameters;
  double spread = 2;  ///< points are drawn from [−spread, spread]
  bool convex = true;
  bool euclidean = true;  ///< false: nearest by another distance

  const Set& row() const;
  Function projection() const;
};

const std::vector<SetCase>& set_cases();

}  // namespace argscope::sets::check
