#include "app/player.h"

#include <algorithm>
#include <cmath>

#include "app/track.h"

namespace argscope::app {
namespace {

constexpr int frame_ms = 33;
constexpr double seconds_a_range = 6;

}  // namespace

double number_at(const Knob& knob, double place) { return Track{knob.low, knob.high, knob.log_scale}.number_at(place); }

double place_of(const Knob& knob, double number) { return Track{knob.low, knob.high, knob.log_scale}.place_of(number); }

double place_of_play(Player::Way way, double start, double turns) {
  const double place = start + turns;
  if (way == Player::Way::Once) return std::min(place, 1.0);
  if (way == Player::Way::Loop) return place - std::floor(place);
  const double phase = std::fmod(place, 2.0);
  return phase <= 1 ? phase : 2 - phase;
}

Player::Player(Study& study, QObject* parent) : QObject(parent), study_(study) {
  timer_.setInterval(frame_ms);
  timer_.setTimerType(Qt::PreciseTimer);
  connect(&timer_, &QTimer::timeout, this, &Player::advance);
  connect(&study_, &Study::opened, this, &Player::stop);
}

void Player::play(Index knob, Way way) {
  stop();
  const Knob& turned = study_.knobs()[static_cast<std::size_t>(knob)];
  knob_ = knob;
  way_ = way;
  start_ = place_of(turned, study_.theta()(knob));
  if (way == Way::Once && start_ >= 1) start_ = 0;
  drag_ = study_.begin_drag();
  clock_.start();
  timer_.start();
  emit changed();
}

void Player::stop() {
  if (knob_ < 0) return;
  timer_.stop();
  knob_ = -1;
  study_.end_drag();
  emit changed();
}

void Player::advance() {
  const double turns = static_cast<double>(clock_.elapsed()) / 1e3 / seconds_a_range;
  const double place = place_of_play(way_, start_, turns);
  const Knob knob = study_.knobs()[static_cast<std::size_t>(knob_)];
  study_.move(knob_, std::clamp(number_at(knob, place), knob.low, knob.high), drag_);
  if (way_ == Way::Once && place >= 1) stop();
}

}  // namespace argscope::app
