// base[items…] with NumPy's meaning: whole numbers, slices, ..., None, and arrays of whole numbers side by side.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/expr/compiler.h"
#include "core/expr/program.h"

namespace argscope::expr {

namespace {

using Kind = Term::Kind;

/// One item of an index, in terms of the axes of the base.
struct Item {
  enum class Kind { Keep, Point, Array, NewAxis };
  Kind kind = Kind::Keep;
  Range range{0, 1, 0};
  Id indices = -1;
};

class Indexer {
 public:
  Indexer(Compiler& c, const Term& t) : c_(c), g_(c.graph()), t_(t), base_(c.array(t.children[0])) {}

  Id run() {
    read_items();
    std::vector<Range> ranges;
    for (const Item& i : items_)
      if (i.kind != Item::Kind::NewAxis) ranges.push_back(i.range);
    Id y = slice(g_, base_, ranges);
    y = reshape(g_, y, shape_without_points());
    y = gathered(y);
    return reshape(g_, y, final_shape());
  }

 private:
  void read_items() {
    const std::size_t n = t_.children.size() - 1;
    int axes = 0, ellipses = 0;
    for (std::size_t k = 1; k <= n; ++k) {
      const Kind kind = c_.term(t_.children[k]).kind;
      if (kind == Kind::Ellipsis)
        ++ellipses;
      else if (kind != Kind::None)
        ++axes;
    }
    const Shape shape = g_.shape(base_);
    if (ellipses > 1) c_.fail(t_.mark, "an index has at most one '...'");
    if (axes > shape.rank())
      c_.fail(t_.mark,
              fmt::format("{} {} for an array of shape {}", axes, axes == 1 ? "index" : "indices", shape.str()));
    const int rest = shape.rank() - axes;
    for (std::size_t k = 1; k <= n; ++k) {
      if (c_.term(t_.children[k]).kind == Kind::Ellipsis)
        keep(rest);
      else
        read_item(t_.children[k]);
    }
    if (ellipses == 0) keep(rest);
  }

  void keep(int axes) {
    for (int k = 0; k < axes; ++k) items_.push_back({Item::Kind::Keep, {0, 1, g_.shape(base_)[axis_++]}, -1});
  }

  void read_item(int node) {
    const Term& t = c_.term(node);
    if (t.kind == Kind::None) {
      items_.push_back({Item::Kind::NewAxis, {}, -1});
      return;
    }
    const Index length = g_.shape(base_)[axis_];
    if (t.kind == Kind::Slice) {
      items_.push_back({Item::Kind::Keep, slice_range(t, length), -1});
    } else {
      const Id id = c_.array(node);
      if (const auto i = c_.known(id))
        items_.push_back({Item::Kind::Point, {point(*i, t.span, length), 1, 1}, -1});
      else
        items_.push_back({Item::Kind::Array, {0, 1, length}, indices(id, t.span, length)});
    }
    ++axis_;
  }

  Index point(double i, Span span, Index length) const {
    if (i != std::floor(i)) c_.fail(span, fmt::format("an index must be a whole number, found {}", i));
    const auto n = static_cast<double>(length);
    if (!(i >= -n && i < n))
      c_.fail(span, fmt::format("index {} is out of range for axis {} of shape {}", i, axis_, g_.shape(base_).str()));
    return static_cast<Index>(i < 0 ? i + n : i);
  }

  /// Python's rule: bounds beyond the ends are cut to them.
  Range slice_range(const Term& t, Index length) {
    auto bound = [&](int k, Index otherwise) {
      return c_.term(t.children[static_cast<std::size_t>(k)]).kind == Kind::None
                 ? otherwise
                 : c_.whole(t.children[static_cast<std::size_t>(k)]);
    };
    const Index step = bound(2, 1);
    if (step == 0) c_.fail(t.span, "the step of a slice cannot be 0");
    const Index lowest = step > 0 ? 0 : -1, highest = step > 0 ? length : length - 1;
    auto cut = [&](int k, Index otherwise) {
      if (c_.term(t.children[static_cast<std::size_t>(k)]).kind == Kind::None) return otherwise;
      const Index i = bound(k, 0);
      return std::clamp(i < 0 ? i + length : i, lowest, highest);
    };
    const Index start = cut(0, step > 0 ? lowest : highest), stop = cut(1, step > 0 ? highest : lowest);
    const Index span = step > 0 ? stop - start : start - stop, stride = std::abs(step);
    if (span <= 0) c_.fail(t.span, fmt::format("this slice of {} elements is empty", length));
    return {start, step, (span + stride - 1) / stride};
  }

