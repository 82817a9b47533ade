#include "tests/core/expr/primitive_cases.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/expr/build.h"
#include "core/expr/derivatives.h"
#include "core/expr/primitives.h"
#include "core/expr/routine.h"

namespace argscope::expr::check {

namespace {

/// Where a primitive's arguments are drawn from: inside its domain, off its kinks and poles.
struct Domain {
  double low, high;
};

Domain domain(Op op) {
  switch (op) {
    case Op::Log:
    case Op::Sqrt: return {0.2, 3};
    case Op::Log1p: return {-0.7, 2};
    case Op::Arcsin:
    case Op::Arccos: return {-0.8, 0.8};
    case Op::Tan: return {-1.2, 1.2};
    case Op::Reciprocal:
    case Op::Div:
    case Op::Pow: return {0.4, 2.5};
    default: return {-2, 2};
  }
}

bool has_kinks(Op op) {
  switch (op) {
    case Op::Abs:
    case Op::Sign:
    case Op::Floor:
    case Op::Round:
    case Op::Maximum:
    case Op::Minimum:
    case Op::Less:
    case Op::LessEqual:
    case Op::Equal:
    case Op::Arctan2: return true;
    default: return false;
  }
}

/// Numbers a twentieth or more away from every multiple of a half: no kink of the table is nearer.
Numbers off_the_kinks(Numbers v) {
  for (double& x : v) x = std::floor(2 * x) / 2 + 0.05 + 0.4 * (2 * x - std::floor(2 * x));
  return v;
}

/// floor(a) + floor(b₀ + b₁), negative where ints[0] says so.
const Routine wholes{"wholes", [](std::span<const ArrayView> in, std::span<const Index> ints, std::span<double> y) {
                       const double b = std::floor(in[1].values[0]) + std::floor(in[1].values[1]);
                       for (std::size_t k = 0; k < y.size(); ++k)
                         y[k] = (ints[0] ? -1 : 1) * (std::floor(in[0].values[k]) + b);
                     }};

class Maker {
 public:
  Maker(Op op, const Shape& shape, Random& random) : op_(op), shape_(shape), random_(random) {}

  std::vector<Case> make() {
    const Primitive& p = primitive(op_);
    if (p.kernel == Kernel::Source)
      source();
    else if (p.kernel == Kernel::Elementwise)
      elementwise(p.arity);
    else
      moving();
    return std::move(cases_);
  }

 private:
  Case& fresh() { return cases_.emplace_back(); }

  Id point(Case& c, const Shape& shape, Numbers values) {
    const Id id = c.graph.input("x", shape, false);
    c.given[id] = std::move(values);
    return id;
  }
  Id point(Case& c, const Shape& shape) { return point(c, shape, uniform_numbers(random_, shape.size(), -2, 2)); }

  Id indices(Case& c, const Shape& shape, Index length, bool known) {
    Numbers values;
    for (Index k = 0; k < shape.size(); ++k)
      values.push_back(static_cast<double>(whole_number(random_, 0, length - 1)));
    if (known) return c.graph.constant(std::move(values), shape);
    const Id id = c.graph.input("index", shape, false);
    c.fixed[id] = std::move(values);
    return id;
  }

  void source() {
    Case& c = fresh();
    c.y =
        op_ == Op::Input ? point(c, shape_) : c.graph.constant(uniform_numbers(random_, shape_.size(), -2, 2), shape_);
  }

  Numbers arguments() {
    const auto [low, high] = domain(op_);
    Numbers v = uniform_numbers(random_, shape_.size(), low, high);
    return has_kinks(op_) ? off_the_kinks(std::move(v)) : v;
  }

