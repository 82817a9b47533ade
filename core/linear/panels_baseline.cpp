#define ARGSCOPE_PANELS panels_baseline
#define ARGSCOPE_PANELS_NAME "baseline"
#include "core/linear/panels.inc"
