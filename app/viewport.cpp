#include "app/viewport.h"

#include <vtkCommand.h>
#include <vtkGenericOpenGLRenderWindow.h>
#include <vtkOpenGLFramebufferObject.h>
#include <vtkOpenGLState.h>
#include <QOpenGLContext>
#include <QOpenGLExtraFunctions>
#include <algorithm>
#include <cmath>

namespace argscope::app {
namespace {

constexpr int hover_after_ms = 60;

}  // namespace

Viewport::Viewport(Study& study, QWidget* parent) : QOpenGLWidget(parent), study_(study) {
  setFocusPolicy(Qt::StrongFocus);
  setMouseTracking(true);
  setMinimumSize(1, 1);
  setAccessibleName(tr("Picture"));
  setAccessibleDescription(tr("The solution, its Jacobian and the prediction; the docks hold the same in numbers"));
  hover_timer_.setSingleShot(true);
  hover_timer_.setInterval(hover_after_ms);
  connect(&hover_timer_, &QTimer::timeout, this, &Viewport::show_hover);
  const auto redraw = [this] { update(); };
  connect(&study_, &Study::opened, this, [this] {
    camera_.clear();
    if (stage_) {
      show_state();  // nothing: a camera that is told next is the coming scene's
      stage_->reset_camera(-1);
    }
    update();
  });
  connect(&study_, &Study::moved, this, redraw);
  connect(&study_, &Study::published, this, redraw);
  connect(&study_, &Study::staleness_changed, this, redraw);
}

Viewport::~Viewport() {
  disconnect(context_end_);
  release_graphics();
}

void Viewport::release_graphics() {
  if (!window_) return;
  makeCurrent();
  camera_ = camera();
  stage_.reset();
  window_->Finalize();
  window_ = nullptr;
  doneCurrent();
}

void Viewport::initializeGL() {
  window_ = vtkSmartPointer<vtkGenericOpenGLRenderWindow>::New();
  window_->SetOwnContext(false);
  window_->SetReadyForRendering(true);
  window_->SetFrameBlitModeToNoBlit();
  window_->SetMultiSamples(0);
  connect_window();
  context_end_ = connect(context(), &QOpenGLContext::aboutToBeDestroyed, this, &Viewport::release_graphics);
  const QSize size = this->size() * devicePixelRatioF();
  window_->SetSize(std::max(size.width(), 1), std::max(size.height(), 1));
  stage_ = std::make_unique<views::Stage>(window_);
  if (!camera_.empty()) stage_->set_camera(camera_);
}

void Viewport::connect_window() {
  for (const unsigned long event : {vtkCommand::WindowMakeCurrentEvent, vtkCommand::WindowIsCurrentEvent,
                                    vtkCommand::WindowSupportsOpenGLEvent, vtkCommand::WindowIsDirectEvent}) {
    window_->AddObserver(event, this, &Viewport::answer);
  }
}

// VTK asks whose context is current. Making the widget current instead of its context would bind Qt's framebuffer in
// the middle of VTK's drawing.
void Viewport::answer(vtkObject*, unsigned long event, void* reply) {
  QOpenGLContext* mine = context();
  switch (event) {
    case vtkCommand::WindowMakeCurrentEvent:
      if (mine && mine->isValid()) mine->makeCurrent(mine->surface());
      break;
    case vtkCommand::WindowIsCurrentEvent:
      *static_cast<bool*>(reply) = mine && QOpenGLContext::currentContext() == mine;
      break;
    default: *static_cast<int*>(reply) = 1;
  }
}

void Viewport::resizeGL(int, int) {
  if (!window_) return;
  const QSize size = this->size() * devicePixelRatioF();
  window_->SetSize(std::max(size.width(), 1), std::max(size.height(), 1));
}

void Viewport::show_state() {
  views::Look look = look_;
  look.scale *= devicePixelRatioF();
  look.stale = study_.stale();
  look.health = false;  // the window's own strip says it, to screen readers too
  stage_->update(study_.snapshot(), study_.ghost(), look);
}

void Viewport::paintGL() {
  if (!stage_) return;
  const Clock::time_point start = Clock::now();
  const live::SnapshotPtr shown = study_.snapshot();
  show_state();
  window_->GetState()->Reset();
  window_->GetState()->vtkglDisable(GL_SCISSOR_TEST);
  window_->GetState()->vtkglDepthFunc(GL_LEQUAL);  // Qt's is GL_LESS, which hides what is drawn later at equal depth
  stage_->render();
  blit();
  const std::chrono::duration<double> spent = Clock::now() - start;
  study_.latency().drawn(shown ? shown->request : 0, spent.count());
}

void Viewport::blit() {
  QOpenGLExtraFunctions* gl = context()->extraFunctions();
  const int* size = window_->GetSize();
  gl->glDisable(GL_SCISSOR_TEST);
  gl->glBindFramebuffer(GL_DRAW_FRAMEBUFFER, defaultFramebufferObject());
  window_->GetDisplayFramebuffer()->Bind(GL_READ_FRAMEBUFFER);
  gl->glBlitFramebuffer(0, 0, size[0], size[1], 0, 0, size[0], size[1], GL_COLOR_BUFFER_BIT, GL_NEAREST);
  gl->glBindFramebuffer(GL_FRAMEBUFFER, defaultFramebufferObject());
  gl->glColorMask(GL_FALSE, GL_FALSE, GL_FALSE, GL_TRUE);  // the window must not show through the picture
  gl->glClearColor(0, 0, 0, 1);
  gl->glClear(GL_COLOR_BUFFER_BIT);
  gl->glColorMask(GL_TRUE, GL_TRUE, GL_TRUE, GL_TRUE);
}

void Viewport::set_look(const views::Look& look) {
  look_ = look;
  update();
}

void Viewport::reset_camera(int view) {
  if (stage_) stage_->reset_camera(view);
  update();
}

std::string Viewport::camera() const { return stage_ ? stage_->camera_text() : camera_; }

void Viewport::set_camera(const std::string& camera) {
  camera_ = camera;
  if (stage_) stage_->set_camera(camera);
  update();
}

void Viewport::zoom_by(double factor) {
  const QPointF middle = pixels(QPointF(width() / 2.0, height() / 2.0));
  if (stage_) stage_->zoom(stage_->view_at(middle.x(), middle.y()), factor, middle.x(), middle.y());
  update();
}

}  // namespace argscope::app
