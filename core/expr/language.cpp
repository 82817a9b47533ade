#include "core/expr/language.h"

#include <fmt/format.h>

#include <set>

#include "core/expr/compiler.h"

namespace argscope::expr {

namespace {

constexpr std::size_t longest = 1 << 20;  ///< 1 MB

Syntax parsed(const Text& text) {
  if (text.source.size() > longest)
    throw error_in(text, 0, 1,
                   fmt::format("an expression of {:.1f} MB; at most 1 MB is read: put numbers into a data file",
                               static_cast<double>(text.source.size()) / 1e6));
  return parse(text);
}

}  // namespace

Id compile(Graph& graph, const Text& text, Names& names) {
  const Syntax tree = parsed(text);
  return Compiler(graph, text, tree, names).array(tree.root);
}

std::vector<NameUse> names_used(const Text& text) {
  const Syntax tree = parsed(text);
  std::vector<NameUse> uses;
  std::set<std::string> seen;
  // Children come before their parents in the list of nodes: walk from the root, with the lambdas' variables in hand.
  struct Visit {
    int node;
    std::shared_ptr<const std::set<std::string>> bound;
  };
  std::vector<Visit> stack{{tree.root, std::make_shared<std::set<std::string>>()}};
  while (!stack.empty()) {
    const Visit v = stack.back();
    stack.pop_back();
    const Term& t = tree[v.node];
    auto bound = v.bound;
    if (t.kind == Term::Kind::Lambda) {
      auto more = std::make_shared<std::set<std::string>>(*bound);
      more->insert(t.word);
      bound = more;
    }
    if (t.kind == Term::Kind::Name && !bound->contains(t.word) && !is_reserved(t.word) && seen.insert(t.word).second)
      uses.push_back({t.word, t.span.begin, t.span.end});
    for (std::size_t k = t.children.size(); k-- > 0;) stack.push_back({t.children[k], bound});
  }
  return uses;
}

}  // namespace argscope::expr