  void elementwise(int arity) {
    Case& c = fresh();
    if (arity == 1) {
      const Id a = point(c, shape_, arguments());
      c.y = op_ == Op::Stop ? stop(c.graph, a) : unary(c.graph, op_, a);
      return;
    }
    if (arity == 3) {
      const Id mask = indices(c, shape_, 2, false);
      c.y = where(c.graph, mask, point(c, shape_), point(c, shape_));
      return;
    }
    Numbers a = arguments(), b = arguments();
    for (std::size_t k = 0; k < b.size(); ++k)  // two operands a twentieth apart or exactly equal, never nearly
      if (has_kinks(op_) && std::fabs(a[k] - b[k]) < 0.05) b[k] = a[k] + 0.07;
    const Id first = point(c, shape_, a);
    c.y = binary(c.graph, op_, first, point(c, shape_, b));
    Case& scalar_operand = fresh();
    const Id other = point(scalar_operand, shape_, a);
    scalar_operand.y = binary(scalar_operand.graph, op_, other, point(scalar_operand, {}, {1.037}));
  }

  void moving() {
    switch (op_) {
      case Op::Broadcast: return broadcast();
      case Op::Sum: return sums();
      case Op::Reshape: return reshapes();
      case Op::Permute: return permutations();
      case Op::Slice:
      case Op::Pad: return slices();
      case Op::Gather:
      case Op::ScatterAdd: return by_rows();
      case Op::TakeAlong:
      case Op::PutAlong: return along();
      case Op::CumSum: return cumulated();
      case Op::ArgMax:
      case Op::ArgSort: return positions();
      case Op::MatMul: return products();
      case Op::Solve:
      case Op::LogDet: return systems();
      case Op::Routine: return routines();
      case Op::Scan: return loops();
      case Op::LinearScan: return linear_loops();
      default: return;
    }
  }

  void broadcast() {
    for (int dropped = 0; dropped <= shape_.rank(); ++dropped) {
      std::vector<Index> dims;
      for (int a = dropped; a < shape_.rank(); ++a) dims.push_back(whole_number(random_, 0, 1) ? shape_[a] : 1);
      Case& c = fresh();
      c.y = broadcast_to(c.graph, point(c, Shape::of(dims.data(), static_cast<int>(dims.size()))), shape_);
    }
  }

  void sums() {
    for (int a = 0; a < shape_.rank(); ++a) {
      Case& c = fresh();
      c.y = sum(c.graph, point(c, shape_), a, whole_number(random_, 0, 1) == 1);
    }
    Case& c = fresh();
    c.y = sum(c.graph, point(c, shape_), std::nullopt, false);
    std::vector<Index> kept;
    for (int a = 0; a < shape_.rank(); ++a) kept.push_back(whole_number(random_, 0, 1) ? shape_[a] : 1);
    Case& some = fresh();
    some.y = sum_to(some.graph, point(some, shape_), Shape::of(kept.data(), shape_.rank()));
  }

  void reshapes() {
    Case& c = fresh();
    c.y = reshape(c.graph, point(c, shape_), {shape_.size()});
    if (shape_.rank() < 2) return;
    Case& joined = fresh();
    joined.y = reshape(joined.graph, point(joined, shape_),
                       {shape_[0] * shape_[1], shape_.size() ? shape_.size() / (shape_[0] * shape_[1]) : 0});
  }

  void permutations() {
    std::vector<int> axes(static_cast<std::size_t>(shape_.rank()));
    std::iota(axes.begin(), axes.end(), 0);
    while (std::next_permutation(axes.begin(), axes.end())) {
      Case& c = fresh();
      c.y = permute(c.graph, point(c, shape_), axes);
    }
  }

  std::vector<Range> random_ranges(bool whole_rows) {
    std::vector<Range> ranges;
    for (int a = 0; a < shape_.rank(); ++a) {
      const Index n = shape_[a];
      if (n == 0 || (a == 0 && whole_rows)) {
        ranges.push_back({0, 1, n});
        continue;
      }
      const Index start = whole_number(random_, 0, n - 1), step = whole_number(random_, 0, 1) ? 1 + n / 3 : -1 - n / 5;
      const Index room = step > 0 ? (n - 1 - start) / step + 1 : start / -step + 1;
      ranges.push_back({start, step, whole_number(random_, 0, room)});
    }
    return ranges;
  }

