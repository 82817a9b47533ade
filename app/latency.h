#pragma once
/// How long a person waits: from the event that moved θ to the ghost and to the solution, ready and on screen. Window
/// thread only.

#include <chrono>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

namespace argscope::app {

using Clock = std::chrono::steady_clock;

/// Milliseconds; not-a-number when nothing was measured.
struct Percentiles {
  double median = 0, p95 = 0;
  std::size_t count = 0;
};
Percentiles percentiles(std::vector<double> milliseconds);

/// When requests were first answered, noted by the worker for the window thread, which may be drawing meanwhile.
class AnswerTimes {
 public:
  using Answer = std::pair<std::uint64_t, Clock::time_point>;
  void add(std::uint64_t request, Clock::time_point at);
  std::vector<Answer> take();  ///< those since the last call, in order

 private:
  std::mutex noting_;
  std::vector<Answer> answers_;
};

class LatencyMeter {
 public:
  void moved(Clock::time_point event);  ///< θ was moved by an event of that time
  void ghost_ready();                   ///< x* + JΔθ is known for the newest event
  void asked(std::uint64_t request);    ///< the newest event was submitted under this number
  void solved(std::uint64_t request, Clock::time_point published);  ///< x* and J
  void drawn(std::uint64_t request,
             double seconds);  ///< a frame is on screen: its solution's request; time spent drawing
  void clear();

  Percentiles ghost() const;  ///< event → ghost known
  Percentiles ghost_on_screen() const;
  Percentiles solution() const;  ///< event → x*, J at least as new as the event
  Percentiles solution_on_screen() const;
  Percentiles drawing() const;
  double last_solution_ms() const { return last_ms_; }  ///< of the newest answered event; 0: none

 private:
  struct Event {
    Clock::time_point at;
    std::uint64_t request = 0;
    std::optional<double> ghost, ghost_drawn, solved, solved_drawn;
  };
  template <class Member>
  Percentiles of(Member) const;

  std::deque<Event> events_;  ///< the last few thousand
  std::deque<double> frames_;
  double last_ms_ = 0;
};

}  // namespace argscope::app
