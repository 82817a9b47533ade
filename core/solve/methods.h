#pragma once
/// The table of solvers: how each walks, and what a problem must be for it.

#include <span>

#include "core/solve/walk.h"

namespace argscope::solve {

struct Need {
  std::string_view words;  ///< after "the solver 'x' needs"
  bool (*met)(const optimality::Model&);
};

struct SolverEntry {
  std::string_view name;
  const Need& need;
  Status (*run)(Walk&);
};

std::span<const SolverEntry> solvers();  ///< "auto" first

bool is_map(const optimality::Model&);  ///< F = T − x for a T that can be iterated: x ← x + F(x, θ)

}  // namespace argscope::solve
