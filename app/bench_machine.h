#pragma once
/// What this machine can do at its best: the limits that times are read against.

#include <string>

namespace argscope::app {

struct MachineLimits {
  std::string blas_core;  ///< which kernels OpenBLAS chose for this processor
  int cores = 1;
  double gemm_one = 0, gemm_all = 0;    ///< GFLOP/s of a large product, one thread and all
  double triad_one = 0, triad_all = 0;  ///< GB/s of a = b + s c on arrays beyond the caches
  double cholesky_500_ms = 0;
};
MachineLimits measure_limits();
std::string format_limits(const MachineLimits&);

/// While this lives, OpenBLAS works with that many threads; then with as many as before.
class BlasThreads {
 public:
  explicit BlasThreads(int threads);
  ~BlasThreads();

 private:
  int before_;
};

}  // namespace argscope::app
