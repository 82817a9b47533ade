#include "tests/core/expr/oracle.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/expr/primitives.h"
#include "core/expr/routine.h"
#include "core/expr/scan.h"

namespace argscope::expr::check {

namespace {

using Position = std::array<Index, Shape::max_rank>;

Position unravel(const Shape& shape, Index flat) {
  Position p{};
  for (int a = shape.rank(); a-- > 0; flat /= shape[a]) p[static_cast<std::size_t>(a)] = flat % shape[a];
  return p;
}

Index ravel(const Shape& shape, const Position& p) {
  Index flat = 0;
  for (int a = 0; a < shape.rank(); ++a) flat = flat * shape[a] + p[static_cast<std::size_t>(a)];
  return flat;
}

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

Index last_axis(const Shape& s) { return s[s.rank() - 1]; }

}  // namespace

void Oracle::give(Id node, const std::vector<double>& values) {
  Vars v;
  for (double x : values) v.push_back(tape_->leaf(x));
  known_[node] = std::move(v);
}

std::vector<double> Oracle::values(Id node) {
  std::vector<double> result;
  for (Var v : of(node)) result.push_back(tape_->value(v));
  return result;
}

std::vector<std::vector<double>> Oracle::gradient(Id f, const Ids& wrt) {
  const std::vector<double> all = tape_->gradient(of(f).at(0));
  std::vector<std::vector<double>> result;
  for (Id w : wrt) {
    result.emplace_back();
    for (Var v : of(w)) result.back().push_back(at(v) < all.size() ? all[at(v)] : 0);
  }
  return result;
}

const Oracle::Vars& Oracle::of(Id node) {
  const auto it = known_.find(node);
  if (it != known_.end()) return it->second;
  return known_[node] = computed(g_[node]);
}

Oracle::Vars Oracle::computed(const Node& n) {
  if (n.op == Op::Input) throw ShapeError("the oracle needs '" + n.name + "'");
  if (n.op == Op::Constant) {
    Vars v;
    for (Index e = 0; e < n.shape.size(); ++e) v.push_back(tape_->leaf(n.data ? (*n.data)[at(e)] : n.c));
    return v;
  }
  return primitive(n.op).kernel == Kernel::Elementwise ? elementwise(n) : moved(n);
}

Oracle::Vars Oracle::zeros(const Shape& shape) { return Vars(at(shape.size()), tape_->leaf(0)); }

Oracle::Vars Oracle::elementwise(const Node& n) {
  Vars y;
  for (Index e = 0; e < n.shape.size(); ++e) {
    const auto in = [&](int k) { return of(n.in[at(k)])[at(e)]; };
    const bool cut = n.op == Op::Stop || (n.op == Op::Sqrt && !n.ints.empty() && value(n.in[0], e) == 0);
    if (cut)
      y.push_back(tape_->leaf(value(n.in[0], e)));
    else if (n.arity == 1)
      y.push_back(tape_->apply(n.op, in(0)));
    else if (n.arity == 2)
      y.push_back(tape_->apply(n.op, in(0), in(1)));
    else
      y.push_back(tape_->apply(n.op, in(0), in(1), in(2)));
  }
  return y;
}

Oracle::Vars Oracle::moved(const Node& n) {
  const Shape& from = g_.shape(n.in[0]);
  switch (n.op) {
    case Op::Broadcast: return broadcast(n);
    case Op::Sum: return summed(n);
    case Op::Reshape: return of(n.in[0]);
    case Op::Permute: {
      Vars y = zeros(n.shape);
      for (Index e = 0; e < n.shape.size(); ++e) {
        const Position out = unravel(n.shape, e);
        Position in{};
        for (std::size_t k = 0; k < n.ints.size(); ++k) in[at(n.ints[k])] = out[k];
        y[at(e)] = of(n.in[0])[at(ravel(from, in))];
      }
      return y;
    }
    case Op::Slice:
    case Op::Pad: {
      const bool slices = n.op == Op::Slice;
      const Shape &few = slices ? n.shape : from, &many = slices ? from : n.shape;
      Vars y = zeros(n.shape);
      for (Index e = 0; e < few.size(); ++e) {
        Position p = unravel(few, e);
        for (std::size_t a = 0; a < at(few.rank()); ++a) p[a] = n.ints[2 * a] + n.ints[2 * a + 1] * p[a];
        if (slices)
          y[at(e)] = of(n.in[0])[at(ravel(many, p))];
        else
          y[at(ravel(many, p))] = of(n.in[0])[at(e)];
      }
      return y;
    }
    default: return indexed(n);
  }
}

Oracle::Vars Oracle::broadcast(const Node& n) {
  const Shape& from = g_.shape(n.in[0]);
  const int extra = n.shape.rank() - from.rank();
  Vars y;
  for (Index e = 0; e < n.shape.size(); ++e) {
    const Position out = unravel(n.shape, e);
    Position in{};
    for (int a = 0; a < from.rank(); ++a) in[at(a)] = from[a] == 1 ? 0 : out[at(a + extra)];
    y.push_back(of(n.in[0])[at(ravel(from, in))]);
  }
  return y;
}

Oracle::Vars Oracle::summed(const Node& n) {
  const Shape& from = g_.shape(n.in[0]);
  Vars y = zeros(n.shape);
  for (Index e = 0; e < from.size(); ++e) {
    const Position in = unravel(from, e);
    Position out{};
    std::size_t k = 0;
    for (int a = 0; a < from.rank(); ++a)
      if (std::find(n.ints.begin(), n.ints.end(), a) == n.ints.end()) out[k++] = in[at(a)];
    Var& to = y[at(ravel(n.shape, out))];
    to = tape_->apply(Op::Add, to, of(n.in[0])[at(e)]);
  }
  return y;
}

Oracle::Vars Oracle::indexed(const Node& n) {
  if (n.op != Op::Gather && n.op != Op::ScatterAdd && n.op != Op::TakeAlong && n.op != Op::PutAlong) return whole(n);
  const bool rows = n.op == Op::Gather || n.op == Op::ScatterAdd;
  const bool takes = n.op == Op::Gather || n.op == Op::TakeAlong;
  const Shape& from = g_.shape(n.in[0]);
  const Shape &few = takes ? n.shape : from, &many = takes ? from : n.shape;
  Vars y = zeros(n.shape);
  for (Index e = 0; e < few.size(); ++e) {
    Position p = unravel(few, e);
    const std::size_t axis = rows ? 0 : at(few.rank() - 1);
    p[axis] = static_cast<Index>(value(n.in[1], rows ? p[0] : e));
    const std::size_t k = at(ravel(many, p));
    if (takes)
      y[at(e)] = of(n.in[0])[k];
    else
      y[k] = tape_->apply(Op::Add, y[k], of(n.in[0])[at(e)]);
  }
  return y;
}

Oracle::Vars Oracle::whole(const Node& n) {
  switch (n.op) {
    case Op::CumSum: return cumulated(n);
    case Op::MatMul: return product(n);
    case Op::ArgMax:
    case Op::ArgSort: return positions(n);
    case Op::Solve: return solved(n);
    case Op::LogDet: return log_determinant(n);
    case Op::Routine: return called(n);
    case Op::Scan:
    case Op::LinearScan: return scanned(n);
    default: throw ShapeError("the oracle does not know this primitive: " + std::string(primitive(n.op).name));
  }
}

/// Its numbers with derivative zero.
Oracle::Vars Oracle::called(const Node& n) {
  std::vector<std::vector<double>> numbers;
  std::vector<ArrayView> views;
  for (Id operand : n.operands()) numbers.push_back(values(operand));
  for (std::size_t k = 0; k < numbers.size(); ++k) views.push_back({g_.shape(n.in[k]), numbers[k].data()});
  std::vector<double> result(at(n.shape.size()));
  n.routine->run(views, n.ints, result);
  Vars y;
  for (double v : result) y.push_back(tape_->leaf(v));
  return y;
}

Oracle::Vars Oracle::cumulated(const Node& n) {
  Vars y = of(n.in[0]);
  const auto axis = at(n.ints[0]);
  const bool reverse = n.ints[1] != 0;
  for (Index step = 0; step < n.shape.size(); ++step) {
    const Index e = reverse ? n.shape.size() - 1 - step : step;
    Position p = unravel(n.shape, e);
    if (p[axis] == (reverse ? n.shape[static_cast<int>(axis)] - 1 : 0)) continue;
    p[axis] += reverse ? 1 : -1;
    y[at(e)] = tape_->apply(Op::Add, y[at(e)], y[at(ravel(n.shape, p))]);
  }
  return y;
}

Oracle::Vars Oracle::product(const Node& n) {
  const Shape &p = g_.shape(n.in[0]), &q = g_.shape(n.in[1]);
  const bool ta = n.ints[0] != 0, tb = n.ints[1] != 0;
  const Index m = n.shape[0], columns = n.shape.rank() == 2 ? n.shape[1] : 1, inner = p[ta ? 0 : 1];
  const Index ldb = q.rank() == 2 ? q[1] : 1;
  Vars y;
  for (Index i = 0; i < m; ++i)
    for (Index j = 0; j < columns; ++j) {
      Var s = tape_->leaf(0);
      for (Index k = 0; k < inner; ++k) {
        const Var a = of(n.in[0])[at(ta ? k * p[1] + i : i * p[1] + k)];
        const Var b = of(n.in[1])[at(tb ? j * ldb + k : k * ldb + j)];
        s = tape_->apply(Op::Add, s, tape_->apply(Op::Mul, a, b));
      }
      y.push_back(s);
    }
  return y;
}

Oracle::Vars Oracle::positions(const Node& n) {
  const Shape& from = g_.shape(n.in[0]);
  const Index length = last_axis(from);
  Vars y;
  for (Index r = 0; length > 0 && r < from.size() / length; ++r) {
    std::vector<Index> order(at(length));
    std::iota(order.begin(), order.end(), 0);
    const auto v = [&](Index c) { return value(n.in[0], r * length + c); };
    const auto before = [&](Index a, Index b) {
      if (std::isnan(v(a)) || std::isnan(v(b))) return !std::isnan(v(a)) && std::isnan(v(b));
      return v(a) < v(b);
    };
    std::stable_sort(order.begin(), order.end(), before);
    if (n.op == Op::ArgSort) {
      for (Index c : order) y.push_back(tape_->leaf(static_cast<double>(c)));
      continue;
    }
    // the first of those that nothing comes after
    const auto top = std::find_if(order.begin(), order.end(), [&](Index c) { return !before(c, order.back()); });
    y.push_back(tape_->leaf(static_cast<double>(*top)));
  }
  return y;
}

void Oracle::eliminate(std::vector<Vars>& a, std::vector<Vars>& b) {
  const std::size_t n = a.size();
  for (std::size_t k = 0; k < n; ++k) {
    std::size_t pivot = k;
    for (std::size_t r = k; r < n; ++r)
      if (std::fabs(tape_->value(a[r][k])) > std::fabs(tape_->value(a[pivot][k]))) pivot = r;
    std::swap(a[k], a[pivot]);
    std::swap(b[k], b[pivot]);
    for (std::size_t r = k + 1; r < n; ++r) {
      const Var f = tape_->apply(Op::Div, a[r][k], a[k][k]);
      const auto reduce = [&](Var& to, Var by) { to = tape_->apply(Op::Sub, to, tape_->apply(Op::Mul, f, by)); };
      for (std::size_t c = k; c < n; ++c) reduce(a[r][c], a[k][c]);
      for (std::size_t c = 0; c < b[r].size(); ++c) reduce(b[r][c], b[k][c]);
    }
  }
}

namespace {

template <class Vars>
std::vector<Vars> matrix(const Vars& flat, Index rows, Index columns, bool transposed) {
  std::vector<Vars> m(at(transposed ? columns : rows));
  for (Index r = 0; r < rows; ++r)
    for (Index c = 0; c < columns; ++c) m[at(transposed ? c : r)].push_back(flat[at(r * columns + c)]);
  return m;
}

}  // namespace

Oracle::Vars Oracle::solved(const Node& n) {
  const Index size = g_.shape(n.in[0])[0];
  const Index columns = size ? n.shape.size() / size : 0;
  auto a = matrix(of(n.in[0]), size, size, n.ints[0] != 0);
  auto b = matrix(of(n.in[1]), size, columns, false);
  eliminate(a, b);
  Vars x(at(n.shape.size()));
  for (Index c = 0; c < columns; ++c)
    for (Index r = size; r-- > 0;) {
      Var s = b[at(r)][at(c)];
      for (Index k = r + 1; k < size; ++k)
        s = tape_->apply(Op::Sub, s, tape_->apply(Op::Mul, a[at(r)][at(k)], x[at(k * columns + c)]));
      x[at(r * columns + c)] = tape_->apply(Op::Div, s, a[at(r)][at(r)]);
    }
  return x;
}

Oracle::Vars Oracle::log_determinant(const Node& n) {
  const Index size = g_.shape(n.in[0])[0];
  auto a = matrix(of(n.in[0]), size, size, false);
  std::vector<Vars> nothing(a.size());
  eliminate(a, nothing);
  Var s = tape_->leaf(0);
  for (std::size_t k = 0; k < a.size(); ++k)
    s = tape_->apply(Op::Add, s, tape_->apply(Op::Log, tape_->apply(Op::Abs, a[k][k])));
  return {s};
}

Oracle::Vars Oracle::scanned(const Node& n) {
  const ScanBody& body = *n.body;
  Vars carry = of(n.in[0]), all = carry;
  for (Index t = 0; t < n.ints[0]; ++t) {
    Oracle step(body.graph(), tape_);
    for (std::size_t k = 0; k < body.pieces().size(); ++k) {
      const Vars source = k == 0 ? carry : of(n.in[k]);
      auto from = source.begin();
      if (k == 1 || k == 3) from += t * g_.shape(n.in[k])[1];
      for (Id p : body.pieces()[k]) {
        step.known_[p] = Vars(from, from + body.graph().shape(p).size());
        from += body.graph().shape(p).size();
      }
    }
    carry.clear();
    for (Id next : body.next()) {
      const Vars& v = step.of(next);
      carry.insert(carry.end(), v.begin(), v.end());
    }
    all.insert(all.end(), carry.begin(), carry.end());
  }
  return all;
}

}  // namespace argscope::expr::check
