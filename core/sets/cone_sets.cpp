// Cones of rows, and the cone of semidefinite matrices.
#include <fmt/format.h>

#include <Eigen/Eigenvalues>

#include "core/sets/groups.h"
#include "core/sets/rays.h"
#include "core/sets/rows.h"

namespace argscope::sets {

namespace {

using namespace expr;

/// (t, x) with ‖x‖ ≤ t.
Id second_order_cone(Graph& g, Id z, const Arguments&) {
  if (row_length(g, z) == 0) throw ShapeError("a second-order cone needs (t, x...), not shape " + g.shape(z).str());
  const Id t = entry_of_rows(g, z, 0), x = rest_of_rows(g, z, 1);
  const Id size = row_norm(g, x), zero = scalar(g, 0), one = scalar(g, 1), half = scalar(g, 0.5);
  const Id inside = binary(g, Op::LessEqual, size, t), polar = binary(g, Op::LessEqual, size, neg(g, t));
  const Id middle = mul(g, half, add(g, size, t)), divisor = where(g, inside, one, where(g, polar, one, size));
  const Id top = where(g, polar, zero, where(g, inside, t, middle));  // the apex is in both
  const Id by = where(g, polar, zero, where(g, inside, one, div(g, middle, divisor)));
  const Id parts[] = {top, mul(g, by, x)};
  return concatenate(g, parts, g.shape(z).rank() - 1);
}

// ---- matrices: U diag(λ₊) Uᵀ
void run_eigen(std::span<const ArrayView> in, std::span<const Index>, std::span<double> result) {
  const Index n = in[0].shape[0];
  const Mat S = Eigen::Map<const Mat>(in[0].values, n, n);
  if (!S.allFinite()) {
    std::fill(result.begin(), result.end(), std::numeric_limits<double>::quiet_NaN());
    return;
  }
  const Eigen::SelfAdjointEigenSolver<Mat> eigen(S);
  double* y = std::copy_n(eigen.eigenvalues().data(), n, result.data());
  std::copy_n(eigen.eigenvectors().data(), n * n, y);  // by columns: row-major, it is Uᵀ
}
constexpr Routine eigen_routine{"eigen", run_eigen};

Id psd_cone(Graph& g, Id z, const Arguments&) {
  const Shape s = g.shape(z);
  if (s.rank() != 2 || s[0] != s[1] || s[0] == 0)
    throw ShapeError("psd_cone needs a square matrix, not shape " + s.str());
  const Index n = s[0];
  const Id S = mul(g, scalar(g, 0.5), add(g, z, transpose_axes(g, z)));
  const Id operands[] = {S};
  const Id found = call(g, eigen_routine, operands, {1, n + n * n}, {});
  const Id value = columns(g, found, 0, n), Ut = reshape(g, columns(g, found, n, n * n), {n, n});
  const Id U = transpose_axes(g, Ut), positive = positive_part(g, value);
  const Id size = sub(g, add(g, positive, positive), value);  // |λ|
  const auto pairwise = [&](Id v) { return add(g, reshape(g, v, {n, 1}), reshape(g, v, {1, n})); };
  const Id B = ratio_or_zero(g, pairwise(positive), pairwise(size));
  const Id turned = matmul(g, matmul(g, Ut, moving(g, S)), U);
  const Id diagonal = mul(g, eye(g, n), positive);
  return matmul(g, matmul(g, U, add(g, diagonal, mul(g, B, turned))), Ut);
}

// ---- cones of three numbers
template <class Project>
void run_triples(std::span<const ArrayView> in, std::span<double> result, const Project& project) {
  double* y = result.data();
  for (Index r = 0; r < in[0].shape[0]; ++r) {
    const Eigen::Map<const Eigen::Vector3d> v(in[0].values + 3 * r);
    const ConeProjection p = project(v, r);
    const Eigen::Matrix<double, 3, 3, Eigen::RowMajor> slope = p.slope;
    y = std::copy_n(p.x.data(), 3, y);
    y = std::copy_n(slope.data(), 9, y);
    y = std::copy_n(p.in_parameter.data(), 3, y);
    *y++ = p.depth;
    *y++ = p.height;
  }
}
void run_exponential(std::span<const ArrayView> in, std::span<const Index>, std::span<double> result) {
  run_triples(in, result, [](const Eigen::Vector3d& v, Index) { return project_exponential_cone(v); });
}
void run_power(std::span<const ArrayView> in, std::span<const Index>, std::span<double> result) {
  run_triples(in, result, [&](const Eigen::Vector3d& v, Index r) { return project_power_cone(v, in[1].values[r]); });
}
constexpr Routine exponential_routine{"exponential_cone", run_exponential};
constexpr Routine power_routine{"power_cone", run_power};

void need_triples(const Graph& g, Id z, const char* what) {
  if (row_length(g, z) != 3)
    throw ShapeError(fmt::format("{} takes rows of three numbers, not shape {}", what, g.shape(z).str()));
}

/// What a routine found, put together. Inside and polar parts are told apart here, where a tie can be seen; `parameter`
/// (rows, 1) or −1.
Id triples(Graph& g, const Routine& routine, Id z, Id parameter) {
  const Id rows = as_matrix(g, z), operands[] = {rows, parameter};
  const Index count = g.shape(rows)[0];
  const std::size_t arity = parameter < 0 ? 1 : 2;
  const Id found = call(g, routine, {operands, arity}, {count, 17}, {});
  const Id slope = reshape(g, columns(g, found, 3, 9), {count, 3, 3});
  Id x = add(g, columns(g, found, 0, 3), rowwise_product(g, slope, moving(g, rows)));
  if (parameter >= 0) x = add(g, x, mul(g, columns(g, found, 12, 3), moving(g, parameter)));
  const Id zero = scalar(g, 0), in_polar = binary(g, Op::LessEqual, columns(g, found, 16, 1), zero);
  const Id outside = where(g, in_polar, zero, x);
  return reshape(g, where(g, is_positive(g, columns(g, found, 15, 1)), rows, outside), g.shape(z));
}

Id exponential_cone(Graph& g, Id z, const Arguments&) {
  need_triples(g, z, "exponential_cone");
  return triples(g, exponential_routine, z, -1);
}
Id dual_exponential_cone(Graph& g, Id z, const Arguments&) {
  need_triples(g, z, "dual_exponential_cone");
  return add(g, z, triples(g, exponential_routine, neg(g, z), -1));
}
Id power_cone(Graph& g, Id z, const Arguments& a) {
  need_triples(g, z, "power_cone");
  const Id p = per_row(g, a, 0, z);
  if (const auto known = a.settled(0))
    for (double v : known->values)
      if (!(v > 0 && v < 1)) a.fail(0, fmt::format("the power must lie between 0 and 1, not be {}", v));
  const Id each = broadcast_to(g, p, g.shape(z).with_axis(g.shape(z).rank() - 1, 1));
  return triples(g, power_routine, z, reshape(g, each, {row_count(g, z), 1}));
}

constexpr Set table[] = {
    {"dual_exponential_cone()", "the dual of exponential_cone: (u, v, w) with -u*exp(v/u) <= e*w; kinks as there",
     Acts::Row, dual_exponential_cone, nullptr, nullptr, true},
    {"exponential_cone()",
     "rows (r, s, t) with s*exp(r/s) <= t; on the surface the derivative is the identity, at the apex 0", Acts::Row,
     exponential_cone, nullptr, nullptr, true},
    {"power_cone(p)",
     "rows (x, y, z) with x**p * y**(1 - p) >= |z|; on the surface the derivative is the identity, of z at 0 it is 0",
     Acts::Row, power_cone, nullptr, nullptr, true},
    {"psd_cone()", "the symmetric positive semidefinite part of a square matrix; an eigenvalue 0 does not move",
     Acts::Matrix, psd_cone, nullptr, nullptr, true},
    {"second_order_cone()",
     "rows (t, x) with norm(x) <= t; on the surface the derivative is the identity, at the apex 0", Acts::Row,
     second_order_cone, nullptr, nullptr, true},
};

}  // namespace

std::span<const Set> cone_sets() { return table; }

}  // namespace argscope::sets