  /// Indices that are known are checked, and negative ones count from the end.
  Id indices(Id id, Span span, Index length) {
    const Op op = g_[id].op;
    if (op == Op::Less || op == Op::LessEqual || op == Op::Equal)
      c_.fail(span, "a mask cannot index; write compress(mask, x) when the mask is of data, else where(mask, x, 0)");
    std::optional<Array> known = c_.settled(id);
    if (!known) return id;
    for (double& v : known->values) v = static_cast<double>(point(v, span, length));
    return g_.constant(std::move(known->values), known->shape);
  }

  Shape shape_without_points() const {
    Shape s;
    for (const Item& i : items_)
      if (i.kind == Item::Kind::Keep || i.kind == Item::Kind::Array) s = s.appended(i.range.count);
    return s;
  }

  /// Where the arrays stand among the axes that are left, and how many they are.
  std::pair<int, int> array_axes() const {
    int first = -1, count = 0, axis = 0, last = -1;
    for (const Item& i : items_) {
      if (i.kind == Item::Kind::Array) {
        if (first < 0) first = axis;
        if (last >= 0 && last != axis - 1) c_.fail(t_.mark, "arrays in an index must stand side by side");
        last = axis;
        ++count;
      }
      if (i.kind == Item::Kind::Keep || i.kind == Item::Kind::Array) ++axis;
    }
    return {first, count};
  }

  Id gathered(Id y) {
    const auto [first, count] = array_axes();
    if (count == 0) return y;
    // Bring the indexed axes to the front and join them into one.
    const Shape before = g_.shape(y);
    std::vector<int> axes;
    for (int k = 0; k < count; ++k) axes.push_back(first + k);
    for (int k = 0; k < before.rank(); ++k)
      if (k < first || k >= first + count) axes.push_back(k);
    y = permute(g_, y, axes);
    Index joined = 1;
    Id index = -1;
    int axis = first;
    for (const Item& i : items_) {
      if (i.kind != Item::Kind::Array) continue;
      const Index length = before[axis++];
      index = index < 0 ? i.indices : add(g_, mul(g_, index, scalar(g_, static_cast<double>(length))), i.indices);
      joined *= length;
    }
    Shape rest{joined};
    for (int k = count; k < before.rank(); ++k) rest = rest.appended(g_.shape(y)[k]);
    index_shape_ = g_.shape(index);
    y = gather(g_, reshape(g_, y, rest), index);
    // …and the axes of the indices back to where the indexed ones stood.
    const int width = index_shape_.rank(), rank = g_.shape(y).rank();
    std::vector<int> back;
    for (int k = 0; k < first; ++k) back.push_back(width + k);
    for (int k = 0; k < width; ++k) back.push_back(k);
    for (int k = width + first; k < rank; ++k) back.push_back(k);
    return permute(g_, y, back);
  }

  Shape final_shape() const {
    Shape s;
    bool placed = false;
    for (const Item& i : items_) {
      if (i.kind == Item::Kind::Keep) s = s.appended(i.range.count);
      if (i.kind == Item::Kind::NewAxis) s = s.appended(1);
      if (i.kind != Item::Kind::Array || placed) continue;
      for (int k = 0; k < index_shape_.rank(); ++k) s = s.appended(index_shape_[k]);
      placed = true;
    }
    return s;
  }

  Compiler& c_;
  Graph& g_;
  const Term& t_;
  Id base_;
  int axis_ = 0;
  std::vector<Item> items_;
  Shape index_shape_;
};

}  // namespace

Id index(Compiler& c, const Term& t) { return Indexer(c, t).run(); }

}  // namespace argscope::expr
