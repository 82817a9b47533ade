#pragma once
/// Running graphs through the engine and through the oracle, and comparing the two.

#include <map>
#include <random>
#include <string>

#include "core/expr/program.h"
#include "tests/core/expr/oracle.h"

namespace argscope::expr::check {

using Random = std::mt19937;
using Numbers = std::vector<double>;

/// Values of given nodes. Those of a tangent hold `lanes` numbers an element, lanes innermost.
using Given = std::map<Id, Numbers>;

Numbers uniform_numbers(Random&, Index count, double low, double high);
Index whole_number(Random&, Index low, Index high);  ///< both included

/// Runs a compiled program. Fails the test when it writes outside its outputs.
std::vector<Numbers> run(const Program&, const Graph&, const Given&, const Ids& outputs);
/// Compiles for `given` as inputs, then runs.
std::vector<Numbers> run(const Graph&, const Given&, const Ids& outputs, int lanes);
std::vector<Numbers> run_oracle(const Graph&, const Given&, const Ids& outputs, int lanes);

/// A node that nothing moves, or a constant, may be narrower than `lanes`: what a Program writes for it.
int lanes_written(const Graph&, const Given&, Id output, int lanes);

/// Equal up to `tolerance` times the larger of 1 and the number; not-a-number equals itself, infinities too.
void expect_close(const Numbers& actual, const Numbers& expected, double tolerance, const std::string& what);

/// Text of a graph, for messages: what `outputs` need, a node a line.
std::string described(const Graph&, const Ids& outputs);

}  // namespace argscope::expr::check
