#include "views/solid.h"

#include <vtkActor.h>
#include <vtkCamera.h>
#include <vtkCellArray.h>
#include <vtkFloatArray.h>
#include <vtkGlyph3DMapper.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkPolyData.h>
#include <vtkPolyDataMapper.h>
#include <vtkPolyDataNormals.h>
#include <vtkProperty.h>
#include <vtkRenderer.h>
#include <vtkSphereSource.h>
#include <vtkUnsignedCharArray.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace argscope::views {

namespace {

double dot(const Point3& a, const Point3& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

vtkSmartPointer<vtkPoints> points_of(const std::vector<float>& xyz) {
  auto points = vtkSmartPointer<vtkPoints>::New();
  points->SetDataTypeToFloat();
  const auto count = static_cast<vtkIdType>(xyz.size() / 3);
  points->SetNumberOfPoints(count);
  if (count > 0) std::copy(xyz.begin(), xyz.end(), static_cast<float*>(points->GetVoidPointer(0)));
  return points;
}

template <class Array, class Value>
vtkSmartPointer<Array> array_of(const char* name, const std::vector<Value>& values, int components) {
  auto array = vtkSmartPointer<Array>::New();
  array->SetName(name);
  array->SetNumberOfComponents(components);
  array->SetNumberOfTuples(static_cast<vtkIdType>(values.size()) / components);
  std::copy(values.begin(), values.end(), array->GetPointer(0));
  return array;
}

}  // namespace

Projection::Projection(const Rect& area, const Point3& low, const Point3& high, const Camera& c)
    : middle_(area.center()) {
  const double a = c.azimuth * std::numbers::pi / 180, e = c.elevation * std::numbers::pi / 180;
  toward_ = {std::cos(e) * std::cos(a), std::cos(e) * std::sin(a), std::sin(e)};
  right_ = {-std::sin(a), std::cos(a), 0};
  up_ = {-std::sin(e) * std::cos(a), -std::sin(e) * std::sin(a), std::cos(e)};
  double square = 0;
  for (std::size_t k = 0; k < 3; ++k) {
    center_[k] = (low[k] + high[k]) / 2;
    square += (high[k] - low[k]) * (high[k] - low[k]);
  }
  reach_ = std::max(1e-12, std::sqrt(square));
  scale_ = std::max(1e-9, std::min(area.width(), area.height())) / (0.88 * reach_) * c.zoom;
  middle_.x -= c.shift_x * area.width() * c.zoom;
  middle_.y += c.shift_y * area.height() * c.zoom;
}

Point Projection::at(const Point3& p) const {
  const Point3 d{p[0] - center_[0], p[1] - center_[1], p[2] - center_[2]};
  return {middle_.x + scale_ * dot(d, right_), middle_.y - scale_ * dot(d, up_)};
}

double Projection::depth(const Point3& p) const {
  return dot({p[0] - center_[0], p[1] - center_[1], p[2] - center_[2]}, toward_);
}

SolidScene::SolidScene(vtkRenderer* renderer)
    : renderer_(renderer),
      surface_(vtkSmartPointer<vtkPolyData>::New()),
      spheres_(vtkSmartPointer<vtkPolyData>::New()),
      surface_actor_(vtkSmartPointer<vtkActor>::New()),
      spheres_actor_(vtkSmartPointer<vtkActor>::New()) {
  vtkNew<vtkPolyDataMapper> mapper;
  vtkNew<vtkPolyDataNormals> normals;
  normals->SetInputData(surface_);
  normals->SplittingOff();
  mapper->SetInputConnection(normals->GetOutputPort());
  mapper->SetColorModeToDirectScalars();
  surface_actor_->SetMapper(mapper);
  vtkNew<vtkSphereSource> ball;
  ball->SetRadius(1);
  ball->SetThetaResolution(18);
  ball->SetPhiResolution(12);
  vtkNew<vtkGlyph3DMapper> glyphs;
  glyphs->SetInputData(spheres_);
  glyphs->SetSourceConnection(ball->GetOutputPort());
  glyphs->SetScaleArray("radius");
  glyphs->SetScaleModeToScaleByMagnitude();
  glyphs->SetColorModeToDirectScalars();
  spheres_actor_->SetMapper(glyphs);
  for (vtkActor* actor : {surface_actor_.Get(), spheres_actor_.Get()}) {
    actor->GetProperty()->SetAmbient(0.35);
    actor->GetProperty()->SetDiffuse(0.7);
    actor->GetProperty()->SetSpecular(0);
    renderer_->AddActor(actor);
  }
  hide();
}

SolidScene::~SolidScene() = default;

void SolidScene::hide() {
  surface_actor_->VisibilityOff();
  spheres_actor_->VisibilityOff();
}

void SolidScene::rebuild(const Solid& s, const Projection& p, const Rect& viewport) {
  surface_->SetPoints(points_of(s.xyz));
  vtkNew<vtkCellArray> cells;
  for (std::size_t k = 0; k + 2 < s.corners.size(); k += 3)
    cells->InsertNextCell({s.corners[k], s.corners[k + 1], s.corners[k + 2]});
  surface_->SetPolys(cells);
  surface_->GetPointData()->SetScalars(array_of<vtkUnsignedCharArray>("color", s.rgba, 4));
  spheres_->SetPoints(points_of(s.centers));
  spheres_->GetPointData()->SetScalars(array_of<vtkUnsignedCharArray>("color", s.sphere_rgba, 4));
  spheres_->GetPointData()->AddArray(array_of<vtkFloatArray>("radius", s.radii, 1));
  surface_actor_->SetVisibility(!s.corners.empty());
  spheres_actor_->SetVisibility(!s.radii.empty());

  const Point off = viewport.center() - p.middle_;
  Point3 focus = p.center_, eye{};
  for (std::size_t k = 0; k < 3; ++k) {
    focus[k] += off.x / p.scale_ * p.right_[k] - off.y / p.scale_ * p.up_[k];
    eye[k] = focus[k] + 4 * p.reach_ * p.toward_[k];
  }
  vtkCamera* camera = renderer_->GetActiveCamera();
  camera->ParallelProjectionOn();
  camera->SetFocalPoint(focus.data());
  camera->SetPosition(eye.data());
  camera->SetViewUp(p.up_.data());
  camera->SetParallelScale(std::max(1e-12, viewport.height() / 2 / p.scale_));
  camera->SetClippingRange(p.reach_, 8 * p.reach_);
}

}  // namespace argscope::views
