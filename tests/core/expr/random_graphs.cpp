#include "tests/core/expr/random_graphs.h"

#include <algorithm>
#include <numeric>

#include "core/expr/build.h"

namespace argscope::expr::check {

namespace {

constexpr Index largest = 1500;

class Grower {
 public:
  explicit Grower(Random& random) : random_(random) {}

  RandomGraph grow(int steps) {
    for (int k = 0; k < 3; ++k) input(random_shape());
    while (steps-- > 0) step();
    return std::move(r_);
  }

 private:
  Graph& g() { return r_.graph; }
  Index pick(Index low, Index high) { return whole_number(random_, low, high); }
  double number() { return uniform_numbers(random_, 1, -1.5, 1.5)[0]; }
  void keep(Id y) {
    if (g().shape(y).size() <= largest) r_.nodes.push_back(y);
  }
  Id any() { return r_.nodes[static_cast<std::size_t>(pick(0, static_cast<Index>(r_.nodes.size()) - 1))]; }

  Shape random_shape() {
    static const std::vector<Index> lengths = {1, 2, 3, 7, 8, 9, 16, 33};
    std::vector<Index> dims;
    for (Index size = 1, rank = pick(0, 3); static_cast<Index>(dims.size()) < rank;) {
      const Index n = lengths[static_cast<std::size_t>(pick(0, size > 64 ? 2 : 7))];
      dims.push_back(n);
      size *= n;
    }
    if (pick(0, 5) == 0) dims = {pick(500, 530)};
    if (pick(0, 8) == 0) dims = {pick(500, 530), 2};
    return Shape::of(dims.data(), static_cast<int>(dims.size()));
  }

  Id input(const Shape& shape) {
    const Id id = g().input("x", shape, false);
    r_.given[id] = uniform_numbers(random_, shape.size(), -1.5, 1.5);
    keep(id);
    return id;
  }

  /// Something that broadcasts together with a.
  Id partner(Id a) {
    for (int tries = 0; tries < 8; ++tries) {
      const Id b = any();
      try {
        if (broadcast(g().shape(a), g().shape(b)).size() <= largest) return b;
      } catch (const ShapeError&) {
        continue;
      }
    }
    Shape shape = g().shape(a);
    for (int k = 0; k < shape.rank(); ++k)
      if (pick(0, 2) == 0) shape = shape.with_axis(k, 1);
    if (pick(0, 2) == 0) return g().constant(uniform_numbers(random_, shape.size(), -1, 1), shape);
    return pick(0, 2) ? scalar(g(), number()) : input(shape);
  }

  void step() {
    switch (pick(0, 9)) {
      case 0:
      case 1: return keep(smooth(any()));
      case 2:
      case 3: return keep(two(any()));
      case 4: return keep(jumping(any()));
      case 5: return keep(reduced(any()));
      case 6: return keep(reordered(any()));
      case 7: return keep(indexed(any()));
      case 8: return keep(joined(any()));
      default: return keep(composite(any()));
    }
  }

  Id with(Id a, Op op, double c) { return binary(g(), op, a, scalar(g(), c)); }
  Id square(Id a) { return mul(g(), a, a); }

  Id smooth(Id a) {
    switch (pick(0, 11)) {
      case 0: return unary(g(), Op::Sin, a);
      case 1: return unary(g(), Op::Tanh, a);
      case 2: return unary(g(), Op::Sigmoid, a);
      case 3: return unary(g(), Op::Softplus, a);
      case 4: return unary(g(), Op::Arctan, a);
      case 5: return unary(g(), Op::Erf, a);
      case 6: return unary(g(), Op::Exp, neg(g(), square(a)));
      case 7: return unary(g(), Op::Sqrt, with(square(a), Op::Add, 1));
      case 8: return unary(g(), Op::Log, with(square(a), Op::Add, 0.7));
      case 9: return unary(g(), Op::Reciprocal, with(square(a), Op::Add, 1.3));
      case 10: return power(g(), with(square(a), Op::Add, 0.5), scalar(g(), number()));
      default: return neg(g(), a);
    }
  }

