#pragma once
/// What a layer draws from: one immutable state, one view of the scene, and how to look at it.

#include <optional>
#include <string>
#include <vector>

#include "views/colormap.h"
#include "views/stage.h"
#include "views/theme.h"
#include "views/type.h"

namespace argscope::views {

/// How a view is looked at, relative to the fit: moved by parts of the fitted size, then enlarged. 3-D: turned too.
struct Camera {
  double shift_x = 0, shift_y = 0, zoom = 1;
  double azimuth = -55, elevation = 32;  ///< degrees
};

struct Frame {
  live::SnapshotPtr snapshot;          ///< never null
  const live::Ghost* ghost = nullptr;  ///< null: none to draw
  const io::ViewSpec* spec = nullptr;
  Look look;
  const Theme* theme = nullptr;
  const Type* type = nullptr;
  Camera camera;
  Rect pane;  ///< room for the layer, under title and legend

  double px(double pixels) const { return pixels * type->scale(); }

  const live::Field* field(const std::string& key) const;
  const live::Field* ghost_field(const std::string& key) const;  ///< null too when its shape differs
  std::optional<double> told(const std::string& key) const;
  bool flag(const std::string& key, bool otherwise) const;
  std::string word(const std::string& key) const;  ///< empty: not said
  /// Entry `k` of the list `key`; empty: not said.
  std::string listed(const std::string& key, Index k) const;

  bool derivative_known() const;  ///< and defined
  /// The chosen column of a field's derivative; none: not known, or not defined.
  std::optional<Vec> derivative(const live::Field&) const;
  std::optional<Vec> derivative(const live::Field&, Index parameter) const;
  std::optional<Vec> arrows(const live::Field&) const;         ///< the same; none too when not wanted
  std::string caption(const std::string& key) const;           ///< the expression's text: "w"
  std::string element(const std::string& key, Index k) const;  ///< "w[3]"
  std::string parameter() const;                               ///< the name of the chosen θ
  Coloring coloring() const;                                   ///< what the scene says of the colours
};

const live::Field* find(const std::vector<live::Field>&, const std::string& name);
/// Name of the entry `k` of θ; "θ[k]" without a scene.
std::string parameter_name(const live::Snapshot&, Index k);

/// "∂w[3]/∂theta"
std::string partial(const std::string& of, const std::string& wrt);

}  // namespace argscope::views
