#pragma once
/// The Jacobian in four ways: heat map, table, singular values and modes. All show one state, the last one solved and
/// differentiated; when the derivative is undefined they show the reason instead.

#include <QComboBox>
#include <QDockWidget>
#include <QSortFilterProxyModel>
#include <QTabWidget>
#include <QTableView>

#include "app/heat_map.h"
#include "app/jacobian_model.h"
#include "app/spectrum.h"
#include "app/study.h"

namespace argscope::app {

class JacobianDock : public QDockWidget {
  Q_OBJECT

 public:
  JacobianDock(Study& study, QWidget* parent);
  QString selection_as_tsv() const;  ///< the selected cells' rows and columns; all when none is selected
  bool table_has_focus() const;
  JacobianModel& model() { return *model_; }

 signals:
  void column_picked(Index column);

 private:
  QWidget* make_table_page();
  void show_state();
  void show_page();

  Study& study_;
  live::SnapshotPtr state_;
  QTabWidget* tabs_;
  HeatMap* map_;
  JacobianModel* model_;
  QSortFilterProxyModel* sorted_;
  QTableView* table_;
  SpectrumPage* spectrum_;
};

}  // namespace argscope::app
