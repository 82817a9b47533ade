#pragma once
/// How far a long command has come.

#include "app/answer.h"

namespace argscope::app {

/// A bar on a terminal, redrawn at most twenty times a second; silent elsewhere. Leaves a clean line.
class Progress {
 public:
  Progress(Console& console, std::size_t total) : console_(console), total_(total) {}
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void show(std::size_t done);

 private:
  Console& console_;
  std::size_t total_;
  Clock::time_point last_{};
  bool drawn_ = false;
};

}  // namespace argscope::app
