#include "app/bench_packing.h"

#include <fmt/format.h>

#include <limits>
#include <numbers>

#include "app/bench_follower.h"
#include "app/bench_packing_peer.h"

namespace argscope::app {
namespace {

struct Step {
  double dtheta;
  std::string goal;
};
struct Size {
  std::string row;
  Index particles;
  std::string goal;  ///< of J
  std::vector<Step> steps;
};

std::vector<Size> sizes(bool large) {
  std::vector<Size> all{{"d1", 128, "<= 0.16 ms", {{1e-4, "<= 0.2 ms"}}},
                        {"d2", 1000, "<= 3 ms", {{1e-5, "<= 1.5 ms"}}},
                        {"d3", 10000, "<= 40 ms", {{1e-6, "<= 14 ms"}, {1e-5, "<= 50 ms"}}}};
  if (large) all.push_back({"d4", 100000, "<= 530 ms", {}});
  return all;
}

double relative(const Vec& a, const Vec& b) { return (a - b).norm() / b.norm(); }

BenchRow jacobian_row(const Size& size, int rounds, Follower& ours) {
  PackingPeer peer(size.particles, packing_box(size.particles));
  peer.prepare(ours.x());
  const double D = ours.theta()[0];
  Vec reference;
  const std::vector<double> ms =
      medians(rounds, {[&](int) { return ours.differentiate(); },
                       [&](int) { return milliseconds([&] { reference = peer.jacobian(ours.x(), D); }); },
                       [&](int) { return milliseconds([&] { peer.factorize(); }); }});
  BenchRow row;
  row.name = size.row, row.workload = fmt::format("packing N={}: J", size.particles), row.goal = size.goal;
  row.ours_ms = ms[0], row.peer_name = "by hand + CHOLMOD", row.peer_ms = ms[1], row.limit_ms = ms[2];
  row.accuracy = fmt::format("against by hand {:.1g}", relative(ours.J().col(0), reference));
  if (size.particles <= 1000) row.accuracy += fmt::format(", differences {:.1g}", ours.against_differences(1));
  return row;
}

BenchRow update_row(const Size& size, const Step& step, int rounds, Follower& ours) {
  PackingPeer peer(size.particles, packing_box(size.particles));
  peer.prepare(ours.x());
  const Vec theta = ours.theta();
  const auto at = [&](int round) { return theta[0] + step.dtheta * (round + 1); };
  double before = theta[0];
  const double tolerance = std::max(ours.solution().residual, 1e-13);
  Vec x = ours.x(), J = ours.J();
  std::string lost;  // plain Newton has no way back once a step leaves the basin
  const auto peer_update = [&](int r) {
    if (!lost.empty()) return std::numeric_limits<double>::quiet_NaN();
    try {
      return milliseconds([&] {
        x += J * (at(r) - before);
        J = peer.update(x, at(r), tolerance);
        before = at(r);
      });
    } catch (const std::exception& trouble) {
      lost = fmt::format(", the peer gave up in round {}: {}", r, trouble.what());
      return std::numeric_limits<double>::quiet_NaN();
    }
  };
  const std::vector<double> ms =
      medians(rounds, {[&](int r) { return ours.update(Vec::Constant(1, at(r))); }, peer_update});
  BenchRow row;
  row.workload = fmt::format("packing N={}: update, dtheta={:g}", size.particles, step.dtheta);
  row.name = size.row, row.goal = step.goal, row.ours_ms = ms[0];
  row.peer_name = "by hand + CHOLMOD", row.peer_ms = ms[1];
  row.accuracy = fmt::format("residual {:.1g}{}", ours.solution().relative_residual, lost);
  try {
    const Vec reference = peer.jacobian(ours.x(), ours.theta()[0]);
    row.accuracy = fmt::format("against by hand {:.1g}, {}", relative(ours.J().col(0), reference), row.accuracy);
  } catch (const std::exception& trouble) {
    row.accuracy += fmt::format(", and by hand there is no J here: {}", trouble.what());
  }
  return row;
}

}  // namespace

double packing_box(Index particles) {
  const double area = 0.5 * static_cast<double>(particles) * std::numbers::pi * (0.6 * 0.6 + 1) / 4;
  return std::sqrt(area / 0.98);
}

std::string packing_scene(Index particles) {
  return fmt::format(R"toml(title = "Packing of {0} discs"
[data.u]
random = "uniform"
shape = [{0}, 2]
seed = 0
[parameters.D]
value = 0.6
range = [0.5, 0.75]
[variables.x]
shape = [{0}, 2]
start = "{1:.17g}*u"
[pairs.near]
of = "x"
box = "{1:.17g}"
cutoff = "1.0"
[definitions]
diameter = "where(arange({0}) < {2}, D, 1)"
s = "0.5*(diameter[near.i] + diameter[near.j])"
[problem]
minimize = "sum(where(near.r < s, 0.5*(1 - near.r/s)**2, 0))"
[[views]]
kind = "particles"
show = "x"
)toml",
                     particles, packing_box(particles), particles / 2);
}

std::vector<BenchRow> bench_packing(int rounds, bool large) {
  std::vector<BenchRow> rows;
  for (const Size& size : sizes(large)) {
    try {
      Follower ours(io::parse_scene(packing_scene(size.particles), {}, io::Paths::standard()));
      rows.push_back(jacobian_row(size, rounds, ours));
      for (const Step& step : size.steps) rows.push_back(update_row(size, step, rounds, ours));
    } catch (const std::exception& trouble) {
      BenchRow row;
      row.name = size.row, row.workload = fmt::format("packing N={}", size.particles), row.accuracy = trouble.what();
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

}  // namespace argscope::app
