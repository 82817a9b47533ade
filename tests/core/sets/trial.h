#pragma once
/// Rows of the tables, built from the text that a scene would hold, and their derivatives by differences.

#include <functional>
#include <random>

#include "core/sets/sets.h"
#include "core/types.h"
#include "tests/core/expr/evaluation.h"

namespace argscope::sets::check {

using expr::Array;
using expr::Shape;
using expr::Values;
using Random = std::mt19937;

Vec random_numbers(Random&, Index count, double low, double high);

/// A function of z and of the parameters, in order of their names.
class Function {
 public:
  /// What `build` makes of z and the arguments of the call `text` ("simplex(2*theta)").
  using Build = std::function<expr::Id(expr::Graph&, expr::Id z, const expr::Arguments&)>;
  Function(const std::string& text, std::string_view usage, const Shape& shape, const Values& parameters,
           const Build& build);

  Index inputs() const { return inputs_; }  ///< numbers in z and in all parameters
  Index z_size() const { return z_size_; }
  /// z, then the parameters' values.
  Vec point(const Vec& z) const;

  Vec operator()(const Vec& point) const;
  Vec push(const Vec& point, const Vec& direction) const;
  Vec pull(const Vec& point, const Vec& cotangent) const;

 private:
  Vec run(const expr::Program&, const Vec& point, const Vec& more, Index size) const;

  Index inputs_ = 0, z_size_ = 0, outputs_ = 0;
  Vec parameters_;
  std::vector<Index> sizes_;
  std::unique_ptr<expr::Program> value_, push_, pull_;
};

/// Central difference of fourth order along d.
Vec difference(const Function&, const Vec& point, const Vec& d);
/// Whether slopes of both sides differ within 1e-3 of the point: by values alone, so that a wrong derivative cannot
/// excuse itself.
bool near_kink(const Function&, const Vec& point, const Vec& d);

/// Tangents against differences and the adjoint identity, at random points off the kinks.
void expect_derivatives(const Function&, const std::string& what, double spread, Random&);

}  // namespace argscope::sets::check
