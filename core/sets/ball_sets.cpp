// Simplices, balls and spheres, each row by itself.
#include <fmt/format.h>

#include "core/sets/groups.h"
#include "core/sets/rows.h"

namespace argscope::sets {

namespace {

using namespace expr;

Id simplex(Graph& g, Id z, const Arguments& a) {
  row_length(g, z);
  return project_simplex(g, z, radius(g, a, 0, z, 1));
}

Constraints simplex_constraints(Graph& g, Id z, const Arguments& a) {
  return {{sub(g, row_sum(g, z), radius(g, a, 0, z, 1))}, {neg(g, z)}};
}

/// x∘e/Σ(x∘e)·r with e = exp(−step·(slope − min slope)).
Id simplex_mirror(Graph& g, Id x, Id slope, Id step, const Arguments& a) {
  const Id least = stop(g, minimum_of(g, slope, -1, true));
  const Id e = unary(g, Op::Exp, neg(g, mul(g, step, sub(g, slope, least))));
  const Id weighed = mul(g, x, e);
  return mul(g, weighed, div(g, radius(g, a, 0, x, 1), row_sum(g, weighed)));
}

/// The k greatest of each row keep their places, the first of equals, and are projected onto the simplex
/// (Kyrillidis et al., Sparse projections onto the simplex, 2013).
Id sparse_simplex(Graph& g, Id z, const Arguments& a) {
  const Index n = row_length(g, z), k = a.whole(0, n);
  if (k < 1 || k > n) a.fail(0, fmt::format("of {} numbers, 1 to {} can be kept, not {}", n, n, k));
  const Id rows = as_matrix(g, z);
  const Id kept = columns(g, argsort(g, neg(g, rows)), 0, k);
  const Id p = project_simplex(g, take_along(g, rows, kept), scalar(g, 1));
  return reshape(g, put_along(g, p, kept, n), g.shape(z));
}

Id l1_ball(Graph& g, Id z, const Arguments& a) {
  row_length(g, z);
  const Id r = radius(g, a, 0, z, 1), size = unary(g, Op::Abs, z);
  const Id cut = mul(g, unary(g, Op::Sign, z), project_simplex(g, size, r));
  return where(g, binary(g, Op::LessEqual, row_sum(g, size), r), z, cut);
}

Id l1_sphere(Graph& g, Id z, const Arguments& a) {
  row_length(g, z);
  const Id side = where(g, less(g, z, scalar(g, 0)), scalar(g, -1), scalar(g, 1));
  return mul(g, side, project_simplex(g, mul(g, side, z), radius(g, a, 0, z, 1)));
}

Id l2_ball(Graph& g, Id z, const Arguments& a) {
  row_length(g, z);
  const Id r = radius(g, a, 0, z, 1), size = row_norm(g, z);
  const Id inside = binary(g, Op::LessEqual, size, r), one = scalar(g, 1);
  return mul(g, z, where(g, inside, one, div(g, r, where(g, inside, one, size))));
}

/// ‖z‖² − r²
Id beyond_sphere(Graph& g, Id z, const Arguments& a) {
  const Id r = radius(g, a, 0, z, 1);
  return sub(g, row_sum(g, mul(g, z, z)), mul(g, r, r));
}

Constraints l2_ball_constraints(Graph& g, Id z, const Arguments& a) { return {{}, {beyond_sphere(g, z, a)}}; }

Id l2_sphere(Graph& g, Id z, const Arguments& a) {
  const Index n = row_length(g, z);
  const Id r = radius(g, a, 0, z, 1), size = row_norm(g, z);
  std::vector<double> first(static_cast<std::size_t>(n), 0);
  if (n > 0) first[0] = 1;
  const Id pole = mul(g, r, g.constant(std::move(first), {n}));
  const Id centre = binary(g, Op::Equal, size, scalar(g, 0));
  return where(g, centre, pole, mul(g, z, div(g, r, where(g, centre, scalar(g, 1), size))));
}

Constraints l2_sphere_constraints(Graph& g, Id z, const Arguments& a) { return {{beyond_sphere(g, z, a)}, {}}; }

constexpr Set table[] = {
    {"l1_ball(r)", "sum(|x|) <= r in each row; on the sphere the derivative is the identity, of an entry 0 it is 0",
     Acts::Row, l1_ball},
    {"l1_sphere(r)", "sum(|x|) == r in each row, where 0 counts as positive; an entry that is cut off does not move",
     Acts::Row, l1_sphere},
    {"l2_ball(r)", "norm(x) <= r in each row; on the sphere the derivative is the identity", Acts::Row, l2_ball,
     l2_ball_constraints},
    {"l2_sphere(r)", "norm(x) == r in each row; the centre goes to (r, 0, ...), which does not move with it", Acts::Row,
     l2_sphere, l2_sphere_constraints},
    {"simplex(r=1)", "x >= 0 and sum(x) == r in each row; an entry at 0 does not move", Acts::Row, simplex,
     simplex_constraints, simplex_mirror},
    {"sparse_simplex(k)", "the simplex, at most k entries of a row not 0; of equal ones the first stay", Acts::Row,
     sparse_simplex},
};

}  // namespace

std::span<const Set> ball_sets() { return table; }

}  // namespace argscope::sets
