#include "core/optimality/clauses.h"

#include <fmt/format.h>

#include <algorithm>

namespace argscope::optimality {

using namespace expr;

namespace {

std::vector<std::string> names_of(const auto& rows) {
  std::vector<std::string> names;
  for (const auto& row : rows) names.emplace_back(row.name());
  return names;
}

std::string offered(std::string_view name, const std::vector<std::string>& known) {
  const auto near = nearest(name, known);
  return near.empty() ? "" : fmt::format(" (did you mean {}?)", fmt::join(near, " or "));
}

std::string_view sign_of(const Clause& c, const Term& t) {
  return std::string_view(c.text.source).substr(t.signs[0].begin, t.signs[0].end - t.signs[0].begin);
}

Constraint membership(const std::shared_ptr<Clause>& clause, const Term& root) {
  const int place = root.children[1];
  const Term& call = clause->syntax[place];
  if (call.kind != Term::Kind::Call)
    clause->fail(place, "a set is expected after 'in', such as simplex() or box(0, 1)");
  const sets::Set* set = sets::set_named(call.word);
  if (!set)
    clause->fail(place, fmt::format("there is no set '{}'{}", call.word, offered(call.word, names_of(sets::all()))));
  Constraint c{Constraint::Kind::Membership, clause->compiler.array(root.children[0]), set, nullptr, clause};
  c.arguments = std::make_shared<const Arguments>(clause->compiler, call, set->usage);
  return c;
}

class PenaltyReader {
 public:
  PenaltyReader(std::shared_ptr<Clause> clause, const Ids& variables)
      : clause_(std::move(clause)), variables_(variables), g_(clause_->compiler.graph()) {}

  std::vector<PenaltyTerm> read() {
    visit(clause_->syntax.root, scalar(g_, 1));
    return std::move(terms_);
  }

 private:
  bool is_penalty(int node) const {
    const Term& t = clause_->syntax[node];
    if (t.kind == Term::Kind::Call && sets::penalty_named(t.word)) return true;
    return (t.kind == Term::Kind::Chain) && std::ranges::any_of(t.children, [&](int k) { return is_penalty(k); });
  }

  void visit(int node, Id scale) {
    const Term& t = clause_->syntax[node];
    if (t.kind == Term::Kind::Chain && is_penalty(node)) return chain(t, scale);
    if (t.kind != Term::Kind::Call || !sets::penalty_named(t.word)) refuse(node);
    const sets::Penalty& row = *sets::penalty_named(t.word);
    PenaltyTerm term{-1, scale, &row, nullptr, clause_};
    term.arguments = std::make_shared<const Arguments>(clause_->compiler, t, row.usage);
    term.variable = term.arguments->array(0);
    if (std::ranges::find(variables_, term.variable) == variables_.end())
      clause_->fail(node, fmt::format("'{}' acts on a whole variable: write {}", row.name(), row.usage));
    if (std::ranges::any_of(terms_, [&](const PenaltyTerm& p) { return p.variable == term.variable; }))
      clause_->fail(node, "this variable has a penalty already; put what is smooth into minimize, or use elastic_net");
    require_fixed(node, term);
    terms_.push_back(std::move(term));
  }

  /// A proximal operator is of a function that stays as it is while its variable moves.
  void require_fixed(int node, const PenaltyTerm& term) const {
    const Id point = g_.input("point", g_.shape(term.variable), false);
    const Id nearest = clause_->placed([&] { return term.penalty->prox(g_, point, scalar(g_, 1), *term.arguments); });
    if (std::ranges::any_of(variables_, [&](Id v) { return g_.depends_on(nearest, v); }))
      clause_->fail(node, "the arguments of a penalty may name parameters and data, not variables");
  }

