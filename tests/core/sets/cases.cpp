#include "tests/core/sets/cases.h"

namespace argscope::sets::check {

const Set& SetCase::row() const {
  const Set* set = set_named(text.substr(0, text.find('(')));
  if (!set) throw std::runtime_error("no set: " + text);
  return *set;
}

Function SetCase::projection() const {
  return Function(text, row().usage, shape, parameters,
                  [&](expr::Graph& g, expr::Id z, const expr::Arguments& a) { return row().project(g, z, a); });
}

namespace {

const Values scalars{{"theta", {{}, {1.3}}}};
const Values vectors{{"a", {{5}, {0.4, -1.2, 0.7, 2.0, -0.3}}}, {"b", {{}, {0.6}}}};
const Values bounds{{"l", {{5}, {-1.5, -0.2, -3, 0, -1}}}, {"u", {{5}, {-0.5, 0.9, 0.3, 1.1, 1}}}};
const Values faces{{"A", {{2, 4}, {1, 2, -1, 0.5, 0.3, -1, 1, 1}}},
                   {"b", {{2}, {0.5, -0.2}}},
                   {"G", {{6, 4}, {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, -1, 0.2, 0, 0, 0, -1, 0, 0.4, 0, 0, -1, -1}}},
                   {"h", {{6}, {0.5, 0.4, 0.6, 0.3, 0.5, 0.7}}}};
// the third equality is the sum of the other two, and the faces of a box appear twice
const Values redundant{{"t", {{}, {0.3}}}};
const Values section{{"l", {{5}, {-1, -0.5, -1, -2, 0}}},
                     {"u", {{5}, {1, 0.5, 2, 0.1, 1}}},
                     {"w", {{5}, {1, 0.5, -0.7, 2, 1.5}}},
                     {"c", {{}, {0.4}}}};
const Values sums{{"a", {{3}, {0.5, 1.2, 0.8}}}, {"b", {{4}, {0.3, 0.9, 0.4, 0.7}}}};

}  // namespace

const std::vector<SetCase>& set_cases() {
  static const std::vector<SetCase> cases{
      {"nonnegative()", {6}, {}},
      {"nonnegative_cone()", {2, 3}, {}},
      {"zero_cone()", {4}, {}},
      {"box(l, u)", {5}, bounds},
      {"box(-theta, theta**2)", {4}, scalars},
      {"box(-inf, theta)", {4}, scalars},
      {"hypercube()", {5}, {}},
      {"linf_ball(theta)", {5}, scalars},
      {"simplex()", {5}, {}},
      {"simplex(2*theta)", {6}, scalars},
      {"simplex(r)", {3, 4}, {{"r", {{3}, {0.5, 1, 2}}}}},
      {"sparse_simplex(2)", {5}, {}, 2, false},
      {"l1_ball(theta)", {5}, scalars},
      {"l1_sphere(theta)", {5}, scalars, 2, false},
      {"l2_ball(theta)", {5}, scalars},
      {"l2_sphere(theta)", {5}, scalars, 2, false},
      {"hyperplane(a, b)", {5}, vectors},
      {"halfspace(a, b)", {5}, vectors},
      {"affine_set(A, b)", {4}, faces},
      {"affine_set([[1, 0, 1], [0, 1, 0], [1, 1, 1]], [t, 1, 1 + t])", {3}, redundant},
      {"polyhedron(A, b, G, h)", {4}, faces},
      {"polyhedron(None, None, G, h)", {2, 4}, faces},
      {"polyhedron(None, None, [[1, 0], [1, 0], [2, 0], [0, 1], [1, 1]], [t, 2*t, 2*t, 0, t])", {2}, redundant},
      {"box_section(l, u, w, c)", {5}, section},
      {"box_section(0, 1, 1, theta)", {4}, scalars},
      {"box_section(-inf, inf, 1, theta)", {2, 3}, scalars},
      {"box_section(0, inf, [1, 2, 3], theta)", {3}, scalars},
      {"transport(a/sum(a), b/sum(b))", {3, 4}, sums},
      {"transport(a/sum(a), b/sum(b))", {3, 4}, sums, 0.1},
      {"birkhoff()", {4, 4}, {}},
      {"birkhoff()", {3, 3}, {}, 0.2},
      {"kl_transport(a/sum(a), b/sum(b))", {3, 4}, sums, 2, true, false},
      {"kl_birkhoff()", {3, 3}, {}, 2, true, false},
      {"second_order_cone()", {4}, {}},
      {"second_order_cone()", {2, 3}, {}},
      {"psd_cone()", {4, 4}, {}},
      {"exponential_cone()", {3}, {}},
      {"dual_exponential_cone()", {2, 3}, {}},
      {"power_cone(p)", {3}, {{"p", {{}, {0.3}}}}},
      {"power_cone(p)", {2, 3}, {{"p", {{2}, {0.5, 0.8}}}}},
  };
  return cases;
}

}  // namespace argscope::sets::check
