#define ARGSCOPE_KERNELS baseline
#define ARGSCOPE_KERNELS_NAME "baseline"
#include "core/expr/kernels/loops.inc"
