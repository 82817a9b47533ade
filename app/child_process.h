#pragma once
/// Another program, started by this one and spoken to line by line through its standard input and output. It ends when
/// this object does, or when this program does.

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace argscope::app {

class ChildProcess {
 public:
  /// command[0] is looked up in $PATH; what it says on its error stream is dropped. Throws std::system_error when the
  /// machine refuses. A program that is not there shows as an end of its output.
  explicit ChildProcess(const std::vector<std::string>& command);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// False when the child is gone.
  bool write_line(std::string_view line);
  /// The next line without its end; none when the child closed its output or time is out.
  std::optional<std::string> read_line(std::chrono::milliseconds patience);

 private:
  pid_t pid_ = -1;
  int socket_ = -1;
  std::string unread_;
};

}  // namespace argscope::app
