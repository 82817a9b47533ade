#include "app/bench_scenes.h"

#include <fmt/format.h>

#include <optional>

#include "app/bench_follower.h"
#include "app/bench_packing.h"

namespace argscope::app {
namespace {

BenchRow row_of(std::string name, std::string workload, double ms) {
  BenchRow row;
  row.name = std::move(name), row.workload = std::move(workload), row.ours_ms = ms;
  return row;
}

double compile_time(const io::Scene& scene, int rounds) {
  return medians(rounds, {[&](int) { return milliseconds([&] { optimality::build_model(scene.statement); }); }})[0];
}

/// A thousandth of each parameter's range a round, up and down, in ratio where the slider is logarithmic.
Vec moved(const io::Scene& scene, const Vec& theta, int round) {
  const int phase = round % 20 < 10 ? round % 20 : 20 - round % 20;
  Vec at = theta;
  Index k = 0;
  for (const auto& p : scene.statement->parameters)
    for (Index e = 0; e < p.value.shape.size(); ++e, ++k)
      at[k] =
          p.log_scale ? theta[k] * std::pow(p.high / p.low, 1e-3 * phase) : theta[k] + 1e-3 * phase * (p.high - p.low);
  return at;
}

}  // namespace

std::vector<BenchRow> bench_scene(const std::string& name, int rounds) {
  const io::Scene scene = io::read_scene(name, io::Paths::standard());
  std::vector<BenchRow> rows{row_of("", scene.name + ": statement to compiled", compile_time(scene, rounds))};
  std::optional<Follower> ours;
  rows.push_back(row_of("", scene.name + ": first solution and J", milliseconds([&] { ours.emplace(scene); })));
  if (ours->theta().size() == 0) return rows;
  const Vec theta = ours->theta();
  const double ms = medians(rounds, {[&](int r) { return ours->update(moved(scene, theta, r)); }})[0];
  rows.push_back(row_of("", fmt::format("{}: update, J {} x {}", scene.name, ours->J().rows(), ours->J().cols()), ms));
  rows.back().accuracy = fmt::format("residual {:.1g}", ours->solution().relative_residual);
  return rows;
}

std::vector<BenchRow> bench_compile(int rounds) {
  const io::Paths paths = io::Paths::standard();
  const std::string text = packing_scene(128);
  const double packing = medians(rounds, {[&](int) {
                                   return milliseconds([&] {
                                     const io::Scene scene = io::parse_scene(text, {}, paths);
                                     optimality::build_model(scene.statement);
                                   });
                                 }})[0];
  std::vector<BenchRow> rows{row_of("g", "packing N=128: file text to compiled, checked on the way", packing)};
  for (const auto& path : io::built_in_scenes(paths)) {
    const io::Scene scene = io::read_scene(path.string(), paths);
    rows.push_back(row_of("g", scene.name + ": statement to compiled", compile_time(scene, rounds)));
  }
  for (BenchRow& row : rows) row.goal = "<= 1 ms";
  return rows;
}

}  // namespace argscope::app
