#include <algorithm>

#include "core/live/pictures.h"
#include "core/parallel.h"

namespace argscope::live {

namespace {

constexpr Index side = 64;

double number(const io::ViewSpec& view, const std::string& key, double otherwise) {
  const auto found = view.numbers.find(key);
  return found == view.numbers.end() ? otherwise : found->second;
}

/// The plane that a landscape view asks for; nothing when it names no such entries.
std::optional<Grid> plane(const io::ViewSpec& view, const optimality::Model& model) {
  const auto show = view.expressions.find("show");
  const auto word = view.words.find("x");
  if (view.kind != "landscape" || show == view.expressions.end() || word == view.words.end()) return std::nullopt;
  const auto slot = std::ranges::find(model.variables(), word->second, &optimality::Slot::name);
  const auto* function = model.function(show->second);
  if (slot == model.variables().end() || !function || function->shape().size() != 1) return std::nullopt;
  Grid grid;
  grid.name = show->second;
  const Index first = Index(number(view, "first", 0)), second = Index(number(view, "second", 1));
  if (std::min(first, second) < 0 || std::max(first, second) >= slot->size() || first == second) return std::nullopt;
  grid.first = slot->offset + first;
  grid.second = slot->offset + second;
  grid.low[0] = number(view, "low", -2);
  grid.high[0] = number(view, "high", 2);
  grid.low[1] = number(view, "low_second", grid.low[0]);
  grid.high[1] = number(view, "high_second", grid.high[0]);
  grid.rows = grid.cols = side;
  return grid;
}

void fill(Grid& grid, const optimality::Function& f, const Vec& x, const Vec& theta) {
  grid.values.resize(static_cast<std::size_t>(grid.rows * grid.cols));
  const auto along = [&](int axis, Index k, Index count) {
    return grid.low[axis] + (grid.high[axis] - grid.low[axis]) * double(k) / double(count - 1);
  };
  parallel_for(grid.rows, [&](Index r) {
    Vec at = x, value(1);
    at[grid.second] = along(1, r, grid.rows);
    for (Index c = 0; c < grid.cols; ++c) {
      at[grid.first] = along(0, c, grid.cols);
      f.value(at, theta, value);
      grid.values[static_cast<std::size_t>(r * grid.cols + c)] = value[0];
    }
  });
}

}  // namespace

std::vector<Grid> GridCache::draw(const io::Scene& scene, const optimality::Model& model, const Vec& x,
                                  const Vec& theta) {
  std::vector<Grid> grids;
  entries_.resize(scene.views.size());
  for (std::size_t k = 0; k < scene.views.size(); ++k) {
    auto grid = plane(scene.views[k], model);
    if (!grid) continue;
    Vec others = x;
    others[grid->first] = others[grid->second] = 0;
    auto& entry = entries_[k];
    if (!entry || entry->theta != theta || entry->others != others) {
      fill(*grid, *model.function(grid->name), x, theta);
      entry = Entry{theta, std::move(others), std::move(*grid)};
    }
    grids.push_back(entry->grid);
  }
  return grids;
}

}  // namespace argscope::live
