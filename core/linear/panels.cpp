#include "core/linear/panels.h"

namespace argscope::linear::sparse {

const PanelLoops& best_panels() {
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
    return panels_avx512;
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return panels_avx2;
  return panels_baseline;
}

}  // namespace argscope::linear::sparse
