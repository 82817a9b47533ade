// Penalties and their proximal operators.
#include <fmt/format.h>

#include <Eigen/SVD>
#include <limits>
#include <numeric>

#include "core/sets/rows.h"
#include "core/sets/variation.h"

namespace argscope::sets {

namespace {

using namespace expr;

Id total(Graph& g, Id a) { return sum(g, a, std::nullopt, false); }
Id half(Graph& g, Id a) { return mul(g, scalar(g, 0.5), a); }

/// S_t(u) = max(0, u − t) + min(0, u + t), which switches at |u| = t alone; there u's derivative is 0, and t's too.
Id shrunk(Graph& g, Id u, Id t) {
  return add(g, positive_part(g, sub(g, u, t)), binary(g, Op::Minimum, scalar(g, 0), add(g, u, t)));
}

/// The value where no entry of w is negative, infinite elsewhere.
Id if_nonnegative(Graph& g, Id w, Id value) {
  const Id bad = total(g, less(g, w, scalar(g, 0)));
  return where(g, is_positive(g, bad), scalar(g, std::numeric_limits<double>::infinity()), value);
}

Id norm1(Graph& g, const Arguments& a) { return total(g, unary(g, Op::Abs, a.array(0))); }
Id norm1_prox(Graph& g, Id z, Id s, const Arguments&) { return shrunk(g, z, s); }

Id nonnegative_norm1(Graph& g, const Arguments& a) { return if_nonnegative(g, a.array(0), total(g, a.array(0))); }
Id nonnegative_norm1_prox(Graph& g, Id z, Id s, const Arguments&) { return positive_part(g, sub(g, z, s)); }

Id norm2_squared(Graph& g, const Arguments& a) {
  const Id w = a.array(0);
  return half(g, total(g, mul(g, w, w)));
}
Id norm2_squared_prox(Graph& g, Id z, Id s, const Arguments&) { return div(g, z, add(g, scalar(g, 1), s)); }

Id nonnegative_norm2_squared(Graph& g, const Arguments& a) {
  return if_nonnegative(g, a.array(0), norm2_squared(g, a));
}
Id nonnegative_norm2_squared_prox(Graph& g, Id z, Id s, const Arguments& a) {
  return norm2_squared_prox(g, positive_part(g, z), s, a);
}

/// l1·(‖w‖₁ + gamma/2·‖w‖²)
Id elastic_net(Graph& g, const Arguments& a) {
  const Id w = a.array(0), l1 = per_entry(g, a, 1, w), gamma = per_entry(g, a, 2, w);
  const Id curve = half(g, mul(g, gamma, mul(g, w, w)));
  return total(g, mul(g, l1, add(g, unary(g, Op::Abs, w), curve)));
}
Id elastic_net_prox(Graph& g, Id z, Id s, const Arguments& a) {
  const Id t = mul(g, s, per_entry(g, a, 1, z)), gamma = per_entry(g, a, 2, z);
  return div(g, shrunk(g, z, t), add(g, scalar(g, 1), mul(g, t, gamma)));
}

// ---- groups of the entries of a row
struct Groups {
  Id labels;  ///< constant, shaped as w
  Index count;
};

/// Argument k: the length of groups of neighbours, or for each entry of a row its group's number.
Groups groups_of(Graph& g, const Arguments& a, std::size_t k, Id w) {
  const Index n = row_length(g, w);
  const Array given = a.constant(k);
  std::vector<double> labels = given.values;
  if (given.shape.rank() == 0) {
    const double length = given.values[0];
    if (!(length >= 1) || length != std::floor(length) || n % static_cast<Index>(length) != 0)
      a.fail(k, fmt::format("rows of {} numbers do not split into groups of {}", n, length));
    labels.clear();
    for (Index i = 0; i < n; ++i) labels.push_back(std::floor(static_cast<double>(i) / length));
  } else if (given.shape != Shape{n}) {
    a.fail(k, fmt::format("one group number for each of {} entries is expected, or one length, not shape {}", n,
                          given.shape.str()));
  }
  double last = -1;
  for (double v : labels) {
    if (!(v >= 0 && v < static_cast<double>(n)) || v != std::floor(v))
      a.fail(k, fmt::format("group numbers count from 0 and stay below {}, not {}", n, v));
    last = std::max(last, v);
  }
  return {broadcast_to(g, g.constant(std::move(labels), {n}), g.shape(w)), static_cast<Index>(last) + 1};
}

/// ‖w_G‖ for each group of each row; derivative 0 at 0.
Id group_sizes(Graph& g, Id w, const Groups& groups) {
  const Id squares = put_along(g, mul(g, w, w), groups.labels, groups.count);
  const Id some = is_positive(g, squares);
  return where(g, some, unary(g, Op::Sqrt, where(g, some, squares, scalar(g, 1))), scalar(g, 0));
}

Id group_norm(Graph& g, const Arguments& a) {
  return total(g, group_sizes(g, a.array(0), groups_of(g, a, 1, a.array(0))));
}
Id group_norm_prox(Graph& g, Id z, Id s, const Arguments& a) {
  const Groups groups = groups_of(g, a, 1, z);
  const Id size = group_sizes(g, z, groups), one = scalar(g, 1);
  const Id kept = where(g, less(g, s, size), sub(g, one, ratio_or_zero(g, s, size)), scalar(g, 0));
  return mul(g, z, take_along(g, kept, groups.labels));
}

// ---- total variation of each row
Id total_variation(Graph& g, const Arguments& a) {
  const Id w = as_matrix(g, a.array(0));
  const Index n = row_length(g, w);
  if (n < 2) return scalar(g, 0);
  return total(g, unary(g, Op::Abs, sub(g, columns(g, w, 1, n - 1), columns(g, w, 0, n - 1))));
}

/// Strictness and direction of the jumps of each row.
void run_variation(std::span<const ArrayView> in, std::span<const Index>, std::span<double> result) {
  const Index n = in[0].shape[1];
  double* y = result.data();
  for (Index r = 0; r < in[0].shape[0]; ++r) {
    const Jumps jumps = total_variation_jumps(Eigen::Map<const Vec>(in[0].values + r * n, n), in[1].values[0]);
    y = std::copy_n(jumps.strictness.data(), n - 1, y);
    y = std::copy_n(jumps.direction.data(), n - 1, y);
  }
}
constexpr Routine variation_routine{"total_variation", run_variation};

/// Between jumps w is the mean of z, raised where it jumps up at the right end or down at the left one.
Id total_variation_prox(Graph& g, Id z, Id s, const Arguments&) {
  const Id rows = as_matrix(g, z), operands[] = {rows, reshape(g, s, {})};
  const Index count = g.shape(rows)[0], n = g.shape(rows)[1];
  if (n < 2 || count == 0) return z;
  const Id found = call(g, variation_routine, operands, {count, 2 * (n - 1)}, {});
  const Id strictness = columns(g, found, 0, n - 1), jumps = is_positive(g, strictness);
  const Id signs = where(g, jumps, columns(g, found, n - 1, n - 1), scalar(g, 0));
  const auto padded = [&](Id v, Index first) {
    const Range at[] = {{0, 1, count}, {first, 1, n - 1}};
    return pad(g, v, at, {count, n});
  };
  const Id label = cumsum(g, padded(jumps, 1), 1, false);
  const Id raised = add(g, rows, mul(g, s, sub(g, padded(signs, 0), padded(signs, 1))));
  const Id members = take_along(g, put_along(g, g.constant(1, {count, n}), label, n), label);
  const Id sums = take_along(g, put_along(g, raised, label, n), label);
  const Id unknown = moving(g, row_sum(g, strictness));  // 0, or not-a-number, which must not vanish in a mask
  return reshape(g, add(g, div(g, sums, members), unknown), g.shape(z));
}

// ---- singular values
/// U by columns, σ, V by columns.
void run_svd(std::span<const ArrayView> in, std::span<const Index>, std::span<double> result) {
  const Index m = in[0].shape[0], n = in[0].shape[1];
  using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Mat A = Eigen::Map<const RowMajor>(in[0].values, m, n);
  if (!A.allFinite()) {
    std::fill(result.begin(), result.end(), std::numeric_limits<double>::quiet_NaN());
    return;
  }
  const Eigen::JacobiSVD<Mat> svd(A, Eigen::ComputeThinU | Eigen::ComputeThinV);
  double* y = std::copy_n(svd.matrixU().data(), svd.matrixU().size(), result.data());
  y = std::copy_n(svd.singularValues().data(), svd.singularValues().size(), y);
  std::copy_n(svd.matrixV().data(), svd.matrixV().size(), y);
}
constexpr Routine svd_routine{"svd", run_svd};

struct Singular {
  Id Ut, values, Vt;  ///< (k, m), (1, k), (k, n)
};
Singular decomposed(Graph& g, Id z, const char* what) {
  const Shape s = g.shape(z);
  if (s.rank() != 2 || s.size() == 0) throw ShapeError(fmt::format("{} needs a matrix, not shape {}", what, s.str()));
  const Index m = s[0], n = s[1], k = std::min(m, n);
  const Id operands[] = {z};
  const Id found = call(g, svd_routine, operands, {1, k * m + k + k * n}, {});
  return {reshape(g, columns(g, found, 0, k * m), {k, m}), columns(g, found, k * m, k),
          reshape(g, columns(g, found, k * m + k, k * n), {k, n})};
}

Id nuclear_norm(Graph& g, const Arguments& a) {
  const Id W = a.array(0);
  const Singular d = decomposed(g, W, "nuclear_norm");
  const Id polar = matmul(g, transpose_axes(g, d.Ut), d.Vt);
  return add(g, total(g, d.values), total(g, mul(g, polar, moving(g, W))));
}

/// a where the mask is 1, b where it is 0. Adds up: a comparison would look like a kink that is not there.
Id choose(Graph& g, Id mask, Id a, Id b) { return add(g, mul(g, mask, a), mul(g, sub(g, scalar(g, 1), mask), b)); }

/// The factors of the symmetric and the antisymmetric part of UᵀdZV, and of what lies outside U, in the differential of
/// U diag(f(σ)) Vᵀ with f = max(σ − s, 0): divided differences, quotients of sums, f/σ (Lewis & Sendov, Nonsmooth
/// analysis of singular values, 2005).
struct Factors {
  Id even, odd, outside;
};
Factors factors(Graph& g, Id sigma, Id f, Id kept) {
  const Index k = g.shape(sigma).size();
  const auto column = [&](Id a) { return reshape(g, a, {k, 1}); };
  const Id one = scalar(g, 1), sums = add(g, f, column(f));
  const Id both = mul(g, kept, column(kept)), any = sub(g, add(g, kept, column(kept)), both);
  // of a kept and a cut one; σ of the kept one is the larger
  const Id gap = mul(g, sub(g, sigma, column(sigma)), sub(g, kept, column(kept)));
  const Id mixed = sub(g, any, both);
  return {add(g, both, mul(g, mixed, div(g, sums, choose(g, mixed, gap, one)))),
          mul(g, any, div(g, sums, choose(g, any, add(g, sigma, column(sigma)), one))),
          mul(g, kept, div(g, f, choose(g, kept, sigma, one)))};
}

Id nuclear_norm_prox(Graph& g, Id z, Id s, const Arguments& a) {
  const Singular d = decomposed(g, z, "nuclear_norm");
  if (g.shape(z)[0] < g.shape(z)[1]) return transpose_axes(g, nuclear_norm_prox(g, transpose_axes(g, z), s, a));
  const Id over = sub(g, d.values, stop(g, s)), f = positive_part(g, over), kept = is_positive(g, over);
  const Factors by = factors(g, d.values, f, kept);
  const Id dz = moving(g, z), U = transpose_axes(g, d.Ut), V = transpose_axes(g, d.Vt);
  const Id across = matmul(g, dz, V), M = matmul(g, d.Ut, across), Mt = transpose_axes(g, M);
  const Id even = mul(g, by.even, half(g, add(g, M, Mt))), odd = mul(g, by.odd, half(g, sub(g, M, Mt)));
  const Id diagonal = mul(g, eye(g, g.shape(M)[0]), sub(g, f, mul(g, kept, moving(g, s))));
  const Id inside = matmul(g, U, add(g, diagonal, add(g, even, odd)));
  const Id outside = mul(g, by.outside, sub(g, across, matmul(g, U, M)));
  return matmul(g, add(g, inside, outside), d.Vt);
}

constexpr Penalty table[] = {
    {"elastic_net(w, l1, gamma)", "l1*(sum(|w|) + gamma/2*sum(w**2)); an entry that is cut to 0 does not move",
     Acts::Entry, elastic_net, elastic_net_prox},
    {"group_norm(w, groups)",
     "the sum of the Euclidean norms of groups of entries, in each row; groups: how many neighbours make one, or for "
     "each entry the number of its group; a group that is cut to 0 does not move",
     Acts::Row, group_norm, group_norm_prox},
    {"nonnegative_norm1(w)", "sum(w), for w >= 0; an entry that is cut to 0 does not move", Acts::Entry,
     nonnegative_norm1, nonnegative_norm1_prox},
    {"nonnegative_norm2_squared(w)", "sum(w**2)/2, for w >= 0; an entry that is cut to 0 does not move", Acts::Entry,
     nonnegative_norm2_squared, nonnegative_norm2_squared_prox},
    {"norm1(w)", "sum(|w|); an entry that is cut to 0 does not move", Acts::Entry, norm1, norm1_prox},
    {"norm2_squared(w)", "sum(w**2)/2", Acts::Entry, norm2_squared, norm2_squared_prox},
    {"nuclear_norm(W)", "the sum of a matrix's singular values; one that is cut to 0 does not move", Acts::Matrix,
     nuclear_norm, nuclear_norm_prox},
    {"total_variation(w)", "sum(|w[i+1] - w[i]|) in each row; neighbours that just meet move as one", Acts::Row,
     total_variation, total_variation_prox},
};

}  // namespace

std::span<const Penalty> penalties() { return table; }

}  // namespace argscope::sets
