#include "app/progress.h"

#include <fmt/format.h>

namespace argscope::app {

Progress::~Progress() {
  if (console_.terminal) console_.err << "\r\033[K" << std::flush;
}

void Progress::show(std::size_t done) {
  if (!console_.terminal || (drawn_ && seconds_since(last_) < 0.05)) return;
  constexpr std::size_t width = 40;
  const std::size_t filled = done * width / total_;
  console_.err << fmt::format("\r[{:=<{}}{: <{}}] {}/{}", "", filled, "", width - filled, done, total_) << std::flush;
  last_ = Clock::now(), drawn_ = true;
}

}  // namespace argscope::app
