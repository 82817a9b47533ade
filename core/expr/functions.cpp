#include "core/expr/functions.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace argscope::expr {

namespace {

constexpr std::array<std::string_view, 40> sets_and_penalties{"nonnegative",       "box",
                                                              "hypercube",         "simplex",
                                                              "sparse_simplex",    "l1_ball",
                                                              "l1_sphere",         "l2_ball",
                                                              "l2_sphere",         "linf_ball",
                                                              "hyperplane",        "halfspace",
                                                              "affine_set",        "polyhedron",
                                                              "box_section",       "transport",
                                                              "birkhoff",          "kl_transport",
                                                              "kl_birkhoff",       "zero_cone",
                                                              "psd_cone",          "power_cone",
                                                              "nonnegative_cone",  "second_order_cone",
                                                              "exponential_cone",  "norm1",
                                                              "elastic_net",       "group_norm",
                                                              "norm2_squared",     "dual_exponential_cone",
                                                              "nuclear_norm",      "total_variation",
                                                              "nonnegative_norm1", "nonnegative_norm2_squared"};

struct Parameter {
  std::string_view name;
  bool required = true;
};

/// "sum(x, axis=None)" → x, required; axis.
std::vector<Parameter> parameters_of(std::string_view usage) {
  std::vector<Parameter> parameters;
  std::string_view rest = usage.substr(usage.find('(') + 1);
  rest.remove_suffix(1);
  while (!rest.empty()) {
    std::string_view one = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), one.size() + 1));
    one.remove_prefix(std::min(one.size(), one.find_first_not_of(' ')));
    const std::size_t equals = one.find('=');
    parameters.push_back({one.substr(0, equals), equals == std::string_view::npos});
  }
  return parameters;
}

const std::map<std::string_view, const Function*>& table() {
  static const auto all = [] {
    std::map<std::string_view, const Function*> m;
    for (auto group : {elementwise_functions(), reduction_functions(), array_functions(), linear_functions(),
                       relaxation_functions()})
      for (const Function& f : group) m[f.name()] = &f;
    return m;
  }();
  return all;
}

}  // namespace

Arguments::Arguments(Compiler& c, const Term& call, std::string_view usage) : compiler_(c), call_(call.mark) {
  const std::vector<Parameter> parameters = parameters_of(usage);
  nodes_.assign(parameters.size(), -1);
  std::size_t next = 0;
  for (int child : call.children) {
    const Term& t = c.term(child);
    std::size_t k = next++;
    if (t.kind == Term::Kind::Keyword) {
      k = 0;
      while (k < parameters.size() && parameters[k].name != t.word) ++k;
      if (k == parameters.size())
        c.fail(t.mark, fmt::format("no parameter '{}': write {}", t.word.substr(0, 40), usage));
      next = parameters.size();  // no positional argument after a keyword
    } else if (k >= parameters.size()) {
      c.fail(t.span, fmt::format("too many arguments: write {}", usage));
    }
    if (nodes_[k] >= 0) c.fail(t.mark, fmt::format("'{}' is given twice", parameters[k].name));
    nodes_[k] = t.kind == Term::Kind::Keyword ? t.children[0] : child;
  }
  for (std::size_t k = 0; k < parameters.size(); ++k)
    if (parameters[k].required && nodes_[k] < 0)
      c.fail(call.mark, fmt::format("'{}' is missing: write {}", parameters[k].name, usage));
}

int Arguments::node(std::size_t k) const { return nodes_.at(k); }

bool Arguments::given(std::size_t k) const { return node(k) >= 0 && compiler_.term(node(k)).kind != Term::Kind::None; }

Id Arguments::array(std::size_t k) const { return compiler_.array(node(k)); }

Ids Arguments::arrays(std::size_t k) const { return compiler_.elements(node(k)); }

Array Arguments::constant(std::size_t k) const { return compiler_.constant(node(k)); }

std::optional<Array> Arguments::settled(std::size_t k) const { return compiler_.settled(array(k)); }

double Arguments::number(std::size_t k, double otherwise) const {
  return given(k) ? compiler_.number(node(k)) : otherwise;
}

Index Arguments::whole(std::size_t k, Index otherwise) const { return given(k) ? compiler_.whole(node(k)) : otherwise; }

bool Arguments::flag(std::size_t k) const { return given(k) && compiler_.number(node(k)) != 0; }

std::optional<int> Arguments::axis(std::size_t k) const {
  if (!given(k)) return std::nullopt;
  if (compiler_.term(node(k)).kind == Term::Kind::Tuple)
    fail(k, "one axis is expected; reduce one axis after the other");
  return static_cast<int>(std::clamp<Index>(compiler_.whole(node(k)), -1000, 1000));
}

Shape Arguments::shape(std::size_t k) const {
  Shape s;
  for (Index n : lengths(k)) {
    if (n < 0) fail(k, "a length cannot be negative");
    s = s.appended(n);
  }
  return s;
}

std::vector<Index> Arguments::lengths(std::size_t k) const { return compiler_.lengths(node(k)); }

Id Arguments::loop(std::size_t k, Id init, Index steps) const { return compiler_.loop(node(k), init, steps); }

void Arguments::fail(std::size_t k, const std::string& message) const {
  compiler_.fail(node(k) < 0 ? call_ : compiler_.term(node(k)).span, message);
}

const Function* function_named(std::string_view name) {
  const auto found = table().find(name);
  return found == table().end() ? nullptr : found->second;
}

bool is_set_or_penalty(std::string_view name) {
  return !name.empty() &&
         std::find(sets_and_penalties.begin(), sets_and_penalties.end(), name) != sets_and_penalties.end();
}

std::vector<FunctionDoc> functions() {
  std::vector<FunctionDoc> docs;
  for (const auto& [name, f] : table())
    docs.push_back({std::string(name), std::string(f->usage), std::string(f->summary)});
  return docs;
}

}  // namespace argscope::expr
