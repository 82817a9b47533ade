#include "views/stage.h"

#include <vtkNew.h>
#include <vtkRenderWindow.h>
#include <vtkRenderer.h>
#include <vtkSmartPointer.h>

#include <algorithm>

#include "views/composition.h"
#include "views/mesh.h"
#include "views/words.h"

namespace argscope::views {

namespace {

/// One renderer of the window with what it holds.
struct Viewport {
  vtkNew<vtkRenderer> renderer;
  Mesh mesh{renderer};
  SolidScene solid{renderer};
};

void set_background(vtkRenderer* renderer, const Look& look) {
  const Color c = theme(look.dark).background;
  if (look.transparent)
    renderer->SetBackground(0, 0, 0);
  else
    renderer->SetBackground(c.r / 255.0, c.g / 255.0, c.b / 255.0);
  renderer->SetBackgroundAlpha(look.transparent ? 0 : 1);
}

}  // namespace

struct Stage::Impl {
  vtkSmartPointer<vtkRenderWindow> window;
  Composition composition;
  vtkNew<vtkRenderer> ground, above;
  vtkNew<Words> words;
  std::vector<std::unique_ptr<Viewport>> viewports;  ///< kept when there are fewer views
  bool dirty = true;
  int width = 0, height = 0;

  explicit Impl(vtkRenderWindow* w) : window(w) {
    window->SetNumberOfLayers(2);
    window->AddRenderer(ground);
    above->SetLayer(1);
    above->InteractiveOff();
    above->AddViewProp(words);
    window->AddRenderer(above);
  }
  ~Impl() {
    words->ReleaseGraphicsResources(window);
    for (const auto& v : viewports) window->RemoveRenderer(v->renderer);
    window->RemoveRenderer(above);
    window->RemoveRenderer(ground);
  }

  void prepare() {
    const int* size = window->GetSize();
    const int w = std::max(1, size[0]), h = std::max(1, size[1]);
    if (!dirty && w == width && h == height) return;
    width = w, height = h, dirty = false;
    composition.compose(w, h);
    set_background(ground, composition.look());
    const auto& panes = composition.panes();
    while (viewports.size() < panes.size()) {
      viewports.push_back(std::make_unique<Viewport>());
      window->AddRenderer(viewports.back()->renderer);
    }
    std::vector<const Drawing*> drawings;
    for (std::size_t k = 0; k < viewports.size(); ++k) {
      viewports[k]->renderer->SetDraw(k < panes.size() && !panes[k].rect.empty());
      if (k >= panes.size() || panes[k].rect.empty()) continue;
      fill(*viewports[k], panes[k]);
      drawings.push_back(&panes[k].drawing);
    }
    words->set_type(composition.type());
    words->show(std::move(drawings), &composition.overlay());
  }

  void fill(Viewport& v, const Pane& p) {
    v.renderer->SetViewport(p.rect.x0 / width, 1 - p.rect.y1 / height, p.rect.x1 / width, 1 - p.rect.y0 / height);
    set_background(v.renderer, composition.look());
    v.mesh.rebuild(p.drawing, p.rect);
    if (p.is_3d && p.layer->projection() != nullptr)
      v.solid.rebuild(p.solid, *p.layer->projection(), p.rect);
    else
      v.solid.hide();
    v.renderer->SetUseFXAA(p.is_3d);
  }
};

Stage::Stage(vtkRenderWindow* window) : impl_(std::make_unique<Impl>(window)) {}
Stage::~Stage() = default;

void Stage::update(live::SnapshotPtr snapshot, const live::Ghost* ghost, const Look& look) {
  impl_->composition.update(std::move(snapshot), ghost, look);
  impl_->dirty = true;
}

void Stage::render() {
  impl_->prepare();
  impl_->window->Render();
}

int Stage::view_at(double px, double py) const { return impl_->composition.view_at(px, py); }
std::optional<Hover> Stage::hover(double px, double py) const { return impl_->composition.hover(px, py); }

void Stage::pan(int view, double dx, double dy) {
  impl_->composition.pan(view, dx, dy);
  impl_->dirty = true;
}

void Stage::rotate(int view, double dx, double dy) {
  impl_->composition.rotate(view, dx, dy);
  impl_->dirty = true;
}

void Stage::zoom(int view, double factor, double px, double py) {
  impl_->composition.zoom(view, factor, px, py);
  impl_->dirty = true;
}

void Stage::reset_camera(int view) {
  impl_->composition.reset_camera(view);
  impl_->dirty = true;
}

bool Stage::is_3d(int view) const { return impl_->composition.is_3d(view); }
std::string Stage::camera_text() const { return impl_->composition.camera_text(); }

void Stage::set_camera(const std::string& text) {
  impl_->composition.set_camera(text);
  impl_->dirty = true;
}

}  // namespace argscope::views
