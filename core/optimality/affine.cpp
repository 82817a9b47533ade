#include "core/optimality/affine.h"

#include <algorithm>

#include "core/expr/primitives.h"

namespace argscope::optimality {

using namespace expr;

namespace {

constexpr Index most_entries = 20'000'000;  // of one S

/// The affine part of a graph, from the variables up.
class Affine {
 public:
  explicit Affine(const Problem& p) : p_(p), g_(p.graph) {
    mark_dependence();
    for (std::size_t k = 0; k < p.x.size(); ++k) {
      SparseMat S(p.variables[k].size(), p.size);
      S.reserve(Eigen::VectorXi::Constant(p.size, 1));
      for (Index e = 0; e < p.variables[k].size(); ++e) S.insert(e, p.variables[k].offset + e) = 1;
      S.makeCompressed();
      S_[p.x[k]].swap(S);
    }
  }

  bool is_affine(Id y) const { return S_.contains(y); }
  const SparseMat& S(Id y) const { return S_.at(y); }

  /// Puts y among the affine nodes if it is one. False: its S would be too large.
  bool visit(Id y) {
    const Node& n = g_[y];
    const auto in = n.operands();
    if (std::none_of(in.begin(), in.end(), [&](Id i) { return is_affine(i); })) return true;
    if (auto S = matrix(n)) {
      if (S->nonZeros() > most_entries) return false;
      S->makeCompressed();
      S_[y].swap(*S);
    }
    return true;
  }

 private:
  std::optional<SparseMat> matrix(const Node& n) const {
    const Id a = n.in[0], b = n.in[1];
    switch (n.op) {
      case Op::Reshape: return S(a);
      case Op::Neg: return SparseMat(-S(a));
      case Op::Add: return both(a, b, 1);
      case Op::Sub: return both(a, b, -1);
      case Op::Gather: return gathered(n);
      case Op::Slice: return picked(n, [&](Index e) { return source_of(n, e); });
      case Op::Broadcast: return std::nullopt;
      case Op::MatMul: return product(n);
      default: return std::nullopt;
    }
  }

  /// Nothing can change the value of `y`: it depends on no variable, parameter or pair list.
  bool is_fixed(Id y) const { return fixed_[static_cast<std::size_t>(y)]; }
  bool moves(Id y) const { return moves_[static_cast<std::size_t>(y)]; }

  void mark_dependence() {
    moves_.resize(static_cast<std::size_t>(g_.size()));
    fixed_.resize(moves_.size());
    for (Id y = 0; y < g_.size(); ++y) {
      const auto in = g_[y].operands();
      const auto k = static_cast<std::size_t>(y);
      moves_[k] = std::find(p_.x.begin(), p_.x.end(), y) != p_.x.end() ||
                  std::any_of(in.begin(), in.end(), [&](Id i) { return moves(i); });
      fixed_[k] = g_[y].op != Op::Input && std::all_of(in.begin(), in.end(), [&](Id i) { return is_fixed(i); });
    }
  }

  std::optional<SparseMat> both(Id a, Id b, double sign) const {
    if ((!is_affine(a) && moves(a)) || (!is_affine(b) && moves(b))) return std::nullopt;
    if (!is_affine(a)) return SparseMat(sign * S(b));
    return is_affine(b) ? SparseMat(S(a) + sign * S(b)) : S(a);
  }

  template <class SourceOf>
  SparseMat picked(const Node& n, const SourceOf& source_of_element) const {
    const Eigen::SparseMatrix<double, Eigen::RowMajor> from = S(n.in[0]);
    std::vector<Eigen::Triplet<double>> entries;
    for (Index e = 0; e < n.shape.size(); ++e)
      for (Eigen::SparseMatrix<double, Eigen::RowMajor>::InnerIterator it(from, source_of_element(e)); it; ++it)
        entries.emplace_back(static_cast<int>(e), static_cast<int>(it.col()), it.value());
    SparseMat S(n.shape.size(), p_.size);
    S.setFromTriplets(entries.begin(), entries.end());
    return S;
  }

  Index source_of(const Node& n, Index element) const {
    const Shape& from = g_.shape(n.in[0]);
    Index rest = element, stride = 1, at = 0;
    for (int a = n.shape.rank(); a-- > 0;) {
      const auto k = static_cast<std::size_t>(2 * a);
      at += (n.ints[k] + n.ints[k + 1] * (rest % n.shape[a])) * stride;
      rest /= n.shape[a];
      stride *= from[a];
    }
    return at;
  }

