#include "app/bench_machine.h"

#include <cblas.h>
#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "app/bench.h"
#include "app/bench_ridge_peer.h"
#include "core/parallel.h"

namespace argscope::app {
namespace {

double gemm_rate(int threads) {
  const BlasThreads held(threads);
  const Index n = 1024;
  const Mat A = Mat::Random(n, n), B = Mat::Random(n, n);
  Mat C = Mat::Zero(n, n);
  const int size = static_cast<int>(n);
  const double ms = medians(5, {[&](int) {
                              return milliseconds([&] {
                                cblas_dgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, size, size, size, 1.0, A.data(),
                                            size, B.data(), size, 0.0, C.data(), size);
                              });
                            }})[0];
  return 2.0 * static_cast<double>(n * n * n) / ms * 1e-6;
}

double triad_rate(int threads) {
  const Index n = Index{1} << 24;
  Vec a = Vec::Zero(n), b = Vec::Ones(n), c = Vec::Ones(n);
  const double ms = medians(5, {[&](int) {
                              return milliseconds([&] {
                                with_threads(threads, [&] {
                                  parallel_blocks(n, n / threads + 1, [&](Index first, Index width) {
                                    a.segment(first, width) = b.segment(first, width) + 3.0 * c.segment(first, width);
                                  });
                                });
                              });
                            }})[0];
  return 3.0 * 8.0 * static_cast<double>(n) / ms * 1e-6;
}

double cholesky_time(Index n) {
  const BlasThreads held(1);
  const Mat A = random_spd(n);
  Mat L;
  return medians(9, {[&](int) {
                   L = A;
                   return milliseconds([&] { factorize_spd(L); });
                 }})[0];
}

}  // namespace

BlasThreads::BlasThreads(int threads) : before_(openblas_get_num_threads()) { openblas_set_num_threads(threads); }
BlasThreads::~BlasThreads() { openblas_set_num_threads(before_); }

MachineLimits measure_limits() {
  MachineLimits m;
  m.blas_core = openblas_get_corename();
  m.cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  m.gemm_one = gemm_rate(1), m.gemm_all = gemm_rate(m.cores);
  m.triad_one = triad_rate(1), m.triad_all = triad_rate(m.cores);
  m.cholesky_500_ms = cholesky_time(500);
  return m;
}

std::string format_limits(const MachineLimits& m) {
  return fmt::format(
      "this machine: {} cores; OpenBLAS kernels '{}' (OPENBLAS_CORETYPE chooses others)\n"
      "limits: GEMM {:.0f} GFLOP/s on one thread, {:.0f} on {}; triad {:.1f} and {:.1f} GB/s; Cholesky n=500 {:.2f} "
      "ms\n",
      m.cores, m.blas_core, m.gemm_one, m.gemm_all, m.cores, m.triad_one, m.triad_all, m.cholesky_500_ms);
}

}  // namespace argscope::app
