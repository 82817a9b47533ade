#pragma once
/// What a layer shows in three dimensions: lit triangles and spheres, seen in parallel projection. Arrows, paths and
/// words are drawn flat above it with the same projection.

#include <vtkSmartPointer.h>

#include <array>
#include <cstdint>
#include <vector>

#include "views/drawing.h"
#include "views/frame.h"

class vtkActor;
class vtkGlyph3DMapper;
class vtkPolyData;
class vtkRenderer;

namespace argscope::views {

using Point3 = std::array<double, 3>;

struct Solid {
  std::vector<float> xyz;             ///< of the surface, three a vertex
  std::vector<std::uint8_t> rgba;     ///< four a vertex
  std::vector<std::int32_t> corners;  ///< three a triangle
  std::vector<float> centers, radii;  ///< of the spheres
  std::vector<std::uint8_t> sphere_rgba;
};

/// Parallel projection of a box onto a rectangle of the window.
class Projection {
 public:
  Projection() = default;
  Projection(const Rect& area, const Point3& low, const Point3& high, const Camera&);
  Point at(const Point3&) const;
  double depth(const Point3&) const;       ///< greater: nearer
  double scale() const { return scale_; }  ///< pixels a unit

 private:
  friend class SolidScene;
  Point middle_;
  Point3 center_{}, right_{1, 0, 0}, up_{0, 0, 1}, toward_{0, -1, 0};
  double scale_ = 1, reach_ = 1;
};

/// The VTK side: actors made once, buffers refilled.
class SolidScene {
 public:
  explicit SolidScene(vtkRenderer*);
  ~SolidScene();
  void rebuild(const Solid&, const Projection&, const Rect& viewport);
  void hide();

 private:
  vtkRenderer* renderer_;
  vtkSmartPointer<vtkPolyData> surface_, spheres_;
  vtkSmartPointer<vtkActor> surface_actor_, spheres_actor_;
};

}  // namespace argscope::views
