#include "app/bench_workload.h"

#include <fmt/format.h>

#include <algorithm>

namespace argscope::app {
namespace {

/// A drag: one small step a round, always onwards.
double scale_at(int round) { return 1 + 1e-3 * round; }

double relative(const Vec& a, const Vec& b) {
  return a.size() == b.size() ? (a - b).norm() / b.norm() : std::numeric_limits<double>::quiet_NaN();
}

/// Who takes part beside us: what it is called, how it is timed, what it found, and why there is nothing.
struct Peer {
  std::string name;
  Contestant update;
  std::function<Vec()> answer;
  std::function<std::string()> absence;
};

Peer peer_of(ScriptPeer& s) {
  return {s.script().name, [&s](int r) { return s.update(scale_at(r)); }, [&s] { return s.answer(); },
          [&s] { return s.absence(); }};
}

/// One that gives up loses its later rounds, not its line.
Peer peer_of(HandWritten& h, std::string& lost) {
  const auto update = [&h, &lost](int r) {
    if (!lost.empty()) return std::numeric_limits<double>::quiet_NaN();
    try {
      return h.update(scale_at(r));
    } catch (const std::exception& trouble) {
      lost = fmt::format("the peer gave up in round {}: {}", r, trouble.what());
      return std::numeric_limits<double>::quiet_NaN();
    }
  };
  return {h.name(), update, [&h] { return h.answer(); }, [&lost] { return lost; }};
}

/// θ with the first parameter scaled.
Vec dragged(const Vec& theta, const optimality::Model& model, double scale) {
  Vec at = theta;
  at.head(model.parameters().front().size()) *= scale;
  return at;
}

std::vector<BenchRow> measure(const Workload& w, int rounds) {
  const io::Scene scene = io::parse_scene(w.scene, {}, io::Paths::standard());
  std::vector<ScriptPeer> scripts;
  for (const Script& s : w.scripts) scripts.emplace_back(s, w.arguments);
  const auto hand = w.by_hand ? w.by_hand(scene) : nullptr;
  std::string lost;
  std::vector<Peer> peers;
  if (hand) peers.push_back(peer_of(*hand, lost));
  for (ScriptPeer& s : scripts) peers.push_back(peer_of(s));
  Follower ours(scene, w.wanted);
  const Vec theta = ours.theta();
  std::vector<Contestant> contestants{
      [&](int r) { return ours.update(dragged(theta, *ours.solution().model, scale_at(r))); }};
  for (const Peer& p : peers) contestants.push_back(p.update);
  const std::vector<double> ms = medians(rounds, contestants);
  const Vec found = ours.derivatives();
  std::vector<BenchRow> rows(std::max<std::size_t>(peers.size(), 1));
  for (BenchRow& row : rows) row.ours_ms = ms[0];
  for (std::size_t k = 0; k < peers.size(); ++k) {
    BenchRow& row = rows[k];
    row.peer_name = peers[k].name, row.peer_ms = ms[k + 1];
    row.accuracy = peers[k].absence();
    if (row.accuracy.empty()) row.accuracy = fmt::format("against it {:.1g}", relative(found, peers[k].answer()));
  }
  rows.front().accuracy += fmt::format(", residual {:.1g}, differences {:.1g}", ours.solution().relative_residual,
                                       ours.against_differences(1));
  return rows;
}

}  // namespace

std::vector<BenchRow> compare(const Workload& w, int rounds) {
  std::vector<BenchRow> rows;
  try {
    rows = measure(w, rounds);
  } catch (const std::exception& trouble) {
    rows.resize(1);
    rows.front().accuracy = trouble.what();
  }
  rows.front().name = w.row, rows.front().workload = w.what, rows.front().goal = w.goal;
  return rows;
}

std::vector<BenchRow> bench_workloads(int rounds) {
  std::vector<BenchRow> all;
  for (const Workload& w : {distillation(10000, 784), sparse_coding(50, 100), quadratic_program(100)})
    std::ranges::move(compare(w, rounds), std::back_inserter(all));
  return all;
}

}  // namespace argscope::app
