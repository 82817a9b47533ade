#pragma once
/// The picture of a snapshot: one render window, one viewport a view of the scene, layers updated in place. Knows VTK
/// and Dear ImGui, no Qt: the same stage draws into the program's window and off screen.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/live/session.h"

class vtkRenderWindow;

namespace argscope::views {

/// What a person chose about how to look; plain data.
struct Look {
  bool dark = false;
  bool arrows = true;  ///< the Jacobian field
  bool ghost = true;
  bool overlay = true;       ///< captions, legends, banners and health strip
  bool health = true;        ///< the health strip within the overlay; off where the window has one of its own
  bool transparent = false;  ///< no background
  Index column = 0;          ///< which θ the Jacobian field shows
  int view = -1;             ///< index of one view; −1: all side by side
  double scale = 1;          ///< of text and lines: device pixel ratio, presenter mode
  bool stale = false;        ///< the snapshot is older than what was asked for: marked
  double latency_ms = 0;     ///< event → solved, printed small in the health strip; 0: not printed
};

/// What lies under the cursor.
struct Hover {
  std::string text;  ///< "particle 17  x = (1.20, 3.41)  ∂/∂diameter = (0.3, −1.1)"
  int view = 0;
  Index element = -1;  ///< of the view's first field; −1: none
};

class Stage {
 public:
  /// The window is the caller's; the stage fills it and never calls Render on its own.
  explicit Stage(vtkRenderWindow*);
  ~Stage();

  /// What to draw next: a snapshot (null: an empty stage), and the ghost for where the sliders are now (null: none).
  void update(live::SnapshotPtr, const live::Ghost*, const Look&);
  void render();

  // pixels from the top left of the window; `view` is the one under the cursor where the gesture began
  int view_at(double px, double py) const;
  std::optional<Hover> hover(double px, double py) const;
  void pan(int view, double dx, double dy);
  void rotate(int view, double dx, double dy);  ///< 3-D views; pans 2-D ones
  void zoom(int view, double factor, double px, double py);
  void reset_camera(int view);  ///< −1: all
  bool is_3d(int view) const;
  std::string camera_text() const;  ///< for metadata and sessions; read back by set_camera
  void set_camera(const std::string&);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Draws off screen and writes .png, .svg or .pdf (whole file, then renamed; metadata in PNG text chunks). Throws
/// io::DataError for an ending that it does not know or a place that it cannot write.
void render_to_file(live::SnapshotPtr, const Look&, int width, int height, const std::filesystem::path&,
                    const std::map<std::string, std::string>& metadata);
/// RGBA rows from the top, for tests.
std::vector<unsigned char> render_to_pixels(live::SnapshotPtr, const live::Ghost*, const Look&, int width, int height);
/// The same without a graphics card: for small pictures quicker than a window's set-up.
std::vector<unsigned char> paint_to_pixels(live::SnapshotPtr, const live::Ghost*, const Look&, int width, int height);

}  // namespace argscope::views
