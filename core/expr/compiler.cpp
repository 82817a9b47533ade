#include "core/expr/compiler.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "core/expr/functions.h"
#include "core/expr/program.h"

namespace argscope::expr {

namespace {

using Kind = Term::Kind;

constexpr double most_elements = 1e9;    ///< 8 GB: more is a mistake
constexpr double greatest_whole = 1e15;  ///< whole numbers are exact up to here

std::optional<double> literal(std::string_view name) {
  if (name == "pi") return std::numbers::pi;
  if (name == "inf") return std::numeric_limits<double>::infinity();
  if (name == "True" || name == "true") return 1;
  if (name == "False" || name == "false") return 0;
  return std::nullopt;
}

bool is_whole(double v) { return std::abs(v) <= greatest_whole && v == std::floor(v); }

bool depends_on_input(const Graph& g, Id id) {
  const Id outputs[] = {id};
  for (Id k : reachable(g, outputs, {}))
    if (g[k].op == Op::Input) return true;
  return false;
}

std::string suggestion(const std::vector<std::string>& near) {
  if (near.empty()) return "";
  std::string s = " (did you mean ";
  for (std::size_t k = 0; k < near.size(); ++k) s += (k == 0 ? "'" : " or '") + near[k] + "'";
  return s + "?)";
}

double size_of(const Shape& s) {
  double n = 1;
  for (int k = 0; k < s.rank(); ++k) n *= static_cast<double>(s[k]);
  return n;
}

}  // namespace

Compiler::Compiler(Graph& g, const Text& text, const Syntax& tree, Names& names)
    : graph_(g), text_(text), tree_(tree), names_(names) {}

void Compiler::fail(Span s, const std::string& message) const { throw error_in(text_, s.begin, s.end, message); }

std::string_view Compiler::sign(Span s) const {
  return std::string_view(text_.source).substr(s.begin, s.end - s.begin);
}

Id Compiler::array(int node) {
  const Term& t = tree_[node];
  const Id id = placed(t.mark, [&] { return compile(t); });
  if (size_of(graph().shape(id)) > most_elements)
    fail(t.mark, fmt::format("an array of shape {} is too large", graph().shape(id).str()));
  return id;
}

Id Compiler::compile(const Term& t) {
  Graph& g = graph();
  switch (t.kind) {
    case Kind::Number: return scalar(g, t.number);
    case Kind::Name: return name(t);
    case Kind::Negative: return neg(g, array(t.children[0]));
    case Kind::Invert: return sub(g, scalar(g, 1), array(t.children[0]));
    case Kind::Chain: return chain(t);
    case Kind::Power: {
      const Id base = array(t.children[0]);
      return power(g, base, array(t.children[1]));
    }
    case Kind::Compare: return comparison(t);
    case Kind::Call: return call(t);
    case Kind::Index: return index(*this, t);
    case Kind::Attribute: return attribute(t);
    case Kind::List: return list(t);
    case Kind::Tuple: fail(t.span, "a tuple stands only where a shape is expected; [a, b] makes an array");
    case Kind::Keyword: fail(t.mark, "a keyword belongs to the arguments of a function");
    case Kind::Lambda: fail(t.span, "a lambda stands only as the first argument of loop");
    case Kind::None: fail(t.span, "None stands only in an index or as a keyword's value");
    case Kind::Ellipsis:
    case Kind::Slice: break;
  }
  fail(t.span, "this stands only inside an index");
}

Id Compiler::name(const Term& t) {
  if (const auto id = find(t.word, scope_)) return *id;
  if (const auto value = literal(t.word)) return scalar(graph(), *value);
  for (const FunctionDoc& f : functions())
    if (f.name == t.word) fail(t.mark, fmt::format("'{}' is a function: write {}", t.word, f.usage));
  std::vector<std::string> all = names_.all();
  for (const Scope* s = scope_; s; s = s->outer) all.push_back(s->variable);
  fail(t.mark, fmt::format("unknown name '{}'{}", t.word.substr(0, 80), suggestion(nearest(t.word, all))));
}

std::optional<Id> Compiler::find(std::string_view name, Scope* scope) {
  if (!scope) return names_.find(name);
  if (name == scope->variable) return scope->state;
  const auto outer = find(name, scope->outer);
  if (!outer) return std::nullopt;
  return capture(*outer, *scope);
}

/// Constants are copied, so that they may size arrays in the body too; anything else becomes an input.
Id Compiler::capture(Id outer, Scope& scope) {
  if (const auto known = scope.inner_of.find(outer); known != scope.inner_of.end()) return known->second;
  const Graph& from = scope.outer ? *scope.outer->graph : graph_;
  Id inner = -1;
  if (from.is_constant(outer)) {
    inner = scope.graph->add(from[outer]);
  } else if (!depends_on_input(from, outer)) {
    Array value = evaluate_constant(from, outer);
    inner = scope.graph->constant(std::move(value.values), value.shape);
  } else {
    inner = scope.graph->input(from[outer].name, from.shape(outer), false);
    scope.captured.push_back(outer);
    scope.inputs.push_back(inner);
  }
  scope.inner_of[outer] = inner;
  return inner;
}

Id Compiler::chain(const Term& t) {
  Id left = array(t.children[0]);
  for (std::size_t k = 0; k < t.signs.size(); ++k) {
    const Id right = array(t.children[k + 1]);
    left = placed(t.signs[k], [&] { return chained(sign(t.signs[k]), left, right); });
  }
  return left;
}

Id Compiler::chained(std::string_view sign, Id a, Id b) {
  Graph& g = graph();
  if (sign == "+") return add(g, a, b);
  if (sign == "-") return sub(g, a, b);
  if (sign == "*") return mul(g, a, b);
  if (sign == "/") return div(g, a, b);
  if (sign == "@") return matmul(g, a, b);
  if (sign == "&") return binary(g, Op::Minimum, a, b);
  if (sign == "|") return binary(g, Op::Maximum, a, b);
  const Id quotient = unary(g, Op::Floor, div(g, a, b));
  return sign == "//" ? quotient : sub(g, a, mul(g, b, quotient));
}

Id Compiler::comparison(const Term& t) {
  Graph& g = graph();
  if (sign(t.signs[0]) == "in") fail(t.signs[0], "'in' states a constraint, which stands in subject_to");
  const Id a = array(t.children[0]), b = array(t.children[1]);
  const std::string_view s = sign(t.signs[0]);
  if (s == "<") return binary(g, Op::Less, a, b);
  if (s == "<=") return binary(g, Op::LessEqual, a, b);
  if (s == ">") return binary(g, Op::Less, b, a);
  if (s == ">=") return binary(g, Op::LessEqual, b, a);
  const Id equal = binary(g, Op::Equal, a, b);
  return s == "==" ? equal : sub(g, scalar(g, 1), equal);
}

Id Compiler::attribute(const Term& t) {
  Graph& g = graph();
  const Id base = array(t.children[0]);
  if (t.word == "T") return transpose_axes(g, base);
  const Shape s = g.shape(base);
  if (t.word == "size") return scalar(g, static_cast<double>(s.size()));
  if (t.word == "ndim") return scalar(g, s.rank());
  if (t.word != "shape") fail(t.mark, fmt::format("an array has no '{}'; it has T, shape, size and ndim", t.word));
  std::vector<double> dims;
  for (int k = 0; k < s.rank(); ++k) dims.push_back(static_cast<double>(s[k]));
  return g.constant(std::move(dims), {s.rank()});
}

/// A long list of plain numbers is data: it makes one node, not one a number.
std::optional<Id> Compiler::literal_list(const Term& t) {
  std::vector<double> values;
  for (int child : t.children) {
    const bool negative = tree_[child].kind == Kind::Negative;
    const Term& n = negative ? tree_[tree_[child].children[0]] : tree_[child];
    if (n.kind != Kind::Number) return std::nullopt;
    values.push_back(negative ? -n.number : n.number);
  }
  const auto count = static_cast<Index>(values.size());
  return graph().constant(std::move(values), {count});
}

Id Compiler::list(const Term& t) {
  Graph& g = graph();
  if (const auto numbers = literal_list(t)) return *numbers;
  Ids parts;
  for (int child : t.children) {
    parts.push_back(array(child));
    if (g.shape(parts.back()) != g.shape(parts[0]))
      fail(tree_[child].span, fmt::format("the elements of a list must have one shape: {} here, {} before",
                                          g.shape(parts.back()).str(), g.shape(parts[0]).str()));
  }
  std::vector<double> values;
  for (Id p : parts) {
    const Node& n = g[p];
    if (n.op != Op::Constant) return stack(g, parts, 0);
    if (n.data)
      values.insert(values.end(), n.data->begin(), n.data->end());
    else
      values.insert(values.end(), static_cast<std::size_t>(n.shape.size()), n.c);
  }
  Shape shape{static_cast<Index>(parts.size())};
  for (int k = 0; k < g.shape(parts[0]).rank(); ++k) shape = shape.appended(g.shape(parts[0])[k]);
  return g.constant(std::move(values), shape);
}

Id Compiler::call(const Term& t) {
  const Function* f = function_named(t.word);
  if (f) return f->build(graph(), Arguments(*this, t, f->usage));
  if (find(t.word, scope_)) fail(t.mark, fmt::format("'{}' is not a function; write * for a product", t.word));
  if (is_set_or_penalty(t.word))
    fail(t.mark, fmt::format("'{}' is a set or a penalty: it stands in subject_to or penalty", t.word));
  std::vector<std::string> all;
  for (const FunctionDoc& d : functions()) all.push_back(d.name);
  fail(t.mark, fmt::format("unknown function '{}'{}", t.word.substr(0, 80), suggestion(nearest(t.word, all))));
}

Array Compiler::constant(int node) {
  const Id id = array(node);
  const Graph& g = graph();
  const Span span = tree_[node].span;
  if (g.is_constant(id) && !g[id].data && g.shape(id).rank() == 0) return {{}, {g[id].c}};
  if (depends_on_input(g, id))
    fail(span, "this must be known when the scene is read: it may name data, but no variable and no parameter");
  return placed(span, [&] { return evaluate_constant(g, id); });
}

double Compiler::number(int node) {
  const Array a = constant(node);
  if (a.shape.size() != 1) fail(tree_[node].span, "expected one number, found shape " + a.shape.str());
  return a.values[0];
}

Index Compiler::whole(int node) {
  const double v = number(node);
  if (!is_whole(v)) fail(tree_[node].span, fmt::format("expected a whole number, found {}", v));
  return static_cast<Index>(v);
}

std::optional<double> Compiler::known(Id id) const {
  const Graph& g = graph();
  if (g.shape(id).rank() != 0) return std::nullopt;
  if (g.is_constant(id)) return g[id].data ? g[id].data->front() : g[id].c;
  if (depends_on_input(g, id)) return std::nullopt;
  return evaluate_constant(g, id).values[0];
}

std::optional<Array> Compiler::settled(Id id) const {
  if (depends_on_input(graph(), id)) return std::nullopt;
  return evaluate_constant(graph(), id);
}

std::vector<Index> Compiler::lengths(int node) {
  const Term& t = tree_[node];
  std::vector<double> dims;
  if (t.kind == Kind::Tuple)
    for (int child : t.children) dims.push_back(number(child));
  else
    dims = constant(node).values;
  if (dims.size() > Shape::max_rank) fail(t.span, fmt::format("an array has at most {} axes", Shape::max_rank));
  std::vector<Index> lengths;
  double size = 1;
  for (double d : dims) {
    if (!is_whole(d) || d < -1) fail(t.span, fmt::format("a length must be a whole number, not {}", d));
    size *= std::abs(d);
    if (size > most_elements) fail(t.span, "an array of this shape is too large");
    lengths.push_back(static_cast<Index>(d));
  }
  return lengths;
}

Ids Compiler::elements(int node) {
  const Term& t = tree_[node];
  Ids ids;
  if (t.kind == Kind::List || t.kind == Kind::Tuple) {
    for (int child : t.children) ids.push_back(array(child));
    return ids;
  }
  fail(t.span, "expected a list of arrays, such as [a, b]");
}

Id Compiler::loop(int lambda, Id init, Index steps) {
  const Term& t = tree_[lambda];
  if (t.kind != Kind::Lambda) fail(t.span, "expected 'lambda z: …', the step from one state to the next");
  Graph& outer = graph();
  LoopBody body;
  Scope scope;
  scope.outer = scope_;
  scope.graph = &body.graph;
  scope.variable = t.word;
  scope.state = body.state = body.graph.input(t.word, outer.shape(init), false);
  scope_ = &scope;
  body.next = array(t.children[0]);
  scope_ = scope.outer;
  if (body.graph.shape(body.next) != outer.shape(init))
    fail(tree_[t.children[0]].span, fmt::format("a step must keep the shape of the state: {} becomes {}",
                                                outer.shape(init).str(), body.graph.shape(body.next).str()));
  body.env = scope.inputs;
  return expr::loop(outer, std::move(body), init, scope.captured, steps);
}

}  // namespace argscope::expr
