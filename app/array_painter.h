#pragma once
/// An array parameter as images to paint on: the left button gives the pixels under it the brush's value, the right one
/// what reset would. One stroke is one undoable step. The grid beside it does the same for a keyboard.

#include <QWidget>
#include <optional>

#include "app/study.h"

namespace argscope::app {

/// How an array is seen as images side by side, row-major, one behind the other.
struct Tiles {
  Index count = 0, rows = 0, cols = 0;
};

/// As a view of kind "images" shows the parameter, else its last two axes; none: it is neither shown so nor a matrix.
std::optional<Tiles> tiles_of(const io::Scene&, std::size_t parameter);

class ArrayPainter : public QWidget {
  Q_OBJECT

 public:
  ArrayPainter(Study& study, std::size_t parameter, const Tiles&, QWidget* parent);

  double brush() const { return brush_; }
  void set_brush(double value) { brush_ = value; }
  QRect pixel(Index element) const;  ///< where it stands, in this widget's places
  std::optional<Index> element_at(const QPointF& place) const;

  QSize sizeHint() const override { return {420, 320}; }

 protected:
  void paintEvent(QPaintEvent*) override;
  void mousePressEvent(QMouseEvent*) override;
  void mouseMoveEvent(QMouseEvent*) override;
  void mouseReleaseEvent(QMouseEvent*) override;
  bool event(QEvent*) override;

 private:
  double value(Index element) const { return study_.theta()(first_ + element); }
  void stroke(const QPointF& from, const QPointF& to);
  int side() const;  ///< of a pixel, on the screen
  double renew_greatest();

  Study& study_;
  Tiles tiles_;
  QString name_;
  Index first_ = 0, across_ = 1;
  double brush_ = 1, greatest_ = 0;  ///< the greatest number seen has the strongest colour
  int drag_ = -1;
  bool erasing_ = false;
  QPointF last_;
};

}  // namespace argscope::app
