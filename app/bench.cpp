#include "app/bench.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace argscope::app {
namespace {

std::string cell(double value) { return std::isfinite(value) ? fmt::format("{:.3g}", value) : "-"; }

}  // namespace

std::string format_table(const std::vector<BenchRow>& rows) {
  std::size_t work = 8, peer = 4, goal = 4;
  for (const BenchRow& row : rows) {
    work = std::max(work, row.workload.size());
    peer = std::max(peer, row.peer_name.size());
    goal = std::max(goal, row.goal.size());
  }
  const auto line = [&](const auto&... c) {
    return fmt::format("{:<4} {:<{}} {:>9} {:>9} {:>7} {:>9}  {:<{}}  {:<{}}  {}\n", c...);
  };
  std::string text = line("row", "workload", work, "ours, ms", "peer, ms", "ratio", "limit, ms", "peer", peer, "goal",
                          goal, "accuracy");
  for (const BenchRow& row : rows)
    text += line(row.name, row.workload, work, cell(row.ours_ms), cell(row.peer_ms), cell(row.ratio()),
                 cell(row.limit_ms), row.peer_name, peer, row.goal, goal, row.accuracy);
  return text;
}

double median(std::vector<double> values) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::vector<double> medians(int rounds, const std::vector<Contestant>& contestants) {
  std::vector<std::vector<double>> times(contestants.size());
  for (int round = 0; round <= rounds; ++round) {
    for (std::size_t c = 0; c < contestants.size(); ++c) {
      const double ms = contestants[c](round);
      if (round > 0 && std::isfinite(ms)) times[c].push_back(ms);
    }
  }
  std::vector<double> middle;
  middle.reserve(times.size());
  for (auto& t : times) middle.push_back(median(std::move(t)));
  return middle;
}

}  // namespace argscope::app
