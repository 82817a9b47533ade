#pragma once
/// The health strip: always on, icon and words, never colour alone. Its accessible text says the same.

#include <QLabel>
#include <QWidget>

#include "app/health.h"
#include "app/study.h"

namespace argscope::app {

class HealthStrip : public QWidget {
  Q_OBJECT

 public:
  HealthStrip(Study& study, QWidget* parent);
  QString spoken() const;  ///< all items and the message in one text

 protected:
  void changeEvent(QEvent*) override;

 private:
  void show_state();

  Study& study_;
  struct Cell {
    QLabel* icon;
    QLabel* text;
  };
  std::vector<Cell> cells_;
  QLabel* message_;
  std::vector<HealthItem> items_;
};

}  // namespace argscope::app
