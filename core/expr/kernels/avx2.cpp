#define ARGSCOPE_KERNELS avx2
#define ARGSCOPE_KERNELS_NAME "avx2"
#include "core/expr/kernels/loops.inc"
