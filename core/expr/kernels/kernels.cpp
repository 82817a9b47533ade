#include "core/expr/kernels/kernels.h"

namespace argscope::expr::kernels {

const Table& best() {
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
    return avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return avx2;
  return baseline;
}

}  // namespace argscope::expr::kernels
