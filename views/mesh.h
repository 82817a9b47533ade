#pragma once
/// A drawing as one VTK mesh of coloured triangles with softened edges: one pixel of falling opacity around every
/// shape, so that no multisampling is needed; many small discs are squares with a picture. The buffers are refilled in
/// place.

#include <vtkSmartPointer.h>

#include <memory>
#include <vector>

#include "views/drawing.h"

class vtkPolyData;
class vtkRenderer;
class vtkTexture;
class vtkTexturedActor2D;

namespace argscope::views {

class Mesh {
 public:
  explicit Mesh(vtkRenderer*);
  ~Mesh();
  Mesh(const Mesh&) = delete;
  Mesh& operator=(const Mesh&) = delete;

  /// `viewport`: the renderer's rectangle in the drawing's pixels.
  void rebuild(const Drawing&, const Rect& viewport);
  std::size_t triangles() const;

 private:
  struct Picture;
  void show_rasters(const std::vector<Raster>&, const Rect& viewport);

  vtkRenderer* renderer_;
  vtkSmartPointer<vtkPolyData> data_;
  vtkSmartPointer<vtkTexturedActor2D> actor_;
  vtkSmartPointer<vtkTexture> sprites_;
  std::vector<std::unique_ptr<Picture>> pictures_;  ///< one a raster, reused
};

}  // namespace argscope::views