  /// A sum of penalties, or one penalty times and over numbers.
  void chain(const Term& t, Id scale) {
    const std::string_view first = sign_of(*clause_, t);
    if (first == "+" || first == "-") {
      for (std::size_t k = 0; k < t.signs.size(); ++k)
        if (clause_->text.source[t.signs[k].begin] != '+')
          clause_->fail(t.children[k + 1], "a penalty is added, not subtracted");
      for (int child : t.children) visit(child, scale);
      return;
    }
    int inner = -1;
    for (std::size_t k = 0; k < t.children.size(); ++k) {
      const int child = t.children[k];
      const char sign = k == 0 ? '*' : clause_->text.source[t.signs[k - 1].begin];
      const bool penalty = is_penalty(child);
      if ((penalty && (inner >= 0 || sign != '*')) || (sign != '*' && sign != '/')) refuse(child);
      if (penalty) {
        inner = child;
      } else {
        const Id factor = number(child);
        scale = sign == '*' ? mul(g_, scale, factor) : div(g_, scale, factor);
      }
    }
    visit(inner, scale);
  }

  Id number(int node) {
    const Id factor = clause_->compiler.array(node);
    if (g_.shape(factor).size() != 1)
      clause_->fail(node, "the factor of a penalty is one number, not an array of shape " + g_.shape(factor).str());
    for (Id v : variables_)
      if (g_.depends_on(factor, v))
        clause_->fail(node, "the factor of a penalty may name parameters and data, not variables");
    if (const auto known = clause_->compiler.known(factor); known && *known < 0)
      clause_->fail(node, "the factor of a penalty must not be negative: it would have no minimum");
    return reshape(g_, factor, {});
  }

  /// The call that was probably meant to be a penalty.
  const Term& suspect(int node) const {
    const Term& t = clause_->syntax[node];
    for (int child : t.kind == Term::Kind::Chain ? t.children : std::vector<int>{})
      if (clause_->syntax[child].kind == Term::Kind::Call) return clause_->syntax[child];
    return t;
  }

  [[noreturn]] void refuse(int node) const {
    const Term& t = suspect(node);
    const auto known = names_of(sets::penalties());
    const std::string hint = t.kind == Term::Kind::Call ? offered(t.word, known) : "";
    clause_->fail(node, fmt::format("a penalty is a sum of terms such as theta*norm1(w){}; there are {}", hint,
                                    fmt::join(known, ", ")));
  }

  std::shared_ptr<Clause> clause_;
  const Ids& variables_;
  Graph& g_;
  std::vector<PenaltyTerm> terms_;
};

}  // namespace

void Clause::fail(const std::string& message) const { throw error_in(text, 0, text.source.size(), message); }
void Clause::fail(int node, const std::string& message) const {
  const Span span = syntax[node].span;
  throw error_in(text, span.begin, span.end, message);
}

Constraint read_constraint(Graph& g, const Text& text, Names& names) {
  const auto clause = std::make_shared<Clause>(g, text, names);
  const Term& root = clause->syntax[clause->syntax.root];
  const std::string_view sign = root.kind == Term::Kind::Compare ? sign_of(*clause, root) : "";
  if (sign == "in") return membership(clause, root);
  const bool equal = sign == "==", at_most = sign == "<=" || sign == "<", at_least = sign == ">=" || sign == ">";
  if (!equal && !at_most && !at_least)
    clause->fail("a constraint is expected: E == E, E <= E, E >= E or E in a set, such as \"w in simplex()\"");
  const Id left = clause->compiler.array(root.children[0]), right = clause->compiler.array(root.children[1]);
  const Id s = clause->compiler.placed(root.span, [&] { return at_least ? sub(g, left, right) : sub(g, right, left); });
  return {equal ? Constraint::Kind::Equality : Constraint::Kind::Inequality, s, nullptr, nullptr, clause};
}

std::vector<PenaltyTerm> read_penalty(Graph& g, const Text& text, Names& names, const Ids& variables) {
  return PenaltyReader(std::make_shared<Clause>(g, text, names), variables).read();
}

}  // namespace argscope::optimality
