#define ARGSCOPE_PANELS panels_avx512
#define ARGSCOPE_PANELS_NAME "avx512"
#include "core/linear/panels.inc"
