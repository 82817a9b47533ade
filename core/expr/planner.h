#pragma once
/// From a graph to the schedule of a Program. Every computed node gets a level and the number of rows of the loop that
/// it runs in; nodes of one level and one number of rows share a loop. A node sits one level above an operand that it
/// cannot read block by block, or later, where its reader is. Reshapes (and stops) are other views of the same numbers:
/// all book-keeping is on their root.

#include <compare>
#include <map>

#include "core/expr/plan.h"
#include "core/expr/primitives.h"

namespace argscope::expr {

/// An operand's block should fit many times into the first-level cache.
inline constexpr Index block_numbers = 512;

struct Scheduled {
  bool computed = false;      ///< by a step of this program
  bool uniform = false;       ///< a constant with all elements equal
  bool materialized = false;  ///< needed outside the loop that computes it
  double value = 0;           ///< of a uniform constant
  Place place;
  int level = 0;
  int last_level = 0;  ///< of its last reader
};

/// What the nodes of one loop have in common.
struct LoopKey {
  int level = 0;
  Index rows = 1;
  Index columns = 0;  ///< of rows that run in stretches; 0: whole rows at a time
  auto operator<=>(const LoopKey&) const = default;
};

class Schedule {
 public:
  Schedule(const Graph&, const Ids& inputs, const Ids& outputs, int lanes, bool fold, Program::Plan&);

  const Graph& graph() const { return g_; }
  int lanes_of(Id y) const { return g_[y].tangent ? lanes_ : 1; }
  Id root(Id y) const;  ///< behind reshapes and stops
  const Scheduled& of(Id y) const { return info_[static_cast<std::size_t>(root(y))]; }

  const std::map<LoopKey, Ids>& loops() const { return loops_; }
  const std::map<int, Ids>& wholes() const { return wholes_; }
  int levels() const { return levels_; }

 private:
  void fold_constants(const Ids& order, const Ids& outputs, Program::Plan&);
  void assign_levels(const Ids& order);
  void sink(const Ids& order);
  void find_materialized(const Ids& order, const Ids& outputs, Program::Plan&);
  void place_arrays(const Ids& order, const Ids& outputs, Program::Plan&);
  void place_in_memory(const std::vector<Id>& nodes, Program::Plan&);
  Scheduled& info(Id y) { return info_[static_cast<std::size_t>(root(y))]; }
  bool is_step(Id y) const { return root(y) == y && info_[static_cast<std::size_t>(y)].computed; }
  Index columns_of(Id y) const;
  bool gives_rows(Id y) const;
  /// Whether y reads operand k block by block within the loop that computes it, at one level.
  bool shares_loop(Id y, int k) const;

  const Graph& g_;
  int lanes_;
  std::vector<Scheduled> info_;
  std::vector<char> given_;
  std::map<LoopKey, Ids> loops_;
  std::map<int, Ids> wholes_;
  int levels_ = 0;
};

/// Rows of the loop that computes y.
Index loop_rows(const Graph&, Id y);
bool reads_by_row(const Graph&, Id y, int k);
/// Broadcast that leaves the leading axis alone.
bool broadcasts_within_rows(const Graph&, Id y);
/// Broadcast of one row to all, of one element to each row, of one element to all.
bool repeats_rows(const Graph&, Id y);
bool fills_rows(const Graph&, Id y);
/// Slice or Pad that takes all of the leading axis.
bool keeps_rows(const Graph&, Id y);
/// Sum over the leading axis; over all the others.
bool sums_rows(const Node&);
bool sums_within_rows(const Graph&, Id y);

/// For each element of a row of `to`, the element of `from` (of a row of it, where both have the same rows) that it
/// shows.
std::vector<Index> broadcast_table(const Shape& from, const Shape& to);
/// For each element of a row, the element of the row's sum over `axes` that it adds to.
std::vector<Index> sum_table(const Shape& from, const std::vector<Index>& axes);
/// Slice and Pad: which elements of the longer row the shorter one has; empty: all of them.
std::vector<Index> slice_table(const Node&, const Shape& few, const Shape& many);

Loop build_loop(const Schedule&, const LoopKey&, const Ids& nodes);
/// Numbers the slots of a loop anew: a slot is used again once its last reader has run.
void assign_slots(Loop&, Index virtual_slots);

}  // namespace argscope::expr
