#include "app/bench_script.h"

#include <fmt/format.h>

#include <cstdlib>
#include <limits>

#include "app/child_process.h"

namespace argscope::app {
namespace {

constexpr auto patience = std::chrono::seconds(60);

}  // namespace

ScriptPeer::ScriptPeer(Script script, const std::vector<Index>& arguments) : script_(std::move(script)) {
  for (const char* program : {"python3", "/usr/bin/python3"}) {
    std::vector<std::string> command{"env"};
    if (script_.one_thread) command.push_back("OPENBLAS_NUM_THREADS=1");
    command.insert(command.end(), {program, "-c", std::string(script_.text)});
    for (const Index argument : arguments) command.push_back(std::to_string(argument));
    process_ = std::make_unique<ChildProcess>(command);
    if (process_->read_line(patience) == "ready") return;
  }
  process_ = nullptr;
}

ScriptPeer::~ScriptPeer() = default;
ScriptPeer::ScriptPeer(ScriptPeer&&) noexcept = default;

std::string ScriptPeer::absence() const {
  return available() ? "" : fmt::format("{} is not there (apt-get install {})", script_.name, script_.package);
}

std::string ScriptPeer::ask(std::string_view line) {
  if (!available()) return "";
  process_->write_line(line);
  const auto reply = process_->read_line(patience);
  if (!reply) process_ = nullptr;
  return reply.value_or("");
}

double ScriptPeer::update(double scale) {
  const std::string reply = ask(fmt::format("{:.17g}", scale));
  char* end = nullptr;
  const double ms = std::strtod(reply.c_str(), &end);
  return end == reply.c_str() ? std::numeric_limits<double>::quiet_NaN() : ms;
}

Vec ScriptPeer::answer() {
  const std::string reply = ask("answer");
  std::vector<double> numbers;
  char* end = nullptr;
  for (const char* at = reply.c_str();; at = end) {
    const double number = std::strtod(at, &end);
    if (end == at) break;
    numbers.push_back(number);
  }
  return Eigen::Map<const Vec>(numbers.data(), static_cast<Index>(numbers.size()));
}

}  // namespace argscope::app
