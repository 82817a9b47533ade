// [variables], [pairs], [definitions], [problem], [outputs], [solve], [differentiate].
#include <fmt/format.h>

#include <algorithm>

#include "core/io/constants.h"
#include "core/io/names.h"
#include "core/optimality/conditions.h"

namespace argscope::io {

namespace {

using optimality::Kind;

std::vector<std::string> variable_names(const Reading& r) {
  std::vector<std::string> names;
  for (const auto& v : r.statement.variables) names.push_back(v.name);
  return names;
}

/// A word out of a list; one that has its place elsewhere is told apart from one that nobody knows.
std::string one_of(const Section& s, std::string_view key, const std::string& otherwise, const Words& words) {
  const std::string word = s.string(key, otherwise);
  const auto same = [&](const std::string& w) { return canonical(w) == canonical(word); };
  const auto known = std::find_if(words.available.begin(), words.available.end(), same);
  if (known != words.available.end()) return *known;
  const Entry& e = *s.find(key);
  if (std::any_of(words.elsewhere.begin(), words.elsewhere.end(), same))
    s.fail(e, fmt::format("'{}' {}; there are: {}", word, words.place, fmt::join(words.available, ", ")));
  s.fail(e, fmt::format("unknown {} '{}'{}; there are: {}", key, word, did_you_mean(word, words.available),
                        fmt::join(words.available, ", ")));
}

void read_condition(Reading& r, const Section& s) {
  if (!s.find("condition")) return;
  const std::string condition = one_of(s, "condition", "auto", conditions());
  if (const std::string why = optimality::unfit(r.statement.kind, condition); !why.empty())
    s.fail(*s.find("condition"), why);
  r.scene.solve.condition = r.statement.condition = condition;
}

/// subject_to = ["…", "…"], or one text.
void read_constraints(Reading& r, const Section& problem, const Entry& e) {
  const toml::array* list = e.value->as_array();
  if (!list) return r.statement.constraints.push_back(r.expression(problem, e));
  for (const toml::node& item : *list) {
    if (!item.is_string()) problem.fail(e, "subject_to is a list of texts, such as [\"sum(w) == 1\", \"w >= 0\"]");
    r.statement.constraints.push_back(r.expression(problem, Entry{e.name, item.source(), &item}));
  }
}

/// root.NAME or fixed_point.NAME: one expression a variable, in the order of the variables.
void read_equations(Reading& r, const Section& problem, const Entry& e) {
  if (!e.value->is_table())
    problem.fail(e, fmt::format("one expression a variable is expected: write {}.{} = \"…\"", e.name,
                                r.statement.variables.empty() ? "x" : r.statement.variables[0].name));
  const Section s = problem.section(e);
  const auto names = variable_names(r);
  for (const Entry& q : s.entries())
    if (std::find(names.begin(), names.end(), q.name) == names.end())
      s.fail_key(q, fmt::format("there is no variable '{}'{}", q.name, did_you_mean(q.name, names)));
  for (const std::string& name : names) {
    const Entry* q = s.find(name);
    if (!q) problem.fail_key(e, fmt::format("'{}.{}' is missing: every variable needs its expression", e.name, name));
    r.statement.problem.push_back({name, r.expression(s, *q)});
  }
}

}  // namespace

void read_definitions(Reading& r, const Section& definitions) {
  for (const Entry& e : definitions.entries()) {
    r.claim(definitions, e, "a definition");
    r.statement.definitions.push_back({e.name, r.expression(definitions, e)});
  }
  order_definitions(r.statement.definitions);
}

void read_variables(Reading& r, const Section& variables) {
  for (const Entry& e : variables.entries()) {
    const Section s = variables.section(e);
    s.allow({"shape", "start"});
    const Entry *shape = s.find("shape"), *start = s.find("start");
    if (!shape && !start)
      s.file().fail(e.at, fmt::format("'{}' needs a shape, such as shape = [10], or a start", e.name));
    optimality::Variable v;
    v.name = e.name;
    if (shape) v.start.shape = read_shape(r, s, *shape);
    v.start.values.assign(static_cast<std::size_t>(v.start.shape.size()), 0);
    if (start) {
      const expr::Array value = read_value(r, s, *start, Known::Everything);
      v.start = shape ? fitted(s, *start, value, v.start.shape) : value;
    }
    if (v.start.values.empty()) s.fail_key(e, fmt::format("'{}' has no elements", e.name));
    r.claim(variables, e, "a variable");
    r.statement.variables.push_back(std::move(v));
  }
  if (r.statement.variables.empty())
    variables.file().fail("the scene has no variable to solve for; state one: [variables.x] with shape = [2]");
}

void read_pairs(Reading& r, const Section& pairs) {
  for (const Entry& e : pairs.entries()) {
    const Section s = pairs.section(e);
    s.allow({"of", "box", "cutoff"});
    const Entry *of = s.find("of"), *cutoff = s.find("cutoff"), *box = s.find("box");
    if (!of) s.file().fail(e.at, "'of' is missing: the variable whose rows are paired");
    if (!cutoff) s.file().fail(e.at, "'cutoff' is missing: the distance below which two rows are a pair");
    const std::string name = canonical(s.string("of", ""));
    const auto& variables = r.statement.variables;
    const auto v = std::find_if(variables.begin(), variables.end(), [&](const auto& x) { return x.name == name; });
    if (v == variables.end())
      s.fail(*of, fmt::format("there is no variable '{}'{}", name, did_you_mean(name, variable_names(r))));
    const expr::Shape shape = v->start.shape;
    if (shape.rank() != 2 || (shape[1] != 2 && shape[1] != 3))
      s.fail(*of, fmt::format("pairs need positions of shape (k, 2) or (k, 3); '{}' has shape {}", name, shape.str()));
    optimality::Pairs p{e.name, name, std::nullopt, r.expression(s, *cutoff)};
    if (box) p.box = r.expression(s, *box);
    r.claim(pairs, e, "pairs");
    r.statement.pairs.push_back(std::move(p));
  }
}

void read_problem(Reading& r, const Section& problem) {
  problem.allow({"minimize", "penalty", "subject_to", "root", "fixed_point", "condition"});
  const Entry *minimize = problem.find("minimize"), *root = problem.find("root"), *fixed = problem.find("fixed_point");
  if ((minimize != nullptr) + (root != nullptr) + (fixed != nullptr) != 1)
    problem.file().fail(
        "[problem] needs exactly one of: minimize = \"…\", root.NAME = \"…\", fixed_point.NAME = \"…\"");
  if (minimize) {
    r.statement.kind = Kind::Minimize;
    r.statement.problem.push_back({"minimize", r.expression(problem, *minimize)});
  } else {
    r.statement.kind = root ? Kind::Root : Kind::FixedPoint;
    read_equations(r, problem, root ? *root : *fixed);
  }
  const Entry *penalty = problem.find("penalty"), *subject_to = problem.find("subject_to");
  for (const Entry* e : {penalty, subject_to})
    if (e && !minimize)
      problem.fail_key(*e, fmt::format("'{}' belongs to a minimization: state minimize = \"…\"", e->name));
  if (penalty) r.statement.penalty = r.expression(problem, *penalty);
  if (subject_to) read_constraints(r, problem, *subject_to);
  read_condition(r, problem);
}

void read_outputs(Reading& r, const Section& outputs) {
  for (const Entry& e : outputs.entries()) {
    const expr::Text text = r.expression(outputs, e);
    const auto known = r.names.find(e.name);
    const bool watches = known != r.names.end() && known->second == "a definition" && text.source == e.name;
    if (!watches) r.claim(outputs, e, "an output");  // energy = "energy" watches the definition under its own name
    r.statement.outputs.push_back({e.name, text});
  }
}

void read_solve(Reading& r, const Section& s) {
  s.allow({"solver", "condition", "tolerance", "iterations", "step", "decay"});
  SolveSpec& spec = r.scene.solve;
  spec.solver = one_of(s, "solver", spec.solver, solvers());
  read_condition(r, s);
  if (const auto tolerance = s.number("tolerance")) {
    if (!(*tolerance > 0 && *tolerance < 1))
      s.fail(*s.find("tolerance"), "'tolerance' is relative and must lie between 0 and 1, such as 1e-10");
    spec.tolerance = *tolerance;
  }
  if (const auto iterations = s.whole("iterations")) {
    if (*iterations < 0 || *iterations > 1000000000)
      s.fail(*s.find("iterations"), "'iterations' must be between 0 and 10**9");
    spec.iterations = static_cast<int>(*iterations);
  }
  if (const auto step = s.number("step")) {
    if (!(*step > 0 && *step < 1e300)) s.fail(*s.find("step"), "'step' must be a positive number");
    spec.step = r.statement.step = *step;
  }
  if (const auto decay = s.number("decay")) {
    if (!(*decay >= 0 && *decay <= 1))
      s.fail(*s.find("decay"), "'decay' is the power by which sgd's steps shrink, between 0 and 1, such as 0.8");
    spec.decay = *decay;
  }
}

void read_differentiate(Reading& r, const Section& s) {
  s.allow({"method", "linear_solver"});
  r.scene.differentiate.method = one_of(s, "method", "implicit", estimators());
  r.scene.differentiate.linear_solver = one_of(s, "linear_solver", "auto", linear_solvers());
}

}  // namespace argscope::io
