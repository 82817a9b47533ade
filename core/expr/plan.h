#pragma once
/// What a Program runs: arrays with planned places, and a list of steps. A step is either a loop over the rows of a
/// leading axis in cache-sized blocks (many nodes at once) or one operation on whole arrays.

#include <variant>

#include "core/expr/program.h"

namespace argscope::expr {

/// Where an array lives while a Program runs.
struct Place {
  enum class Space { None, Memory, Input, Output, Constant } space = Space::None;
  Index at = 0;                     ///< offset into memory, or which input, output or constant
};

/// An operand of an instruction inside a loop.
struct BlockRef {
  enum class Kind { None, Slot, Rows, Fixed } kind = Kind::None;
  Index slot = 0;                   ///< Slot, Fixed: which; a Fixed slot is filled once a run
  Place place;                      ///< Rows: the block's rows of this array
  Index stride = 0;                 ///< Rows: numbers in one row
};

/// How rows of an array map to rows of the loop: row r of the loop is start + step·r, or index[r].
struct RowMap {
  Place index;                      ///< Space::None: affine
  Index start = 0, step = 1;
};

struct Instruction {
  enum class Kind {
    Unary, Binary, Where,           ///< elementwise
    Repeat,                         ///< each number `count` times (lanes)
    RowRepeat, RowSum,              ///< columns: one to `count`, `count` to one; `lanes` innermost
    Columns,                        ///< to[c] = from[table[c]] in each row
    AddColumns,                     ///< to[table[c]] += from[c] in each row; `to` starts as zero
    Load,                           ///< rows from elsewhere
    AddTotal,                       ///< adds all rows into one
    AddRows                         ///< adds rows into rows elsewhere
  } kind;
  Op op = Op::Add;
  BlockRef to, a, b, c;
  Index width = 1;                  ///< numbers in a row of the result (in a row of the operand for Add…)
  Index from_width = 1;             ///< numbers in a row of the operand, where it differs
  Index count = 1, lanes = 1;
  RowMap rows;
  Place target;                     ///< Load: the source; AddTotal, AddRows: the target
  std::vector<Index> table;         ///< of columns (each `lanes` numbers wide); empty: all, in order
};

/// Fills a Fixed slot before the loop: a uniform value, or one row repeated.
struct Filling {
  Index slot = 0;
  double value = 0;
  Place row;                        ///< Space::None: uniform
  Index width = 1, lanes = 1;       ///< of the result's row; each element of `row` is `lanes` numbers
  std::vector<Index> table;         ///< result column → element of `row`
};

struct Loop {
  Index rows = 0, block = 1;        ///< block: rows at a time
  Index slot_size = 0, slots = 0;   ///< scratch
  std::vector<std::pair<Place, Index>> zero;  ///< arrays that start as zero, with their sizes
  std::vector<Filling> fillings;
  std::vector<Instruction> body;
};

struct WholeArray {
  Node node;
  std::array<Shape, 5> shapes;      ///< of the operands
  std::array<bool, 5> tangent{};
  std::array<Place, 5> from;
  Place to;
};

struct Copy {
  Place from, to;
  Index size = 0;
  Index times = 1;                  ///< each number that often
  bool uniform = false;
  double value = 0;
};

using Step = std::variant<Loop, WholeArray, Copy>;

struct Program::Plan {
  int lanes = 1;
  Index memory = 0;                 ///< doubles
  Index scratch = 0;                ///< doubles, behind memory: the slots of the largest loop
  std::vector<std::shared_ptr<const std::vector<double>>> constants;
  std::vector<Step> steps;

  static Plan make(const Graph&, const Ids& inputs, const Ids& outputs, int lanes, bool fold);
};

/// The pointers of one run.
struct Running {
  std::span<const double* const> inputs;
  std::span<double* const> outputs;
  double* memory;
  double* scratch;
  const Program::Plan* plan;

  const double* read(const Place&) const;
  double* write(const Place&) const;
};

void run_loop(const Loop&, const Running&);
void run_whole(const WholeArray&, int lanes, const Running&);

}  // namespace argscope::expr
