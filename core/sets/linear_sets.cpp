// Sets that linear equalities and inequalities describe.
#include <fmt/format.h>

#include "core/sets/groups.h"
#include "core/sets/polyhedron.h"
#include "core/sets/rows.h"
#include "core/sets/section.h"

namespace argscope::sets {

namespace {

using namespace expr;
using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using ConstMap = Eigen::Map<const RowMajor>;

// ---- one plane
struct Plane {
  Id normal, offset;
};
Plane plane(Graph& g, Id z, const Arguments& a) {
  row_length(g, z);
  return {per_entry(g, a, 0, z), per_row(g, a, 1, z)};
}
Id beyond(Graph& g, Id z, const Plane& p) { return sub(g, row_sum(g, mul(g, p.normal, z)), p.offset); }
/// z − a·excess/‖a‖²
Id moved_back(Graph& g, Id z, const Plane& p, Id excess) {
  const Id normal = broadcast_to(g, p.normal, g.shape(z));
  return sub(g, z, mul(g, normal, div(g, excess, row_sum(g, mul(g, normal, normal)))));
}

Id hyperplane(Graph& g, Id z, const Arguments& a) {
  const Plane p = plane(g, z, a);
  return moved_back(g, z, p, beyond(g, z, p));
}
Constraints hyperplane_constraints(Graph& g, Id z, const Arguments& a) { return {{beyond(g, z, plane(g, z, a))}, {}}; }

Id halfspace(Graph& g, Id z, const Arguments& a) {
  const Plane p = plane(g, z, a);
  return moved_back(g, z, p, positive_part(g, beyond(g, z, p)));
}
Constraints halfspace_constraints(Graph& g, Id z, const Arguments& a) { return {{}, {beyond(g, z, plane(g, z, a))}}; }

// ---- several
/// C x = d in the first rows, C x ≤ d in the others; d has one row, or one for each of z's.
struct Faces {
  Id C, d;
  Index equalities;
};

/// The matrix and right side of arguments k and k + 1; nothing where they are None.
struct Block {
  Id matrix, right;
};
std::optional<Block> block(Graph& g, Id z, const Arguments& a, std::size_t k) {
  if (!a.given(k) && !a.given(k + 1)) return std::nullopt;
  for (const std::size_t one : {k, k + 1})
    if (!a.given(one)) a.fail(one, "a matrix and its right side are given together, or both are None");
  const Block b{a.array(k), a.array(k + 1)};
  const Shape m = g.shape(b.matrix), r = g.shape(b.right);
  const Index n = row_length(g, z), rows = row_count(g, z);
  if (m.rank() != 2 || m[1] != n)
    a.fail(k, fmt::format("a matrix with {} columns is expected, one for each entry, not shape {}", n, m.str()));
  if (r == Shape{m[0]}) return Block{b.matrix, reshape(g, b.right, {1, m[0]})};
  if (r == Shape{rows, m[0]}) return b;
  a.fail(k + 1, fmt::format("a vector of {} numbers is expected, one for each row of the matrix, not shape {}", m[0],
                            r.str()));
}

Faces faces(Graph& g, Id z, const std::optional<Block>& equal, const std::optional<Block>& below) {
  if (!equal && !below) throw ShapeError("a polyhedron needs equalities or inequalities");
  const Index rows = row_count(g, z);
  Ids matrices, rights;
  for (const auto& b : {equal, below})
    if (b) {
      matrices.push_back(b->matrix);
      rights.push_back(broadcast_to(g, b->right, {rows, g.shape(b->matrix)[0]}));
    }
  return {concatenate(g, matrices, 0), concatenate(g, rights, 1), equal ? g.shape(equal->matrix)[0] : 0};
}

/// Of each row of z: x, strictness, C⁺.
void run_polyhedron(std::span<const ArrayView> in, std::span<const Index> ints, std::span<double> result) {
  const Index rows = in[0].shape[0], n = in[0].shape[1], m = in[1].shape[0];
  const Mat C = ConstMap(in[1].values, m, n);
  double* y = result.data();
  for (Index r = 0; r < rows; ++r) {
    const Vec z = Eigen::Map<const Vec>(in[0].values + r * n, n), d = Eigen::Map<const Vec>(in[2].values + r * m, m);
    const PolyhedronProjection p = project_polyhedron(C, d, ints[0], z);
    y = std::copy_n(p.x.data(), n, y);
    y = std::copy_n(p.strictness.data(), m, y);
    const RowMajor inverse = p.inverse;
    y = std::copy_n(inverse.data(), n * m, y);
  }
}
constexpr Routine polyhedron_routine{"polyhedron", run_polyhedron};

/// Multipliers that equalities have in full and inequalities when they push.
Id multipliers(Graph& g, Id strictness, Index equalities) {
  const Index m = g.shape(strictness)[1];
  const Id parts[] = {columns(g, strictness, 0, equalities),
                      positive_part(g, columns(g, strictness, equalities, m - equalities))};
  return concatenate(g, parts, 1);
}

Id onto(Graph& g, Id z, const Faces& f) {
  const Id rows = as_matrix(g, z);
  const Index count = g.shape(rows)[0], n = g.shape(rows)[1], m = g.shape(f.C)[0];
  const Id operands[] = {rows, f.C, f.d};
  const Id found = call(g, polyhedron_routine, operands, {count, n + m + n * m}, {f.equalities});
  const Id x = columns(g, found, 0, n), lambda = multipliers(g, columns(g, found, n, m), f.equalities);
  const Id inverse = reshape(g, columns(g, found, n + m, n * m), {count, n, m});
  const Id C = stop(g, f.C), dC = moving(g, f.C);
  const Id along = sub(g, moving(g, rows), matmul(g, lambda, dC));
  const Id shift = sub(g, moving(g, f.d), matmul(g, x, transpose_axes(g, dC)));
  const Id across = sub(g, shift, matmul(g, along, transpose_axes(g, C)));
  return reshape(g, add(g, x, add(g, along, rowwise_product(g, inverse, across))), g.shape(z));
}

Id affine_set(Graph& g, Id z, const Arguments& a) { return onto(g, z, faces(g, z, block(g, z, a, 0), std::nullopt)); }
Id polyhedron(Graph& g, Id z, const Arguments& a) {
  const auto equal = block(g, z, a, 0);
  return onto(g, z, faces(g, z, equal, block(g, z, a, 2)));
}

/// A z − b, one row for each of z's.
Id excess(Graph& g, Id z, const Block& b) {
  return sub(g, matmul(g, as_matrix(g, z), transpose_axes(g, b.matrix)), b.right);
}
Constraints described(Graph& g, Id z, const std::optional<Block>& equal, const std::optional<Block>& below) {
  Constraints c;
  if (equal) c.equalities.push_back(excess(g, z, *equal));
  if (below) c.inequalities.push_back(excess(g, z, *below));
  return c;
}
Constraints affine_constraints(Graph& g, Id z, const Arguments& a) {
  return described(g, z, block(g, z, a, 0), std::nullopt);
}
Constraints polyhedron_constraints(Graph& g, Id z, const Arguments& a) {
  const auto equal = block(g, z, a, 0);
  return described(g, z, equal, block(g, z, a, 2));
}

// ---- a plane in a box
struct Section {
  Id low, high, weights, total;
};
Section section(Graph& g, Id z, const Arguments& a) {
  row_length(g, z);
  const auto spread = [&](std::size_t k) { return broadcast_to(g, per_entry(g, a, k, z), g.shape(z)); };
  return {spread(0), spread(1), spread(2), per_row(g, a, 3, z)};
}

void run_section(std::span<const ArrayView> in, std::span<const Index>, std::span<double> result) {
  const Index n = in[0].shape[1];
  const auto row = [&](std::size_t k, std::size_t r) {
    return Eigen::Map<const Vec>(in[k].values + static_cast<Index>(r) * n, n);
  };
  for (std::size_t r = 0; r < result.size(); ++r)
    result[r] = section_multiplier(row(0, r), row(1, r), row(2, r), row(3, r), in[4].values[r]);
}
constexpr Routine section_routine{"box_section", run_section};

/// clip(z − τw, l, u), with a τ that a Newton step of its equation moves.
Id box_section(Graph& g, Id z, const Arguments& a) {
  const Section s = section(g, z, a);
  const Index rows = row_count(g, z);
  const Id total = broadcast_to(g, s.total, g.shape(z).with_axis(g.shape(z).rank() - 1, 1));
  const Id operands[] = {as_matrix(g, z), as_matrix(g, s.low), as_matrix(g, s.high), as_matrix(g, s.weights),
                         reshape(g, total, {rows, 1})};
  const Id found = reshape(g, call(g, section_routine, operands, {rows, 1}, {}), g.shape(total));
  const auto cut = [&](Id tau) {
    const Id free = sub(g, z, mul(g, tau, s.weights));
    return binary(g, Op::Minimum, s.high, binary(g, Op::Maximum, s.low, free));
  };
  const Id free = stop(g, sub(g, z, mul(g, found, s.weights))), w = stop(g, s.weights);
  const Id moves = mul(g, less(g, stop(g, s.low), free), less(g, free, stop(g, s.high)));
  const Id slope = row_sum(g, mul(g, moves, mul(g, w, w)));
  const Id error = sub(g, row_sum(g, mul(g, s.weights, cut(found))), total);
  return cut(add(g, found, ratio_or_zero(g, moving(g, error), slope)));
}

Constraints section_constraints(Graph& g, Id z, const Arguments& a) {
  const Section s = section(g, z, a);
  Constraints c = between(g, z, s.low, s.high);
  c.equalities.push_back(sub(g, row_sum(g, mul(g, s.weights, z)), s.total));
  return c;
}

constexpr Set table[] = {
    {"affine_set(A, b)", "A @ x == b for each row x; rows of A may depend on one another", Acts::Row, affine_set,
     affine_constraints},
    {"box_section(l, u, w, c)", "l <= x <= u and w @ x == c in each row; at a bound x moves with the bound", Acts::Row,
     box_section, section_constraints},
    {"halfspace(a, b)", "a @ x <= b in each row; on the plane the derivative is the identity", Acts::Row, halfspace,
     halfspace_constraints},
    {"hyperplane(a, b)", "a @ x == b in each row", Acts::Row, hyperplane, hyperplane_constraints},
    {"polyhedron(A, b, G, h)",
     "A @ x == b and G @ x <= h for each row x; A, b or G, h may be None; a face that does not push does not count",
     Acts::Row, polyhedron, polyhedron_constraints},
};

}  // namespace

std::span<const Set> linear_sets() { return table; }

}  // namespace argscope::sets