  Id two(Id a) {
    const Id b = partner(a);
    switch (pick(0, 6)) {
      case 0: return add(g(), a, b);
      case 1: return sub(g(), b, a);
      case 2: return mul(g(), a, unary(g(), Op::Tanh, b));
      case 3: return div(g(), a, with(square(b), Op::Add, 1));
      case 4: return binary(g(), Op::Arctan2, with(a, Op::Add, number()), with(square(b), Op::Add, 0.3));
      case 5: return power(g(), with(square(a), Op::Add, 0.5), unary(g(), Op::Tanh, b));
      default: return sub(g(), mul(g(), unary(g(), Op::Sin, a), unary(g(), Op::Cos, b)), a);
    }
  }

  /// Piecewise primitives; the shift keeps their arguments off the jumps.
  Id jumping(Id a) {
    const Id b = partner(a);
    const Id shifted = with(b, Op::Add, number());
    switch (pick(0, 8)) {
      case 0: return binary(g(), Op::Maximum, a, shifted);
      case 1: return binary(g(), Op::Minimum, shifted, a);
      case 2: return where(g(), binary(g(), Op::Less, a, shifted), unary(g(), Op::Sin, a), b);
      case 3: return where(g(), binary(g(), Op::LessEqual, shifted, a), scalar(g(), number()), a);
      case 4: return unary(g(), Op::Abs, shifted);
      case 5: return mul(g(), unary(g(), Op::Sign, shifted), a);
      case 6: return add(g(), unary(g(), Op::Floor, with(a, Op::Add, number())), a);
      case 7: return sub(g(), a, unary(g(), Op::Round, with(a, Op::Add, number())));
      default: return stop(g(), a);
    }
  }

  std::optional<int> random_axis(Id a) {
    const int rank = g().shape(a).rank();
    if (rank == 0 || pick(0, 3) == 0) return std::nullopt;
    return static_cast<int>(pick(0, rank - 1));
  }

  Id reduced(Id a) {
    const auto axis = random_axis(a);
    const bool keep_axis = pick(0, 1) == 1;
    if (g().shape(a).size() == 0) return a;
    switch (pick(0, 5)) {
      case 0: return mean(g(), a, axis, keep_axis);
      case 1: return logsumexp(g(), a, axis, keep_axis);
      case 2: return maximum_of(g(), distinct(a), axis, keep_axis);
      case 3: return unary(g(), Op::Tanh, norm(g(), a, axis));
      case 4: return axis ? softmax(g(), a, *axis) : a;
      default: return mean(g(), square(a), axis, keep_axis);
    }
  }

  /// a with a little random added to each element: no ties.
  Id distinct(Id a) {
    return add(g(), a, g().constant(uniform_numbers(random_, g().shape(a).size(), -1, 1), g().shape(a)));
  }

  Id reordered(Id a) {
    const Shape shape = g().shape(a);
    std::vector<int> axes(static_cast<std::size_t>(shape.rank()));
    std::iota(axes.begin(), axes.end(), 0);
    std::shuffle(axes.begin(), axes.end(), random_);
    std::vector<Range> ranges;
    for (int k = 0; k < shape.rank(); ++k) {
      const Index n = shape[k], start = pick(0, n - 1);
      ranges.push_back(pick(0, 1) ? Range{start, 1, pick(1, n - start)} : Range{start, -1, pick(1, start + 1)});
    }
    switch (pick(0, 6)) {
      case 0: return permute(g(), a, axes);
      case 1: return reshape(g(), a, {shape.size()});
      case 2:
        return shape.rank() < 2 ? reshape(g(), a, {shape.size(), 1})
                                : reshape(g(), a, {shape[1], shape[0], shape.size() / (shape[0] * shape[1])});
      case 3: return slice(g(), a, ranges);
      case 4: {
        const Id part = slice(g(), a, ranges);
        return pad(g(), unary(g(), Op::Sin, part), ranges, shape);
      }
      case 5: return shape.rank() < 4 ? broadcast_to(g(), a, prefixed(shape, pick(1, 4))) : a;
      default:
        return shape.rank()
                   ? cumsum(g(), with(a, Op::Mul, 0.1), static_cast<int>(pick(0, shape.rank() - 1)), pick(0, 1) == 1)
                   : a;
    }
  }

