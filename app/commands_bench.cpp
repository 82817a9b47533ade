#include "app/commands_bench.h"

#include <fmt/format.h>

#include "app/bench_machine.h"
#include "app/bench_packing.h"
#include "app/bench_ridge.h"
#include "app/bench_scenes.h"
#include "app/bench_unrolled.h"
#include "app/bench_workload.h"
#include "app/drag_bench.h"
#include "app/private_display.h"
#include "core/io/scene.h"

namespace argscope::app {
namespace {

void print(Console& console, const std::vector<BenchRow>& rows) {
  console.out << "\n" << format_table(rows) << std::flush;
}

/// Row h: a drag in a real window, on a private display where there is none.
void drag(Console& console) {
  console.out << "\nrow h, goals 16.7 / 33 ms to the ghost and 30 / 60 ms to the solution, drawing by software apart\n";
  try {
    const PrivateDisplay display;
    run_drag_bench({.scene = "packing"}, console.out);
  } catch (const WrongInput& no_display) {
    console.out << no_display.what() << "\n";
  }
}

}  // namespace

Exit run_bench(const BenchRequest& request, Console& console) {
  for (const std::string& scene : request.scenes) io::find_scene(scene, io::Paths::standard());
  const MachineLimits machine = measure_limits();
  console.out << format_limits(machine) << fmt::format("medians of {} interleaved rounds\n", request.rounds)
              << std::flush;
  for (const std::string& scene : request.scenes) print(console, bench_scene(scene, request.rounds));
  if (!request.scenes.empty()) return Exit::Done;
  print(console, bench_ridge(request.rounds, machine));
  print(console, bench_workloads(request.rounds));
  print(console, bench_packing(request.rounds, request.large));
  print(console, bench_unrolled(request.rounds));
  print(console, bench_compile(request.rounds));
  drag(console);
  return Exit::Done;
}

}  // namespace argscope::app
