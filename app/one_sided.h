#pragma once
/// At a kink x* has no derivative, but mostly one of each side: those of the knob that is looked at, found away from
/// the window's thread once the state stands still there, and said in words.

#include <QObject>
#include <QThreadPool>
#include <stop_token>

#include "app/study.h"
#include "core/sensitivity/sides.h"

namespace argscope::app {

/// "x[1]: 1 as theta falls, 0 as it grows; 2 others alike on both sides": the entries that differ, at most `most` of
/// them; empty when nothing is known. `knob`: entry of θ that the only column is of.
QString side_words(const live::Snapshot&, const sensitivity::Sides&, Index knob, Index most);

class OneSided : public QObject {
  Q_OBJECT

 public:
  OneSided(Study& study, QObject* parent);
  ~OneSided() override;  ///< stops and waits

  void look_at(Index knob);
  const QString& words() const { return words_; }  ///< empty: no kink here, or not known yet

 signals:
  void changed();

 private:
  void renew();
  void find(const live::SnapshotPtr&);
  void say(const QString& words);

  Study& study_;
  QThreadPool pool_;
  std::stop_source stop_;
  live::SnapshotPtr asked_;  ///< the state whose sides were asked for last
  Index knob_ = 0, asked_knob_ = 0;
  int number_ = 0;
  QString words_;
};

}  // namespace argscope::app
