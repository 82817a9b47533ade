#define ARGSCOPE_PANELS panels_avx2
#define ARGSCOPE_PANELS_NAME "avx2"
#include "core/linear/panels.inc"
