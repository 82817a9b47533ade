#pragma once
/// What a Program runs: arrays with planned places, and a list of steps. A step is either a loop over the rows of a
/// leading axis in cache-sized blocks (many nodes at once) or one operation on whole arrays.

#include <variant>

#include "core/expr/program.h"

namespace argscope::expr {

/// Where an array lives while a Program runs.
struct Place {
  enum class Space { None, Memory, Input, Output, Constant } space = Space::None;
  Index at = 0;  ///< offset into memory, or which input, output or constant
};

/// An operand of an instruction inside a loop.
struct BlockRef {
  enum class Kind { None, Slot, Array, Fixed } kind = Kind::None;
  Index slot = 0;        ///< Slot, Fixed: which; a Fixed slot is filled once a run
  Place place;           ///< Array: the block's part of it
  Index stride = 0;      ///< Array: numbers from one item of the loop to the next
  Index row_stride = 0;  ///< Array: numbers from one row to the next, where items are a row's columns
};

/// How rows of an array map to rows of the loop: row r of the loop is start + step·r, or index[r].
struct RowMap {
  Place index;  ///< Space::None: affine
  Index start = 0, step = 1;
};

struct Instruction {
  enum class Kind {
    Unary,
    Binary,
    Where,  ///< elementwise
    Scale,  ///< a of `lanes` numbers an element times b of one
    RowRepeat,
    RowSum,      ///< columns: one to `count`, `count` to one; `lanes` innermost
    Spread,      ///< one item to the whole block
    Columns,     ///< to[c] = from[table[c]] in each row
    AddColumns,  ///< to[table[c]] += from[c] in each row; `to` starts as zero
    Load,        ///< rows from elsewhere
    Accumulate,  ///< to += a
    AddTotal,    ///< adds all items of the block into one
    AddRows      ///< adds rows into rows elsewhere
  } kind;
  Op op = Op::Add;
  BlockRef to, a, b, c;
  Index width = 1;       ///< numbers in an item of the result (of the operand for AddTotal, AddRows)
  Index from_width = 1;  ///< numbers in an item of the operand, where it differs
  Index count = 1, lanes = 1;
  RowMap rows;
  Place target;              ///< Load: the source; AddRows: the target
  std::vector<Index> table;  ///< of columns (each `lanes` numbers wide); empty: all, in order
};

/// Fills a Fixed slot before the loop: a uniform value, or one item repeated.
struct Filling {
  Index slot = 0;
  double value = 0;
  Place row;                   ///< Space::None: uniform
  Index width = 1, lanes = 1;  ///< of the result's item; each element of `row` is `lanes` numbers
  std::vector<Index> table;    ///< result column → element of `row`
};

/// Its items are rows of a leading axis, or, where those are too long for scratch, the elements of one row after the
/// other.
struct Loop {
  Index rows = 0;
  Index columns = 0;                          ///< elements in a row; 0: the items are whole rows
  Index block = 1;                            ///< items at a time
  Index slot_size = 0, slots = 0;             ///< scratch
  std::vector<std::pair<Place, Index>> zero;  ///< arrays that start as zero, with their sizes
  std::vector<Filling> fillings;
  std::vector<Instruction> body;
};

struct WholeArray {
  Node node;
  std::array<Shape, 5> shapes;  ///< of the operands
  std::array<bool, 5> tangent{};
  std::array<Place, 5> from;
  Place to;
};

struct Copy {
  Place from, to;
  Index size = 0;
  Index times = 1;  ///< each number that often
  bool uniform = false;
  double value = 0;
};

using Step = std::variant<Loop, WholeArray, Copy>;

struct Program::Plan {
  int lanes = 1;
  Index memory = 0;   ///< doubles
  Index scratch = 0;  ///< doubles, behind memory: the slots of the largest loop
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

  const double* read(const Place& p) const {
    switch (p.space) {
      case Place::Space::Memory: return memory + p.at;
      case Place::Space::Input: return inputs[static_cast<std::size_t>(p.at)];
      case Place::Space::Output: return outputs[static_cast<std::size_t>(p.at)];
      case Place::Space::Constant: return plan->constants[static_cast<std::size_t>(p.at)]->data();
      case Place::Space::None: break;
    }
    return nullptr;
  }
  double* write(const Place& p) const {
    return p.space == Place::Space::Output ? outputs[static_cast<std::size_t>(p.at)] : memory + p.at;
  }
};

void run_loop(const Loop&, const Running&);
void run_whole(const WholeArray&, int lanes, const Running&);

}  // namespace argscope::expr
