// Operations on whole arrays. Tangents carry `lanes` numbers an element, lanes innermost.
#include <cblas.h>

#include <Eigen/LU>
#include <algorithm>
#include <limits>
#include <numeric>

#include "core/expr/kernels/kernels.h"
#include "core/expr/plan.h"
#include "core/expr/routine.h"
#include "core/expr/scan.h"
#include "core/expr/tall_product.h"

namespace argscope::expr {

namespace {

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using ConstMap = Eigen::Map<const RowMajor>;
using Map = Eigen::Map<RowMajor>;

/// The operands of one running operation.
struct Operands {
  const WholeArray& w;
  const Running& now;
  int lanes;
  const double* operator[](int k) const { return now.read(w.from[static_cast<std::size_t>(k)]); }
  const Shape& shape(int k) const { return w.shapes[static_cast<std::size_t>(k)]; }
  int lanes_of(int k) const { return w.tangent[static_cast<std::size_t>(k)] ? lanes : 1; }
  double* result() const { return now.write(w.to); }
  const Shape& result_shape() const { return w.node.shape; }
};

/// Row-major C (m × n, leading dimension ldc) = op(A) op(B).
void gemm(bool ta, bool tb, Index m, Index n, Index k, const double* a, Index lda, const double* b, Index ldb,
          double* c, Index ldc) {
  constexpr Index near = 1 << 16;  // numbers that the caches hold
  if (m == 0 || n == 0) return;
  if (k == 0) {
    for (Index r = 0; r < m; ++r) std::fill_n(c + r * ldc, n, 0.0);
    return;
  }
  const Operand A{a, m, k, ta ? 1 : lda, ta ? lda : 1}, B{b, k, n, tb ? 1 : ldb, tb ? ldb : 1};
  if (tall_product(A, B, c, ldc)) return;
  if (m * k <= near && k * n <= near &&
      kernels::best().small_product(c, ldc, a, A.row, A.column, b, B.row, B.column, m, n, k))
    return;
  const auto i = [](Index v) { return static_cast<int>(std::max<Index>(v, 1)); };
  if (n == 1 && ldc == 1 && (ldb == 1 || tb)) {
    cblas_dgemv(CblasRowMajor, ta ? CblasTrans : CblasNoTrans, i(ta ? k : m), i(ta ? m : k), 1, a, i(lda), b, 1, 0, c,
                1);
    return;
  }
  cblas_dgemm(CblasRowMajor, ta ? CblasTrans : CblasNoTrans, tb ? CblasTrans : CblasNoTrans, i(m), i(n), i(k), 1, a,
              i(lda), b, i(ldb), 0, c, i(ldc));
}

void run_matmul(const Operands& o) {
  const bool ta = o.w.node.ints[0] != 0, tb = o.w.node.ints[1] != 0;
  const Shape &p = o.shape(0), &q = o.shape(1);
  const Index m = ta ? p[1] : p[0], k = ta ? p[0] : p[1];
  const Index n = q.rank() == 1 ? 1 : tb ? q[0] : q[1];
  const Index ldb = q.rank() == 1 ? 1 : q[1];
  const Index left = o.lanes_of(0), right = o.lanes_of(1);
  double* c = o.result();
  static const kernels::Table& kernel = kernels::best();
  if (left == 1 && right == 1) return gemm(ta, tb, m, n, k, o[0], p[1], o[1], ldb, c, n);
  if (right > 1 && !tb) return gemm(ta, false, m, n * right, k, o[0], p[1], o[1], n * right, c, n * right);
  if (right > 1) {
    constexpr Index few = 32;  // rows that a product without packing is faster for
    for (Index j = 0; j < n; ++j) {
      const double* b = o[1] + j * k * right;
      if (m <= few)
        kernel.lanes_product(c + j * right, n * right, b, right, o[0], ta ? p[1] : 1, ta ? 1 : p[1], m, k, right);
      else
        gemm(ta, false, m, right, k, o[0], p[1], b, right, c + j * right, n * right);
    }
    return;
  }
  for (Index i = 0; i < m; ++i)
    kernel.lanes_product(c + i * n * left, left, o[0] + (ta ? i : i * k) * left, (ta ? m : 1) * left, o[1],
                         tb ? 1 : ldb, tb ? ldb : 1, n, k, left);
}

/// Elements of `lanes` numbers, `step` apart in a, one after the other in y.
void gather(const double* a, Index step, Index count, Index lanes, double* y) {
  const auto elements_of = [&](auto numbers) {
    for (Index e = 0; e < count; ++e) std::copy_n(a + e * step, numbers, y + e * numbers);
  };
  if (step == lanes)
    std::copy_n(a, count * lanes, y);
  else if (lanes == 1)
    elements_of(std::integral_constant<Index, 1>());
  else if (lanes == 8)
    elements_of(std::integral_constant<Index, 8>());
  else
    elements_of(lanes);
}

void run_permute(const Operands& o) {
  const Shape &from = o.shape(0), &to = o.result_shape();
  const int rank = from.rank(), last = rank - 1;
  const Index lanes = o.lanes_of(0), size = to.size();
  std::array<Index, Shape::max_rank> stride{}, step{}, k{};
  Index s = lanes;
  for (int a = rank; a-- > 0; s *= from[a]) stride[static_cast<std::size_t>(a)] = s;
  for (int a = 0; a < rank; ++a)
    step[static_cast<std::size_t>(a)] = stride[static_cast<std::size_t>(o.w.node.ints[static_cast<std::size_t>(a)])];
  const Index row = to[last], inner = step[static_cast<std::size_t>(last)];
  const double* a = o[0];
  double* y = o.result();
  for (Index e = 0, at = 0; e < size; e += row, y += row * lanes) {
    gather(a + at, inner, row, lanes, y);
    for (int axis = last; axis-- > 0;) {
      const auto x = static_cast<std::size_t>(axis);
      at += step[x];
      if (++k[x] < to[axis]) break;
      at -= step[x] * to[axis];
      k[x] = 0;
    }
  }
}

Index last_axis(const Shape& s) { return s[s.rank() - 1]; }

/// Each row of take_along's indices picks from the same row of the operand; put_along is the transpose.
void run_take_along(const Operands& o) {
  const Index n = last_axis(o.shape(0)), k = last_axis(o.result_shape()), lanes = o.lanes_of(0);
  const Index rows = k ? o.result_shape().size() / k : 0;
  double* y = o.result();
  for (Index r = 0; r < rows; ++r)
    for (Index c = 0; c < k; ++c, y += lanes) {
      const auto from = static_cast<Index>(o[1][r * k + c]);
      std::copy_n(o[0] + (r * n + from) * lanes, lanes, y);
    }
}

void run_put_along(const Operands& o) {
  const Index n = last_axis(o.result_shape()), k = last_axis(o.shape(0)), lanes = o.lanes_of(0);
  const Index rows = k ? o.shape(0).size() / k : 0;
  double* y = o.result();
  std::fill_n(y, o.result_shape().size() * lanes, 0.0);
  const double* a = o[0];
  for (Index r = 0; r < rows; ++r)
    for (Index c = 0; c < k; ++c, a += lanes) {
      double* to = y + (r * n + static_cast<Index>(o[1][r * k + c])) * lanes;
      for (Index l = 0; l < lanes; ++l) to[l] += a[l];
    }
}

void run_argmax(const Operands& o) {
  static const kernels::Table& kernel = kernels::best();
  const Index n = last_axis(o.shape(0));
  double* y = o.result();
  for (Index r = 0; r < o.result_shape().size(); ++r) {
    // not-a-number counts as the greatest, as in NumPy: it must not vanish behind the others
    y[r] = static_cast<double>(kernel.first_greatest(o[0] + r * n, n));
  }
}

void run_argsort(const Operands& o) {
  const Index n = last_axis(o.shape(0));
  std::vector<Index> order(static_cast<std::size_t>(n));
  double* y = o.result();
  for (Index r = 0; n > 0 && r < o.shape(0).size() / n; ++r) {
    const double* row = o[0] + r * n;
    std::iota(order.begin(), order.end(), 0);
    // not-a-number goes last, as in NumPy; a comparison that is no strict order would be undefined behaviour
    std::stable_sort(order.begin(), order.end(),
                     [&](Index a, Index b) { return row[a] < row[b] || (row[b] != row[b] && row[a] == row[a]); });
    for (Index c = 0; c < n; ++c) y[r * n + c] = static_cast<double>(order[static_cast<std::size_t>(c)]);
  }
}

void run_cumsum(const Operands& o) {
  const Shape& s = o.result_shape();
  const auto axis = static_cast<int>(o.w.node.ints[0]);
  const bool reverse = o.w.node.ints[1] != 0;
  Index outer = 1, inner = o.lanes_of(0);
  for (int a = 0; a < axis; ++a) outer *= s[a];
  for (int a = axis + 1; a < s.rank(); ++a) inner *= s[a];
  const Index n = s[axis];
  for (Index r = 0; r < outer; ++r) {
    const double* a = o[0] + r * n * inner;
    double* y = o.result() + r * n * inner;
    for (Index k = 0; k < n; ++k) {
      const Index at = reverse ? n - 1 - k : k, before = reverse ? at + 1 : at - 1;
      for (Index i = 0; i < inner; ++i) y[at * inner + i] = a[at * inner + i] + (k ? y[before * inner + i] : 0);
    }
  }
}

/// A singular matrix gives not-a-number, never a made-up solution.
bool is_singular(const Eigen::PartialPivLU<Eigen::MatrixXd>& lu) {
  return !(lu.matrixLU().diagonal().cwiseAbs().minCoeff() > 0);
}

void run_solve(const Operands& o) {
  const Index n = o.shape(0)[0];
  const Index columns = n ? o.shape(1).size() / n * o.lanes_of(1) : 0;
  if (columns == 0) return;
  const ConstMap A(o[0], n, n), B(o[1], n, columns);
  Map X(o.result(), n, columns);
  const Eigen::PartialPivLU<Eigen::MatrixXd> lu(o.w.node.ints[0] ? Eigen::MatrixXd(A.transpose()) : Eigen::MatrixXd(A));
  if (is_singular(lu))
    X.setConstant(std::numeric_limits<double>::quiet_NaN());
  else
    X = lu.solve(Eigen::MatrixXd(B));
}

void run_logdet(const Operands& o) {
  const Index n = o.shape(0)[0];
  double sum = 0;
  if (n > 0) {
    const Eigen::PartialPivLU<Eigen::MatrixXd> lu(Eigen::MatrixXd(ConstMap(o[0], n, n)));
    sum = lu.matrixLU().diagonal().cwiseAbs().array().log().sum();
  }
  *o.result() = sum;
}

void run_routine(const Operands& o) {
  std::array<ArrayView, 5> views;
  const auto arity = static_cast<std::size_t>(o.w.node.arity);
  for (std::size_t k = 0; k < arity; ++k) views[k] = {o.w.shapes[k], o[static_cast<int>(k)]};
  o.w.node.routine->run({views.data(), arity}, o.w.node.ints,
                        {o.result(), static_cast<std::size_t>(o.result_shape().size())});
}

/// carry_{t+1} = body(carry_t, …), each step's own numbers where it has some; every carry is kept.
class ScanRun {
 public:
  explicit ScanRun(const Operands& o) : o_(o), lanes_(o.w.node.tangent ? o.lanes : 1) {
    for (int k = 0; k < o.w.node.arity; ++k) from_[static_cast<std::size_t>(k)] = with_lanes(k);
  }

