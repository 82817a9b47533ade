#include "core/expr/graph.h"

#include <bit>

namespace argscope::expr {

namespace {

void mix(std::size_t& h, std::size_t v) { h ^= v + 0x9e3779b97f4a7c15ULL + (h << 6) + (h >> 2); }

std::size_t hash_of(const Node& n) {
  std::size_t h = static_cast<std::size_t>(n.op) * 2 + n.tangent;
  for (Id i : n.operands()) mix(h, static_cast<std::size_t>(i));
  for (int a = 0; a < n.shape.rank(); ++a) mix(h, static_cast<std::size_t>(n.shape[a]));
  for (Index i : n.ints) mix(h, static_cast<std::size_t>(i));
  mix(h, std::bit_cast<std::size_t>(n.c));
  mix(h, reinterpret_cast<std::size_t>(n.body.get()));
  mix(h, reinterpret_cast<std::size_t>(n.routine));
  if (n.data)
    for (std::size_t k = 0; k < n.data->size(); k += 1 + n.data->size() / 8)
      mix(h, std::bit_cast<std::size_t>((*n.data)[k]));
  return h;
}

bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](double x, double y) {
           return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
         });
}

bool equal(const Node& a, const Node& b) {
  const bool same_data = a.data == b.data || (a.data && b.data && same_bits(*a.data, *b.data));
  return a.op == b.op && a.tangent == b.tangent && a.arity == b.arity && a.in == b.in && a.shape == b.shape &&
         std::bit_cast<std::uint64_t>(a.c) == std::bit_cast<std::uint64_t>(b.c) && a.ints == b.ints && same_data &&
         a.body == b.body && a.routine == b.routine;
}

}  // namespace

Id Graph::input(std::string name, const Shape& shape, bool tangent) {
  Node n;
  n.op = Op::Input;
  n.shape = shape;
  n.tangent = tangent;
  n.name = std::move(name);
  nodes_.push_back(std::move(n));
  return size() - 1;
}

Id Graph::constant(double value, const Shape& shape) {
  Node n;
  n.op = Op::Constant;
  n.shape = shape;
  n.c = value;
  return add(std::move(n));
}

Id Graph::constant(std::vector<double> values, const Shape& shape) {
  if (static_cast<Index>(values.size()) != shape.size())
    throw ShapeError("a constant of shape " + shape.str() + " with " + std::to_string(values.size()) + " numbers");
  const bool uniform = !values.empty() && std::all_of(values.begin(), values.end(), [&](double v) {
    return std::bit_cast<std::uint64_t>(v) == std::bit_cast<std::uint64_t>(values.front());
  });
  if (uniform) return constant(values.front(), shape);
  Node n;
  n.op = Op::Constant;
  n.shape = shape;
  n.data = std::make_shared<const std::vector<double>>(std::move(values));
  return add(std::move(n));
}

Id Graph::add(Node node) {
  for (Id i : node.operands()) node.tangent = node.tangent || (*this)[i].tangent;
  const std::size_t h = hash_of(node);
  const auto [first, last] = by_hash_.equal_range(h);
  for (auto it = first; it != last; ++it)
    if (equal((*this)[it->second], node)) return it->second;
  nodes_.push_back(std::move(node));
  by_hash_.emplace(h, size() - 1);
  return size() - 1;
}

bool Graph::is_uniform(Id id, double value) const {
  const Node& n = (*this)[id];
  return n.op == Op::Constant && !n.data && n.c == value;
}

bool Graph::depends_on(Id id, Id source) const {
  const Id outputs[] = {id}, given[] = {source};
  for (Id k : reachable(*this, outputs, given))
    if (k == source) return true;
  return false;
}

Graph Graph::as_points() const {
  Graph points;
  for (Node n : nodes_) {
    n.tangent = false;
    if (n.op != Op::Input) points.by_hash_.emplace(hash_of(n), points.size());
    points.nodes_.push_back(std::move(n));
  }
  return points;
}

Ids reachable(const Graph& g, std::span<const Id> outputs, std::span<const Id> given) {
  if (outputs.empty()) return {};
  const Id last = *std::max_element(outputs.begin(), outputs.end());
  std::vector<char> needed(static_cast<std::size_t>(last) + 1, 0);
  std::vector<char> stop(needed.size(), 0);
  for (Id i : given)
    if (i <= last) stop[static_cast<std::size_t>(i)] = 1;
  for (Id o : outputs) needed[static_cast<std::size_t>(o)] = 1;
  for (Id k = last; k >= 0; --k) {
    if (!needed[static_cast<std::size_t>(k)] || stop[static_cast<std::size_t>(k)]) continue;
    for (Id i : g[k].operands()) needed[static_cast<std::size_t>(i)] = 1;
  }
  Ids order;
  for (Id k = 0; k <= last; ++k)
    if (needed[static_cast<std::size_t>(k)]) order.push_back(k);
  return order;
}

}  // namespace argscope::expr
