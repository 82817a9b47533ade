#include "core/optimality/kinks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace argscope::optimality {

using namespace expr;

namespace {

/// What a switch is called, or null when the operation has none.
const char* switch_name(const Node& n) {
  switch (n.op) {
    case Op::Less:
    case Op::LessEqual:
    case Op::Equal: return "comparison";
    case Op::Maximum: return "maximum";
    case Op::Minimum: return "minimum";
    case Op::Abs: return "abs";
    case Op::Sign: return "sign";
    default: return nullptr;
  }
}

bool is_zero(const Graph& g, Id y) { return y < 0 || g.is_uniform(y, 0); }

/// The label of a node, or of what its sign was changed.
std::string label(const Problem& p, Id y) {
  if (y < 0) return "";
  if (const auto at = p.labels.find(y); at != p.labels.end()) return at->second;
  return p.graph[y].op == Op::Neg ? label(p, p.graph[y].in[0]) : "";
}

std::string element(const Shape& shape, Index k) {
  if (shape.rank() == 0) return "";
  std::string s = ", element ";
  Index stride = shape.size();
  for (int a = 0; a < shape.rank(); ++a) {
    stride /= shape[a];
    s += fmt::format("{}{}", a ? ", " : "", k / stride % shape[a]);
  }
  return s;
}

/// The list of pairs of whose distances `left` or `right` has one element each; null: there is none.
const FoundPairs* pairs_of(const Problem& p, const Shape& shape, Id left, Id right) {
  const auto one_each = [&](const FoundPairs& f) {
    const auto measures = [&](Id y) { return y >= 0 && p.graph.depends_on(y, f.displacement); };
    return shape == Shape{f.list.size()} && (measures(left) || measures(right));
  };
  const auto at = std::ranges::find_if(p.pairs, one_each);
  return at == p.pairs.end() ? nullptr : &*at;
}

/// For every node the first definition, in their order, that it is part of; −1: none. Inputs are part of all and none.
std::vector<int> owners(const Problem& problem) {
  const Graph& g = problem.graph;
  std::vector<int> owner(static_cast<std::size_t>(g.size()), -1);
  const auto& definitions = problem.statement->definitions;
  for (std::size_t k = 0; k < definitions.size(); ++k) {
    const auto it = problem.named.find(definitions[k].name);
    if (it == problem.named.end()) continue;
    for (Id y : reachable(g, std::span(&it->second, 1), {})) {
      int& first = owner[static_cast<std::size_t>(y)];
      if (first < 0 && g[y].arity > 0) first = static_cast<int>(k);
    }
  }
  return owner;
}

/// The step whose operator a node is part of, or null.
const ProximalStep* step_of(const Problem& p, Id y) {
  const Ids below = reachable(p.graph, std::span(&y, 1), {});
  const auto among = [&](const auto& step) { return std::ranges::find(below, step.first) != below.end(); };
  const auto at = std::ranges::find_if(p.proximal, among);
  return at == p.proximal.end() ? nullptr : &at->second;
}

}  // namespace

Kinks::Kinks(ProblemPtr problem, const Ids& outs) : problem_(std::move(problem)) {
  const Graph& g = problem_->graph;
  std::vector<char> moves(static_cast<std::size_t>(g.size()), 0);
  for (Id k : problem_->x) moves[static_cast<std::size_t>(k)] = 1;
  for (Id k : problem_->theta) moves[static_cast<std::size_t>(k)] = 1;
  const std::vector<int> owner = owners(*problem_);
  const auto called = [&](const char* name, Id y, Id left) {
    // a derivative's own switch, such as abs′, lies outside the definition whose term it differentiates
    const int own = owner[static_cast<std::size_t>(y)], k = own < 0 ? owner[static_cast<std::size_t>(left)] : own;
    return k < 0 ? std::string(name)
                 : fmt::format("{} in '{}'", name, problem_->statement->definitions[static_cast<std::size_t>(k)].name);
  };
  for (Id y : reachable(g, outs, {})) {
    for (Id i : g[y].operands()) moves[static_cast<std::size_t>(y)] |= moves[static_cast<std::size_t>(i)];
    const char* name = switch_name(g[y]);
    if (!name || !moves[static_cast<std::size_t>(y)] || g[y].shape.size() == 0) continue;
    const Id left = g[y].in[0], right = g[y].arity > 1 ? g[y].in[1] : -1;
    // abs′ is sign and |a| < |b| is a < b: one place, not several
    const auto same = [&](const Switch& s) {
      return (s.left == left && (s.right == right || (is_zero(g, s.right) && is_zero(g, right)))) ||
             (s.left == right && s.right == left);
    };
    if (std::any_of(switches_.begin(), switches_.end(), same)) continue;
    const Index n = g[y].shape.size();
    std::string words = label(*problem_, left);
    if (words.empty()) words = label(*problem_, right);
    const bool of_multiplier = !words.empty();
    if (words.empty()) words = called(name, y, left);
    switches_.push_back({words, step_of(*problem_, y), g[y].shape, left, right, of_multiplier, count_, count_ + n,
                         pairs_of(*problem_, g[y].shape, left, right)});
    count_ += 2 * n;
  }
}