  void slices() {
    for (const bool whole_rows : {true, false}) {
      const auto ranges = random_ranges(whole_rows);
      Shape few = shape_;
      for (int a = 0; a < shape_.rank(); ++a) few = few.with_axis(a, ranges[static_cast<std::size_t>(a)].count);
      Case& c = fresh();
      if (op_ == Op::Slice)
        c.y = slice(c.graph, point(c, shape_), ranges);
      else
        c.y = pad(c.graph, point(c, few), ranges, shape_);
    }
  }

  void by_rows() {
    if (shape_.rank() == 0) return;
    for (const bool known : {true, false}) {
      const Index few = whole_number(random_, 0, 2 * shape_[0]);
      const Index length = op_ == Op::Gather ? shape_[0] : few;
      const Index count = op_ == Op::Gather ? few : shape_[0];
      if (length == 0 && count > 0) continue;
      Case& c = fresh();
      const Id a = point(c, shape_), rows = indices(c, {count}, length, known);
      c.y = op_ == Op::Gather ? gather(c.graph, a, rows) : scatter_add(c.graph, a, rows, length);
    }
  }

  void along() {
    if (shape_.rank() == 0) return;
    const int axis = shape_.rank() - 1;
    for (const bool known : {true, false}) {
      const Index few = whole_number(random_, 0, shape_[axis] + 2);
      const Index length = op_ == Op::TakeAlong ? shape_[axis] : few;
      const Index count = op_ == Op::TakeAlong ? few : shape_[axis];
      if (length == 0 && count > 0) continue;
      Case& c = fresh();
      const Id a = point(c, shape_), places = indices(c, shape_.with_axis(axis, count), length, known);
      c.y = op_ == Op::TakeAlong ? take_along(c.graph, a, places) : put_along(c.graph, a, places, length);
    }
  }

  void cumulated() {
    for (int a = 0; a < shape_.rank(); ++a) {
      Case& c = fresh();
      c.y = cumsum(c.graph, point(c, shape_), a, whole_number(random_, 0, 1) == 1);
    }
  }

  void positions() {
    for (int a = 0; a < shape_.rank(); ++a) {
      if (op_ == Op::ArgMax && shape_[a] == 0) continue;
      Case& c = fresh();
      Numbers distinct(
          static_cast<std::size_t>(shape_.size()));  // far enough apart for differences not to reorder them
      std::iota(distinct.begin(), distinct.end(), 1.0);
      std::shuffle(distinct.begin(), distinct.end(), random_);
      const Id x = point(c, shape_, std::move(distinct));
      c.y = op_ == Op::ArgMax ? argmax(c.graph, x, a) : argsort(c.graph, x);
    }
  }

  void products() {
    if (shape_.rank() == 0 || shape_.rank() > 2) return;
    const Index inner = shape_[shape_.rank() - 1], columns = whole_number(random_, 0, 9);
    for (const bool left_flipped : {false, true})
      for (const bool right_flipped : {false, true}) {
        Case& c = fresh();
        Id a = point(c, left_flipped && shape_.rank() == 2 ? Shape{inner, shape_[0]} : shape_);
        Id b = point(c, right_flipped ? Shape{columns, inner} : Shape{inner, columns});
        if (left_flipped) a = transpose_axes(c.graph, a);
        if (right_flipped) b = transpose_axes(c.graph, b);
        c.y = matmul(c.graph, a, b);
      }
    Case& c = fresh();
    const Id a = point(c, shape_);
    c.y = matmul(c.graph, a, point(c, {inner}));
  }

  /// A square matrix away from singular ones.
  Id matrix(Case& c, Index n) {
    Numbers values = uniform_numbers(random_, n * n, -1, 1);
    for (Index k = 0; k < n; ++k) values[static_cast<std::size_t>(k * n + k)] += static_cast<double>(n + 1);
    return point(c, {n, n}, std::move(values));
  }

