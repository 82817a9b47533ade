#include "app/names.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/requests.h"
#include "core/expr/language.h"
#include "core/io/names.h"
#include "core/linear/factorize.h"
#include "core/optimality/conditions.h"
#include "core/sensitivity/sensitivity.h"
#include "core/solve/solver.h"

namespace argscope::app {
namespace {

using Names = std::vector<std::string>;

const std::string* entry(const Names& known, std::string_view name) {
  const auto found = std::find_if(known.begin(), known.end(), [&](const auto& k) { return same_name(k, name); });
  return found == known.end() ? nullptr : &*found;
}

std::string offer(std::string_view name, const Names& known) {
  Names near = expr::nearest(name, known);
  if (near.empty()) return fmt::format("choose one of: {}", joined(known, ", "));
  for (std::string& n : near) n = fmt::format("'{}'", n);
  return fmt::format("did you mean {}?", joined(near, " or "));
}

Names strings(const std::vector<std::string_view>& views) { return {views.begin(), views.end()}; }

}  // namespace

std::string joined(const Names& words, std::string_view separator) {
  return fmt::format("{}", fmt::join(words, separator));
}

std::string resolve_name(std::string_view what, std::string_view name, const Names& known) {
  if (const std::string* found = entry(known, name)) return *found;
  if (known.empty()) throw WrongInput(fmt::format("{}: there is nothing called '{}'; the scene has none", what, name));
  throw WrongInput(fmt::format("{}: unknown name '{}'; {}", what, name, offer(name, known)));
}

std::string choose(const Catalogue& catalogue, std::string_view name) {
  if (const std::string* found = entry(catalogue.today, name)) return *found;
  if (const std::string* found = entry(catalogue.elsewhere, name))
    throw WrongInput(fmt::format("{}: '{}' {}; here there are {}", catalogue.option, *found, catalogue.place,
                                 joined(catalogue.today, ", ")));
  return resolve_name(catalogue.option, name, catalogue.today);
}

Catalogue solvers() { return {"--solver", strings(solve::solver_names()), {}, {}}; }
Catalogue methods() {
  const io::Words words = io::estimators();
  return {"--method", strings(sensitivity::estimator_names()), words.elsewhere, words.place};
}
Catalogue linear_solvers() { return {"--linear-solver", strings(linear::method_names()), {}, {}}; }
Catalogue conditions() { return {"--condition", strings(optimality::condition_names()), {}, {}}; }

}  // namespace argscope::app
