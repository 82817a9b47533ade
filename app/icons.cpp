#include "app/icons.h"

#include <QPainter>
#include <QPainterPath>

#include "app/theme.h"

namespace argscope::app {
namespace {

// All paths live in a box of 16 × 16.
QPainterPath polyline(std::initializer_list<QPointF> points) {
  QPainterPath path;
  for (const QPointF& point : points) path.elementCount() == 0 ? path.moveTo(point) : path.lineTo(point);
  return path;
}

QPainterPath closed(std::initializer_list<QPointF> points) {
  QPainterPath path = polyline(points);
  path.closeSubpath();
  return path;
}

// QPainterPath's own + is a union of areas and would lose open lines.
QPainterPath together(std::initializer_list<QPainterPath> parts) {
  QPainterPath path;
  for (const QPainterPath& part : parts) path.addPath(part);
  return path;
}

QPainterPath turn(bool to_the_right) {
  QPainterPath path;
  path.moveTo(4, 6);
  path.cubicTo(9, 3, 14, 6, 12.5, 13);
  path.moveTo(7.5, 2.5);
  path.lineTo(4, 6);
  path.lineTo(8, 8.8);
  if (!to_the_right) return path;
  return QTransform(-1, 0, 0, 1, 16, 0).map(path);
}

QPainterPath squares() {
  QPainterPath path;
  for (const double x : {2.5, 9.0})
    for (const double y : {2.5, 9.0}) path.addRect(x, y, 4.5, 4.5);
  return path;
}

QPainterPath camera() {
  QPainterPath path;
  path.addRoundedRect(QRectF(1.5, 4.5, 13, 9), 1.5, 1.5);
  path.addEllipse(QPointF(8, 9), 2.6, 2.6);
  path.addPath(polyline({{5, 4.5}, {6, 2.5}, {10, 2.5}, {11, 4.5}}));
  return path;
}

QPainterPath terminal() {
  QPainterPath path;
  path.addRoundedRect(QRectF(1.5, 2.5, 13, 11), 1.5, 1.5);
  path.addPath(polyline({{4, 5.8}, {6.6, 8}, {4, 10.2}}));
  path.addPath(polyline({{8.2, 10.4}, {11.6, 10.4}}));
  return path;
}

QPainterPath floppy() {
  QPainterPath path = closed({{2.5, 2.5}, {11.5, 2.5}, {13.5, 4.5}, {13.5, 13.5}, {2.5, 13.5}});
  path.addRect(5, 9, 6, 4.5);
  path.addRect(5, 2.5, 5, 3);
  return path;
}

QPainterPath round_arrow() {
  QPainterPath path;
  path.arcMoveTo(QRectF(2.5, 2.5, 11, 11), 60);
  path.arcTo(QRectF(2.5, 2.5, 11, 11), 60, -300);
  path.addPath(polyline({{11.5, 0.8}, {11, 3.6}, {8, 3.4}}));
  return path;
}

QPainterPath disc() {
  QPainterPath path;
  path.addEllipse(QPointF(8, 8), 6, 6);
  return path;
}

QPainterPath outline(Icon which) {
  switch (which) {
    case Icon::Play: return closed({{4.5, 2.5}, {13, 8}, {4.5, 13.5}});
    case Icon::Pause: return together({polyline({{5, 3}, {5, 13}}), polyline({{11, 3}, {11, 13}})});
    case Icon::Grid:
    case Icon::Gallery: return squares();
    case Icon::Open: return closed({{1.5, 13}, {1.5, 3}, {6, 3}, {7.5, 5}, {14.5, 5}, {14.5, 13}});
    case Icon::Save: return floppy();
    case Icon::Undo: return turn(false);
    case Icon::Redo: return turn(true);
    case Icon::Reset: return round_arrow();
    case Icon::Camera: return camera();
    case Icon::Terminal: return terminal();
    case Icon::Stop: return closed({{3.5, 3.5}, {12.5, 3.5}, {12.5, 12.5}, {3.5, 12.5}});
    case Icon::Good: return polyline({{2.5, 8.5}, {6.5, 12.5}, {13.5, 3.5}});
    case Icon::Warn:
      return together(
          {closed({{8, 1.8}, {14.8, 14}, {1.2, 14}}), polyline({{8, 6}, {8, 9.5}}), polyline({{8, 11.6}, {8, 11.9}})});
    case Icon::Bad: return together({polyline({{3, 3}, {13, 13}}), polyline({{13, 3}, {3, 13}})});
    case Icon::Unknown: return disc();
  }
  return {};
}

QColor color_of(Icon which, const QPalette& palette) {
  const Colors colors = colors_of(palette);
  switch (which) {
    case Icon::Good: return colors.good;
    case Icon::Warn: return colors.warn;
    case Icon::Bad: return colors.bad;
    case Icon::Unknown: return colors.faint_text;
    default: return palette.color(QPalette::ButtonText);
  }
}

QPixmap drawn(const QPainterPath& path, const QColor& color) {
  constexpr int scale = 4;
  QPixmap picture(16 * scale, 16 * scale);
  picture.fill(Qt::transparent);
  QPainter painter(&picture);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.scale(scale, scale);
  painter.setPen(QPen(color, 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
  painter.drawPath(path);
  return picture;
}

}  // namespace

QIcon icon(Icon which, const QPalette& palette) {
  QIcon result(drawn(outline(which), color_of(which, palette)));
  result.addPixmap(drawn(outline(which), colors_of(palette).faint_text), QIcon::Disabled);
  return result;
}

}  // namespace argscope::app