  void systems() {
    if (shape_.rank() == 0 || shape_.rank() > 2 || shape_[0] > 20) return;
    for (const bool flipped : {false, true}) {
      Case& c = fresh();
      Id a = matrix(c, shape_[0]);
      if (flipped) a = transpose_axes(c.graph, a);
      c.y = op_ == Op::LogDet ? logdet(c.graph, a) : solve(c.graph, a, point(c, shape_));
    }
  }

  /// Wholes of two operands: locally constant, so that differences agree with a derivative of zero.
  void routines() {
    for (const Index flips : {0, 1}) {
      Case& c = fresh();
      const Id operands[] = {point(c, shape_, off_the_kinks(uniform_numbers(random_, shape_.size(), -2, 2))),
                             point(c, {2}, off_the_kinks(uniform_numbers(random_, 2, -2, 2)))};
      c.y = call(c.graph, wholes, operands, shape_, {flips});
    }
  }

  /// state ← tanh(state + A sin(state)) · c, with A and c from outside.
  void loops() {
    if (shape_.rank() != 1 || shape_[0] > 20) return;
    for (const Index steps : {0, 1, 3}) {
      Case& c = fresh();
      const Index n = shape_[0];
      LoopBody body;
      body.state = body.graph.input("state", shape_, false);
      body.env = {body.graph.input("A", {n, n}, false), body.graph.input("c", {}, false)};
      const Id pushed = matmul(body.graph, body.env[0], unary(body.graph, Op::Sin, body.state));
      body.next = mul(body.graph, unary(body.graph, Op::Tanh, add(body.graph, body.state, pushed)), body.env[1]);
      const Id start = point(c, shape_), A = point(c, {n, n}, uniform_numbers(random_, n * n, -0.3, 0.3)),
               factor = point(c, {});
      const Id env[] = {A, factor};
      c.y = loop(c.graph, std::move(body), start, env, steps);
    }
  }

  /// The tangents of loops, along directions that are points here.
  void linear_loops() {
    loops();
    for (Case& c : cases_) {
      Ids wrt, dirs;
      for (const auto& [id, values] : Given(c.given)) {
        wrt.push_back(id);
        dirs.push_back(point(c, c.graph.shape(id)));
      }
      const Id outs[] = {c.y};
      c.y = jvp(c.graph, outs, wrt, dirs)[0];
    }
  }

  Op op_;
  Shape shape_;
  Random& random_;
  std::vector<Case> cases_;
};

}  // namespace

std::vector<Case> cases_of(Op op, const Shape& shape, Random& random) { return Maker(op, shape, random).make(); }

std::vector<Shape> awkward_shapes() {
  return {{},        {0},         {1},         {2},          {3},          {7},          {8},
          {9},       {511},       {512},       {513},        {1025},       {0, 3},       {3, 0},
          {1, 1},    {1, 9},      {9, 1},      {2, 3},       {513, 2},     {257, 3},     {3, 513},
          {2, 1025}, {1, 1300},   {64, 8},     {2, 0, 3},    {0, 2, 2},    {3, 2, 0},    {1, 7, 1},
          {7, 3, 9}, {300, 2, 2}, {2, 17, 40}, {2, 3, 2, 7}, {1, 2, 1, 3}, {2, 1, 3, 0}, {130, 2, 1, 3}};
}

std::vector<Shape> small_shapes() {
  return {{}, {0}, {1}, {3}, {9}, {2, 0}, {1, 3}, {9, 2}, {3, 8}, {2, 0, 3}, {3, 2, 7}, {2, 3, 1, 2}};
}

std::string named(const Case& c, Op op, const Shape& shape) {
  return fmt::format("{} of {}\n{}", primitive(op).name, shape.str(), described(c.graph, {c.y}));
}

}  // namespace argscope::expr::check
