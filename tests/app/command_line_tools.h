#pragma once
/// What the tests of the command line share: a folder that vanishes, scenes with known answers, the program run in this
/// process or as a process of its own.

#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/io/arrays.h"

namespace argscope::app {

/// A folder that is there as long as this is.
class Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  /// Writes a file and returns its path.
  std::string file(const std::string& name, const std::string& text) const;
  bool has(const std::string& name) const { return std::filesystem::exists(folder_ / name); }
  std::string read(const std::string& name) const;
  std::size_t count() const;  ///< entries in the folder

 private:
  std::filesystem::path folder_;
};

/// w_i = c_i / (1 + θ_i), c = (1, 2, 3), θ = (1, 1, 1): ∂w_i/∂θ_i = −c_i / (1 + θ_i)². Outputs: total = Σw,
/// squares = w².
extern const char shrink_scene[];
/// min ½(x − b)² + ½θx², b = 2: x* = b/(1 + θ), ∂x*/∂θ = −b/(1 + θ)². θ = 1, range 0 to 4. Output: energy = x².
extern const char one_scene[];
/// ½ relu(θ − x)² from x = 3: at θ = 1 nothing holds x, so x* is there and its derivative is not; above θ = 3 x* = θ,
/// which lies on the kink of relu, where the curvature of one side is 1 and of the other 0.
extern const char loose_scene[];

struct Outcome {
  int status = -1;
  std::string out, err;
  nlohmann::json json() const { return nlohmann::json::parse(out); }
};

Outcome run_here(const std::vector<std::string>& words);
/// The built program; `environment` as in "DISPLAY= X=1", put in front of the command.
Outcome run_program(const std::vector<std::string>& words, const std::string& environment);

std::vector<std::string> lines(const std::string& text);

/// Scenes to ask about, and a folder for the answers.
class CommandTest : public ::testing::Test {
 protected:
  Scratch scratch;
  const std::string shrink = scratch.file("shrink.toml", shrink_scene);
  const std::string one = scratch.file("one.toml", one_scene);
  const std::string loose = scratch.file("loose.toml", loose_scene);

  Outcome done(const std::vector<std::string>& words) {
    Outcome o = run_here(words);
    EXPECT_EQ(o.status, 0) << ::testing::PrintToString(words) << o.err;
    return o;
  }
  expr::Array array(const std::string& name, const std::string& entry) {
    return io::read_array(scratch.path(name), entry);
  }
};

}  // namespace argscope::app
