#include "app/array_painter.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "app/numbers.h"
#include "app/theme.h"

namespace argscope::app {
namespace {

constexpr int margin = 6;

Index first_of(const io::Scene& scene, std::size_t parameter) {
  Index first = 0;
  for (std::size_t p = 0; p < parameter; ++p) first += scene.statement->parameters[p].value.shape.size();
  return first;
}

Index told(const io::ViewSpec& view, const char* key) {
  const auto found = view.numbers.find(key);
  return found == view.numbers.end() ? 0 : static_cast<Index>(found->second);
}

}  // namespace

std::optional<Tiles> tiles_of(const io::Scene& scene, std::size_t parameter) {
  const optimality::Parameter& p = scene.statement->parameters[parameter];
  const expr::Shape& shape = p.value.shape;
  for (const io::ViewSpec& view : scene.views) {
    const auto shown = view.sources.find("show");
    if (view.kind != "images" || shown == view.sources.end() || shown->second != p.name) continue;
    const Index rows = told(view, "rows"), cols = told(view, "columns");
    if (rows > 0 && cols > 0 && shape.size() % (rows * cols) == 0)
      return Tiles{shape.size() / (rows * cols), rows, cols};
  }
  if (shape.rank() < 2 || shape.size() == 0) return std::nullopt;
  const Index rows = shape[shape.rank() - 2], cols = shape[shape.rank() - 1];
  return Tiles{shape.size() / (rows * cols), rows, cols};
}

ArrayPainter::ArrayPainter(Study& study, std::size_t parameter, const Tiles& tiles, QWidget* parent)
    : QWidget(parent), study_(study), tiles_(tiles), first_(first_of(*study.scene(), parameter)) {
  name_ = QString::fromStdString(study.scene()->statement->parameters[parameter].name);
  across_ = static_cast<Index>(std::ceil(std::sqrt(static_cast<double>(tiles_.count))));
  renew_greatest();
  if (greatest_ > 0) brush_ = greatest_;
  setMinimumSize(120, 120);
  setCursor(Qt::CrossCursor);
  setAccessibleName(tr("Image of %1").arg(name_));
  setAccessibleDescription(tr("The grid beside it edits the same numbers by keyboard"));
  connect(&study_, &Study::moved, this, [this] { update(); });
}

double ArrayPainter::renew_greatest() {
  const Index size = tiles_.count * tiles_.rows * tiles_.cols;
  for (Index k = 0; k < size; ++k)
    if (std::isfinite(value(k))) greatest_ = std::max(greatest_, std::abs(value(k)));
  return greatest_;
}

int ArrayPainter::side() const {
  const Index down = (tiles_.count + across_ - 1) / across_;
  const Index wide = across_ * (tiles_.cols + 1) - 1, tall = down * (tiles_.rows + 1) - 1;  // one between images
  return std::max<int>(1, static_cast<int>(std::min((width() - 2 * margin) / std::max<Index>(1, wide),
                                                    (height() - 2 * margin) / std::max<Index>(1, tall))));
}

QRect ArrayPainter::pixel(Index element) const {
  const Index each = tiles_.rows * tiles_.cols, tile = element / each, row = element % each / tiles_.cols;
  const Index x = tile % across_ * (tiles_.cols + 1) + element % tiles_.cols;
  const Index y = tile / across_ * (tiles_.rows + 1) + row;
  return {margin + static_cast<int>(x) * side(), margin + static_cast<int>(y) * side(), side(), side()};
}

std::optional<Index> ArrayPainter::element_at(const QPointF& place) const {
  const double x = (place.x() - margin) / side(), y = (place.y() - margin) / side();
  if (x < 0 || y < 0) return std::nullopt;
  const auto col = static_cast<Index>(x), row = static_cast<Index>(y);
  const Index tile = row / (tiles_.rows + 1) * across_ + col / (tiles_.cols + 1);
  const Index in_row = row % (tiles_.rows + 1), in_col = col % (tiles_.cols + 1);
  const bool inside = col < across_ * (tiles_.cols + 1) && tile < tiles_.count && in_row < tiles_.rows;
  if (!inside || in_col >= tiles_.cols) return std::nullopt;
  return (tile * tiles_.rows + in_row) * tiles_.cols + in_col;
}

void ArrayPainter::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const bool dark = is_dark(palette());
  const double greatest = renew_greatest();
  const Index each = tiles_.rows * tiles_.cols;
  for (Index tile = 0; tile < tiles_.count; ++tile) {
    for (Index k = tile * each; k < (tile + 1) * each; ++k)
      painter.fillRect(pixel(k), signed_color(greatest > 0 ? value(k) / greatest : 0, dark));
    painter.setPen(colors_of(palette()).groove);
    painter.drawRect(pixel(tile * each).united(pixel((tile + 1) * each - 1)).adjusted(-1, -1, 0, 0));
  }
}

// Between two places of the mouse every pixel on the way is met: a quick hand leaves no gaps.
void ArrayPainter::stroke(const QPointF& from, const QPointF& to) {
  const QPointF way = to - from;
  const int steps = 1 + static_cast<int>(std::hypot(way.x(), way.y()) / (0.5 * side()));
  Vec after = study_.theta();
  for (int k = 0; k <= steps; ++k) {
    const auto element = element_at(from + way * k / steps);
    if (!element) continue;
    const Knob& knob = study_.knobs()[static_cast<std::size_t>(first_ + *element)];
    after(first_ + *element) = erasing_ ? knob.reset_value : brush_;
  }
  study_.move_all(after, tr("painting of %1").arg(name_), drag_);
}

void ArrayPainter::mousePressEvent(QMouseEvent* event) {
  const bool paints = event->button() == Qt::LeftButton || event->button() == Qt::RightButton;
  if (!paints || drag_ >= 0) return;
  erasing_ = event->button() == Qt::RightButton;
  drag_ = study_.begin_drag();
  last_ = event->position();
  stroke(last_, last_);
}

void ArrayPainter::mouseMoveEvent(QMouseEvent* event) {
  if (drag_ < 0) return;
  stroke(last_, event->position());
  last_ = event->position();
}

void ArrayPainter::mouseReleaseEvent(QMouseEvent*) {
  if (std::exchange(drag_, -1) >= 0) study_.end_drag();
}

bool ArrayPainter::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip) return QWidget::event(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  const auto element = element_at(help->pos());
  if (!element) {
    QToolTip::hideText();
    return true;
  }
  const Knob& knob = study_.knobs()[static_cast<std::size_t>(first_ + *element)];
  QToolTip::showText(help->globalPos(), QStringLiteral("%1 = %2").arg(knob.name, readable(value(*element), 6)), this);
  return true;
}

}  // namespace argscope::app
