#include "core/expr/scan.h"

#include <fmt/format.h>

#include "core/expr/build.h"
#include "core/expr/derivatives.h"
#include "core/expr/primitives.h"

namespace argscope::expr {

namespace {

Index size_of(const Graph& g, const Ids& pieces) {
  Index size = 0;
  for (Id p : pieces) size += g.shape(p).size();
  return size;
}

Ids joined(const Ids& a, const Ids& b) {
  Ids all = a;
  all.insert(all.end(), b.begin(), b.end());
  return all;
}

Ids directions(Graph& g, const Ids& pieces) {
  Ids dirs;
  for (Id p : pieces) dirs.push_back(g.input("direction", g.shape(p), true));
  return dirs;
}

Id or_zero(Graph& g, Id tangent, Id like) { return tangent == none ? g.constant(0, g.shape(like)) : tangent; }

Id join(Graph& g, std::initializer_list<Id> parts, int axis) { return concatenate(g, std::vector<Id>(parts), axis); }

}  // namespace

ScanBody::ScanBody(Graph graph, std::vector<Ids> pieces, Ids next)
    : graph_(std::move(graph)), pieces_(std::move(pieces)), next_(std::move(next)) {}

const Program& ScanBody::program(int lanes) const {
  const std::lock_guard lock(guard_);
  const auto it = programs_.find(lanes);
  if (it != programs_.end()) return it->second;
  Ids inputs;
  for (const Ids& p : pieces_) inputs = joined(inputs, p);
  return programs_.emplace(lanes, Program(graph_, inputs, next_, lanes)).first->second;
}

void ScanBody::run(std::span<const double* const> in, double* next, int lanes, Workspace& workspace) const {
  std::vector<const double*> inputs;
  for (std::size_t k = 0; k < pieces_.size(); ++k) {
    const double* at = in[k];
    for (Id p : pieces_[k]) {
      inputs.push_back(at);
      at += graph_.shape(p).size() * (graph_[p].tangent ? lanes : 1);
    }
  }
  std::vector<double*> outputs;
  for (Id n : next_) {
    outputs.push_back(next);
    next += graph_.shape(n).size() * lanes;
  }
  program(lanes).run(inputs, outputs, workspace);
}

Id scan(Graph& g, std::shared_ptr<const ScanBody> body, Id carry, Id steps, Id env) {
  Node n;
  n.op = Op::Scan;
  n.arity = 3;
  n.in = {carry, steps, env};
  n.ints = {g.shape(steps)[0]};
  n.shape = {g.shape(steps)[0] + 1, g.shape(carry).size()};
  n.body = std::move(body);
  return g.add(std::move(n));
}

Id linear_scan(Graph& g, std::shared_ptr<const ScanBody> body, std::span<const Id> operands) {
  Node n;
  n.op = Op::LinearScan;
  n.arity = 5;
  std::copy(operands.begin(), operands.end(), n.in.begin());
  n.ints = {g.shape(n.in[1])[0]};
  n.shape = {n.ints[0] + 1, g.shape(n.in[0]).size()};
  n.body = std::move(body);
  return g.add(std::move(n));
}

namespace {

/// d(next) along directions of every input: linear in those; everything that was an input is now given at the point.
std::shared_ptr<const ScanBody> differentiated(const ScanBody& body, bool linear) {
  Graph g = body.graph().as_points();
  const auto& p = body.pieces();
  const Ids per_step = linear ? joined(p[1], p[3]) : p[1];
  const Ids env = linear ? joined(p[2], p[4]) : p[2];
  const Ids d_carry = directions(g, p[0]), d_steps = directions(g, per_step), d_env = directions(g, env);
  const Ids wrt = joined(joined(p[0], per_step), env);
  const Ids next = jvp(g, body.next(), wrt, joined(joined(d_carry, d_steps), d_env));
  return std::make_shared<const ScanBody>(std::move(g),
                                          std::vector<Ids>{d_carry, joined(per_step, p[0]), env, d_steps, d_env}, next);
}

}  // namespace

Id jvp_linear_scan(Graph& g, Id y, std::span<const Id> t) {
  const Node n = g[y];
  const Index T = n.ints[0];
  const Id states = slice_along(g, y, 0, {0, 1, T});
  const Id operands[] = {or_zero(g, t[0], n.in[0]), join(g, {n.in[1], n.in[3], states}, 1),
                         join(g, {n.in[2], n.in[4]}, 0),
                         join(g, {or_zero(g, t[1], n.in[1]), or_zero(g, t[3], n.in[3])}, 1),
                         join(g, {or_zero(g, t[2], n.in[2]), or_zero(g, t[4], n.in[4])}, 0)};
  return linear_scan(g, differentiated(*n.body, true), operands);
}

Id jvp_scan(Graph& g, Id y, std::span<const Id> t) {
  const Node n = g[y];
  const Id states = slice_along(g, y, 0, {0, 1, n.ints[0]});
  const Id operands[] = {or_zero(g, t[0], n.in[0]), join(g, {n.in[1], states}, 1), n.in[2], or_zero(g, t[1], n.in[1]),
                         or_zero(g, t[2], n.in[2])};
  return linear_scan(g, differentiated(*n.body, false), operands);
}

namespace {

/// The adjoint step: from (λ, sums for env, this step's cotangent of the linear steps) to the same one step earlier.
std::shared_ptr<const ScanBody> transposed(const ScanBody& body) {
  Graph g = body.graph();
  const auto& p = body.pieces();
  const Ids lambda = directions(g, body.next()), sums = directions(g, p[4]), last = directions(g, p[3]),
            given = directions(g, p[0]);
  const Ids cotangents = transpose(g, body.next(), lambda, joined(joined(p[0], p[4]), p[3]));
  Ids next;
  for (std::size_t k = 0; k < cotangents.size(); ++k) {
    if (k < p[0].size())
      next.push_back(add(g, cotangents[k], given[k]));
    else if (k < p[0].size() + p[4].size())
      next.push_back(add(g, cotangents[k], sums[k - p[0].size()]));
    else
      next.push_back(cotangents[k]);
  }
  return std::make_shared<const ScanBody>(
      std::move(g), std::vector<Ids>{joined(joined(lambda, sums), last), p[1], p[2], given, {}}, next);
}

}  // namespace

void transpose_linear_scan(Graph& g, Id y, Id ct, Cotangents& c) {
  const Node n = g[y];
  const ScanBody& body = *n.body;
  const Index T = n.ints[0], carry = n.shape[1];
  const Index env = size_of(body.graph(), body.pieces()[4]), steps = size_of(body.graph(), body.pieces()[3]);
  const Id final_row = reshape(g, slice_along(g, ct, 0, {T, 1, 1}), {carry});
  const Id start = join(g, {final_row, g.constant(0, {env + steps})}, 0);
  const Id operands[] = {start, slice_along(g, n.in[1], 0, {T - 1, -1, T}), n.in[2],
                         slice_along(g, ct, 0, {T - 1, -1, T}), g.constant(0, {Index{0}})};
  const Id back = linear_scan(g, transposed(body), operands);
  const Id end = reshape(g, slice_along(g, back, 0, {T, 1, 1}), {carry + env + steps});
  c.add(n.in[0], slice_along(g, end, 0, {0, 1, carry}));
  c.add(n.in[4], slice_along(g, end, 0, {carry, 1, env}));
  c.add(n.in[3], slice_along(g, slice_along(g, back, 0, {T, -1, T}), 1, {carry + env, 1, steps}));
}

Id loop(Graph& g, LoopBody body, Id init, std::span<const Id> env, Index steps) {
  const Shape shape = body.graph.shape(body.state);
  if (body.graph.shape(body.next) != shape || g.shape(init) != shape)
    throw ShapeError(fmt::format("a loop's state of shape {} starts as {} and becomes {}", shape.str(),
                                 g.shape(init).str(), body.graph.shape(body.next).str()));
  if (steps < 0) throw ShapeError(fmt::format("a loop of {} steps", steps));
  Ids flat = {g.constant(0, {Index{0}})};
  for (Id e : env) flat.push_back(reshape(g, e, {g.shape(e).size()}));
  auto compiled = std::make_shared<const ScanBody>(std::move(body.graph), std::vector<Ids>{{body.state}, {}, body.env},
                                                   Ids{body.next});
  const Id carry = reshape(g, init, {shape.size()});
  const Id states = scan(g, std::move(compiled), carry, g.constant(0, {steps, 0}), concatenate(g, flat, 0));
  return reshape(g, slice_along(g, states, 0, {steps, 1, 1}), shape);
}

}  // namespace argscope::expr
