#include "app/bench_ridge.h"

#include <fmt/format.h>

#include "app/bench_follower.h"
#include "app/bench_ridge_peer.h"

namespace argscope::app {
namespace {

constexpr Index samples = 2000, weights = 500;
constexpr int long_drag = 25;  ///< events; by then the eigenvectors of XᵀX have paid for themselves

Eigen::Map<const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>> data(const io::Scene& scene,
                                                                                              std::string_view name) {
  for (const auto& d : scene.statement->data)
    if (d.name == name) return {d.array.values.data(), d.array.shape.rows(), d.array.shape.width()};
  throw std::logic_error("the ridge scene has no such data");
}

enum class Theta { Vector, Scalar, ScalarLongDragged };

/// A drag: one small step a round, always onwards.
double scale(int round) { return 1 + 1e-3 * round; }
double level(int round) { return 10.0 * scale(round); }

BenchRow row(std::string name, std::string workload, std::string peer, double ours, double theirs, double limit) {
  BenchRow r;
  r.name = std::move(name), r.workload = std::move(workload), r.peer_name = std::move(peer);
  r.ours_ms = ours, r.peer_ms = theirs, r.limit_ms = limit;
  return r;
}

std::vector<BenchRow> compare(int rounds, const MachineLimits& machine, Theta theta) {
  const bool scalar = theta != Theta::Vector;
  Follower ours(io::parse_scene(ridge_scene(samples, weights, scalar), {}, io::Paths::standard()));
  RidgePeer lapack(data(ours.scene(), "X"), data(ours.scene(), "y").reshaped());
  ScriptPeer scipy(scipy_ridge(), {samples, weights, scalar});
  const int before = theta == Theta::ScalarLongDragged ? long_drag : 0;
  for (int r = 1; r <= before; ++r) ours.update(Vec::Constant(ours.theta().size(), level(r)));
  const std::vector<double> ms =
      medians(rounds, {[&](int r) { return ours.update(Vec::Constant(ours.theta().size(), level(before + r))); },
                       [&](int r) {
                         const BlasThreads all(machine.cores);
                         const double at = level(before + r);
                         return milliseconds(
                             [&] { scalar ? lapack.update_scalar(at) : lapack.update(Vec::Constant(weights, at)); });
                       },
                       [&](int r) { return scipy.update(scale(before + r)); }});
  const double cube = static_cast<double>(weights * weights * weights);
  const double limit = (scalar ? cube / 3 : cube) / machine.gemm_all * 1e-6;
  const double error = (ours.J() - lapack.J()).norm() / lapack.J().norm();
  std::string what =
      fmt::format("ridge {} x {}, {}: update", samples, weights, scalar ? "scalar theta" : "theta in R^500");
  if (before > 0) what += fmt::format(", {} steps into a drag", before);
  BenchRow by_hand =
      row(scalar ? "a1" : "a", what, scalar ? "LAPACK potrf" : "LAPACK potrf, potri", ms[0], ms[1], limit);
  by_hand.goal = before > 0 ? "<= 1.0 x potrf" : "";
  by_hand.accuracy = fmt::format("J against LAPACK {:.1g}", error);
  const Vec theirs = scipy.answer();
  BenchRow python = row("", "", scipy.script().name, ms[0], ms[2], limit);
  python.goal = scalar ? "" : "<= 1.0 x, good 0.6 x";
  python.accuracy = scipy.absence();
  if (theirs.size() == ours.J().size())
    python.accuracy = fmt::format("J against it {:.1g}", (ours.J().reshaped() - theirs).norm() / theirs.norm());
  if (!scalar) by_hand.accuracy += fmt::format(", differences {:.1g}", ours.against_differences(2));
  return {by_hand, python};
}

}  // namespace

std::string ridge_scene(Index rows, Index cols, bool one_for_all) {
  return fmt::format(R"toml(title = "Ridge regression, {0} x {1}"
[data.X]
random = "normal"
shape = [{0}, {1}]
seed = 1
[data.y]
random = "normal"
shape = [{0}]
seed = 2
[parameters.theta]
value = {2}
range = [1e-3, 1e4]
scale = "log"
[variables.w]
shape = [{1}]
start = "zeros({1})"
[problem]
minimize = "0.5*sum((X @ w - y)**2) + 0.5*sum(theta*w**2)"
[[views]]
kind = "bars"
show = "w"
)toml",
                     rows, cols, one_for_all ? "10.0" : fmt::format("\"full({}, 10.0)\"", cols));
}

std::vector<BenchRow> bench_ridge(int rounds, const MachineLimits& machine) {
  std::vector<BenchRow> rows;
  for (const Theta theta : {Theta::Vector, Theta::Scalar, Theta::ScalarLongDragged})
    for (BenchRow& r : compare(rounds, machine, theta)) rows.push_back(std::move(r));
  return rows;
}

}  // namespace argscope::app
