#pragma once
/// Expressions of a Problem as Functions: values, and the four products with their derivatives, compiled on first use.

#include "core/expr/linear_map.h"
#include "core/optimality/problem.h"

namespace argscope::optimality {

using ProblemPtr = std::shared_ptr<const Problem>;

/// A value that is made once, by whoever asks first.
template <class T>
class Lazy {
 public:
  template <class Make>
  const T& get(const Make& make) const {
    std::call_once(once_, [&] { value_.emplace(make()); });
    return *value_;
  }

 private:
  mutable std::once_flag once_;
  mutable std::optional<T> value_;
};

/// A linear map whose coefficients a problem's nodes give.
struct PointMap {
  CostlyNodes costly;
  expr::LinearMap linear;
};

/// What depends on x in `outs`, as a linear map of x's tangent (or of θ's, or of some nodes'), or the transpose of
/// that.
class Differential {
 public:
  enum class With { X, Theta };
  Differential(const ProblemPtr&, expr::Ids outs, With);
  Differential(ProblemPtr, expr::Ids outs, expr::Ids wrt);  ///< of any nodes: what lies behind them does not move

  const PointMap& forward() const;
  const PointMap& transposed() const;
  Index rows() const { return rows_; }
  Index cols() const { return cols_; }
  /// See LinearOperator::groups(): rows of arrays that are treated alike, such as samples.
  const std::vector<int>& groups() const { return made_forward().groups; }

 private:
  struct Forward {
    PointMap map;
    std::vector<int> groups;
  };
  const Forward& made_forward() const;

  ProblemPtr problem_;
  expr::Ids outs_, wrt_;
  Index rows_ = 0, cols_ = 0;
  Lazy<Forward> forward_;
  Lazy<PointMap> transposed_;
};

/// A Differential at one point.
class PointOperator : public linear::LinearOperator {
 public:
  PointOperator(ProblemPtr, std::shared_ptr<const Differential>, ConstVec x, ConstVec theta);
  Index rows() const override { return differential_->rows(); }
  Index cols() const override { return differential_->cols(); }
  void apply(ConstMat X, MutMat Y) const override;
  void apply_transposed(ConstMat X, MutMat Y) const override;
  std::span<const int> groups() const override { return differential_->groups(); }

 private:
  expr::LinearMap::Point point(const PointMap&) const;

  ProblemPtr problem_;
  std::shared_ptr<const Differential> differential_;
  Vec x_, theta_;
  Lazy<expr::LinearMap::Point> forward_, transposed_;
};

class GraphFunction : public Function {
 public:
  /// `outs` stacked are the value; `shape` is how it is shown.
  GraphFunction(ProblemPtr, expr::Ids outs, expr::Shape shape);
  const expr::Shape& shape() const override { return shape_; }
  void value(ConstVec x, ConstVec theta, MutVec y) const override;
  Linearization linearize(ConstVec x, ConstVec theta) const override;

 private:
  ProblemPtr problem_;
  expr::Ids outs_;
  std::vector<Index> sizes_;  ///< of outs
  expr::Shape shape_;
  Lazy<PointProgram> program_;
  std::shared_ptr<const Differential> dx_, dtheta_;
};

}  // namespace argscope::optimality
