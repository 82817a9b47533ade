#include "core/optimality/point_values.h"

#include <algorithm>
#include <cstring>

#include "core/optimality/problem.h"

namespace argscope::optimality {

using namespace expr;

namespace {

/// About how many multiplications a node is; 0 for what is done in passing.
double work(const Graph& g, Id y) {
  const auto size = [&](Id k) { return static_cast<double>(g.shape(k).size()); };
  const Node& n = g[y];
  switch (n.op) {
    case Op::MatMul: {
      const Shape& left = g.shape(n.in[0]);
      return size(y) * static_cast<double>(n.ints[0] != 0 ? left[0] : left[left.rank() - 1]);
    }
    case Op::Solve:
    case Op::LogDet: return size(n.in[0]) * static_cast<double>(g.shape(n.in[0])[0]);
    case Op::Routine:
    case Op::ArgSort:
    case Op::Scan: return 16 * (size(y) + size(n.in[0]));
    default: return 0;
  }
}

/// Worth more than to recognise the point again.
double worthwhile(const Problem& p) {
  constexpr double least = 1e4, a_number = 16;
  return std::max(least, a_number * static_cast<double>(p.size + p.parameter_size));
}

Workspace& workspace() {
  thread_local Workspace w;
  return w;
}

}  // namespace

PointValues::PointValues(const Problem& problem, ConstVec x, ConstVec theta)
    : problem_(problem), x_(x), theta_(theta) {}

bool PointValues::is_at(ConstVec x, ConstVec theta) const {
  // bit for bit: several times as quick as number by number, and it tells 0 from -0
  const auto same = [](const Vec& known, ConstVec v) {
    const auto bytes = static_cast<std::size_t>(v.size()) * sizeof(double);
    return known.size() == v.size() && (bytes == 0 || std::memcmp(known.data(), v.data(), bytes) == 0);
  };
  return same(x_, x) && same(theta_, theta);
}

const double* PointValues::value(const Costly& costly) {
  auto& numbers = values_[&costly];
  if (!numbers) {
    std::vector<const double*> in = problem_.at(x_, theta_);
    for (const Costly* c : costly.needs) in.push_back(value(*c));
    auto found = std::make_unique_for_overwrite<double[]>(static_cast<std::size_t>(costly.size));
    double* const out[] = {found.get()};
    costly.program.run(in, out, workspace());
    numbers = std::move(found);
  }
  return numbers.get();
}

std::vector<const double*> PointValues::inputs(const CostlyNodes& nodes) {
  const std::lock_guard lock(finding_);
  std::vector<const double*> all = problem_.at(x_, theta_);
  for (const Costly* c : nodes) all.push_back(value(*c));
  return all;
}

CostlyNodes Remembered::behind(const Problem& p, const Ids& outs, const Ids& given) {
  const Graph& g = p.graph;
  const double least = worthwhile(p);
  CostlyNodes found;
  std::vector<char> varies(static_cast<std::size_t>(g.size()), 0);
  for (Id y : reachable(g, outs, given)) {
    const auto in = g[y].operands();
    const bool moves = std::ranges::any_of(in, [&](Id i) { return varies[static_cast<std::size_t>(i)] != 0; });
    varies[static_cast<std::size_t>(y)] = g[y].op == Op::Input || moves;
    if (!moves || g[y].tangent || work(g, y) < least) continue;
    auto at = known_.find(y);
    if (at == known_.end()) {
      Ids operands(in.begin(), in.end());
      CostlyNodes needs = behind(p, operands, {});
      Program program(g, inputs_with(p, needs), {y}, 1);
      at = known_.emplace(y, Costly{y, g.shape(y).size(), std::move(needs), std::move(program)}).first;
    }
    found.push_back(&at->second);
  }
  return found;
}

std::shared_ptr<PointValues> Remembered::at(const Problem& p, ConstVec x, ConstVec theta) {
  const std::lock_guard lock(recalling_);
  auto place = std::ranges::find_if(recent_, [&](const auto& v) { return v && v->is_at(x, theta); });
  if (place == recent_.end()) *--place = std::make_shared<PointValues>(p, x, theta);
  std::rotate(recent_.begin(), place, place + 1);
  return recent_.front();
}

Ids inputs_with(const Problem& p, const CostlyNodes& nodes) {
  Ids all = p.inputs;
  for (const Costly* c : nodes) all.push_back(c->node);
  return all;
}

PointInputs::PointInputs(const Problem& p, const CostlyNodes& nodes, ConstVec x, ConstVec theta)
    : kept_(nodes.empty() ? nullptr : p.remembered.at(p, x, theta)),
      pointers_(kept_ ? kept_->inputs(nodes) : p.at(x, theta)) {}

PointProgram::PointProgram(const Problem& p, const Ids& outs)
    : costly_(p.remembered.behind(p, outs, {})), program_(p.graph, inputs_with(p, costly_), outs, 1) {}

void PointProgram::run(const Problem& p, ConstVec x, ConstVec theta, std::span<double* const> outputs) const {
  const PointInputs inputs(p, costly_, x, theta);
  program_.run(inputs.pointers(), outputs, workspace());
}

}  // namespace argscope::optimality
