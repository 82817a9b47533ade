#pragma once
/// The health strip: always on, icon and words, never colour alone. Its accessible text says the same.

#include <QGridLayout>
#include <QLabel>
#include <QWidget>

#include "app/health.h"
#include "app/study.h"

namespace argscope::app {

class HealthStrip : public QWidget {
  Q_OBJECT

 public:
  HealthStrip(Study& study, QWidget* parent);
  void add_note(const QString& note);  ///< said behind the message until another takes its place; empty: none
  QString spoken() const;              ///< all items and the message in one text

 protected:
  void changeEvent(QEvent*) override;
  void resizeEvent(QResizeEvent*) override;

 private:
  void show_state();
  int columns_for(int width) const;
  void arrange(int columns);  ///< the items in so many columns: a number is never cut

  Study& study_;
  struct Cell {
    QWidget* whole;
    QLabel* icon;
    QLabel* text;
  };
  std::vector<Cell> cells_;
  QGridLayout* grid_;
  int columns_ = 0;
  QLabel* message_;
  std::vector<HealthItem> items_;
  QString note_;
};

}  // namespace argscope::app
