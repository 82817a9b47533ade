#pragma once
/// Random graphs of everything that a scene may write, with numbers that stay moderate: sums are means, divisors and
/// arguments of roots stay away from zero, and what jumps is shifted at random, so that rounding does not decide a
/// jump.

#include "tests/core/expr/trial.h"

namespace argscope::expr::check {

struct RandomGraph {
  Graph graph;
  Given given;  ///< the inputs' numbers
  Ids nodes;    ///< what was built, inputs first
};

RandomGraph random_graph(Random&, int steps);

/// One of them, any but the constants.
Id random_node(const RandomGraph&, Random&);

}  // namespace argscope::expr::check