  void run() {
    const Index carry = o_.shape(0).size() * (is_linear() ? lanes_ : 1);
    double* y = o_.result();
    std::copy_n(from_[0], carry, y);
    Workspace workspace;
    std::array<const double*, 5> in{};
    for (Index t = 0; t < o_.w.node.ints[0]; ++t) {
      for (int k = 1; k < o_.w.node.arity; ++k) {
        const bool per_step = k == 1 || k == 3;
        in[static_cast<std::size_t>(k)] =
            from_[static_cast<std::size_t>(k)] + (per_step ? t * o_.shape(k).width() * lanes_of(k) : 0);
      }
      in[0] = y + t * carry;
      o_.w.node.body->run({in.data(), static_cast<std::size_t>(o_.w.node.arity)}, y + (t + 1) * carry, lanes_,
                          workspace);
    }
  }

 private:
  bool is_linear() const { return o_.w.node.op == Op::LinearScan; }
  int lanes_of(int k) const { return is_linear() && (k == 0 || k >= 3) ? lanes_ : 1; }

  /// A linear operand may be a constant zero, which has one number an element.
  const double* with_lanes(int k) {
    if (lanes_of(k) == o_.lanes_of(k)) return o_[k];
    auto& repeated = repeated_[static_cast<std::size_t>(k)];
    for (Index e = 0; e < o_.shape(k).size(); ++e)
      repeated.insert(repeated.end(), static_cast<std::size_t>(lanes_), o_[k][e]);
    return repeated.data();
  }

  const Operands& o_;
  int lanes_;
  std::array<const double*, 5> from_{};
  std::array<std::vector<double>, 5> repeated_;
};

}  // namespace

void run_whole(const WholeArray& w, int lanes, const Running& now) {
  const Operands o{w, now, lanes};
  switch (w.node.op) {
    case Op::MatMul: return run_matmul(o);
    case Op::Permute: return run_permute(o);
    case Op::TakeAlong: return run_take_along(o);
    case Op::PutAlong: return run_put_along(o);
    case Op::ArgMax: return run_argmax(o);
    case Op::ArgSort: return run_argsort(o);
    case Op::CumSum: return run_cumsum(o);
    case Op::Solve: return run_solve(o);
    case Op::LogDet: return run_logdet(o);
    case Op::Routine: return run_routine(o);
    default: return ScanRun(o).run();
  }
}

}  // namespace argscope::expr
