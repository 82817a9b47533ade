#pragma once
/// The only door to oneTBB. Work is cut into fixed pieces that do not depend on the number of threads, and no
/// piece reads what another writes, so results have the same bits for any number of threads.

#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include "core/types.h"

namespace argscope {

/// Calls body(i) for i in [0, count), in parallel.
template <class Body>
void parallel_for(Index count, const Body& body) {
  tbb::parallel_for(Index{0}, count, body);
}

/// Calls body(first, width) for consecutive blocks of at most `block` out of `count`, in parallel.
template <class Body>
void parallel_blocks(Index count, Index block, const Body& body) {
  parallel_for((count + block - 1) / block, [&](Index b) {
    const Index first = b * block;
    body(first, std::min(block, count - first));
  });
}

/// The same from within work that must not be entered again, such as that with a thread's own scratch: a thread that
/// waits for the others takes up nothing else meanwhile.
template <class Body>
void parallel_blocks_alone(Index count, Index block, const Body& body) {
  tbb::this_task_arena::isolate([&] { parallel_blocks(count, block, body); });
}

/// Runs body with at most `threads` threads working on the parallel loops inside it.
template <class Body>
auto with_threads(int threads, const Body& body) {
  tbb::task_arena arena(threads);
  return arena.execute(body);
}

}  // namespace argscope
