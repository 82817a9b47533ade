#include <algorithm>

#include "core/expr/planner.h"

namespace argscope::expr {

namespace {

/// Hands out slots; those given back are used again first.
class Pool {
 public:
  Index take() {
    if (free_.empty()) return used_++;
    const Index slot = free_.back();
    free_.pop_back();
    return slot;
  }
  void give_back(Index slot) { free_.push_back(slot); }
  Index used() const { return used_; }

 private:
  std::vector<Index> free_;
  Index used_ = 0;
};

std::array<BlockRef*, 4> operands(Instruction& i) { return {&i.a, &i.b, &i.c, &i.to}; }

}  // namespace

void assign_slots(Loop& loop, Index virtual_slots) {
  const auto at = [](Index slot) { return static_cast<std::size_t>(slot); };
  std::vector<std::size_t> last(at(virtual_slots), 0);
  for (std::size_t k = 0; k < loop.body.size(); ++k)
    for (const BlockRef* r : operands(loop.body[k]))
      if (r->kind == BlockRef::Kind::Slot) last[at(r->slot)] = k;
  Pool pool;
  std::vector<Index> physical(at(virtual_slots), -1);
  const auto place = [&](Index slot) {
    Index& p = physical[at(slot)];
    if (p < 0) p = pool.take();
    return p;
  };
  for (Filling& f : loop.fillings) f.slot = place(f.slot);
  for (std::size_t k = 0; k < loop.body.size(); ++k) {
    std::vector<Index> done;  // given back after the instruction: a result never overwrites an operand
    for (BlockRef* r : operands(loop.body[k])) {
      if (r->kind != BlockRef::Kind::Slot && r->kind != BlockRef::Kind::Fixed) continue;
      const bool ends = r->kind == BlockRef::Kind::Slot && last[at(r->slot)] == k;
      r->slot = place(r->slot);
      if (ends && std::find(done.begin(), done.end(), r->slot) == done.end()) done.push_back(r->slot);
    }
    for (Index slot : done) pool.give_back(slot);
  }
  loop.slots = pool.used();
}

}  // namespace argscope::expr
