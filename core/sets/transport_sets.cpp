// Matrices with given row and column sums.
#include <fmt/format.h>

#include "core/sets/groups.h"
#include "core/sets/potentials.h"
#include "core/sets/rows.h"

namespace argscope::sets {

namespace {

using namespace expr;
using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

struct Sums {
  Id of_rows, of_columns;
};

void need_matrix(const Graph& g, Id z) {
  const Shape& s = g.shape(z);
  if (s.rank() != 2 || s.size() == 0) throw ShapeError("a matrix is expected, not shape " + s.str());
}

Sums given_sums(Graph& g, Id z, const Arguments& a) {
  need_matrix(g, z);
  const auto sums = [&](std::size_t k, Index n, const char* of) {
    const Id v = a.array(k);
    if (g.shape(v) != Shape{n})
      a.fail(k,
             fmt::format("a vector of {} numbers is expected, one for each {}, not shape {}", n, of, g.shape(v).str()));
    return v;
  };
  const Shape s = g.shape(z);
  return {sums(0, s[0], "row"), sums(1, s[1], "column")};
}

Sums ones(Graph& g, Id z) {
  need_matrix(g, z);
  const Shape s = g.shape(z);
  if (s[0] != s[1]) throw ShapeError("a square matrix is expected, not shape " + s.str());
  return {g.constant(1, {s[0]}), g.constant(1, {s[0]})};
}

/// f, g, K⁻.
template <Link link>
void run_potentials(std::span<const ArrayView> in, std::span<const Index>, std::span<double> result) {
  const Index m = in[0].shape[0], n = in[0].shape[1];
  const Potentials p =
      transport_potentials(Eigen::Map<const RowMajor>(in[0].values, m, n), Eigen::Map<const Vec>(in[1].values, m),
                           Eigen::Map<const Vec>(in[2].values, n), link);
  double* y = std::copy_n(p.f.data(), m, result.data());
  y = std::copy_n(p.g.data(), n, y);
  std::copy_n(p.inverse.data(), p.inverse.size(), y);  // symmetric: either order
}
constexpr Routine euclidean{"transport", run_potentials<Link::PositivePart>};
constexpr Routine entropic{"kl_transport", run_potentials<Link::Exponential>};

/// df1ᵀ + 1dgᵀ
Id spread(Graph& g, Id of_rows, Id of_columns) {
  return add(g, reshape(g, of_rows, {g.shape(of_rows).size(), 1}), of_columns);
}

template <Link link>
Id onto(Graph& g, Id z, const Sums& sums) {
  const Index m = g.shape(z)[0], n = g.shape(z)[1], all = m + n;
  const Id operands[] = {z, sums.of_rows, sums.of_columns};
  const Id found = call(g, link == Link::Exponential ? entropic : euclidean, operands, {all + all * all}, {});
  const Id inverse = reshape(g, slice_along(g, found, 0, {all, 1, all * all}), {all, all});
  const Id dual =
      add(g, stop(g, z), spread(g, slice_along(g, found, 0, {0, 1, m}), slice_along(g, found, 0, {m, 1, n})));
  const bool entropy = link == Link::Exponential;
  const Id P = entropy ? unary(g, Op::Exp, dual) : positive_part(g, dual), W = entropy ? P : is_positive(g, dual);
  const Id dz = moving(g, z), moved = mul(g, W, dz);
  const Id short_of[] = {sub(g, moving(g, sums.of_rows), sum(g, moved, 1, false)),
                         sub(g, moving(g, sums.of_columns), sum(g, moved, 0, false))};
  const Id shift = matmul(g, inverse, concatenate(g, short_of, 0));
  return add(
      g, P, mul(g, W, add(g, dz, spread(g, slice_along(g, shift, 0, {0, 1, m}), slice_along(g, shift, 0, {m, 1, n})))));
}

template <Link link>
Id transport(Graph& g, Id z, const Arguments& a) {
  return onto<link>(g, z, given_sums(g, z, a));
}
template <Link link>
Id birkhoff(Graph& g, Id z, const Arguments&) {
  return onto<link>(g, z, ones(g, z));
}

/// The last column's sum follows from the others: stated as well, multipliers would not be unique.
Constraints sums_and_signs(Graph& g, Id z, const Sums& sums) {
  const Index n = g.shape(z)[1] - 1;
  const Id row_errors = sub(g, sum(g, z, 1, false), sums.of_rows);
  const Id column_errors = sub(g, sum(g, z, 0, false), sums.of_columns);
  return {{row_errors, slice_along(g, column_errors, 0, {0, 1, n})}, {neg(g, z)}};
}
Constraints transport_constraints(Graph& g, Id z, const Arguments& a) {
  return sums_and_signs(g, z, given_sums(g, z, a));
}
Constraints birkhoff_constraints(Graph& g, Id z, const Arguments&) { return sums_and_signs(g, z, ones(g, z)); }

constexpr Set table[] = {
    {"birkhoff()", "square matrices, X >= 0, whose rows and columns sum to 1; an entry at 0 does not move",
     Acts::Matrix, birkhoff<Link::PositivePart>, birkhoff_constraints},
    {"kl_birkhoff()", "as birkhoff, in the sense of Sinkhorn: the X nearest to exp(Z) by Kullback-Leibler divergence",
     Acts::Matrix, birkhoff<Link::Exponential>},
    {"kl_transport(a, b)",
     "as transport, in the sense of Sinkhorn: the X nearest to exp(Z) by Kullback-Leibler divergence", Acts::Matrix,
     transport<Link::Exponential>},
    {"transport(a, b)",
     "matrices, X >= 0, with row sums a and column sums b; an entry at 0 does not move; derivatives in a and b hold "
     "for changes that keep sum(a) == sum(b)",
     Acts::Matrix, transport<Link::PositivePart>, transport_constraints},
};

}  // namespace

std::span<const Set> transport_sets() { return table; }

}  // namespace argscope::sets
