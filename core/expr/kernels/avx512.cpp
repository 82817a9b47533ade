#define ARGSCOPE_KERNELS avx512
#define ARGSCOPE_KERNELS_NAME "avx512"
#include "core/expr/kernels/loops.inc"
