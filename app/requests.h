#pragma once
/// What a person asked for on the command line: plain data, filled by command_line.cpp and used by the commands.

#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <vector>

namespace argscope::app {

/// What the program tells the shell.
enum class Exit {
  Done = 0,
  CheckFailed = 1,  ///< a check of `argscope check` failed
  Wrong = 2,        ///< the command, the scene or the data is wrong
  NoAnswer = 3,     ///< not converged, or the derivative is undefined there
};

/// The command line is wrong: what, where, and how to mend it, in one message.
class WrongInput : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Where a command speaks. Errors and progress go to `err`; `terminal`: progress may be drawn there.
struct Console {
  std::ostream& out;
  std::ostream& err;
  bool terminal = false;
};

/// The options of every command that solves. Empty: as the scene says.
struct ProblemOptions {
  std::string scene;             ///< a built-in's name or a path
  std::vector<std::string> set;  ///< NAME=VALUE
  std::optional<std::string> method, linear_solver, condition, solver;
  std::optional<double> tolerance;
  std::optional<int> iterations;
  std::optional<double> step, decay;
  int threads = 0;   ///< 0: as many as there are cores
  std::string data;  ///< a folder, looked into before the usual ones
  bool force = false;
  bool json = false;
};

struct SolveRequest {
  ProblemOptions problem;
  std::string out;  ///< empty: no file
};

struct JacobianRequest {
  ProblemOptions problem;
  std::string of, wrt;  ///< empty: all variables, all parameters
  std::string out;
};

struct GradientRequest {
  ProblemOptions problem;
  std::string of;   ///< empty: every output
  std::string out;  ///< empty: no file
};

struct RenderRequest {
  ProblemOptions problem;
  std::string view;  ///< a kind; empty: all views side by side
  std::string size = "1600x1200";
  bool transparent = false;
  std::string out;
};

struct SweepRequest {
  ProblemOptions problem;
  std::string vary;  ///< NAME=FROM:TO:COUNT[:log]
  bool jacobian = false;
  std::string out;
};

struct TrainRequest {
  ProblemOptions problem;
  std::string of;                ///< the output that falls
  std::vector<std::string> wrt;  ///< the parameters that move; empty: all
  int steps = 200;
  double rate = 0.02;
  std::string out;  ///< empty: no file
};

struct CheckRequest {
  ProblemOptions problem;
};

struct BenchRequest {
  std::vector<std::string> scenes;  ///< empty: the standard rows
  int rounds = 15;
  bool large = false;  ///< packing of 100,000 too
};

}  // namespace argscope::app
