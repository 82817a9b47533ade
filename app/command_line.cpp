#include "app/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <new>
#include <thread>

#include "app/commands_bench.h"
#include "app/commands_check.h"
#include "app/commands_list.h"
#include "app/commands_render.h"
#include "app/commands_solve.h"
#include "app/commands_sweep.h"
#include "app/commands_train.h"
#include "app/names.h"
#include "core/io/scene.h"
#include "core/parallel.h"

namespace argscope::app {
namespace {

using Words = std::vector<std::string>;

/// Every request there is, filled by CLI11, and which command was named.
struct CommandLine {
  CLI::App app{"Drag the parameters of an optimization problem; see where the solution goes, and its exact Jacobian.",
               "argscope"};
  struct Command {
    CLI::App* app;
    std::function<Exit(Console&)> run;
  };
  std::vector<Command> commands;
  std::string scene;
  bool sync = false;
  SolveRequest solve;
  JacobianRequest jacobian;
  GradientRequest gradient;
  RenderRequest render;
  SweepRequest sweep;
  TrainRequest train;
  CheckRequest check;
  BenchRequest bench;

  CommandLine();
  template <class Request>
  CLI::App& command(const char* name, const char* does, Request& request, Exit (*run)(const Request&, Console&));
  void add_problem(CLI::App&, ProblemOptions&);
  void add_train();
};

std::string positive_number(const std::string& text) {
  double value = 0;
  const bool fine = CLI::detail::lexical_cast(text, value) && value > 0 && value < 1e300;
  return fine ? "" : fmt::format("'{}' is not a positive number, such as 1e-10", text);
}

std::string power(const std::string& text) {
  double value = 0;
  const bool fine = CLI::detail::lexical_cast(text, value) && value >= 0 && value <= 1;
  return fine ? "" : fmt::format("'{}' is not a number from 0 to 1, such as 0.8", text);
}

std::string whole_from(int least, const std::string& text) {
  int value = 0;
  const bool fine = CLI::detail::lexical_cast(text, value) && value >= least;
  return fine ? "" : fmt::format("'{}' is not a whole number, {} or more", text, least);
}

/// oneTBB sets room aside for each thread.
std::string thread_count(const std::string& text) {
  constexpr int most = 1024;
  int value = 0;
  const bool fine = CLI::detail::lexical_cast(text, value) && value >= 1 && value <= most;
  return fine ? "" : fmt::format("'{}' is not a whole number from 1 to {}", text, most);
}

/// An empty word is a shell's variable that was not set: no file, name or scene is meant by it.
void refuse_empty_words(CLI::App& app) {
  const CLI::Validator filled(
      [](std::string& text) {
        return text.empty() ? std::string("it is empty; give a value, or leave it out") : std::string();
      },
      "", "filled");
  for (CLI::Option* option : app.get_options())
    if (option->get_items_expected_max() > 0 && option != app.get_help_ptr()) option->check(filled);
  for (CLI::App* command : app.get_subcommands({})) refuse_empty_words(*command);
}

void CommandLine::add_problem(CLI::App& c, ProblemOptions& o) {
  const CLI::Validator positive(positive_number, "NUMBER", "positive");
  const CLI::Validator steps([](std::string& text) { return whole_from(0, text); }, "COUNT", "steps");
  const CLI::Validator threads(thread_count, "COUNT", "threads");
  c.add_option("scene", o.scene, "a built-in scene's name, or a path")->required();
  c.add_option("--set", o.set, "NAME=VALUE: a number, a JSON array or a file; repeatable")->allow_extra_args(false);
  c.add_option("--method", o.method,
               "how the derivative is estimated: implicit, unrolled-forward, one-step, ...; 'argscope list' names all");
  c.add_option("--linear-solver", o.linear_solver, "auto, lu, ldlt, sparse, cg, ...");
  c.add_option("--condition", o.condition, "the optimality condition to differentiate through");
  c.add_option("--solver", o.solver, "auto, newton, lbfgs, ...");
  c.add_option("--tolerance", o.tolerance, "of the solution's residual, relative")->check(positive);
  c.add_option("--iterations", o.iterations, "stop the solver after so many steps")->check(steps);
  c.add_option("--step", o.step, "the length of steps of gradient descent, fixed points and the like")->check(positive);
  c.add_option("--decay", o.decay, "the power by which the steps of sgd shrink, from 0 to 1")
      ->check(CLI::Validator([](std::string& text) { return power(text); }, "NUMBER", "power"));
  c.add_option("--threads", o.threads, "how many threads work")->check(threads);
  c.add_option("--data", o.data, "a folder of data, looked into before the usual ones");
  c.add_flag("--force", o.force, "give the numbers even where there is no honest answer, and say so");
  c.add_flag("--json", o.json, "one report object on standard output and nothing else there");
}

template <class Request>
CLI::App& CommandLine::command(const char* name, const char* does, Request& request,
                               Exit (*run)(const Request&, Console&)) {
  CLI::App* c = app.add_subcommand(name, does);
  add_problem(*c, request.problem);
  commands.push_back({c, [&request, run](Console& console) {
                        const int asked = request.problem.threads;
                        const int threads = asked > 0 ? asked : std::max(1, int(std::thread::hardware_concurrency()));
                        return with_threads(threads, [&] { return run(request, console); });
                      }});
  return *c;
}

void CommandLine::add_train() {
  const CLI::Validator positive(positive_number, "NUMBER", "positive");
  const CLI::Validator count([](std::string& text) { return whole_from(1, text); }, "COUNT", "count");
  CLI::App& c = command("train", "parameters moved downhill in an output, through the solver", train, run_train);
  c.add_option("--of", train.of, "the output that falls")->required();
  c.add_option("--wrt", train.wrt, "the parameters that move; all when left out")->delimiter(',');
  c.add_option("--steps", train.steps, "how many steps of Adam")->check(count)->capture_default_str();
  c.add_option("--rate", train.rate, "the length of a step, in units of the parameters")
      ->check(positive)
      ->capture_default_str();
  c.add_option("--out", train.out, "file: .npz and .json hold the parameters, the solution and the course");
}

CommandLine::CommandLine() {
  app.set_version_flag("--version", "argscope " ARGSCOPE_VERSION);
  app.require_subcommand(0, 1);
  app.add_option("scene", scene, "with no command: opens the window on this scene");
  app.add_flag("--sync", sync, "the window solves before it draws");
  app.allow_extras();

  CLI::App* list = app.add_subcommand("list", "the built-in scenes, views, functions, solvers and conditions");
  commands.push_back({list, run_list});
  command("solve", "x*, by name", solve, run_solve)
      .add_option("--out", solve.out, "file: .npz and .json hold every variable and output");
  CLI::App& j =
      command("jacobian", "the derivative of the solution in the parameters, as a matrix", jacobian, run_jacobian);
  j.add_option("--of", jacobian.of, "a variable, definition or output; all variables when left out");
  j.add_option("--wrt", jacobian.wrt, "a parameter; all parameters when left out");
  j.add_option("--out", jacobian.out, "file: .npy .npz .csv .json .mtx")->required();
  CLI::App& g = command("gradient", "total derivative of an output in every parameter", gradient, run_gradient);
  g.add_option("--of", gradient.of,
               "an output, definition or variable; every output when left out; 'minimum': the minimum's value, by "
               "--method analytic, automatic, implicit or dual");
  g.add_option("--out", gradient.out, "file: .npz and .json hold an array a parameter");
  CLI::App& r = command("render", "a picture", render, run_render);
  r.add_option("--out", render.out, "file: .png .svg .pdf")->required();
  r.add_option("--view", render.view, "the kind of one view; all side by side when left out");
  r.add_option("--size", render.size, "WIDTHxHEIGHT in pixels")->capture_default_str();
  r.add_flag("--transparent", render.transparent, "no background");
  CLI::App& s = command("sweep", "solutions, outputs and derivatives along a parameter", sweep, run_sweep);
  s.add_option("--vary", sweep.vary, "NAME=FROM:TO:COUNT[:log]")->required();
  s.add_option("--out", sweep.out, "file: .csv .npz .json")->required();
  s.add_flag("--jacobian", sweep.jacobian, "derivatives in the varied parameter too");
  add_train();
  command("check", "derivative against differences, forward against adjoint, one thread against two", check, run_check);
  CLI::App* b =
      app.add_subcommand("bench", "times on this machine, beside its limits and other ways to the same numbers");
  b->add_option("scene", bench.scenes, "scenes to time; the standard rows when left out");
  b->add_option("--rounds", bench.rounds, "how often each is timed")
      ->check(CLI::Validator([](std::string& text) { return whole_from(1, text); }, "COUNT", "count"));
  b->add_flag("--large", bench.large, "packing of 100,000 particles too");
  commands.push_back({b, [this](Console& console) { return run_bench(bench, console); }});
  refuse_empty_words(app);
}

/// Hyphen equals underscore in the names of options; what follows an equals sign stays as it is.
Words with_hyphens(Words words) {
  for (std::string& word : words) {
    if (!word.starts_with("--")) continue;
    const std::size_t end = std::min(word.find('='), word.size());
    std::replace(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(end), '_', '-');
  }
  return words;
}

Words option_names(const CLI::App& app) {
  Words names;
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

/// The first word that nothing understood, and what may have been meant.
std::string about_extra(const std::string& command, const CLI::App& app, const Words& extras) {
  const std::string& word = extras.front();
  if (!word.starts_with("-")) return fmt::format("{}: one word too many: '{}'; see {} --help", command, word, command);
  const std::string name = word.substr(0, word.find('='));
  const Words near = expr::nearest(name, option_names(app));
  const std::string offer = near.empty() ? "" : fmt::format("did you mean {}? ", joined(near, " or "));
  return fmt::format("{}: unknown option '{}'; {}see {} --help", command, name, offer, command);
}

/// A scene's name that is neither a file nor built in is answered here, before a window opens.
void require_scene(const CommandLine& line) {
  if (std::filesystem::exists(line.scene)) return;
  Words known;
  for (const auto& path : io::built_in_scenes(io::Paths::standard())) known.push_back(path.stem().string());
  for (const std::string& name : known)
    if (same_name(name, line.scene)) return;
  for (const auto& command : line.commands) known.push_back(command.app->get_name());
  resolve_name("argscope: no such command or scene", line.scene, known);
}

std::variant<Exit, OpenWindow> window(const CommandLine& line) {
  Words extras = line.app.remaining();
  // a single hyphen is for the window toolkit, as in `-platform offscreen`
  if (!extras.empty() && (extras.front().starts_with("--") || !extras.front().starts_with("-")))
    throw WrongInput(about_extra("argscope", line.app, extras));
  if (line.scene.empty()) return OpenWindow{};
  require_scene(line);
  return OpenWindow{line.scene};
}

std::variant<Exit, OpenWindow> parse_and_run(CommandLine& line, const Words& words, Console& console) {
  Words reversed = with_hyphens(words);
  std::reverse(reversed.begin(), reversed.end());
  line.app.parse(reversed);
  for (const auto& command : line.commands) {
    if (!command.app->parsed()) continue;
    const Words extras = line.app.remaining(true);
    if (!extras.empty()) throw WrongInput(about_extra("argscope " + command.app->get_name(), *command.app, extras));
    return command.run(console);
  }
  return window(line);
}

Exit wrong(Console& console, const std::string& message) {
  const bool named = message.starts_with("argscope");
  console.err << (named ? "" : "argscope: ") << message << (message.ends_with('\n') ? "" : "\n");
  return Exit::Wrong;
}

/// The command whose words were being read.
const CLI::App& current(const CommandLine& line) {
  for (const auto& command : line.commands)
    if (command.app->parsed()) return *command.app;
  return line.app;
}

std::string full_name(const CLI::App& app) {
  return app.get_parent() ? "argscope " + app.get_name() : std::string("argscope");
}

}  // namespace

std::variant<Exit, OpenWindow> run_command_line(const Words& words, Console& console) {
  CommandLine line;
  try {
    return parse_and_run(line, words, console);
  } catch (const CLI::CallForHelp&) {
    console.out << current(line).help();
    return Exit::Done;
  } catch (const CLI::CallForVersion& version) {
    console.out << version.what() << "\n";
    return Exit::Done;
  } catch (const CLI::ParseError& mistake) {
    const std::string name = full_name(current(line));
    return wrong(console, fmt::format("{}: {}; see {} --help", name, mistake.what(), name));
  } catch (const std::bad_alloc&) {
    return wrong(console, "not enough memory for this problem; make it smaller");
  } catch (const std::exception& mistake) {
    return wrong(console, mistake.what());
  }
}

}  // namespace argscope::app
