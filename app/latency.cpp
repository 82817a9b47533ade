#include "app/latency.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace argscope::app {
namespace {

constexpr std::size_t kept = 4096;

double ms_since(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration<double, std::milli>(to - from).count();
}

}  // namespace

Percentiles percentiles(std::vector<double> milliseconds) {
  if (milliseconds.empty()) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    return {nan, nan, 0};
  }
  std::sort(milliseconds.begin(), milliseconds.end());
  const auto rank = [&](double q) {
    const double place = std::ceil(q * static_cast<double>(milliseconds.size())) - 1;
    return milliseconds[static_cast<std::size_t>(std::max(place, 0.0))];
  };
  return {rank(0.5), rank(0.95), milliseconds.size()};
}

void AnswerTimes::add(std::uint64_t request, Clock::time_point at) {
  const std::lock_guard lock(noting_);
  if (answers_.empty() || answers_.back().first < request) answers_.push_back({request, at});
}

std::vector<AnswerTimes::Answer> AnswerTimes::take() {
  const std::lock_guard lock(noting_);
  return std::exchange(answers_, {});
}

void LatencyMeter::moved(Clock::time_point event) {
  events_.push_back({event, 0, {}, {}, {}, {}});
  if (events_.size() > kept) events_.pop_front();
}

void LatencyMeter::ghost_ready() {
  if (!events_.empty()) events_.back().ghost = ms_since(events_.back().at, Clock::now());
}

void LatencyMeter::asked(std::uint64_t request) {
  if (!events_.empty() && events_.back().request == 0) events_.back().request = request;
}

void LatencyMeter::solved(std::uint64_t request, Clock::time_point published) {
  for (Event& event : events_) {
    if (event.solved || event.request == 0 || event.request > request) continue;
    event.solved = last_ms_ = ms_since(event.at, published);
  }
}

void LatencyMeter::drawn(std::uint64_t request, double seconds) {
  const Clock::time_point now = Clock::now();
  frames_.push_back(seconds * 1e3);
  if (frames_.size() > kept) frames_.pop_front();
  for (Event& event : events_) {
    if (event.ghost && !event.ghost_drawn) event.ghost_drawn = ms_since(event.at, now);
    const bool answered = event.solved && event.request <= request;
    if (answered && !event.solved_drawn) event.solved_drawn = ms_since(event.at, now);
  }
}

void LatencyMeter::clear() { *this = {}; }

template <class Member>
Percentiles LatencyMeter::of(Member member) const {
  std::vector<double> values;
  for (const Event& event : events_)
    if (event.*member) values.push_back(*(event.*member));
  return percentiles(std::move(values));
}

Percentiles LatencyMeter::ghost() const { return of(&Event::ghost); }
Percentiles LatencyMeter::ghost_on_screen() const { return of(&Event::ghost_drawn); }
Percentiles LatencyMeter::solution() const { return of(&Event::solved); }
Percentiles LatencyMeter::solution_on_screen() const { return of(&Event::solved_drawn); }
Percentiles LatencyMeter::drawing() const { return percentiles({frames_.begin(), frames_.end()}); }

}  // namespace argscope::app
