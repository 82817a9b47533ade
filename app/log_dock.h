#pragma once
/// What happened: solver's words, residuals and times in a log, and the states visited, each a way back.

#include <QDockWidget>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QTabWidget>

#include "app/study.h"

namespace argscope::app {

/// One line of the log about a published state; empty when there is nothing to say.
QString line_about(const live::Snapshot&);

class LogDock : public QDockWidget {
  Q_OBJECT

 public:
  LogDock(Study& study, QWidget* parent);
  void say(const QString& message);
  QString text() const { return log_->toPlainText(); }

 private:
  void note_state();
  void note_visit();
  void go_back(const QListWidgetItem*);

  Study& study_;
  QTabWidget* tabs_;
  QListWidget* visits_;
  QPlainTextEdit* log_;
  QString last_line_;
  Vec last_visit_;
};

}  // namespace argscope::app
