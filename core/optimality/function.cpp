#include "core/optimality/function.h"

#include <utility>

#include "core/expr/derivatives.h"
#include "core/optimality/affine.h"

namespace argscope::optimality {

using namespace expr;

Vec Function::value_at(ConstVec x, ConstVec theta) const {
  Vec y(shape().size());
  value(x, theta, y);
  return y;
}

Differential::Differential(const ProblemPtr& problem, Ids outs, With with)
    : Differential(problem, std::move(outs), with == With::X ? problem->x : problem->theta) {}

Differential::Differential(ProblemPtr problem, Ids outs, Ids wrt)
    : problem_(std::move(problem)), outs_(std::move(outs)), wrt_(std::move(wrt)) {
  for (Id o : outs_) rows_ += problem_->graph.shape(o).size();
  for (Id k : wrt_) cols_ += problem_->graph.shape(k).size();
}

namespace {

Ids tangent_inputs(Graph& g, const Ids& like) {
  Ids made;
  for (Id k : like) made.push_back(g.input("direction", g.shape(k), true));
  return made;
}

PointMap point_map(const Problem& p, const Ids& dirs, const Ids& outs) {
  CostlyNodes costly = p.remembered.behind(p, outs, dirs);
  LinearMap map(p.graph, inputs_with(p, costly), dirs, outs);
  return {std::move(costly), std::move(map)};
}

/// One group a row where every row of every tangent depends on the same row of the directions alone.
std::vector<int> groups_of(const Graph& g, const Ids& outs, const Ids& dirs) {
  if (dirs.empty() || outs.size() != dirs.size()) return {};
  const Index rows = g.shape(dirs.front()).rows();
  for (std::size_t k = 0; k < dirs.size(); ++k) {
    if (rows < 2 || g.shape(dirs[k]).rows() != rows || g.shape(outs[k]) != g.shape(dirs[k])) return {};
    for (Id d : dirs)
      if (!g.is_uniform(outs[k], 0) && !row_aligned(g, outs[k], d)) return {};
  }
  std::vector<int> groups;
  for (Id d : dirs)
    for (Index e = 0; e < g.shape(d).size(); ++e) groups.push_back(static_cast<int>(e / g.shape(d).width()));
  return groups;
}

}  // namespace

const Differential::Forward& Differential::made_forward() const {
  return forward_.get([&] {
    const std::lock_guard lock(problem_->growing);
    Graph& g = problem_->graph;
    const Ids dirs = tangent_inputs(g, wrt_), tangents = jvp(g, outs_, wrt_, dirs);
    return Forward{point_map(*problem_, dirs, tangents), groups_of(g, tangents, dirs)};
  });
}

const PointMap& Differential::forward() const { return made_forward().map; }

const PointMap& Differential::transposed() const {
  return transposed_.get([&] {
    const std::lock_guard lock(problem_->growing);
    Graph& g = problem_->graph;
    const Ids dirs = tangent_inputs(g, wrt_), cotangents = tangent_inputs(g, outs_);
    const Ids tangents = jvp(g, outs_, wrt_, dirs);
    return point_map(*problem_, cotangents, transpose(g, tangents, cotangents, dirs));
  });
}

PointOperator::PointOperator(ProblemPtr problem, std::shared_ptr<const Differential> d, ConstVec x, ConstVec theta)
    : problem_(std::move(problem)), differential_(std::move(d)), x_(x), theta_(theta) {}

LinearMap::Point PointOperator::point(const PointMap& map) const {
  thread_local Workspace workspace;
  return map.linear.at(PointInputs(*problem_, map.costly, x_, theta_).pointers(), workspace);
}

void PointOperator::apply(ConstMat X, MutMat Y) const {
  const PointMap& map = differential_->forward();
  map.linear.apply(forward_.get([&] { return point(map); }), X, Y);
}

void PointOperator::apply_transposed(ConstMat X, MutMat Y) const {
  const PointMap& map = differential_->transposed();
  map.linear.apply(transposed_.get([&] { return point(map); }), X, Y);
}

GraphFunction::GraphFunction(ProblemPtr problem, Ids outs, Shape shape)
    : problem_(std::move(problem)),
      outs_(std::move(outs)),
      shape_(shape),
      dx_(std::make_shared<const Differential>(problem_, outs_, Differential::With::X)),
      dtheta_(std::make_shared<const Differential>(problem_, outs_, Differential::With::Theta)) {
  for (Id o : outs_) sizes_.push_back(problem_->graph.shape(o).size());
}

void GraphFunction::value(ConstVec x, ConstVec theta, MutVec y) const {
  const PointProgram& program = program_.get([&] {
    const std::lock_guard lock(problem_->growing);
    return PointProgram(*problem_, outs_);
  });
  std::vector<double*> outputs;
  double* at = y.data();
  for (Index size : sizes_) outputs.push_back(std::exchange(at, at + size));
  program.run(*problem_, x, theta, outputs);
}

Linearization GraphFunction::linearize(ConstVec x, ConstVec theta) const {
  return {std::make_shared<PointOperator>(problem_, dx_, x, theta),
          std::make_shared<PointOperator>(problem_, dtheta_, x, theta)};
}

}  // namespace argscope::optimality
