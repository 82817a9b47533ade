#pragma once
/// One knob's row in the Parameters dock: name, value, play button, slider. Knows the Study only as the place where
/// moves go; the dock tells it what to show.

#include <QLabel>
#include <QToolButton>
#include <QWidget>

#include "app/double_slider.h"
#include "app/player.h"
#include "app/value_field.h"

namespace argscope::app {

class ParameterRow : public QWidget {
  Q_OBJECT

 public:
  /// The row of one number, or of one element at a time of an array parameter (`count` > 1 elements from `knob` on).
  ParameterRow(Study& study, Player& player, Index knob, Index count, QWidget* parent);

  Index knob() const { return knob_; }  ///< the element shown now
  Index first() const { return first_; }
  Index count() const { return count_; }
  DoubleSlider& slider() { return *slider_; }
  ValueField& field() { return *field_; }

  void show_value();  ///< takes value and range from the study
  void show_playing();
  /// ‖∂x/∂θₖ‖, and as a part of the greatest of all knobs; nothing: undefined or not yet known.
  void show_sensitivity(std::optional<double> norm, double fraction);
  void show_trusted(std::optional<std::pair<double, double>> band);
  void show_switches(const live::Snapshot&);  ///< where the active set changes as this knob alone turns

 signals:
  void chosen(Index knob);  ///< the person works on this knob now
  void grid_asked(std::size_t parameter);

 protected:
  void contextMenuEvent(QContextMenuEvent*) override;
  void changeEvent(QEvent*) override;

 private:
  const Knob& shown() const;
  void build();
  QToolButton* make_button(const QString& name, const QString& tip);
  void connect_hands();
  void choose_element(int element);
  void toggle_play();
  void open_menu(const QPoint& where);
  void ask_range();
  void copy() const;

  Study& study_;
  Player& player_;
  Index first_, count_, knob_;
  Player::Way way_ = Player::Way::PingPong;
  int drag_ = -1;
  QLabel* name_ = nullptr;
  ValueField* field_ = nullptr;
  QToolButton* play_ = nullptr;
  QToolButton* grid_ = nullptr;  ///< null: a single number
  DoubleSlider* slider_ = nullptr;
};

}  // namespace argscope::app
