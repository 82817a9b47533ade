#pragma once
/// A whole picture before anything paints it: where the views stand, what each draws, the words around them, and what
/// a hand on them means. Knows no window and no graphics card, so a page of a document is composed like a screen.

#include <memory>
#include <optional>
#include <vector>

#include "views/layer.h"

namespace argscope::views {

struct Pane {
  int view = 0;
  Rect rect;                     ///< pixels of the window
  std::unique_ptr<Layer> layer;  ///< null: a kind that is not known; only its title is drawn
  Frame frame;
  Drawing drawing{Rect{}};
  Solid solid;
  bool is_3d = false;
  double legend = 0;  ///< height kept for the legend, so that the picture stands still when entries go
};

class Composition {
 public:
  Composition();
  ~Composition();

  void update(live::SnapshotPtr, const live::Ghost*, const Look&);
  /// Draws everything anew for a window of this size in pixels.
  void compose(int width, int height);

  const std::vector<Pane>& panes() const { return panes_; }
  const Drawing& overlay() const { return overlay_; }
  const std::shared_ptr<const Type>& type() const { return type_; }
  const Look& look() const { return look_; }

  int view_at(double px, double py) const;
  std::optional<Hover> hover(double px, double py) const;
  void pan(int view, double dx, double dy);
  void rotate(int view, double dx, double dy);
  void zoom(int view, double factor, double px, double py);
  void reset_camera(int view);
  bool is_3d(int view) const;
  std::string camera_text() const;
  void set_camera(const std::string&);

 private:
  void arrange(const Rect& room);
  Rect above_axes(Rect room) const;
  void choose_views();
  void draw(Pane&);
  const Pane* pane_of(int view) const;
  /// Calls change(camera) for the view and those that move with it.
  template <class Change>
  void move(int view, Change change);

  live::SnapshotPtr snapshot_;
  std::optional<live::Ghost> ghost_;
  Look look_;
  std::shared_ptr<const Type> type_;
  std::vector<Camera> cameras_;     ///< one a view of the scene
  std::string wanted_camera_;       ///< told before there were views
  std::vector<std::string> kinds_;  ///< of the views that the cameras belong to
  std::vector<Pane> panes_;
  Drawing overlay_{Rect{}};
  int width_ = 0, height_ = 0;
};

}  // namespace argscope::views
