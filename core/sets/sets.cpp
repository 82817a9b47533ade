#include "core/sets/sets.h"

#include <algorithm>

#include "core/expr/build.h"
#include "core/same_name.h"
#include "core/sets/groups.h"

namespace argscope::sets {

namespace {

template <class Row>
const Row* named(std::span<const Row> rows, std::string_view name) {
  const auto it = std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return same_name(r.name(), name); });
  return it == rows.end() ? nullptr : &*it;
}

}  // namespace

std::span<const Set> all() {
  static const std::vector<Set> rows = [] {
    std::vector<Set> joined;
    for (auto group : {entry_sets(), ball_sets(), linear_sets(), transport_sets(), cone_sets()})
      joined.insert(joined.end(), group.begin(), group.end());
    std::sort(joined.begin(), joined.end(), [](const Set& a, const Set& b) { return a.name() < b.name(); });
    return joined;
  }();
  return rows;
}

const Set* set_named(std::string_view name) { return named(all(), name); }

const Penalty* penalty_named(std::string_view name) { return named(penalties(), name); }

expr::Id project_dual(expr::Graph& g, const Set& cone, expr::Id z, const expr::Arguments& args) {
  return expr::add(g, z, cone.project(g, expr::neg(g, z), args));
}

}  // namespace argscope::sets
