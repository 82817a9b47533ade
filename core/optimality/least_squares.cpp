#include "core/optimality/least_squares.h"

#include <algorithm>

namespace argscope::optimality {

using namespace expr;

namespace {

class Squares {
 public:
  explicit Squares(const Problem& p) : p_(p), g_(p.graph) {}

  /// f = weight · (node), summand by summand.
  bool collect(Id f, Id weight) {
    const Node& n = g_[f];
    switch (n.op) {
      case Op::Add: return collect(n.in[0], weight) && collect(n.in[1], weight);
      case Op::Reshape: return n.shape.size() == 1 && g_.shape(n.in[0]).size() == 1 && collect(n.in[0], weight);
      case Op::Mul:
        for (const int k : {0, 1})
          if (!moves(n.in[k]) && g_.shape(n.in[k]).size() == 1 && moves(n.in[1 - k]))
            return collect(n.in[1 - k], mul(g_, weight, reshape(g_, n.in[k], {})));
        return square(f, weight);
      case Op::Sum: return n.shape.size() == 1 && square(n.in[0], weight);
      default: return false;
    }
  }

  Ids take() { return std::move(residuals_); }

 private:
  bool moves(Id y) const {
    return std::ranges::any_of(p_.x, [&](Id x) { return g_.depends_on(y, x); });
  }

  /// u·u, with factors that do not move.
  bool square(Id y, Id weight) {
    const Node& n = g_[y];
    if (n.op != Op::Mul) return false;
    if (n.in[0] == n.in[1]) {
      residuals_.push_back(mul(g_, unary(g_, Op::Sqrt, mul(g_, weight, scalar(g_, 2))), n.in[0]));
      return true;
    }
    for (const int k : {0, 1})
      if (!moves(n.in[k])) return square(n.in[1 - k], mul(g_, weight, n.in[k]));
    return false;
  }

  const Problem& p_;
  Graph& g_;
  Ids residuals_;
};

}  // namespace

std::optional<Ids> residuals_of(const Problem& p, Id f) {
  if (f < 0) return std::nullopt;
  Squares squares(p);
  if (!squares.collect(f, scalar(p.graph, 1))) return std::nullopt;
  return squares.take();
}

}  // namespace argscope::optimality
