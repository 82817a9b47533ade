#pragma once
/// The Jacobian as an image: signed colours about zero, a row an element of x, a column a parameter. The entry under
/// the cursor is named. Not-a-number is hatched grey. Larger matrices than the widget show the entry of largest size.

#include <QImage>
#include <QWidget>

#include "core/live/session.h"

class QPainter;

namespace argscope::app {

class HeatMap : public QWidget {
  Q_OBJECT

 public:
  explicit HeatMap(QWidget* parent);
  void show_state(live::SnapshotPtr);      ///< null: nothing, `reason` instead
  void set_reason(const QString& reason);  ///< why there is nothing to show
  const QString& reason() const { return reason_; }

  QSize sizeHint() const override { return {260, 220}; }

 signals:
  void column_picked(Index column);  ///< by a click: an entry of θ

 protected:
  void paintEvent(QPaintEvent*) override;
  bool event(QEvent*) override;
  void mousePressEvent(QMouseEvent*) override;
  void changeEvent(QEvent*) override;
  void resizeEvent(QResizeEvent*) override;

 private:
  struct Entry {
    Index row, column;
  };
  QRect map_area() const;
  std::optional<Entry> entry_at(const QPoint&) const;
  void renew();  ///< paints the image again
  void paint_scale(QPainter&) const;

  live::SnapshotPtr state_;
  QString reason_;
  QImage image_;
  double greatest_ = 0;   ///< where the colours end
  bool clipped_ = false;  ///< some entries are greater
};

/// Where the colours end.
struct ColorRange {
  double greatest = 0;
  bool clipped = false;  ///< some entries are greater
};

/// A few entries far greater than the rest would leave a pale map: then the colours end at what nearly all entries
/// reach. Of a large J by a sample.
ColorRange color_range(const Mat& J);

/// Signed picture of a matrix, at most `rows` × `cols` pixels; 0 is the ground, ±greatest the full colours.
QImage signed_image(const Mat& J, double greatest, int rows, int cols, bool dark);

}  // namespace argscope::app
