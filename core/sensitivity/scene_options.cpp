#include "core/sensitivity/scene_options.h"

namespace argscope::sensitivity {

Options options_of(const io::Scene& scene) {
  const io::SolveSpec& spec = scene.solve;
  Options options;
  options.method = scene.differentiate.method;
  if (const auto method = linear::method_named(scene.differentiate.linear_solver)) options.linear.method = *method;
  options.solve.solver = spec.solver;
  options.solve.tolerance = spec.tolerance;
  options.solve.iterations = spec.iterations;
  options.solve.step = spec.step;
  options.solve.decay = spec.decay;
  return options;
}

}  // namespace argscope::sensitivity
