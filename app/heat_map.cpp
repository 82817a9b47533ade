#include "app/heat_map.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "app/jacobian_model.h"
#include "app/numbers.h"
#include "app/theme.h"

namespace argscope::app {
namespace {

constexpr int scale_width = 14, margin = 8;
constexpr int shades = 511;  // odd: zero has a shade of its own

double largest_in(const Mat& J, Index row, Index rows, Index column, Index columns) {
  double largest = 0;
  for (Index j = column; j < column + columns; ++j) {
    for (Index i = row; i < row + rows; ++i) {
      if (std::isnan(J(i, j))) return J(i, j);
      if (std::abs(J(i, j)) > std::abs(largest)) largest = J(i, j);
    }
  }
  return largest;
}

std::vector<QRgb> shade_table(bool dark) {
  std::vector<QRgb> table(shades);
  for (int k = 0; k < shades; ++k)
    table[static_cast<std::size_t>(k)] = signed_color(2.0 * k / (shades - 1) - 1, dark).rgb();
  return table;
}

bool is_hatched(int row, int col) { return (row + col) % 3 == 0; }

}  // namespace

ColorRange color_range(const Mat& J) {
  constexpr Index most_looked_at = 100'000;
  constexpr double nearly_all = 0.995, far_greater = 4;
  std::vector<double> sizes;
  const Index stride = 1 + J.size() / most_looked_at;
  double greatest = 0;
  for (Index k = 0; k < J.size(); ++k) {
    const double size = std::abs(J.data()[k]);
    if (!std::isfinite(size)) continue;
    greatest = std::max(greatest, size);
    if (k % stride == 0 && size > 0) sizes.push_back(size);
  }
  if (sizes.size() < 200) return {greatest, false};
  const auto place = sizes.begin() + static_cast<std::ptrdiff_t>(nearly_all * static_cast<double>(sizes.size()));
  std::nth_element(sizes.begin(), place, sizes.end());
  return greatest > far_greater * *place ? ColorRange{*place, true} : ColorRange{greatest, false};
}

QImage signed_image(const Mat& J, double greatest, int rows, int cols, bool dark) {
  const int height = static_cast<int>(std::min<Index>(J.rows(), std::max(rows, 1)));
  const int width = static_cast<int>(std::min<Index>(J.cols(), std::max(cols, 1)));
  QImage image(width, height, QImage::Format_RGB32);
  const std::vector<QRgb> table = shade_table(dark);
  const QColor grey = signed_color(std::nan(""), dark);
  for (int r = 0; r < height; ++r) {
    const Index row = r * J.rows() / height, next_row = (r + 1) * J.rows() / height;
    auto* line = reinterpret_cast<QRgb*>(image.scanLine(r));
    for (int c = 0; c < width; ++c) {
      const Index column = c * J.cols() / width, next_column = (c + 1) * J.cols() / width;
      const double value = largest_in(J, row, next_row - row, column, next_column - column);
      const double t = std::clamp(greatest > 0 ? value / greatest : value, -1.0, 1.0);
      if (std::isnan(t))
        line[c] = (is_hatched(r, c) ? grey.darker(130) : grey).rgb();
      else
        line[c] = table[static_cast<std::size_t>(std::lround((t + 1) / 2 * (shades - 1)))];
    }
  }
  return image;
}

HeatMap::HeatMap(QWidget* parent) : QWidget(parent) {
  setMouseTracking(true);
  setMinimumSize(80, 60);
  setAccessibleName(tr("Heat map of the Jacobian"));
  setAccessibleDescription(tr("The table beside it holds the same numbers"));
}

void HeatMap::show_state(live::SnapshotPtr state) {
  state_ = std::move(state);
  const ColorRange range = state_ ? color_range(state_->J) : ColorRange();
  greatest_ = range.greatest;
  clipped_ = range.clipped;
  renew();
}

void HeatMap::set_reason(const QString& reason) {
  reason_ = reason;
  update();
}

void HeatMap::renew() {
  const QRect area = map_area();
  const bool empty = !state_ || state_->J.size() == 0 || area.isEmpty();
  image_ = empty ? QImage() : signed_image(state_->J, greatest_, area.height(), area.width(), is_dark(palette()));
  update();
}

QRect HeatMap::map_area() const {
  const int text = fontMetrics().horizontalAdvance(QStringLiteral("≤ −0.00e−00"));
  return rect().adjusted(margin, margin, -2 * margin - scale_width - text, -margin - fontMetrics().height());
}

std::optional<HeatMap::Entry> HeatMap::entry_at(const QPoint& place) const {
  const QRect area = map_area();
  if (image_.isNull() || !area.contains(place)) return std::nullopt;
  const Index row = static_cast<Index>(place.y() - area.top()) * state_->J.rows() / area.height();
  const Index column = static_cast<Index>(place.x() - area.left()) * state_->J.cols() / area.width();
  return Entry{row, column};
}

void HeatMap::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  if (image_.isNull()) {
    painter.setPen(colors_of(palette()).faint_text);
    painter.drawText(rect().adjusted(margin, margin, -margin, -margin), Qt::AlignCenter | Qt::TextWordWrap, reason_);
    return;
  }
  const QRect area = map_area();
  painter.drawImage(area, image_);
  painter.setPen(colors_of(palette()).groove);
  painter.drawRect(area.adjusted(-1, -1, 0, 0));
  painter.setPen(colors_of(palette()).faint_text);
  const QString caption = tr("%1 × %2: entries of x by parameters").arg(state_->J.rows()).arg(state_->J.cols());
  painter.drawText(QPoint(area.left(), rect().bottom() - fontMetrics().descent()), caption);
  paint_scale(painter);
}

void HeatMap::paint_scale(QPainter& painter) const {
  const QRect area = map_area();
  const QRect bar(area.right() + margin, area.top(), scale_width, area.height());
  QLinearGradient ramp(bar.topLeft(), bar.bottomLeft());
  for (int k = 0; k <= 8; ++k) ramp.setColorAt(k / 8.0, signed_color(1 - k / 4.0, is_dark(palette())));
  painter.fillRect(bar, ramp);
  painter.setPen(palette().color(QPalette::WindowText));
  const int x = bar.right() + 4, ascent = fontMetrics().ascent();
  const QString beyond = clipped_ ? QStringLiteral("≥ ") : QString(),
                below = clipped_ ? QStringLiteral("≤ ") : QString();
  painter.drawText(x, bar.top() + ascent, beyond + readable(greatest_, 3));
  painter.drawText(x, bar.center().y() + ascent / 2, QStringLiteral("0"));
  painter.drawText(x, bar.bottom(), below + readable(-greatest_, 3));
}

bool HeatMap::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip) return QWidget::event(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  const std::optional<Entry> entry = entry_at(help->pos());
  if (!entry) {
    QToolTip::hideText();
    return true;
  }
  const double value = state_->J(entry->row, entry->column);
  QToolTip::showText(
      help->globalPos(),
      tr("∂%1/∂%2 = %3").arg(row_name(*state_, entry->row), column_name(*state_, entry->column), readable(value, 6)),
      this);
  return true;
}

void HeatMap::mousePressEvent(QMouseEvent* event) {
  if (const std::optional<Entry> entry = entry_at(event->pos()))
    emit column_picked(theta_of_column(*state_, entry->column));
}

void HeatMap::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) renew();
}

void HeatMap::resizeEvent(QResizeEvent*) { renew(); }

}  // namespace argscope::app
