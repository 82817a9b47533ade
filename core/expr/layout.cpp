// How primitives treat rows, and which elements of rows go where.
#include <algorithm>

#include "core/expr/planner.h"

namespace argscope::expr {

bool sums_rows(const Node& n) { return n.op == Op::Sum && n.ints.front() == 0; }

bool sums_within_rows(const Graph& g, Id y) {
  const Node& n = g[y];
  const int rank = g.shape(n.in[0]).rank();
  return n.op == Op::Sum && static_cast<int>(n.ints.size()) == rank - (sums_rows(n) ? 0 : 1);
}

bool broadcasts_within_rows(const Graph& g, Id y) {
  const Shape &to = g.shape(y), &from = g.shape(g[y].in[0]);
  return from.rank() == to.rank() && from.rank() > 0 && from[0] == to[0];
}

bool repeats_rows(const Graph& g, Id y) {
  const Shape &to = g.shape(y), &from = g.shape(g[y].in[0]);
  return from.size() == to.width() && !(broadcasts_within_rows(g, y) && to[0] != 1);
}

bool fills_rows(const Graph& g, Id y) {
  const Shape& from = g.shape(g[y].in[0]);
  return from.size() == 1 || (broadcasts_within_rows(g, y) && from.width() == 1);
}

bool keeps_rows(const Graph& g, Id y) {
  const Node& n = g[y];
  return n.ints[0] == 0 && n.ints[1] == 1 && g.shape(n.in[0])[0] == n.shape[0];
}

Index loop_rows(const Graph& g, Id y) {
  const Op op = g[y].op;
  const bool by_operand = op == Op::Sum || op == Op::Pad || op == Op::ScatterAdd;
  return g.shape(by_operand ? g[y].in[0] : y).rows();
}

bool reads_by_row(const Graph& g, Id y, int k) {
  switch (g[y].op) {
    case Op::Broadcast: return broadcasts_within_rows(g, y);
    case Op::Slice: return keeps_rows(g, y);
    case Op::Gather: return false;
    case Op::ScatterAdd: return k == 0;
    default: return primitive(g[y].op).kernel != Kernel::Whole;
  }
}

std::vector<Index> broadcast_table(const Shape& from, const Shape& to) {
  const int offset = to.rank() - from.rank();
  std::vector<Index> table(static_cast<std::size_t>(to.width()));
  for (Index e = 0; e < to.width(); ++e) {
    Index rest = e, stride = 1, at = 0;
    for (int a = to.rank(); a-- > 1;) {
      const Index k = rest % to[a];
      rest /= to[a];
      if (a - offset < 0) continue;
      const Index length = from[a - offset];
      at += (length == 1 ? 0 : k) * stride;
      stride *= length;
    }
    table[static_cast<std::size_t>(e)] = at;
  }
  return table;
}

std::vector<Index> sum_table(const Shape& from, const std::vector<Index>& axes) {
  std::vector<Index> table(static_cast<std::size_t>(from.width()));
  for (Index e = 0; e < from.width(); ++e) {
    Index rest = e, stride = 1, at = 0;
    for (int a = from.rank(); a-- > 1;) {
      const Index k = rest % from[a];
      rest /= from[a];
      if (std::find(axes.begin(), axes.end(), a) != axes.end()) continue;
      at += k * stride;
      stride *= from[a];
    }
    table[static_cast<std::size_t>(e)] = at;
  }
  return table;
}

std::vector<Index> slice_table(const Node& n, const Shape& few, const Shape& many) {
  std::vector<Index> table(static_cast<std::size_t>(few.width()));
  bool whole = few.width() == many.width();
  for (Index e = 0; e < few.width(); ++e) {
    Index rest = e, stride = 1, at = 0;
    for (int a = few.rank(); a-- > 1;) {
      const auto k = static_cast<std::size_t>(2 * a);
      at += (n.ints[k] + n.ints[k + 1] * (rest % few[a])) * stride;
      rest /= few[a];
      stride *= many[a];
    }
    table[static_cast<std::size_t>(e)] = at;
    whole = whole && at == e;
  }
  return whole ? std::vector<Index>{} : table;
}

}  // namespace argscope::expr
