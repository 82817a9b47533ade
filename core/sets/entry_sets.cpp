// Sets that bound every number by itself.
#include "core/sets/groups.h"
#include "core/sets/rows.h"

namespace argscope::sets {

namespace {

using namespace expr;

/// At a tie the bound's derivative counts, not the point's.
Id clip(Graph& g, Id z, Id low, Id high) {
  const Id cut = binary(g, Op::Minimum, high, binary(g, Op::Maximum, low, z));
  return only_where(g, binary(g, Op::LessEqual, low, high), cut);
}

Id nonnegative(Graph& g, Id z, const Arguments&) { return positive_part(g, z); }
Constraints nonnegative_constraints(Graph& g, Id z, const Arguments&) { return {{}, {neg(g, z)}}; }

Id box(Graph& g, Id z, const Arguments& a) { return clip(g, z, per_entry(g, a, 0, z), per_entry(g, a, 1, z)); }
Constraints box_constraints(Graph& g, Id z, const Arguments& a) {
  return between(g, z, per_entry(g, a, 0, z), per_entry(g, a, 1, z));
}

Id hypercube(Graph& g, Id z, const Arguments&) { return clip(g, z, scalar(g, 0), scalar(g, 1)); }
Constraints hypercube_constraints(Graph& g, Id z, const Arguments&) {
  return between(g, z, scalar(g, 0), scalar(g, 1));
}

Id linf_ball(Graph& g, Id z, const Arguments& a) {
  const Id r = radius(g, a, 0, z, 1);
  return clip(g, z, neg(g, r), r);
}
Constraints linf_constraints(Graph& g, Id z, const Arguments& a) {
  const Id r = radius(g, a, 0, z, 1);
  return between(g, z, neg(g, r), r);
}

Id zero_cone(Graph& g, Id z, const Arguments&) { return g.constant(0, g.shape(z)); }
Constraints zero_constraints(Graph&, Id z, const Arguments&) { return {{z}, {}}; }

constexpr Set table[] = {
    {"box(l, u)", "l <= x <= u, element by element; at a bound x moves with the bound", Acts::Entry, box,
     box_constraints},
    {"hypercube()", "0 <= x <= 1, element by element; at a bound the derivative is 0", Acts::Entry, hypercube,
     hypercube_constraints},
    {"linf_ball(r)", "|x| <= r, element by element; at a bound x moves with r", Acts::Row, linf_ball, linf_constraints},
    {"nonnegative()", "x >= 0, element by element; at 0 the derivative is 0", Acts::Entry, nonnegative,
     nonnegative_constraints},
    {"nonnegative_cone()", "x >= 0, element by element; at 0 the derivative is 0", Acts::Entry, nonnegative,
     nonnegative_constraints, nullptr, true},
    {"zero_cone()", "x == 0; its dual holds everything", Acts::Entry, zero_cone, zero_constraints, nullptr, true},
};

}  // namespace

std::span<const Set> entry_sets() { return table; }

}  // namespace argscope::sets