/// "x[1] under 'theta*norm1(x)'", "constraint 'w >= 0', element 3", "comparison in 'overlap', pair 17 and 40"
std::string Kinks::place(const Switch& s, Index k) const {
  if (s.pairs) {
    const auto at = static_cast<std::size_t>(k);
    return fmt::format("{}, pair {} and {}", s.name, s.pairs->list.i[at], s.pairs->list.j[at]);
  }
  if (!s.step) return s.name + element(s.shape, k);
  const Slot& variable = problem_->variables[s.step->variable];
  const bool entry = s.shape == variable.shape;  // one switch an element of the variable
  const std::string what = entry ? element_name({{variable.name, variable.shape, 0}}, k) : variable.name;
  return fmt::format("{} under '{}'{}", what, s.step->clause, entry ? "" : element(s.shape, k));
}

Vec Kinks::operands(ConstVec x, ConstVec theta) const {
  const PointProgram& program = program_.get([&] {
    const std::lock_guard lock(problem_->growing);
    Ids outputs;
    for (const Switch& s : switches_) {
      outputs.push_back(s.left);
      if (s.right >= 0) outputs.push_back(s.right);
    }
    return PointProgram(*problem_, outputs);
  });
  Vec v = Vec::Zero(count_);
  std::vector<double*> outputs;
  for (const Switch& s : switches_) {
    outputs.push_back(v.data() + s.left_at);
    if (s.right >= 0) outputs.push_back(v.data() + s.right_at);
  }
  program.run(*problem_, x, theta, outputs);
  return v;
}

Vec Kinks::gaps(ConstVec x, ConstVec theta) const {
  Vec gaps(count_ / 2);
  if (switches_.empty()) return gaps;
  const Vec v = operands(x, theta);
  for (const Switch& s : switches_)
    gaps.segment(s.left_at / 2, s.shape.size()) =
        v.segment(s.left_at, s.shape.size()) - v.segment(s.right_at, s.shape.size());
  return gaps;
}

std::string Kinks::name(Index gap) const {
  const auto& s =
      *std::ranges::find_if(switches_, [&](const Switch& each) { return gap < each.left_at / 2 + each.shape.size(); });
  return place(s, gap - s.left_at / 2);
}

KinkMargin Kinks::nearest(ConstVec x, ConstVec theta, double terms) const {
  KinkMargin margin{std::numeric_limits<double>::infinity(), ""};
  if (switches_.empty()) return margin;
  const Vec v = operands(x, theta);
  for (const Switch& s : switches_) {
    const auto left = v.segment(s.left_at, s.shape.size()), right = v.segment(s.right_at, s.shape.size());
    const double scale = std::max(left.cwiseAbs().maxCoeff(), right.cwiseAbs().maxCoeff());
    Index k = 0;
    const double gap = (left - right).cwiseAbs().minCoeff(&k);
    constexpr double rounding = 1e-12;
    const bool vanishes = s.of_multiplier && gap <= rounding * terms;
    const double relative = scale > 0 && !vanishes ? gap / scale : 0;
    if (relative < margin.value) margin = {relative, place(s, k)};
  }
  return margin;
}

}  // namespace argscope::optimality
