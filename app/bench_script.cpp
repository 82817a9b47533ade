#include "app/bench_script.h"

#include <fmt/format.h>

#include <cstdlib>
#include <limits>

#include "app/child_process.h"

namespace argscope::app {
namespace {

constexpr auto patience = std::chrono::seconds(60);

constexpr std::string_view opening = "import sys, time\nimport numpy as np\n";

/// A number is a scale, answered by milliseconds; "answer" asks for the numbers that were found last, in one line.
constexpr std::string_view loop = R"py(
print('ready', flush=True)
for line in sys.stdin:
    if line.strip() == 'answer':
        print(*(repr(float(v)) for array in (found if type(found) is tuple else [found]) for v in np.ravel(array)), flush=True)
        continue
    begin = time.perf_counter()
    found = answer(float(line))
    print((time.perf_counter() - begin) * 1e3, flush=True)
)py";

std::string whole(std::string_view text) { return fmt::format("{}{}{}", opening, text, loop); }

}  // namespace

ScriptPeer::ScriptPeer(Script script, const std::vector<Index>& arguments) : script_(std::move(script)) {
  for (const char* program : {"python3", "/usr/bin/python3"}) {
    std::vector<std::string> command{"env"};
    if (script_.one_thread) command.push_back("OPENBLAS_NUM_THREADS=1");
    command.insert(command.end(), {program, "-c", whole(script_.text)});
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
