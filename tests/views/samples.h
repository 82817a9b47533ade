#pragma once
/// Snapshots made by hand: what the program would publish, without solving anything.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "views/stage.h"

namespace argscope::views::samples {

/// A snapshot under construction: one θ named "theta" unless told, a converged solution, a defined derivative.
struct Sample {
  std::shared_ptr<io::Scene> scene = std::make_shared<io::Scene>();
  std::shared_ptr<live::Snapshot> snapshot = std::make_shared<live::Snapshot>();

  Sample();
  /// Adds a view whose "show" is a field of its own; returns the view to say more.
  io::ViewSpec& view(const std::string& kind, const std::string& title);
  /// Adds the field that `key` of the latest view names.
  void field(const std::string& key, const std::string& source, expr::Shape, Vec value, Mat derivative);
  operator live::SnapshotPtr() const { return snapshot; }
};

/// The state moved by `step` in every field of a derivative: what predict() would say.
live::Ghost ghost_of(const live::Snapshot&, double step);

Sample packing(Index count, unsigned seed);
Sample spheres(Index count, unsigned seed);
Sample bars();
Sample curve();
Sample images();
Sample heatmap();
Sample line();
Sample landscape(bool surface);
Sample side_by_side();

struct Named {
  std::string name;
  Sample sample;
};
/// One of each kind.
std::vector<Named> all();

/// The same with an undefined derivative.
Sample undefined(Sample);

/// How many pixels differ between two pictures of one size.
Index different_pixels(const std::vector<unsigned char>&, const std::vector<unsigned char>&);

}  // namespace argscope::views::samples
