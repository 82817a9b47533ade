#pragma once
/// From a graph to the schedule of a Program. Every computed node gets a level and the number of rows of the loop that it
/// runs in; nodes of one level and one number of rows share a loop. A node sits one level above an operand that it cannot
/// read block by block. Reshapes (and stops) are other views of the same numbers: all book-keeping is on their root.

#include <map>

#include "core/expr/plan.h"
#include "core/expr/primitives.h"

namespace argscope::expr {

struct Scheduled {
  bool computed = false;            ///< by a step of this program
  bool uniform = false;             ///< a constant with all elements equal
  bool materialized = false;        ///< needed outside the loop that computes it
  double value = 0;                 ///< of a uniform constant
  Place place;
  int level = 0;
  int last_level = 0;               ///< of its last reader
  Index loop_rows = 1;
};

class Schedule {
 public:
  Schedule(const Graph&, const Ids& inputs, const Ids& outputs, int lanes, bool fold, Program::Plan&);

  const Graph& graph() const { return g_; }
  int lanes_of(Id y) const { return g_[y].tangent ? lanes_ : 1; }
  Id root(Id y) const;                                     ///< behind reshapes and stops
  const Scheduled& of(Id y) const { return info_[static_cast<std::size_t>(root(y))]; }
  /// Whether y reads operand k row by row within the loop that computes it (same level and rows).
  bool shares_loop(Id y, int k) const;
  bool reads_by_row(Id y, int k) const;

  using Key = std::pair<int, Index>;                       ///< level, rows
  const std::map<Key, Ids>& loops() const { return loops_; }
  const std::map<int, Ids>& wholes() const { return wholes_; }
  int levels() const { return levels_; }

 private:
  void fold_constants(const Ids& order, const Ids& outputs, Program::Plan&);
  void assign_levels(const Ids& order);
  void find_materialized(const Ids& order, const Ids& outputs, Program::Plan&);
  void place_arrays(const Ids& order, const Ids& outputs, Program::Plan&);
  void place_in_memory(const std::vector<Id>& nodes, Program::Plan&);
  Scheduled& info(Id y) { return info_[static_cast<std::size_t>(root(y))]; }

  const Graph& g_;
  int lanes_;
  std::vector<Scheduled> info_;
  std::vector<char> given_;
  std::map<Key, Ids> loops_;
  std::map<int, Ids> wholes_;
  int levels_ = 0;
};

/// Rows of the loop that computes y, and whether its result can be read block by block in that loop.
Index loop_rows(const Graph&, Id y);
bool gives_rows(const Graph&, Id y);
/// Broadcast that leaves the leading axis alone.
bool broadcasts_within_rows(const Graph&, Id y);
/// Slice or Pad that takes all of the leading axis.
bool keeps_rows(const Graph&, Id y);

Loop build_loop(const Schedule&, Index rows, const Ids& nodes);

}  // namespace argscope::expr
