#pragma once
/// One kind of picture. A layer draws a frame into a drawing (flat) or a solid scene (3-D); it keeps nothing but where
/// things stood, for the hand and the cursor.

#include <memory>
#include <optional>
#include <string_view>

#include "views/drawing.h"
#include "views/frame.h"
#include "views/solid.h"

namespace argscope::views {

struct LegendEntry {
  enum class Symbol { None, Disc, Ring, Dashed, DashedRing, Line, Arrow, Square, Dot };
  Symbol symbol = Symbol::None;
  Color color;
  std::string text;
  Color rim{};
};

class Layer {
 public:
  virtual ~Layer() = default;

  virtual std::vector<LegendEntry> legend(const Frame&) const = 0;
  virtual void draw(const Frame&, Drawing&) = 0;
  /// Of the frame drawn last.
  virtual std::optional<Hover> hover(const Frame&, Point) const = 0;
  virtual bool is_3d(const Frame&) const { return false; }
  virtual void draw_solid(const Frame&, Solid&) {}
  virtual const Projection* projection() const { return nullptr; }  ///< of the frame drawn last, in 3-D
  virtual void refit() {}                                           ///< forget ranges kept from frame to frame

  /// What one unit of the camera's shift is, in pixels.
  const Rect& content() const { return content_; }

 protected:
  Rect content_;
};

/// By the name of a kind of view; null: no such kind.
std::unique_ptr<Layer> make_layer(std::string_view kind);

}  // namespace argscope::views
