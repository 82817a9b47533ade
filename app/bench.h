#pragma once
/// How the benchmarks measure: contestants take turns, round after round, so that a slow hour is slow for all of them;
/// a time is the median of its rounds.

#include <chrono>
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace argscope::app {

/// One line of the table. Milliseconds; not-a-number: not measured.
struct BenchRow {
  std::string name;  ///< "a", "d2", …
  std::string workload;
  double ours_ms = std::numeric_limits<double>::quiet_NaN();
  std::string peer_name;
  double peer_ms = std::numeric_limits<double>::quiet_NaN();
  double limit_ms = std::numeric_limits<double>::quiet_NaN();  ///< what the machine allows: its fastest step alone
  std::string goal;
  std::string accuracy;  ///< how right the timed numbers are, or why there are none

  double ratio() const { return ours_ms / peer_ms; }
};
std::string format_table(const std::vector<BenchRow>&);

template <class Body>
double milliseconds(const Body& body) {
  const auto begin = std::chrono::steady_clock::now();
  body();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

double median(std::vector<double>);

/// Does a round's work and returns the milliseconds of the part that counts. Round 0 warms up and is not counted.
using Contestant = std::function<double(int round)>;
std::vector<double> medians(int rounds, const std::vector<Contestant>&);

}  // namespace argscope::app
