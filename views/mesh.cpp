#include "views/mesh.h"

#include <vtkCellArray.h>
#include <vtkFloatArray.h>
#include <vtkImageData.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkPoints.h>
#include <vtkPolyData.h>
#include <vtkPolyDataMapper2D.h>
#include <vtkRenderer.h>
#include <vtkTexture.h>
#include <vtkTexturedActor2D.h>
#include <vtkTypeInt32Array.h>
#include <vtkUnsignedCharArray.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "views/sprites.h"
#include "views/triangles.h"

namespace argscope::views {

namespace {

constexpr std::ptrdiff_t many_discs = 1000;

/// Copies into a VTK array that grows but never shrinks its memory.
template <class Array, class Value>
void refill(Array* array, const std::vector<Value>& values, int components) {
  array->SetNumberOfComponents(components);
  array->SetNumberOfTuples(static_cast<vtkIdType>(values.size()) / components);
  if (!values.empty()) std::memcpy(array->GetPointer(0), values.data(), values.size() * sizeof(Value));
  array->Modified();
}

vtkSmartPointer<vtkPolyData> triangle_data() {
  auto data = vtkSmartPointer<vtkPolyData>::New();
  vtkNew<vtkPoints> points;
  points->SetDataTypeToFloat();
  vtkNew<vtkUnsignedCharArray> colors;
  colors->SetName("color");
  vtkNew<vtkCellArray> cells;
  vtkNew<vtkTypeInt32Array> offsets, corners;
  offsets->InsertNextValue(0);
  cells->SetData(offsets.Get(), corners.Get());
  data->SetPoints(points);
  data->SetPolys(cells);
  data->GetPointData()->SetScalars(colors);
  return data;
}

vtkSmartPointer<vtkTexture> sprite_texture() {
  const Atlas& atlas = sprite_atlas();
  vtkNew<vtkImageData> image;
  image->SetDimensions(atlas.width, atlas.height, 1);
  image->AllocateScalars(VTK_UNSIGNED_CHAR, 4);
  std::memcpy(image->GetScalarPointer(), atlas.rgba.data(), atlas.rgba.size());
  auto texture = vtkSmartPointer<vtkTexture>::New();
  texture->SetInputData(image);
  texture->InterpolateOn();
  texture->SetColorModeToDirectScalars();
  return texture;
}

void refill_places(vtkPolyData* data, const std::vector<float>& uv) {
  if (uv.empty()) {
    data->GetPointData()->SetTCoords(nullptr);
    return;
  }
  auto* places = vtkFloatArray::SafeDownCast(data->GetPointData()->GetTCoords());
  vtkNew<vtkFloatArray> fresh;
  fresh->SetName("places");
  if (places == nullptr) data->GetPointData()->SetTCoords(places = fresh);
  refill(places, uv, 2);
}

void refill(vtkPolyData* data, const Triangles& t) {
  refill(vtkFloatArray::SafeDownCast(data->GetPoints()->GetData()), t.xyz, 3);
  refill(vtkUnsignedCharArray::SafeDownCast(data->GetPointData()->GetScalars()), t.rgba, 4);
  refill_places(data, t.uv);
  vtkCellArray* cells = data->GetPolys();
  refill(cells->GetConnectivityArray32(), t.corners, 1);
  vtkTypeInt32Array* offsets = cells->GetOffsetsArray32();
  const auto count = static_cast<vtkIdType>(t.corners.size() / 3) + 1;
  offsets->SetNumberOfTuples(count);
  for (vtkIdType i = 0; i < count; ++i) offsets->SetValue(i, static_cast<vtkTypeInt32>(3 * i));
  offsets->Modified();
  cells->Modified();
  data->GetPoints()->Modified();
  data->Modified();
}

}  // namespace

/// A raster as a texture on one rectangle.
struct Mesh::Picture {
  vtkNew<vtkImageData> image;
  vtkNew<vtkPolyData> quad;
  vtkNew<vtkTexturedActor2D> actor;

  Picture() {
    vtkNew<vtkTexture> texture;
    texture->SetInputData(image);
    texture->InterpolateOff();
    texture->SetColorModeToDirectScalars();
    vtkNew<vtkPolyDataMapper2D> mapper;
    mapper->SetInputData(quad);
    vtkNew<vtkPoints> points;
    points->SetNumberOfPoints(4);
    vtkNew<vtkFloatArray> where;
    where->SetName("texture");
    where->SetNumberOfComponents(2);
    where->SetNumberOfTuples(4);
    vtkNew<vtkCellArray> cell;
    cell->InsertNextCell({0, 1, 2, 3});
    quad->SetPoints(points);
    quad->SetPolys(cell);
    quad->GetPointData()->SetTCoords(where);
    actor->SetMapper(mapper);
    actor->SetTexture(texture);
  }

