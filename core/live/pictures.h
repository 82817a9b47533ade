#pragma once
/// What takes many evaluations or many solves and is therefore kept while it stays true: landscapes and curves.

#include <functional>
#include <optional>

#include "core/live/session.h"

namespace argscope::live {

/// Landscapes of the scene's views. One is computed anew when θ, or an entry of x outside its plane, has changed.
class GridCache {
 public:
  std::vector<Grid> draw(const io::Scene&, const optimality::Model&, const Vec& x, const Vec& theta);

 private:
  struct Entry {
    Vec theta, others;
    Grid grid;
  };
  std::vector<std::optional<Entry>> entries_;
};

/// Curves of the scene's views. One is solved anew when a parameter other than its own has changed.
class SweepCache {
 public:
  /// x* at θ from a start; not converged: the curve has a gap there.
  using Solve = std::function<solve::Solution(const Vec& theta, const Vec& start)>;
  /// Told after each point of a curve that nothing is known of yet: what there is so far.
  using OnPoint = std::function<void(const std::vector<Sweep>&)>;

  /// Nothing when stopped.
  std::optional<std::vector<Sweep>> draw(const io::Scene&, const optimality::Model&, const Vec& x, const Vec& theta,
                                         const Solve&, const OnPoint&, std::stop_token);

 private:
  struct Entry {
    Vec others;
    Sweep sweep;
  };
  std::vector<std::optional<Entry>> entries_;
};

/// Fills Sweep::sides of a snapshot that stands at a kink, from solves on either side. False: stopped.
bool draw_sides(Snapshot&, const solve::Options&, std::stop_token);

}  // namespace argscope::live
