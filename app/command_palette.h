#pragma once
/// Every command by name: type a few of its letters, press Enter.

#include <QAction>
#include <QDialog>
#include <QLineEdit>
#include <QListWidget>

namespace argscope::app {

/// How well `typed` fits `name`: its letters must appear in order; beginnings of words and neighbours count more.
/// −1: it does not fit.
int fit_of(const QString& typed, const QString& name);

class CommandPalette : public QDialog {
  Q_OBJECT

 public:
  CommandPalette(const QList<QAction*>& actions, QWidget* parent);
  QLineEdit& search() { return *search_; }

 protected:
  bool eventFilter(QObject*, QEvent*) override;

 private:
  void filter(const QString& typed);
  void run_chosen();

  QList<QAction*> actions_;
  QLineEdit* search_;
  QListWidget* list_;
};

}  // namespace argscope::app