  void show(const Raster& r, const Rect& viewport) {
    const Rect seen = intersection(intersection(r.rect, r.clip), viewport);
    const Rect whole{std::floor(seen.x0), std::floor(seen.y0), std::ceil(seen.x1), std::ceil(seen.y1)};
    sample(r, whole);
    const double xs[4] = {whole.x0, whole.x1, whole.x1, whole.x0}, ys[4] = {whole.y1, whole.y1, whole.y0, whole.y0};
    const double us[4] = {0, 1, 1, 0}, vs[4] = {0, 0, 1, 1};
    for (vtkIdType k = 0; k < 4; ++k) {
      quad->GetPoints()->SetPoint(k, xs[k] - viewport.x0, viewport.y1 - ys[k], 0);
      quad->GetPointData()->GetTCoords()->SetTuple2(k, us[k], vs[k]);
    }
    quad->GetPoints()->Modified();
    quad->GetPointData()->GetTCoords()->Modified();
    quad->Modified();
    actor->SetVisibility(!seen.empty());
  }

 private:
  /// The raster's colour at the middle of every pixel, clear outside it: exact edges, whatever the card interpolates.
  void sample(const Raster& r, const Rect& whole) {
    const int width = std::max(2, static_cast<int>(whole.width())),
              height = std::max(2, static_cast<int>(whole.height()));
    const int* size = image->GetDimensions();
    if (size[0] != width || size[1] != height || image->GetPointData()->GetScalars() == nullptr) {
      image->SetDimensions(width, height, 1);
      image->AllocateScalars(VTK_UNSIGNED_CHAR, 4);
    }
    const auto cell = [](double at, double from, double extent, int count) {
      return std::clamp(static_cast<int>(std::floor((at - from) / extent * count)), 0, count - 1);
    };
    std::vector<int> columns(static_cast<std::size_t>(width));
    for (int x = 0; x < width; ++x)
      columns[static_cast<std::size_t>(x)] = cell(whole.x0 + x + 0.5, r.rect.x0, r.rect.width(), r.cols);
    for (int y = 0; y < height; ++y) {
      const Color* row =
          r.cells.data() +
          static_cast<std::ptrdiff_t>(cell(whole.y0 + y + 0.5, r.rect.y0, r.rect.height(), r.rows)) * r.cols;
      auto* pixels = static_cast<unsigned char*>(image->GetScalarPointer(0, height - 1 - y, 0));
      for (const int column : columns) {
        std::memcpy(pixels, row + column, 4);
        pixels += 4;
      }
    }
    image->GetPointData()->GetScalars()->Modified();
    image->Modified();
  }
};

Mesh::Mesh(vtkRenderer* renderer)
    : renderer_(renderer),
      data_(triangle_data()),
      actor_(vtkSmartPointer<vtkTexturedActor2D>::New()),
      sprites_(sprite_texture()) {
  vtkNew<vtkPolyDataMapper2D> mapper;
  mapper->SetInputData(data_);
  mapper->SetColorModeToDirectScalars();
  actor_->SetMapper(mapper);
  renderer_->AddActor2D(actor_);
}

Mesh::~Mesh() = default;

void Mesh::rebuild(const Drawing& drawing, const Rect& viewport) {
  const auto is_disc = [](const Mark& m) { return m.kind == Mark::Kind::Disc; };
  const bool many = std::count_if(drawing.marks().begin(), drawing.marks().end(), is_disc) >= many_discs;
  Triangles t;
  triangulate(drawing, viewport, many ? Discs::Sprites : Discs::Polygons, t);
  actor_->SetTexture(many ? sprites_.Get() : nullptr);
  refill(data_, t);
  actor_->SetVisibility(!t.corners.empty());
  show_rasters(drawing.rasters(), viewport);
}

std::size_t Mesh::triangles() const { return static_cast<std::size_t>(data_->GetNumberOfPolys()); }

void Mesh::show_rasters(const std::vector<Raster>& rasters, const Rect& viewport) {
  static_assert(sizeof(Color) == 4);
  if (pictures_.size() < rasters.size()) {
    renderer_->RemoveActor2D(actor_);  // drawn in the order of adding: the mesh comes last, above all rasters
    while (pictures_.size() < rasters.size()) {
      pictures_.push_back(std::make_unique<Picture>());
      renderer_->AddActor2D(pictures_.back()->actor);
    }
    renderer_->AddActor2D(actor_);
  }
  for (std::size_t k = 0; k < pictures_.size(); ++k)
    k < rasters.size() ? pictures_[k]->show(rasters[k], viewport) : pictures_[k]->actor->VisibilityOff();
}

}  // namespace argscope::views
