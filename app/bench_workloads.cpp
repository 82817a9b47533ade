#include <fmt/format.h>

#include "app/bench_quadratic_peer.h"
#include "app/bench_workload.h"
#include "app/bench_workload_scripts.h"

namespace argscope::app {
namespace {

constexpr char distillation_scene[] = R"toml(title = "Distillation, {0} samples of {1} pixels"
[data.X]
random = "uniform"
shape = [{0}, {1}]
seed = 1
[data.draws]
random = "normal"
shape = [10, {1}]
seed = 2
[data.label]
value = "arange({0}) % 10"
[parameters.theta]
value = "draws/sqrt({1})"
range = [-2, 2]
[variables.W]
shape = [10, {1}]
start = "zeros((10, {1}))"
[problem]
minimize = "mean(multiclass_logistic_loss(arange(10), theta @ W.T)) + 1e-3*sum(W**2)"
[outputs]
loss = "mean(multiclass_logistic_loss(label, X @ W.T))"
[[views]]
kind = "heatmap"
show = "W"
)toml";

constexpr char sparse_coding_scene[] = R"toml(title = "Sparse codes of {0} samples, {1} atoms"
[data.atoms]
random = "normal"
shape = [{1}, {1}]
seed = 1
[data.dice]
random = "uniform"
shape = [{0}, {1}]
seed = 2
[data.draws]
random = "normal"
shape = [{0}, {1}]
seed = 3
[data.noise]
random = "normal"
shape = [{0}, {1}]
seed = 4
[data.unit]
value = "atoms/sqrt(sum(atoms**2, axis=1, keepdims=True))"
[data.hidden]
value = "where(dice < 0.1, draws, 0)"
[data.X]
value = "hidden @ unit + 0.01*noise"
[parameters.lam]
value = 0.1
range = [1e-3, 1.0]
scale = "log"
[parameters.D]
value = "unit"
range = [-1, 1]
[variables.codes]
shape = [{0}, {1}]
start = "zeros(({0}, {1}))"
[problem]
minimize = "0.5*sum((X - codes @ D)**2)"
penalty = "lam*norm1(codes)"
[outputs]
error = "0.5*sum((codes - hidden)**2)"
[[views]]
kind = "heatmap"
show = "codes"
)toml";

constexpr char quadratic_scene[] = R"toml(title = "A quadratic program of {0} unknowns"
[data.L]
random = "normal"
shape = [{0}, {0}]
seed = 1
[data.slope]
random = "normal"
shape = [{0}]
seed = 2
[data.A]
random = "normal"
shape = [{1}, {0}]
seed = 3
[data.inside]
random = "normal"
shape = [{0}]
seed = 4
[data.G]
random = "normal"
shape = [{0}, {0}]
seed = 5
[data.room]
random = "uniform"
shape = [{0}]
seed = 6
[data.Q]
value = "L @ L.T/{0} + eye({0})"
[parameters.q]
value = "slope"
range = [-10, 10]
[parameters.b]
value = "0.1*A @ inside"
range = [-10, 10]
[parameters.h]
value = "0.1*G @ inside + room"
range = [-10, 10]
[variables.z]
start = "zeros({0})"
[problem]
minimize = "0.5*z @ Q @ z + q @ z"
subject_to = ["A @ z == b", "G @ z <= h"]
[[views]]
kind = "bars"
show = "z"
)toml";

}  // namespace

Workload distillation(Index samples, Index pixels) {
  return {.row = "b",
          .what = fmt::format("distillation 10 x {}, {} random samples: hypergradient", pixels, samples),
          .goal = "<= 0.5 x NumPy",
          .scene = fmt::format(distillation_scene, samples, pixels),
          .wanted = {0, {"loss"}},
          .arguments = {samples, pixels},
          .scripts = {{"NumPy", "python3-numpy", scripts::distillation, false}},
          .by_hand = {}};
}

Workload sparse_coding(Index samples, Index atoms) {
  return {.row = "c",
          .what = fmt::format("sparse coding {} x {}: codes, dC/dlam, hypergradient", samples, atoms),
          .goal = "<= 0.2 x NumPy",
          .scene = fmt::format(sparse_coding_scene, samples, atoms),
          .wanted = {1, {"error"}},
          .arguments = {samples, atoms},
          .scripts = {{"NumPy", "python3-numpy", scripts::sparse_coding, true},
                      {"scikit-learn", "python3-sklearn", scripts::sparse_coding_scikit, true}},
          .by_hand = {}};
}

Workload quadratic_program(Index n) {
  const auto by_hand = [](const io::Scene& scene) { return std::make_unique<QuadraticByHand>(scene); };
  return {.row = "e",
          .what = fmt::format("quadratic program {0}, {1} + {0} constraints: J {0} x {2}", n, n / 2, 2 * n + n / 2),
          .goal = "<= 0.6 ms",
          .scene = fmt::format(quadratic_scene, n, n / 2),
          .wanted = {},
          .arguments = {n},
          .scripts = {{"CVXOPT", "python3-cvxopt", scripts::cvxopt, true}},
          .by_hand = by_hand};
}

}  // namespace argscope::app
