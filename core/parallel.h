#pragma once
/// The only door to oneTBB. Work is cut into fixed pieces that do not depend on the number of threads, and no
/// piece reads what another writes, so results have the same bits for any number of threads.
///
/// ThreadSanitizer takes what it cannot see into for races, and Debian's oneTBB was built without it. Under it the
/// pieces are done one after the other by the thread that asks; the program's own threads remain to be watched.

#ifndef __SANITIZE_THREAD__
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>
#endif

#include "core/types.h"

namespace argscope {

/// Calls body(i) for i in [0, count), in parallel.
template <class Body>
void parallel_for(Index count, const Body& body) {
#ifdef __SANITIZE_THREAD__
  for (Index i = 0; i < count; ++i) body(i);
#else
  tbb::parallel_for(Index{0}, count, body);
#endif
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
#ifdef __SANITIZE_THREAD__
  parallel_blocks(count, block, body);
#else
  tbb::this_task_arena::isolate([&] { parallel_blocks(count, block, body); });
#endif
}

/// Runs body with at most `threads` threads working on the parallel loops inside it.
template <class Body>
auto with_threads(int threads, const Body& body) {
#ifdef __SANITIZE_THREAD__
  static_cast<void>(threads);
  return body();
#else
  tbb::task_arena arena(threads);
  return arena.execute(body);
#endif
}

}  // namespace argscope