  std::optional<SparseMat> gathered(const Node& n) const {
    const std::vector<double>* index = index_values(n.in[1]);
    std::vector<double> fixed;
    if (!index) {
      if (!is_fixed(n.in[1])) return std::nullopt;
      fixed = evaluate_constant(g_, n.in[1]).values;
      index = &fixed;
    }
    const Index width = n.shape.width();
    return picked(n, [&](Index e) {
      return static_cast<Index>((*index)[static_cast<std::size_t>(e / width)]) * width + e % width;
    });
  }

  const std::vector<double>* index_values(Id index) const {
    for (const FoundPairs& f : p_.pairs) {
      if (index == f.i) return &f.list.i;
      if (index == f.j) return &f.list.j;
    }
    return nullptr;
  }

  /// M x with a fixed matrix M and an affine vector or matrix x: each column of the result has the rows of M.
  std::optional<SparseMat> product(const Node& n) const {
    const Id left = n.in[0], right = n.in[1];
    if (!is_affine(right) || n.ints[1] != 0 || !is_fixed(left)) return std::nullopt;
    const Array M = evaluate_constant(g_, left);
    const bool transposed = n.ints[0] != 0;
    const Index rows = n.shape[0], columns = n.shape.width(), inner = g_.shape(right)[0];
    if (rows * inner * columns > most_entries) return std::nullopt;
    std::vector<Eigen::Triplet<double>> entries;
    for (Index r = 0; r < rows; ++r)
      for (Index k = 0; k < inner; ++k) {
        const double m = M.values[static_cast<std::size_t>(transposed ? k * rows + r : r * inner + k)];
        for (Index c = 0; m != 0 && c < columns; ++c)
          entries.emplace_back(static_cast<int>(r * columns + c), static_cast<int>(k * columns + c), m);
      }
    SparseMat K(rows * columns, inner * columns);
    K.setFromTriplets(entries.begin(), entries.end());
    return SparseMat(K * S(right));
  }

  const Problem& p_;
  const Graph& g_;
  std::map<Id, SparseMat> S_;
  std::vector<bool> moves_, fixed_;
};

}  // namespace

std::optional<std::vector<AffineNode>> affine_frontier(const Problem& p, Id f) {
  const Graph& g = p.graph;
  const Id outs[] = {f};
  const Ids order = reachable(g, outs, {});
  Affine affine(p);
  for (Id y : order)
    if (!affine.visit(y)) return std::nullopt;
  Ids frontier;
  const auto put = [&](Id i) {
    if (affine.is_affine(i) && std::find(frontier.begin(), frontier.end(), i) == frontier.end()) frontier.push_back(i);
  };
  for (Id y : order) {
    if (affine.is_affine(y)) continue;
    for (Id i : g[y].operands()) put(i);
  }
  put(f);
  std::vector<AffineNode> nodes;
  for (Id y : frontier) nodes.push_back({y, affine.S(y)});
  return nodes;
}

namespace {

/// Keeps rows apart: row r of the result needs row r of the operands alone.
bool keeps_rows_apart(const Graph& g, Id y) {
  const Node& n = g[y];
  switch (n.op) {
    case Op::Broadcast: {
      const Shape &to = n.shape, &from = g.shape(n.in[0]);
      return from.rank() == to.rank() && from.rank() > 0 && from[0] == to[0];
    }
    case Op::Reshape: return n.shape.rows() == g.shape(n.in[0]).rows();
    case Op::Sum: return n.ints.front() != 0 || g.shape(n.in[0]).rows() == 1;
    case Op::Slice:
    case Op::Pad: return n.ints[0] == 0 && n.ints[1] == 1 && n.shape[0] == g.shape(n.in[0])[0];
    case Op::TakeAlong:
    case Op::PutAlong: return n.shape.rank() > 1;
    case Op::CumSum: return n.ints[0] != 0;
    case Op::MatMul: return g[n.in[0]].tangent && n.ints[0] == 0;
    default: return primitive(n.op).kernel == Kernel::Elementwise;
  }
}

}  // namespace

bool row_aligned(const Graph& g, Id out, Id direction) {
  const Id outs[] = {out}, given[] = {direction};
  const Index rows = g.shape(direction).rows();
  for (Id y : reachable(g, outs, given)) {
    if (!g[y].tangent || y == direction) continue;
    if (g[y].shape.rows() != rows || !keeps_rows_apart(g, y)) return false;
  }
  return g.shape(out).rows() == rows;
}

}  // namespace argscope::optimality
