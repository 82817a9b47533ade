#include "tests/app/command_line_tools.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

#include "app/command_line.h"

namespace argscope::app {
namespace fs = std::filesystem;

const char shrink_scene[] = R"toml(
title = "Shrinkage"
summary = "Three weights, each pulled to zero by its own parameter"
[data.c]
value = [1.0, 2.0, 3.0]
[parameters.theta]
value = "ones(3)"
range = [1e-3, 1e3]
scale = "log"
[variables.w]
shape = [3]
start = "zeros(3)"
[definitions]
misfit = "w - c"
[problem]
minimize = "0.5*sum(misfit**2) + 0.5*sum(theta*w**2)"
[outputs]
total = "sum(w)"
squares = "w**2"
[[views]]
kind = "bars"
show = "w"
)toml";

const char one_scene[] = R"toml(
title = "One number"
[parameters.theta]
value = 1.0
range = [0.0, 4.0]
[variables.x]
shape = [1]
start = "zeros(1)"
[problem]
minimize = "0.5*sum((x - 2)**2) + 0.5*theta*sum(x**2)"
[outputs]
energy = "sum(x**2)"
[[views]]
kind = "bars"
show = "x"
)toml";

const char loose_scene[] = R"toml(
title = "Nothing holds it"
[parameters.theta]
value = 1.0
range = [0.0, 10.0]
[variables.x]
shape = [1]
start = "3*ones(1)"
[problem]
minimize = "0.5*sum(relu(theta - x)**2)"
[outputs]
place = "sum(x)"
[[views]]
kind = "bars"
show = "x"
)toml";

namespace {

std::string contents(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string quoted(const std::string& word) {
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

}  // namespace

Scratch::Scratch() {
  std::string pattern = (fs::temp_directory_path() / "argscope-test-XXXXXX").string();
  if (!mkdtemp(pattern.data())) throw std::runtime_error("cannot make a folder for a test");
  folder_ = pattern;
}

Scratch::~Scratch() {
  std::error_code ignored;
  fs::permissions(folder_, fs::perms::owner_all, ignored);
  fs::remove_all(folder_, ignored);
}

std::string Scratch::file(const std::string& name, const std::string& text) const {
  std::ofstream(path(name), std::ios::binary) << text;
  return path(name);
}

std::string Scratch::read(const std::string& name) const { return contents(folder_ / name); }

std::size_t Scratch::count() const {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
}

Outcome run_here(const std::vector<std::string>& words) {
  std::ostringstream out, err;
  Console console{out, err, false};
  const auto ending = run_command_line(words, console);
  const auto* exit = std::get_if<Exit>(&ending);
  return {exit ? static_cast<int>(*exit) : -1, out.str(), err.str()};
}

Outcome run_program(const std::vector<std::string>& words, const std::string& environment) {
  const Scratch scratch;
  std::string command = "env " + environment + " " + quoted(ARGSCOPE_PROGRAM);
  for (const std::string& word : words) command += " " + quoted(word);
  command += " >" + quoted(scratch.path("out")) + " 2>" + quoted(scratch.path("err")) + " </dev/null";
  const int status = std::system(command.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, scratch.read("out"), scratch.read("err")};
}

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> all;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) all.push_back(line);
  return all;
}

}  // namespace argscope::app
