#pragma once
/// The shape of an array: up to four axes, row-major (C order), NumPy's meaning. Rank 0 is a scalar.

#include <array>
#include <initializer_list>
#include <stdexcept>
#include <string>

#include "core/types.h"

namespace argscope::expr {

/// Shapes that do not fit, an axis out of range, an index that is not constant where it must be. The text says
/// what was expected and prints the shapes; whoever reads text adds the place.
class ShapeError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Shape {
 public:
  static constexpr int max_rank = 4;

  Shape() = default;
  Shape(std::initializer_list<Index> dims);
  static Shape of(const Index* dims, int rank);

  int rank() const { return rank_; }
  Index operator[](int axis) const { return dims_[axis]; }
  Index size() const;                                       ///< number of elements; 1 for a scalar
  Index rows() const { return rank_ == 0 ? 1 : dims_[0]; }  ///< length of the leading axis
  Index width() const;                                      ///< elements in one row of the leading axis

  Shape with_axis(int axis, Index length) const;  ///< the same but for one axis
  Shape appended(Index length) const;             ///< one more axis at the end
  Shape without_axis(int axis) const;

  bool operator==(const Shape&) const = default;
  std::string str() const;  ///< "(3, 4)", "(5,)", "()"

 private:
  std::array<Index, max_rank> dims_{};
  int rank_ = 0;
};

/// NumPy's broadcasting rule. Throws ShapeError naming both shapes.
Shape broadcast(const Shape& a, const Shape& b);

/// Python's axis rule: −1 is the last. Throws ShapeError when out of range.
int normalized_axis(int axis, const Shape& shape);

}  // namespace argscope::expr
