#include "views/words.h"

#include <imgui.h>
#include <imgui_impl_opengl3.h>
#include <vtkObjectFactory.h>
#include <vtkRenderWindow.h>
#include <vtkViewport.h>

#include <cmath>

namespace argscope::views {

vtkStandardNewMacro(Words);

namespace {

ImU32 packed(Color c) { return IM_COL32(c.r, c.g, c.b, c.a); }
ImVec2 vec(Point p) { return {static_cast<float>(p.x), static_cast<float>(p.y)}; }

void paint_text(ImDrawList* list, const Text& t, const Type& type) {
  const ImFont* font = type.font(t.style.size);
  const double width = type.width(t.text, t.style.size), height = font->FontSize;
  const double left = t.style.across == Across::Left ? 0 : t.style.across == Across::Center ? width / 2 : width;
  const double above = t.style.down == Down::Top ? 0 : t.style.down == Down::Center ? height / 2 : height;
  list->PushClipRect(vec({t.clip.x0, t.clip.y0}), vec({t.clip.x1, t.clip.y1}));
  const Point corner{std::round(t.at.x - left), std::round(t.at.y - above)};
  const int first = list->VtxBuffer.Size;
  const Point anchor{std::round(t.at.x), std::round(t.at.y)};
  if (t.style.upright) list->PushClipRect(vec({-1e5, -1e5}), vec({1e5, 1e5}));  // clipped after it is turned
  list->AddText(font, font->FontSize, vec(corner), packed(t.style.color), t.text.data(), t.text.data() + t.text.size());
  if (t.style.upright) {
    list->PopClipRect();
    for (int i = first; i < list->VtxBuffer.Size; ++i) {
      ImVec2& v = list->VtxBuffer[i].pos;
      const auto dx = v.x - static_cast<float>(anchor.x), dy = v.y - static_cast<float>(anchor.y);
      v = {static_cast<float>(anchor.x) + dy, static_cast<float>(anchor.y) - dx};
    }
  }
  list->PopClipRect();
}

void paint_mark(ImDrawList* list, const Drawing& drawing, const Mark& m) {
  const auto points = drawing.points(m);
  if (m.kind == Mark::Kind::Disc) {
    const auto radius = static_cast<float>(m.radius);
    if (m.fill.a > 0) list->AddCircleFilled(vec(points[0]), radius, packed(m.fill));
    if (m.pen.color.a > 0 && m.pen.width > 0)
      list->AddCircle(vec(points[0]), radius, packed(m.pen.color), 0, static_cast<float>(m.pen.width));
    return;
  }
  for (const Point p : points) list->PathLineTo(vec(p));
  if (m.kind == Mark::Kind::Fill)
    list->PathFillConvex(packed(m.fill));
  else
    list->PathStroke(packed(m.pen.color), m.closed ? ImDrawFlags_Closed : 0, static_cast<float>(m.pen.width));
}

}  // namespace

/// An ImGui context and, once a window drew it, its buffers on the graphics card.
struct Words::Context {
  ImGuiContext* imgui;
  bool on_card = false;

  explicit Context(const Type& type) : imgui(ImGui::CreateContext(type.atlas())) {
    ImGui::SetCurrentContext(imgui);
    ImGui::GetIO().IniFilename = nullptr;
  }
  ~Context() {
    leave_card();
    ImGui::DestroyContext(imgui);
  }
  void enter_card() {
    if (!on_card) on_card = ImGui_ImplOpenGL3_Init("#version 150");
  }
  void leave_card() {
    ImGui::SetCurrentContext(imgui);
    if (on_card) ImGui_ImplOpenGL3_Shutdown();
    on_card = false;
  }
};

Words::~Words() = default;

void Words::set_type(std::shared_ptr<const Type> type) { wanted_ = std::move(type); }

void Words::show(std::vector<const Drawing*> views, const Drawing* overlay) {
  views_ = std::move(views);
  overlay_ = overlay;
}

int Words::RenderOverlay(vtkViewport* viewport) {
  const int* size = viewport->GetVTKWindow()->GetSize();
  if (type_ != wanted_) {
    context_.reset();
    type_ = wanted_;
    if (type_) context_ = std::make_unique<Context>(*type_);
  }
  if (!context_ || size[0] < 1 || size[1] < 1) return 0;
  ImGui::SetCurrentContext(context_->imgui);
  ImGui::GetIO().DisplaySize = {static_cast<float>(size[0]), static_cast<float>(size[1])};
  ImGui::GetIO().DeltaTime = 1.0F / 60;
  context_->enter_card();
  if (!context_->on_card) return 0;
  ImGui_ImplOpenGL3_NewFrame();
  ImGui::NewFrame();
  ImDrawList* list = ImGui::GetForegroundDrawList();
  for (const Drawing* view : views_)
    for (const Text& t : view->texts()) paint_text(list, t, *type_);
  if (overlay_ != nullptr) {
    for (const Mark& m : overlay_->marks()) paint_mark(list, *overlay_, m);
    for (const Text& t : overlay_->texts()) paint_text(list, t, *type_);
  }
  ImGui::Render();
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
  return 1;
}

void Words::ReleaseGraphicsResources(vtkWindow* window) {
  if (context_) context_->leave_card();
  vtkProp::ReleaseGraphicsResources(window);
}

}  // namespace argscope::views
