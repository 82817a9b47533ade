#pragma once
/// Plays one knob along its range, as a hand would drag it: the whole play is one undo step.

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include "app/study.h"

namespace argscope::app {

class Player : public QObject {
  Q_OBJECT

 public:
  enum class Way { Loop, PingPong, Once };

  Player(Study& study, QObject* parent);
  void play(Index knob, Way way);  ///< from where the knob is, upwards
  void stop();
  Index playing() const { return knob_; }  ///< −1: nothing plays

 signals:
  void changed();  ///< playing() did

 private:
  void advance();

  Study& study_;
  QTimer timer_;
  QElapsedTimer clock_;
  Index knob_ = -1;
  Way way_ = Way::Loop;
  int drag_ = -1;
  double start_ = 0;  ///< place along the range at the beginning, 0 … 1
};

/// Where along the range (0 … 1) a play that began at `start` is after `turns` of the range; Once ends at 1.
double place_of_play(Player::Way way, double start, double turns);

/// The number at a place 0 … 1 of a knob's range.
double number_at(const Knob&, double place);
double place_of(const Knob&, double number);

}  // namespace argscope::app
