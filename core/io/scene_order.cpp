#include <fmt/format.h>

#include <algorithm>
#include <queue>

#include "core/io/scene_reader.h"

namespace argscope::io {

namespace {

using optimality::NamedText;

struct Needs {
  std::vector<std::vector<std::size_t>> of;       ///< definition → definitions that it names
  std::vector<std::vector<expr::NameUse>> where;  ///< … and where it does
};

Needs needs_of(const std::vector<NamedText>& definitions) {
  std::map<std::string_view, std::size_t> number;
  for (std::size_t k = 0; k < definitions.size(); ++k) number[definitions[k].name] = k;
  Needs needs;
  needs.of.resize(definitions.size());
  needs.where.resize(definitions.size());
  for (std::size_t k = 0; k < definitions.size(); ++k)
    for (expr::NameUse& use : expr::names_used(definitions[k].text)) {
      const auto it = number.find(use.name);
      if (it == number.end()) continue;
      needs.of[k].push_back(it->second);
      needs.where[k].push_back(std::move(use));
    }
  return needs;
}

/// Every definition in `left` needs another one in `left`: walks until one comes again.
[[noreturn]] void refuse_circle(const std::vector<NamedText>& definitions, const Needs& needs,
                                const std::vector<bool>& done) {
  auto next = [&](std::size_t k) {
    for (std::size_t j = 0; j < needs.of[k].size(); ++j)
      if (!done[needs.of[k][j]]) return j;
    return std::size_t{0};
  };
  std::size_t at = static_cast<std::size_t>(std::find(done.begin(), done.end(), false) - done.begin());
  for (std::size_t k = 0; k < definitions.size(); ++k) at = needs.of[at][next(at)];  // now surely on the circle
  std::vector<std::string> names{definitions[at].name};
  const std::size_t first = at;
  do {
    at = needs.of[at][next(at)];
    names.push_back(definitions[at].name);
  } while (at != first);
  if (names.size() > 12) names.erase(names.begin() + 6, names.end() - 6), names[5] = "…";
  const expr::NameUse& use = needs.where[first][next(first)];
  throw expr::error_in(definitions[first].text, use.begin, use.end,
                       fmt::format("definitions in a circle: {}", fmt::join(names, " → ")));
}

}  // namespace

void order_definitions(std::vector<NamedText>& definitions) {
  const Needs needs = needs_of(definitions);
  std::vector<std::vector<std::size_t>> needed_by(definitions.size());
  std::vector<std::size_t> missing(definitions.size());
  for (std::size_t k = 0; k < definitions.size(); ++k) {
    missing[k] = needs.of[k].size();
    for (std::size_t j : needs.of[k]) needed_by[j].push_back(k);
  }
  std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>>
      ready;  // the first in the file comes first
  for (std::size_t k = 0; k < definitions.size(); ++k)
    if (missing[k] == 0) ready.push(k);
  std::vector<NamedText> ordered;
  std::vector<bool> done(definitions.size(), false);
  while (!ready.empty()) {
    const std::size_t k = ready.top();
    ready.pop();
    done[k] = true;
    ordered.push_back(definitions[k]);
    for (std::size_t j : needed_by[k])
      if (--missing[j] == 0) ready.push(j);
  }
  if (ordered.size() < definitions.size()) refuse_circle(definitions, needs, done);
  definitions = std::move(ordered);
}

}  // namespace argscope::io
