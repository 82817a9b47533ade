#include "app/double_slider.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "app/numbers.h"
#include "app/theme.h"

namespace argscope::app {
namespace {

constexpr double handle_radius = 7;
constexpr double one_step = 0.01;

double slowness(Qt::KeyboardModifiers keys) {
  if (!(keys & Qt::ShiftModifier)) return 1;
  return keys & Qt::ControlModifier ? 100 : 10;
}

}  // namespace

DoubleSlider::DoubleSlider(QWidget* parent) : QAbstractSlider(parent) {
  setOrientation(Qt::Horizontal);
  setRange(0, ticks);
  setSingleStep(static_cast<int>(one_step * ticks));
  setPageStep(10 * singleStep());
  setFocusPolicy(Qt::StrongFocus);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  setAttribute(Qt::WA_Hover);
}

void DoubleSlider::set_range(double low, double high, bool log_scale) {
  track_ = {low, high, log_scale && low > 0};
  follow();
  update();
}

void DoubleSlider::set_number(double value) {
  number_ = value;
  follow();
  update();
}

void DoubleSlider::set_default(double value) {
  default_ = value;
  update();
}

void DoubleSlider::set_sensitivity(double fraction) {
  sensitivity_ = std::clamp(fraction, 0.0, 1.0);
  update();
}

void DoubleSlider::set_trusted(std::optional<std::pair<double, double>> band) {
  trusted_ = band;
  update();
}

void DoubleSlider::set_switches(std::vector<Switch> switches) {
  if (switches == switches_) return;
  switches_ = std::move(switches);
  update();
}

double DoubleSlider::fraction_of(double value) const { return track_.place_of(value); }
double DoubleSlider::number_at(double fraction) const { return track_.number_at(fraction); }

void DoubleSlider::follow() {
  following_ = true;
  setSliderPosition(static_cast<int>(std::lround(fraction_of(number_) * ticks)));
  setValue(sliderPosition());
  following_ = false;
}

void DoubleSlider::move_to_fraction(double fraction) {
  const double value = number_at(fraction);
  if (value == number_) return;
  set_number(value);
  emit moved(value);
}

void DoubleSlider::step(double fraction) { move_to_fraction(fraction_of(number_) + fraction); }

// Assistive tools set the integer position; the number follows then, and only then.
void DoubleSlider::sliderChange(SliderChange change) {
  QAbstractSlider::sliderChange(change);
  if (change != SliderValueChange || following_) return;
  number_ = number_at(static_cast<double>(value()) / ticks);
  emit moved(number_);
}

QRectF DoubleSlider::groove() const { return QRectF(rect()).adjusted(handle_radius + 1, 0, -handle_radius - 1, 0); }

void DoubleSlider::mousePressEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton) return event->ignore();
  if (event->modifiers() == Qt::ControlModifier) {
    emit type_asked();
    return;
  }
  const QRectF track = groove();
  drag_x_ = event->position().x();
  drag_fraction_ = fraction_of(number_);
  const double handle_x = track.left() + drag_fraction_ * track.width();
  setSliderDown(true);
  emit grabbed();
  const bool jumps = std::abs(drag_x_ - handle_x) > handle_radius + 2 && slowness(event->modifiers()) == 1;
  if (jumps) move_to_fraction(drag_fraction_ = std::clamp((drag_x_ - track.left()) / track.width(), 0.0, 1.0));
}

void DoubleSlider::mouseMoveEvent(QMouseEvent* event) {
  if (!isSliderDown()) return;
  const double x = event->position().x();
  drag_fraction_ += (x - drag_x_) / std::max(groove().width(), 1.0) / slowness(event->modifiers());
  drag_x_ = x;
  move_to_fraction(drag_fraction_);
}

void DoubleSlider::mouseReleaseEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton || !isSliderDown()) return;
  setSliderDown(false);
  emit released();
}

void DoubleSlider::mouseDoubleClickEvent(QMouseEvent* event) {
  if (event->button() == Qt::LeftButton) emit reset_asked();
}

