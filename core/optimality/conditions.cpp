#include "core/optimality/conditions.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/expr/derivatives.h"
#include "core/same_name.h"

namespace argscope::optimality {

using namespace expr;

namespace {

using Steps = std::span<const double>;

const PenaltyTerm* penalty_of(const Clauses& c, Id variable) {
  const auto at = std::ranges::find(c.penalties, variable, &PenaltyTerm::variable);
  return at == c.penalties.end() ? nullptr : &*at;
}

const Constraint* set_of(const Clauses& c, Id variable) {
  const auto holds = [&](const Constraint& k) { return k.set && k.s == variable; };
  const auto at = std::ranges::find_if(c.constraints, holds);
  return at == c.constraints.end() ? nullptr : &*at;
}

/// Whether the set itself stays where it is while x moves.
bool is_fixed(const Problem& p, const Constraint& k) {
  const Id point = p.graph.input("point", p.graph.shape(k.s), false);
  const Id nearest = k.clause->placed([&] { return k.set->project(p.graph, point, *k.arguments); });
  return std::ranges::none_of(p.x, [&](Id x) { return p.graph.depends_on(nearest, x); });
}

/// A whole variable in one set: what a projection step can take.
bool is_simple(const Problem& p, const Clauses& c, const Constraint& k) {
  const bool whole = k.set && std::ranges::find(p.x, k.s) != p.x.end();
  const auto again = [&](const Constraint& other) { return other.set && other.s == k.s; };
  return whole && std::ranges::count_if(c.constraints, again) == 1 && !penalty_of(c, k.s) && is_fixed(p, k);
}

void require_simple(const Problem& p, const Clauses& c, std::string_view name) {
  for (const Constraint& k : c.constraints)
    if (!is_simple(p, c, k))
      k.clause->fail(
          fmt::format("the condition '{}' takes whole variables in one set each, such as \"x in simplex()\", "
                      "and no penalty beside it; use kkt or conic",
                      name));
}

void refuse_penalties(const Clauses& c, std::string_view name) {
  if (!c.penalties.empty())
    c.penalties.front().clause->fail(fmt::format("the condition '{}' knows no penalties; use proximal_gradient", name));
}

void refuse_constraints(const Clauses& c, std::string_view name) {
  if (!c.constraints.empty())
    c.constraints.front().clause->fail(
        fmt::format("the condition '{}' knows no constraints; use kkt, conic or projected_gradient", name));
}

/// Where a parameter moves a set, the slope of the minimum is not that of the objective alone.
void forget_minimum_if_sets_move(Problem& p, const Clauses& c) {
  Graph& g = p.graph;
  for (const Constraint& k : c.constraints) {
    const Id nearest = k.clause->placed([&] { return k.set->project(g, k.s, *k.arguments); });
    if (std::ranges::any_of(p.theta, [&](Id theta) { return g.depends_on(nearest, theta); })) p.minimum = -1;
  }
}

/// ∇₁f = 0
void stationary(Problem& p, const Clauses& c, Steps) {
  refuse_penalties(c, p.condition);
  refuse_constraints(c, p.condition);
  p.mapping = p.slope;
}

/// T_k = prox_{η_k g_k}(x_k − η_k ∇_k f), the projection where the penalty is a set's.
void proximal_steps(Problem& p, const Clauses& c, Steps step) {
  Graph& g = p.graph;
  forget_minimum_if_sets_move(p, c);
  p.lengths.resize(p.size);
  for (std::size_t k = 0; k < p.variables.size(); ++k) {
    const double length = step[step.size() == 1 ? 0 : k];
    const Id x = p.x[k], eta = scalar(g, length);
    const Id z = sub(g, x, mul(g, eta, p.slope[k]));
    const auto moved_by = [&](const Clause& clause, const auto& operation) {
      const Id T = clause.placed(operation);
      if (T != z) p.proximal[z] = {k, clause.text.source};
      return T;
    };
    Id T = z;
    if (const PenaltyTerm* t = penalty_of(c, x))
      T = moved_by(*t->clause, [&] { return t->penalty->prox(g, z, mul(g, eta, t->scale), *t->arguments); });
    else if (const Constraint* s = set_of(c, x))
      T = moved_by(*s->clause, [&] { return s->set->project(g, z, *s->arguments); });
    p.mapping.push_back(sub(g, T, x));
    p.moved.push_back(z);
    p.mapped.push_back(T);
    p.lengths.segment(p.variables[k].offset, p.variables[k].size()).setConstant(length);
  }
}

void proximal_gradient(Problem& p, const Clauses& c, Steps step) {
  require_simple(p, c, "proximal_gradient");
  proximal_steps(p, c, step);
}

void block_proximal_gradient(Problem& p, const Clauses& c, Steps step) {
  require_simple(p, c, "block_proximal_gradient");
  proximal_steps(p, c, step);
}

void projected_gradient(Problem& p, const Clauses& c, Steps step) {
  refuse_penalties(c, "projected_gradient");
  require_simple(p, c, "projected_gradient");
  proximal_steps(p, c, step);
  for (Id x : p.x) {
    const Constraint* s = set_of(c, x);
    if (s && s->set->acts != sets::Acts::Entry) return p.bounded.clear();
    p.bounded.push_back(s ? s->set->project(p.graph, x, *s->arguments) : x);
  }
}

void mirror_descent(Problem& p, const Clauses& c, Steps step) {
  refuse_penalties(c, "mirror_descent");
  require_simple(p, c, "mirror_descent");
  forget_minimum_if_sets_move(p, c);
  Graph& g = p.graph;
  for (std::size_t k = 0; k < p.variables.size(); ++k) {
    const Constraint* s = set_of(c, p.x[k]);
    if (!s)
      p.fail(fmt::format("mirror_descent needs a simplex for every variable; '{}' has no set", p.variables[k].name));
    if (!s->set->mirror)
      s->clause->fail(
          fmt::format("mirror_descent has no step for the set '{}'; use projected_gradient", s->set->name()));
    const Id T = s->set->mirror(g, p.x[k], p.slope[k], scalar(g, step[0]), *s->arguments);
    p.mapping.push_back(sub(g, T, p.x[k]));
  }
}

/// One block s ∈ K of the constraints of a Lagrangian.
struct Block {
  Id s;
  const Constraint* of;
  Cone cone;
};

/// The constraints as blocks; sets that smooth constraints describe are taken apart unless they are cones to be kept.
std::vector<Block> blocks_of(Problem& p, const Clauses& c, bool conic) {
  Graph& g = p.graph;
  std::vector<Block> blocks;
  for (const Constraint& k : c.constraints) {
    if (!k.set) {
      blocks.push_back({k.s, &k, k.kind == Constraint::Kind::Equality ? Cone::Zero : Cone::Nonnegative});
    } else if (conic && k.set->cone) {
      if (!is_fixed(p, k)) k.clause->fail("the arguments of a cone may name parameters and data, not variables");
      blocks.push_back({k.s, &k, Cone::Other});
    } else if (k.set->constraints) {
      const sets::Constraints smooth = k.clause->placed([&] { return k.set->constraints(g, k.s, *k.arguments); });
      for (Id h : smooth.equalities) blocks.push_back({neg(g, h), &k, Cone::Zero});
      for (Id h : smooth.inequalities) blocks.push_back({neg(g, h), &k, Cone::Nonnegative});
    } else {
      k.clause->fail(fmt::format("no smooth constraints describe '{}'; use {}", k.set->name(),
                                 k.set->cone ? "conic" : "projected_gradient"));
    }
  }
  return blocks;
}

/// Multipliers and slacks share one array v = y − s: y = Π_{K*}(v) and s = Π_K(−v) are complementary by construction
/// (Moreau), so that F = [∇₁(f − ⟨y, s(x)⟩); s(x) − Π_K(−v)] states all of the conditions, and is smooth wherever
/// complementarity is strict.
void lagrangian(Problem& p, const Clauses& c, bool conic) {
  refuse_penalties(c, conic ? "conic" : "kkt");
  Graph& g = p.graph;
  Ids violations;
  Id L = p.smooth;
  std::map<const Constraint*, int> parts;
  for (const Block& b : blocks_of(p, c, conic)) {
    const auto number = 1 + (b.of - c.constraints.data());
    const int part = parts[b.of]++;
    const std::string suffix = part ? fmt::format("{}_{}", number, part + 1) : fmt::format("{}", number);
    const Id v = p.add_multiplier("multiplier_" + suffix, g.shape(b.s), b.cone, b.of->clause->text.source);
    Id y = v, slack = -1;
    if (b.cone == Cone::Nonnegative) slack = binary(g, Op::Maximum, neg(g, v), scalar(g, 0));
    if (b.cone == Cone::Other) slack = b.of->set->project(g, neg(g, v), *b.of->arguments);
    if (slack >= 0) y = add(g, v, slack);
    violations.push_back(slack < 0 ? b.s : sub(g, b.s, slack));
    L = sub(g, L, sum(g, mul(g, y, b.s), std::nullopt, false));
    if (std::ranges::any_of(p.theta, [&](Id theta) { return g.depends_on(y, theta); })) p.minimum = -1;
    p.named["multiplier_" + suffix] = y;
    if (slack >= 0) p.named["slack_" + suffix] = slack;
  }
  const Ids primal(p.x.begin(), p.x.begin() + static_cast<std::ptrdiff_t>(p.variables.size()));
  p.mapping = gradient(g, L, primal);
  if (p.minimum >= 0) p.minimum = L;
  p.mapping.insert(p.mapping.end(), violations.begin(), violations.end());
}

void kkt(Problem& p, const Clauses& c, Steps) { lagrangian(p, c, false); }
void conic(Problem& p, const Clauses& c, Steps) { lagrangian(p, c, true); }

using Step = Condition::Step;

constexpr std::array table{
    Condition{"stationary", "F = ∇₁f", stationary},
    Condition{"newton", "T = x − H⁻¹∇₁f, whose ∂₁T is zero at a solution", stationary},
    Condition{"gauss_newton", "F = ∇₁f of f = ½‖r‖² with RᵀR for the Hessian: biased, for comparison", stationary},
    Condition{"proximal_gradient", "T = prox_{ηg}(x − η∇₁f)", proximal_gradient, Step::One},
    Condition{"block_proximal_gradient", "T_k = prox_{η_k g_k}(x_k − η_k[∇₁f]_k)", block_proximal_gradient,
              Step::OneEach},
    Condition{"projected_gradient", "T = Π_C(x − η∇₁f)", projected_gradient, Step::One},
    Condition{"mirror_descent", "T = x∘exp(−η∇₁f) / Σ, row by row", mirror_descent, Step::One},
    Condition{"kkt", "∇₁(f − yᵀs) = 0, s(x) = max(−v, 0), y = max(v, 0)", kkt},
    Condition{"conic", "∇₁(f − ⟨y, s⟩) = 0, s(x) = Π_K(−v), y = Π_{K*}(v)", conic},
};

}  // namespace

const Condition* minimum_condition_named(std::string_view name) {
  const auto at = std::ranges::find_if(table, [&](const Condition& c) { return same_name(c.name, name); });
  return at == table.end() ? nullptr : &*at;
}

const Condition& natural_condition(const Problem& p, const Clauses& c) {
  const auto& named = [](std::string_view name) -> const Condition& { return *minimum_condition_named(name); };
  if (!c.penalties.empty()) return named("proximal_gradient");
  if (c.constraints.empty()) return named("stationary");
  if (std::ranges::all_of(c.constraints, [&](const Constraint& k) { return is_simple(p, c, k); }))
    return named("projected_gradient");
  const bool smooth =
      std::ranges::all_of(c.constraints, [](const Constraint& k) { return !k.set || k.set->constraints; });
  return named(smooth ? "kkt" : "conic");
}

std::string unfit(Kind kind, std::string_view condition) {
  const std::string_view stated = kind == Kind::Root ? "root" : "fixed_point";
  if (condition == "auto" ||
      (kind == Kind::Minimize ? minimum_condition_named(condition) != nullptr : same_name(condition, stated)))
    return "";
  return kind == Kind::Minimize
             ? fmt::format("'{}' is not a condition of a minimization", condition)
             : fmt::format("what this problem states is its condition, '{}'; it has no '{}'", stated, condition);
}

std::vector<std::string_view> condition_names() {
  std::vector<std::string_view> names{"auto"};
  for (const Condition& c : table) names.push_back(c.name);
  names.insert(names.end(), {"root", "fixed_point"});
  return names;
}

}  // namespace argscope::optimality
