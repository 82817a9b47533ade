#pragma once
/// What can be known of a sparse symmetric factorization from the pattern alone: order, supernodes, who updates whom.
/// Ordering and supernodes come from CHOLMOD's analysis (Chen, Davis, Hager & Rajamanickam 2008).

#include <cstdint>

#include "core/linear/operator.h"

namespace argscope::linear::sparse {

/// Consecutive columns that share their rows below the diagonal, kept as one dense panel.
struct Supernode {
  int first, width, rows, ld;    ///< ld: rows, rounded up to a multiple of 8
  std::int64_t values;           ///< where the panel starts among the factor's numbers
  std::int64_t row_start;        ///< where its rows' numbers start in Analysis::rows
  int parent, first_descendant;  ///< −1: a root; descendants are first_descendant … itself − 1
  double work;                   ///< floating-point operations of it and all its descendants
};

/// Rows `row`, `row + 1`, … of supernode `from` update another one, `count` of its columns.
struct Update {
  int from, row, count;
  std::int64_t position;  ///< in Analysis::positions: where those rows stand in the other's panel
};

/// Immutable.
struct Analysis {
  int n = 0;
  std::vector<int> order;        ///< original number of each eliminated unknown
  std::vector<Supernode> nodes;  ///< children before parents
  std::vector<int> rows;
  std::vector<int> update_start;  ///< of each supernode, and one more
  std::vector<Update> updates;
  std::vector<int> positions;
  std::vector<int> child_start, children;  ///< of each supernode; the last list: the roots
  std::vector<std::int64_t> place;         ///< of each entry of the pattern among the factor's numbers
  std::vector<std::int64_t> diagonal;      ///< of each original unknown among the factor's numbers
  std::int64_t size = 0;                   ///< of the factor's numbers
  int most_rows = 0;                       ///< of any panel
  std::int64_t largest_update = 0;         ///< numbers in the largest update, its rows rounded up
};

/// `lower`: the lower triangle's pattern. Null when it is too large for CHOLMOD's 32-bit numbers, or memory ran out.
std::shared_ptr<const Analysis> analyse(const SparsePattern& lower);

/// The last few analyses, by the pattern's address (which is kept alive).
class Analyses {
 public:
  std::shared_ptr<const Analysis> of(const std::shared_ptr<const SparsePattern>& lower);

 private:
  struct Entry {
    std::shared_ptr<const SparsePattern> pattern;
    std::shared_ptr<const Analysis> analysis;
  };
  std::vector<Entry> recent_;  // newest last
};

}  // namespace argscope::linear::sparse
