#pragma once
/// A slider over the real numbers. The value is a double of full precision; the QAbstractSlider's integer position
/// (0 … 10⁶, linear or logarithmic over the range) follows it, for assistive tools and style. On its track: a bar for
/// how strongly the solution answers, a band where the linear prediction can be trusted, a mark at the scene's value,
/// and marks where the active set changes, which say what does when the mouse rests on them.
///
/// Mouse: drag moves by the distance travelled (Shift: a tenth, Ctrl+Shift: a hundredth); a press on the track jumps
/// there. Keys: arrows one step (1/100 of the track), Page ten steps, Home and End the ends. Double click: reset. Enter
/// and Ctrl+click ask to type.

#include <QAbstractSlider>
#include <optional>
#include <vector>

#include "app/track.h"

class QHelpEvent;
class QPainter;

namespace argscope::app {

class DoubleSlider : public QAbstractSlider {
  Q_OBJECT

 public:
  static constexpr int ticks = 1'000'000;

  /// A value at which the derivative changes, and what does there.
  struct Switch {
    double at = 0;
    QString what;
    bool operator==(const Switch&) const = default;
  };

  explicit DoubleSlider(QWidget* parent);

  /// low < high, finite; log_scale needs low > 0. The value stays and may lie outside: the handle then rests at the
  /// end.
  void set_range(double low, double high, bool log_scale);
  void set_number(double value);          ///< moves the handle; no signal
  void set_default(double value);         ///< where the mark stands
  void set_sensitivity(double fraction);  ///< of the bar, 0 … 1
  void set_trusted(std::optional<std::pair<double, double>> band);
  void set_switches(std::vector<Switch> switches);

  double number() const { return number_; }
  const std::vector<Switch>& switches() const { return switches_; }
  double low() const { return track_.low; }
  double high() const { return track_.high; }
  bool log_scale() const { return track_.by_ratio; }

  double fraction_of(double value) const;   ///< 0 … 1 along the track, clamped
  double number_at(double fraction) const;  ///< the inverse of fraction_of within the range

  QSize sizeHint() const override { return {180, 22}; }
  QSize minimumSizeHint() const override { return {60, 22}; }

 signals:
  void grabbed();            ///< a drag begins
  void moved(double value);  ///< by the person's hand: drag, key, wheel or assistive tool
  void released();           ///< the drag ends
  void reset_asked();
  void type_asked();

 protected:
  bool event(QEvent*) override;
  void paintEvent(QPaintEvent*) override;
  void mousePressEvent(QMouseEvent*) override;
  void mouseMoveEvent(QMouseEvent*) override;
  void mouseReleaseEvent(QMouseEvent*) override;
  void mouseDoubleClickEvent(QMouseEvent*) override;
  void keyPressEvent(QKeyEvent*) override;
  void wheelEvent(QWheelEvent*) override;
  void sliderChange(SliderChange) override;

 private:
  QRectF groove() const;
  void step(double fraction);  ///< moves by a part of the track
  void move_to_fraction(double fraction);
  void follow();  ///< sets the integer position from the number
  void paint_track(QPainter&, const QRectF&) const;
  void paint_switches(QPainter&, const QRectF&) const;
  void paint_handle(QPainter&, const QRectF&) const;
  void show_switch_near(QHelpEvent&) const;

  Track track_;
  double number_ = 0;
  std::optional<double> default_;
  double sensitivity_ = 0;
  std::optional<std::pair<double, double>> trusted_;
  std::vector<Switch> switches_;
  bool following_ = false;                 ///< the integer position is being set from the number
  double drag_fraction_ = 0, drag_x_ = 0;  ///< unclamped position of the drag and where the mouse was last
};

}  // namespace argscope::app
