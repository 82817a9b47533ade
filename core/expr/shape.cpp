#include "core/expr/shape.h"

#include <fmt/format.h>

namespace argscope::expr {

Shape::Shape(std::initializer_list<Index> dims) : Shape(of(dims.begin(), static_cast<int>(dims.size()))) {}

Shape Shape::of(const Index* dims, int rank) {
  if (rank > max_rank) throw ShapeError(fmt::format("an array of {} axes; at most {} are possible", rank, max_rank));
  Shape s;
  s.rank_ = rank;
  for (int a = 0; a < rank; ++a) {
    if (dims[a] < 0) throw ShapeError(fmt::format("an axis of length {}", dims[a]));
    s.dims_[a] = dims[a];
  }
  return s;
}

Index Shape::size() const { return rows() * width(); }

Index Shape::width() const {
  Index product = 1;
  for (int a = 1; a < rank_; ++a) product *= dims_[a];
  return product;
}

Shape Shape::with_axis(int axis, Index length) const {
  Shape s = *this;
  s.dims_[axis] = length;
  return s;
}

Shape Shape::appended(Index length) const {
  std::array<Index, max_rank + 1> dims{};
  std::copy_n(dims_.begin(), rank_, dims.begin());
  dims[rank_] = length;
  return of(dims.data(), rank_ + 1);
}

Shape Shape::without_axis(int axis) const {
  std::array<Index, max_rank> dims{};
  int rank = 0;
  for (int a = 0; a < rank_; ++a)
    if (a != axis) dims[rank++] = dims_[a];
  return of(dims.data(), rank);
}

std::string Shape::str() const {
  if (rank_ == 1) return fmt::format("({},)", dims_[0]);
  std::string s = "(";
  for (int a = 0; a < rank_; ++a) s += fmt::format("{}{}", a ? ", " : "", dims_[a]);
  return s + ")";
}

Shape broadcast(const Shape& a, const Shape& b) {
  const int rank = std::max(a.rank(), b.rank());
  std::array<Index, Shape::max_rank> dims{};
  for (int k = 1; k <= rank; ++k) {
    const Index p = k <= a.rank() ? a[a.rank() - k] : 1;
    const Index q = k <= b.rank() ? b[b.rank() - k] : 1;
    if (p != q && p != 1 && q != 1)
      throw ShapeError(fmt::format("shapes {} and {} do not broadcast together", a.str(), b.str()));
    dims[rank - k] = p == 1 ? q : p;
  }
  return Shape::of(dims.data(), rank);
}

int normalized_axis(int axis, const Shape& shape) {
  const int a = axis < 0 ? axis + shape.rank() : axis;
  if (a < 0 || a >= shape.rank())
    throw ShapeError(
        fmt::format("axis {} of an array of shape {}, which has {} axes", axis, shape.str(), shape.rank()));
  return a;
}

}  // namespace argscope::expr