  static Shape prefixed(const Shape& s, Index length) {
    std::vector<Index> dims{length};
    for (int k = 0; k < s.rank(); ++k) dims.push_back(s[k]);
    return Shape::of(dims.data(), s.rank() + 1);
  }

  Id random_indices(const Shape& shape, Index length) {
    Numbers v;
    for (Index k = 0; k < shape.size(); ++k) v.push_back(static_cast<double>(pick(0, length - 1)));
    if (pick(0, 1)) return g().constant(std::move(v), shape);
    const Id id = g().input("index", shape, false);
    r_.given[id] = std::move(v);
    return id;
  }

  Id indexed(Id a) {
    const Shape shape = g().shape(a);
    if (shape.rank() == 0) return a;
    const Index rows = pick(1, 9);
    switch (pick(0, 4)) {
      case 0:
        return gather(g(), a, random_indices(shape.rank() < 3 && pick(0, 1) ? Shape{2, rows} : Shape{rows}, shape[0]));
      case 1:
        return with(scatter_add(g(), a, random_indices({shape[0]}, rows), rows), Op::Mul,
                    1.0 / static_cast<double>(shape[0]));
      case 2:
        return take_along(g(), a, random_indices(shape.with_axis(shape.rank() - 1, rows), shape[shape.rank() - 1]));
      case 3: return sort(g(), distinct(a), static_cast<int>(pick(0, shape.rank() - 1)));
      default: {
        const Id i = random_indices({std::max<Index>(shape[0], 2)}, shape[0]),
                 j = random_indices({std::max<Index>(shape[0], 2)}, shape[0]);
        const Id d = sub(g(), gather(g(), a, i), gather(g(), a, j));
        return scatter_add(g(), unary(g(), Op::Tanh, d), i, shape[0]);
      }
    }
  }

  Id joined(Id a) {
    const Shape shape = g().shape(a);
    const Id b = unary(g(), Op::Cos, a);
    const Id parts[] = {a, b, a};
    if (pick(0, 1) && shape.rank() < 4) return stack(g(), parts, static_cast<int>(pick(0, shape.rank())));
    if (shape.rank() == 0) return outer(g(), a, b);
    return concatenate(g(), parts, static_cast<int>(pick(0, shape.rank() - 1)));
  }

  Id composite(Id a) {
    const Shape shape = g().shape(a);
    if (shape.rank() == 1 && shape[0] > 0 && shape[0] <= 16) return system_or_loop(a, shape[0]);
    if (shape.rank() != 2) return mean(g(), square(a), std::nullopt, false);
    const Id weights = input({shape[1], pick(1, 5)});
    const Id product = matmul(g(), pick(0, 1) ? a : transpose_axes(g(), transpose_axes(g(), a)), weights);
    if (pick(0, 2)) return with(product, Op::Mul, 1.0 / static_cast<double>(shape[1] + 1));
    return with(matmul(g(), transpose_axes(g(), a), product), Op::Mul, 1.0 / static_cast<double>(shape.size() + 1));
  }

  Id system_or_loop(Id a, Index n) {
    const Id M = input({n, n});
    const Id regular = add(g(), with(M, Op::Mul, 0.5), mul(g(), eye(g(), n), scalar(g(), static_cast<double>(n + 1))));
    if (pick(0, 1)) return pick(0, 1) ? solve(g(), regular, a) : mul(g(), logdet(g(), regular), unary(g(), Op::Sin, a));
    LoopBody body;
    body.state = body.graph.input("state", {n}, false);
    body.env = {body.graph.input("M", {n, n}, false)};
    body.next = unary(body.graph, Op::Tanh, add(body.graph, matmul(body.graph, body.env[0], body.state), body.state));
    const Id env[] = {with(M, Op::Mul, 0.3)};
    return loop(g(), std::move(body), a, env, pick(0, 3));
  }

  Random& random_;
  RandomGraph r_;
};

}  // namespace

RandomGraph random_graph(Random& random, int steps) { return Grower(random).grow(steps); }

Id random_node(const RandomGraph& r, Random& random) {
  return r.nodes[static_cast<std::size_t>(whole_number(random, 0, static_cast<Index>(r.nodes.size()) - 1))];
}

}  // namespace argscope::expr::check
