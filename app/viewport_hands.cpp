// The gestures of the viewport: what a mouse, a wheel and the keys do to its cameras.
#include <QKeyEvent>
#include <QMouseEvent>
#include <QToolTip>
#include <QWheelEvent>
#include <cmath>

#include "app/viewport.h"

namespace argscope::app {
namespace {

constexpr double click_slack = 4;  // pixels that a hand moves during a click
constexpr double zoom_a_notch = 1.15;
constexpr double zoom_a_pixel = 1.006;
constexpr double key_pan = 40;

}  // namespace

QPointF Viewport::pixels(const QPointF& place) const { return place * devicePixelRatioF(); }

void Viewport::mousePressEvent(QMouseEvent* event) {
  if (!stage_ || button_ != Qt::NoButton) return;
  QToolTip::hideText();
  hover_timer_.stop();
  button_ = event->button();
  keys_ = event->modifiers();
  pressed_ = last_ = pixels(event->position());
  moved_ = false;
  view_ = stage_->view_at(pressed_.x(), pressed_.y());
}

void Viewport::mouseMoveEvent(QMouseEvent* event) {
  const QPointF place = pixels(event->position());
  if (button_ != Qt::NoButton) return drag_to(place);
  hovered_ = place;
  QToolTip::hideText();
  hover_timer_.start();
}

void Viewport::drag_to(const QPointF& place) {
  if (!stage_) return;
  const QPointF whole = place - pressed_;
  if (!moved_ && std::hypot(whole.x(), whole.y()) < click_slack * devicePixelRatioF()) return;
  moved_ = true;
  const QPointF step = place - last_;
  last_ = place;
  const bool pans = button_ == Qt::MiddleButton || (button_ == Qt::LeftButton && keys_ & Qt::ShiftModifier);
  if (button_ == Qt::RightButton)
    stage_->zoom(view_, std::pow(zoom_a_pixel, -step.y()), pressed_.x(), pressed_.y());
  else if (pans || !stage_->is_3d(view_))
    stage_->pan(view_, step.x(), step.y());
  else
    stage_->rotate(view_, step.x(), step.y());
  update();
}

void Viewport::mouseReleaseEvent(QMouseEvent* event) {
  if (event->button() != button_) return;
  const bool clicked = !moved_;
  button_ = Qt::NoButton;
  if (clicked && event->button() == Qt::RightButton) emit menu_asked(event->globalPosition().toPoint());
}

void Viewport::mouseDoubleClickEvent(QMouseEvent* event) {
  if (!stage_ || event->button() != Qt::LeftButton) return;
  const QPointF place = pixels(event->position());
  const int view = stage_->view_at(place.x(), place.y());
  const std::optional<views::Hover> under = stage_->hover(place.x(), place.y());
  if (under && under->element >= 0) {
    const QPointF middle = pixels(QPointF(width() / 2.0, height() / 2.0));
    if (stage_->view_at(middle.x(), middle.y()) == view)
      stage_->pan(view, middle.x() - place.x(), middle.y() - place.y());
  } else {
    stage_->reset_camera(view);
  }
  update();
}

void Viewport::wheelEvent(QWheelEvent* event) {
  if (!stage_) return;
  const QPointF place = pixels(event->position());
  const double notches = event->angleDelta().y() / 120.0;
  stage_->zoom(stage_->view_at(place.x(), place.y()), std::pow(zoom_a_notch, notches), place.x(), place.y());
  event->accept();
  update();
}

void Viewport::keyPressEvent(QKeyEvent* event) {
  const int view = look_.view < 0 ? 0 : look_.view;
  const auto pan = [&](double dx, double dy) {
    if (stage_) stage_->pan(view, dx * devicePixelRatioF(), dy * devicePixelRatioF());
    update();
  };
  switch (event->key()) {
    case Qt::Key_Left: return pan(key_pan, 0);
    case Qt::Key_Right: return pan(-key_pan, 0);
    case Qt::Key_Up: return pan(0, key_pan);
    case Qt::Key_Down: return pan(0, -key_pan);
    case Qt::Key_Plus:
    case Qt::Key_Equal: return zoom_by(zoom_a_notch);
    case Qt::Key_Minus: return zoom_by(1 / zoom_a_notch);
    case Qt::Key_Home: return reset_camera(-1);
    default: QOpenGLWidget::keyPressEvent(event);
  }
}

void Viewport::leaveEvent(QEvent* event) {
  hover_timer_.stop();
  QOpenGLWidget::leaveEvent(event);
}

void Viewport::show_hover() {
  if (!stage_ || button_ != Qt::NoButton || !underMouse()) return;
  const std::optional<views::Hover> under = stage_->hover(hovered_.x(), hovered_.y());
  if (!under || under->text.empty()) return QToolTip::hideText();
  const QPoint place = (hovered_ / devicePixelRatioF()).toPoint();
  QToolTip::showText(mapToGlobal(place), QString::fromStdString(under->text), this);
}

}  // namespace argscope::app
