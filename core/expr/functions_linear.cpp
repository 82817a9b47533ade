// Linear algebra.
#include "core/expr/functions.h"

namespace argscope::expr {

namespace {

Id dot(Graph& g, const Arguments& a) {
  const Id x = a.array(0), y = a.array(1);
  const bool scaled = g.shape(x).rank() == 0 || g.shape(y).rank() == 0;
  return scaled ? mul(g, x, y) : matmul(g, x, y);
}

Id vdot(Graph& g, const Arguments& a) {
  const Id x = a.array(0), y = a.array(1);
  const Index n = g.shape(x).size(), m = g.shape(y).size();
  return matmul(g, reshape(g, x, {n}), reshape(g, y, {m}));
}

Id product(Graph& g, const Arguments& a) {
  const Id x = a.array(0);
  return matmul(g, x, a.array(1));
}

Id outer_product(Graph& g, const Arguments& a) {
  const Id x = a.array(0);
  return outer(g, x, a.array(1));
}

Id solution(Graph& g, const Arguments& a) {
  const Id A = a.array(0);
  return solve(g, A, a.array(1));
}

Id inverse(Graph& g, const Arguments& a) {
  const Id A = a.array(0);
  const Shape s = g.shape(A);
  if (s.rank() != 2 || s[0] != s[1]) a.fail(0, "inv needs a square matrix, not shape " + s.str());
  return solve(g, A, eye(g, s[0]));
}

Id log_determinant(Graph& g, const Arguments& a) { return logdet(g, a.array(0)); }

Id trace(Graph& g, const Arguments& a) {
  const Id A = a.array(0);
  if (g.shape(A).rank() != 2) a.fail(0, "trace needs a matrix, not shape " + g.shape(A).str());
  return sum(g, diag(g, A), std::nullopt, false);
}

Id diagonal(Graph& g, const Arguments& a) { return diag(g, a.array(0)); }

Id identity(Graph& g, const Arguments& a) {
  const Index n = a.whole(0, 0);
  constexpr Index largest = 20000;
  if (n < 0 || n > largest) a.fail(0, "eye makes matrices of 0 to 20000 rows");
  return eye(g, n);
}

constexpr Function table[] = {
    {"diag(x)", "the diagonal matrix of a vector; the diagonal of a matrix", diagonal},
    {"dot(x, y)", "x @ y; of a number and an array: their product", dot},
    {"eye(n)", "the identity matrix", identity},
    {"inv(A)", "the inverse of a square matrix; solve(A, b) is faster and more exact than inv(A) @ b", inverse},
    {"logdet(A)", "log |det A|", log_determinant},
    {"matmul(x, y)", "x @ y", product},
    {"outer(x, y)", "the matrix of all products of an element of x and one of y", outer_product},
    {"solve(A, b)", "the x for which A @ x == b; A square, b a vector or a matrix", solution},
    {"trace(A)", "the sum of the diagonal", trace},
    {"vdot(x, y)", "the sum of all products of corresponding elements", vdot},
};

}  // namespace

std::span<const Function> linear_functions() { return table; }

}  // namespace argscope::expr