void DoubleSlider::keyPressEvent(QKeyEvent* event) {
  const double size = one_step / slowness(event->modifiers());
  switch (event->key()) {
    case Qt::Key_Right:
    case Qt::Key_Up: return step(size);
    case Qt::Key_Left:
    case Qt::Key_Down: return step(-size);
    case Qt::Key_PageUp: return step(10 * size);
    case Qt::Key_PageDown: return step(-10 * size);
    case Qt::Key_Home: return move_to_fraction(0);
    case Qt::Key_End: return move_to_fraction(1);
    case Qt::Key_Return:
    case Qt::Key_Enter: emit type_asked(); return;
    default: QAbstractSlider::keyPressEvent(event);
  }
}

// Without focus the wheel belongs to the list that scrolls under the mouse.
void DoubleSlider::wheelEvent(QWheelEvent* event) {
  if (!hasFocus()) return event->ignore();
  const double turns = (event->angleDelta().y() + event->angleDelta().x()) / 120.0;
  step(turns * one_step / slowness(event->modifiers()));
  event->accept();
}

bool DoubleSlider::event(QEvent* event) {
  if (event->type() == QEvent::ToolTip && !switches_.empty()) {
    show_switch_near(static_cast<QHelpEvent&>(*event));
    return true;
  }
  return QAbstractSlider::event(event);
}

void DoubleSlider::show_switch_near(QHelpEvent& event) const {
  constexpr double reach = 5;  // pixels
  const QRectF track = groove();
  const auto distance = [&](const Switch& s) {
    return std::abs(track.left() + fraction_of(s.at) * track.width() - event.pos().x());
  };
  const auto nearest = std::ranges::min_element(switches_, {}, distance);
  const bool on_it = distance(*nearest) <= reach;
  const QString words = tr("at %1: %2").arg(readable(nearest->at, 6), nearest->what);
  QToolTip::showText(event.globalPos(), on_it ? words : toolTip(), const_cast<DoubleSlider*>(this));
}

void DoubleSlider::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const QRectF track = groove();
  paint_track(painter, track);
  paint_switches(painter, track);
  paint_handle(painter, track);
}

void DoubleSlider::paint_track(QPainter& painter, const QRectF& track) const {
  const Colors colors = colors_of(palette());
  const double middle = track.center().y();
  const auto strip = [&](double from, double to, double height, const QColor& color) {
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    const QRectF box(track.left() + from * track.width(), middle - height / 2, (to - from) * track.width(), height);
    painter.drawRoundedRect(box, height / 2, height / 2);
  };
  strip(0, 1, 4, colors.groove);
  if (trusted_) {
    QColor halo = colors.accent;
    halo.setAlphaF(0.25f);
    strip(fraction_of(trusted_->first), fraction_of(trusted_->second), 12, halo);
  }
  if (isEnabled()) strip(0, sensitivity_, 4, colors.sensitivity);
  if (!default_) return;
  const double x = track.left() + fraction_of(*default_) * track.width();
  painter.setPen(QPen(colors.faint_text, 1.5));
  painter.drawLine(QPointF(x, middle + 5), QPointF(x, middle + 9));
}

void DoubleSlider::paint_switches(QPainter& painter, const QRectF& track) const {
  const double middle = track.center().y();
  painter.setPen(QPen(colors_of(palette()).warn, 1.5));
  for (const Switch& s : switches_) {
    const double x = track.left() + fraction_of(s.at) * track.width();
    painter.drawLine(QPointF(x, middle - 8), QPointF(x, middle - 3));
  }
}

void DoubleSlider::paint_handle(QPainter& painter, const QRectF& track) const {
  const Colors colors = colors_of(palette());
  const QPointF centre(track.left() + fraction_of(number_) * track.width(), track.center().y());
  if (hasFocus()) {
    QColor ring = colors.accent;
    ring.setAlphaF(0.35f);
    painter.setPen(Qt::NoPen);
    painter.setBrush(ring);
    painter.drawEllipse(centre, handle_radius + 3, handle_radius + 3);
  }
  const bool lively = isSliderDown() || underMouse();
  painter.setPen(QPen(isEnabled() ? colors.accent : colors.faint_text, 2));
  painter.setBrush(lively && isEnabled() ? colors.accent : palette().color(QPalette::Base));
  painter.drawEllipse(centre, handle_radius - 1, handle_radius - 1);
}

}  // namespace argscope::app
